"""A registered visit of the real journal, in milliseconds, and what each part of it takes.

Beside it, in turns: the same rows and index entries written bare into another encrypted file, without journal or head.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

from db import engine as engines
from db import head, project, search
from db.migrations import run as migrations
from desktop.desk import Desk
from desktop.domain import merging
from desktop.domain.merging import Document
from desktop.seal import commits
from desktop.training.work import Work
from tests.bench.measure import Times, figures, ratio, taken
from tests.desk.opened import at_work, found, opened

PARTS = ("seal", "fold", "project", "search", "commit", "head")
_WARM = 5


class _Watch:
    """How long each part took in the visit under way. What a part calls of another counts for the inner one too."""

    def __init__(self) -> None:
        self.ms = dict.fromkeys(PARTS, 0.0)
        self.seen: tuple[Mapping[str, Document | None], Mapping[str, str]] = ({}, {})

    def around(self, part: str, whole: Any) -> Any:
        def timed(*words: Any, **named: Any) -> Any:
            begun = time.perf_counter()
            try:
                return whole(*words, **named)
            finally:
                self.ms[part] += (time.perf_counter() - begun) * 1000
                if part == "project":
                    self.seen = (words[1], words[2])

        return timed


@contextmanager
def _watched(desk: Desk) -> Iterator[_Watch]:
    watch = _Watch()
    places: list[tuple[str, Any, str]] = [
        ("seal", commits, "seal"), ("fold", merging, "fold"), ("project", project, "project"),
        ("search", search, "refresh"), ("commit", desk.engine.dialect, "do_commit"), ("head", head, "write"),
    ]  # fmt: skip
    with _all(mock.patch.object(where, name, watch.around(part, getattr(where, name))) for part, where, name in places):
        yield watch


@contextmanager
def _all(patches: Any) -> Iterator[None]:
    begun = []
    try:
        for each in patches:
            each.start()
            begun.append(each)
        yield
    finally:
        for each in reversed(begun):
            each.stop()


def run(folder: Path, *, visits: int = 300) -> dict[str, Any]:
    """Milliseconds a visit and its parts; `against_bare_rows` is the whole visit to its rows written bare."""
    bare = engines.open_database(folder / "bare.db", bytes(range(32)), db_id="bare", generation=1, create=True)
    migrations.upgrade(bare)
    times: Times = {"visit": [], "bare_rows": [], "changes": []}
    parts: Times = {part: [] for part in PARTS}
    with opened(found(folder / "desk")) as desk:
        work = at_work(desk)
        for number in range(visits + _WARM):
            before = desk.tip()
            visit, watch = _visit(desk, work)
            rows = taken(partial(_bare, bare, *watch.seen))
            if number >= _WARM:
                times["visit"].append(visit)
                times["bare_rows"].append(rows)
                times["changes"].append(desk.tip() - before)
                for part in PARTS:
                    parts[part].append(watch.ms[part])
    engines.close(bare)
    rest = [whole - sum(each) for whole, each in zip(times["visit"], zip(*parts.values(), strict=True), strict=True)]
    parts["rest"] = rest
    return {
        "visits": visits, "changes": figures(times["changes"]), "ms": figures(times["visit"]),
        "parts_ms": {part: figures(values) for part, values in parts.items()},
        "parts_share": {part: round(sum(values) / sum(times["visit"]), 3) for part, values in parts.items()},
        "bare_rows_ms": figures(times["bare_rows"]), "against_bare_rows": ratio(times, "visit", "bare_rows"),
    }  # fmt: skip


def _visit(desk: Desk, work: Work) -> tuple[float, _Watch]:
    with _watched(desk) as watch:
        return taken(work.register), watch


def _bare(engine: Any, shown: Mapping[str, Document | None], kinds: Mapping[str, str]) -> None:
    with engines.writing(engine) as session:
        project.project(session, shown, kinds)
        search.refresh(session, shown, kinds)
