"""A real desk in a temporary folder: encrypted database, vault, journal; opened cheaply."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from unittest.mock import patch

from desktop import desk as desks
from desktop.actions.staffing import Founding
from desktop.desk import Desk
from desktop.domain import jalali
from desktop.machine import clock as this_pc
from desktop.seal.passwords import Cost
from desktop.training.people import People
from desktop.training.work import Work

PASSWORD = "گذرواژهٔ نمونه ۱۲۳"
CHEAP = Cost(8 * 1024, 1, 1)
CENTRE = "124"
NOW = 1_795_500_000_000_000  # 25 Nov 2026, about 09:30 in Tehran


class Clock:
    """A clock a test moves; each reading is a millisecond later."""

    def __init__(self, at: int = NOW) -> None:
        self.at = at

    def __call__(self) -> int:
        self.at += 1_000
        return self.at


def found(folder: Path, centre: str = CENTRE, password: str = PASSWORD) -> Path:
    """Make a desk, a minute before `NOW`; returns its folder."""
    with patch.object(this_pc, "now", Clock(NOW - 60_000_000)):
        desks.init(
            folder,
            Founding(centre, "training", "مرکز نمونه"),
            manager="نرگس آبان‌پور",
            password=password,
            training=True,
            cost=CHEAP,
        )
    return folder


@contextmanager
def opened(folder: Path, clock: Clock | None = None) -> Iterator[Desk]:
    """The desk of a folder as its manager, closed afterwards."""
    desk = desks.unlock(folder, desks.users(folder)[0][0], PASSWORD)
    desk.now = clock or Clock()
    try:
        yield desk
    finally:
        desk.close()


def at_work(desk: Desk, seed: int = 7) -> Work:
    """A clerk who works through invented walk-ins; the same seed, the same people."""
    people = People(Random(seed), jalali.today(NOW), serial=desk.tip() + 10_000 * seed)
    return Work(desk.writing, desk.pen, desk.actor, desk.centre, people)
