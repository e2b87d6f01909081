"""The services a centre offers: versioned data with validity dates, read from `resources/catalogue/services.json`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from desktop.domain import jalali, texts
from desktop.domain.jalali import Jalali


@dataclass(frozen=True, slots=True)
class Service:
    """One service. `name`, `short` (three words at most, for a button), `bring` and `next_step` are Persian words.

    `restricted`: that a person asked for it is hidden from others; they read `neutral` instead. `parent`: the service
    it is a kind of. `outputs`: kinds of paper it ends in, some of which this version doesn't print. `screening`: the
    instrument pack it is done by. `valid_to` None is still valid. `provenance`: how far sources support the entry.
    """

    code: str
    parent: str | None
    name: str
    short: str
    neutral: str | None
    domains: tuple[str, ...]
    free: bool
    restricted: bool
    valid_from: Jalali
    valid_to: Jalali | None
    bring: tuple[str, ...]
    outputs: tuple[str, ...]
    next_step: str
    screening: str | None
    provenance: str

    def open_name(self) -> str:
        """The name that papers, tickets and lists others see may carry."""
        return self.neutral or self.name

    def open_next_step(self) -> str:
        """The next step that papers may carry: a restricted service's own would tell what it is."""
        return texts.say("receipt.next-step-neutral") if self.neutral else self.next_step

    def open_bring(self) -> tuple[str, ...]:
        """What to bring, where a paper may name it; a restricted service's list is said, not printed."""
        return () if self.neutral else self.bring

    def valid(self, on: Jalali) -> bool:
        """Whether it is offered on a day."""
        return self.valid_from.first() <= on and (self.valid_to is None or on <= self.valid_to.last())


def services(on: Jalali) -> tuple[Service, ...]:
    """The services offered on a day, in the catalogue's order."""
    return tuple(entry for entry in _all().values() if entry.valid(on))


def service(code: str) -> Service:
    """The service of a code, valid today or not: old requests keep theirs. Raises KeyError."""
    return _all()[code]


@cache
def _read() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(files("resources").joinpath("catalogue", "services.json").read_text("utf-8"))
    return read


@cache
def _all() -> dict[str, Service]:
    entries = (_service(row) for row in _read()["services"])
    return {entry.code: entry for entry in entries}


def _service(row: dict[str, Any]) -> Service:
    lists = {name: tuple(row[name]) for name in ("domains", "bring", "outputs")}
    until = jalali.of(row["valid_to"]) if row["valid_to"] else None
    entry = Service(**{**row, **lists, "valid_from": jalali.of(row["valid_from"]), "valid_to": until})
    if entry.restricted and not entry.neutral:
        raise ValueError(f"restricted and without a neutral name: {entry.code}")
    return entry
