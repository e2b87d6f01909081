"""A day's work and a centre's first snapshot over a line of 64 kbit/s with 300 ms a round trip: bytes and seconds."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from db import journal, snapshot
from db.models.people import Person
from desktop.desk import Desk
from desktop.domain.changes import Draft, Value
from desktop.sync import enrol, round_trip
from server import config
from tests.bench.slow_line import Pace, slow_line
from tests.desk import opened, provinces


def run(
    folder: Path, *, persons: int = 1_300, changes: int = 160, pace: Pace | None = None, stand_in: bool = False
) -> dict[str, Any]:
    """`day`: a desk sends its day; `day_comes`: another takes it; `first`: a further desk of the centre begins.

    `http_bytes` are of HTTP, without TLS; `packet_bytes` all that passed the line.
    """
    pace = pace or Pace()
    province = folder / "province"
    written = _prepared(folder, persons, changes)
    said: dict[str, Any] = {"persons": persons, "changes": written, "bits_a_second": pace.bits}
    with slow_line(province, pace, stand_in=stand_in) as line:
        said |= {"round_trip_ms": pace.round_trip_ms, "line": line.kind}
        for name, desk in (("day", "one"), ("day_comes", "two"), ("first", "three")):
            said[name] = line.sync(folder / desk)
    return said


def _prepared(folder: Path, persons: int, changes: int) -> int:
    """A province, two desks in step and a third that only joined; then a day at the first: how many changes."""
    with ExitStack() as stack:
        made = stack.enter_context(provinces.founded(folder / "province", opened.CENTRE))
        desks = [
            stack.enter_context(opened.opened(opened.found(folder / name), opened.Clock(config.now_us())))
            for name in ("one", "two", "three")
        ]
        with made.serving() as url:
            for desk in desks:
                enrol.enrol(desk, url, made.code(opened.CENTRE))
                _known(desks[0], desk)
            work = opened.at_work(desks[0])
            while _persons(desks[0]) < persons:
                work.whole()
            for desk in desks[:2]:
                round_trip.sync(desk)
            while _behind(desks[1]):
                round_trip.sync(desks[1])
        before = desks[0].tip()
        while desks[0].tip() < before + changes:
            work.whole()
        return desks[0].tip() - before


def _known(first: Desk, desk: Desk) -> None:
    if desk is not first:
        person: dict[str, Value] = {"name": desk.actor.name, "roles": list(desk.actor.roles), "active": True}
        with first.writing() as session:
            journal.write(session, first.pen, [Draft("staff", desk.actor.staff_id, "create", person)])


def _behind(desk: Desk) -> bool:
    """Whether it began from a snapshot and lacks some of what led up to it."""
    with desk.reading() as session:
        return snapshot.begun(session) is not None


def _persons(desk: Desk) -> int:
    with desk.reading() as session:
        return session.scalar(select(func.count()).select_from(Person)) or 0
