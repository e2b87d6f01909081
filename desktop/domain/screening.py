"""Screening by instrument packs: versioned, immutable data that carries its own test vectors.

A pack whose vectors don't come out as it says is refused, so a wrong cut-off can't reach a child. A stored result
names the pack's version and is judged by that version for ever.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from desktop.domain import jalali, vision
from desktop.domain.faults import Invalid
from desktop.domain.jalali import Jalali
from desktop.domain.screening_verdict import Verdict
from desktop.domain.vision import VisionAnswers, VisionPack

Pack = VisionPack
Answers = VisionAnswers


class PackRefused(Exception):
    """A pack contradicts itself or its own vectors. `vector` is the place of the first that fails, or None."""

    def __init__(self, why: str, vector: int | None = None) -> None:
        super().__init__(why if vector is None else f"vector {vector}: {why}")
        self.vector = vector


@cache
def load_pack(name: str) -> Pack:
    """The shipped pack of a programme, verified. Raises PackRefused; FileNotFoundError for an unknown name."""
    return read_pack(json.loads(files("resources").joinpath("packs", f"{name}.json").read_text("utf-8")))


def read_pack(data: Mapping[str, Any]) -> Pack:
    """The pack of its JSON, after every one of its vectors came out as it says. Raises PackRefused."""
    try:
        pack = VisionPack.read(data)
        vectors = list(data["vectors"])
    except (KeyError, TypeError, ValueError, IndexError) as fault:
        raise PackRefused(repr(fault)) from fault
    if not vectors:
        raise PackRefused("no vectors")
    for place, vector in enumerate(vectors):
        _hold(pack, vector, place)
    return pack


def _hold(pack: Pack, vector: Mapping[str, Any], place: int) -> None:
    try:
        came = _outcome(pack, vector)
    except (KeyError, TypeError, ValueError, IndexError) as fault:
        raise PackRefused(repr(fault), place) from fault
    if came != vector["expect"]:
        raise PackRefused(f"{came} instead of {vector['expect']}", place)


def _outcome(pack: Pack, vector: Mapping[str, Any]) -> dict[str, object]:
    """What a vector comes to, in the vector's own words: reasons by key."""
    try:
        answers = VisionAnswers.from_plain(vector["answers"])
        verdict = evaluate(pack, answers, jalali.of(vector["birth"]), jalali.of(vector["on"]))
    except Invalid as fault:
        return {"invalid": fault.key}
    plain = verdict.to_plain()
    return {
        **{name: plain[name] for name in ("outcome", "next_step", "due", "urgent")},
        "reasons": [said.key for said in verdict.reasons],
        "notes": [said.key for said in verdict.notes],
    }


def evaluate(pack: Pack, answers: Answers, birth: Jalali, on: Jalali) -> Verdict:
    """The verdict of one test on the day `on`; a partial birth date counts as every age it may be, strictest first.

    Raises Invalid where a value isn't the pack's or the age is outside it.
    """
    return vision.judge(pack, answers, birth, on)


def whose_turn(programme: str, births: Sequence[str], chosen: int, today: str) -> int:
    """Whom a household's screening is most likely for: `chosen` if their age fits, else the first whose does.

    `births` as typed, in the household's order; one that can't be read fits no age. `chosen` where nobody's does.
    """
    pack, day = load_pack(programme), jalali.of(today)
    fits = [at for at, birth in enumerate(births) if _of_age(pack, birth, day)]
    return chosen if chosen in fits or not fits else fits[0]


def _of_age(pack: Pack, birth: str, day: Jalali) -> bool:
    try:
        low, high = jalali.age_months(jalali.of(jalali.parse(birth)), day)
    except Invalid:
        return False
    return low <= pack.to_months and high >= pack.from_months


def canonical(pack: Pack, answers: Answers, birth: Jalali, on: Jalali, verdict: Verdict) -> str:
    """One text for one result, whatever made it: JSON with sorted keys, no spaces, no floats."""
    result = {
        "pack": pack.name, "version": pack.version, "birth": str(birth), "on": str(on),
        "answers": answers.to_plain(), "verdict": verdict.to_plain(),
    }  # fmt: skip
    return json.dumps(result, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
