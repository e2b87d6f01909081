"""A desk of a simulation: the real one over its real database, with a clock that may be wrong and a power that goes."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select

from db import engine as engines
from db import feed, incarnation, journal
from db.models.journal import ChangeRow
from desktop.actions import dump
from desktop.desk import Desk
from tests.faults.simulation import stage
from tests.faults.simulation.stage import Seat
from tests.faults.simulation.traps import Trap

_OWN = select(ChangeRow.change_id, ChangeRow.desk)


@dataclass(frozen=True, slots=True)
class Form:
    """A form somebody has open: the field, and what was shown when it was opened."""

    kind: str
    entity: str
    field: str
    base: dict[str, list[str]]
    household: str | None


@dataclass
class Pc:
    """One desk. `skew` is what its clock is wrong by, µs; `schema` the version it writes."""

    folder: Path
    name: str
    seat: Seat
    time: Callable[[], int]
    skew: int = 0
    schema: int = 1
    revoked: bool = False
    forms: list[Form] = field(default_factory=list)
    trap: Trap = field(default_factory=Trap)
    telling: int = 0
    """After which restore of the province it last heard all of it."""
    deaths: int = 0

    def __post_init__(self) -> None:
        self.desk = self._opened()

    def _opened(self) -> Desk:
        with self.trap.off():
            desk = stage.opened(self.folder, self.name, self.seat.staff, self.clock)
        self.trap.watch(desk.engine)
        self.trap.reset()
        self.forms.clear()
        return desk

    def clock(self) -> int:
        """What this PC believes the time is."""
        return self.time() + self.skew

    def die(self) -> None:
        """The power goes and comes: what is on the disk is all there is."""
        self.desk.engine.dispose()
        self.deaths += 1
        self.desk = self._opened()

    def copy(self, to: Path) -> None:
        """The whole folder as it is now."""
        with self.trap.off():
            engines.checkpoint(self.desk.engine)
        shutil.rmtree(to, ignore_errors=True)
        shutil.copytree(self.folder / self.name, to)

    def restore(self, copy: Path, *, head: bool) -> None:
        """Put a copy in place; with `head`, what lay beside the database then lies beside it again."""
        self.desk.engine.dispose()
        there = self.folder / self.name
        told = (there / "head.json").read_bytes()
        shutil.rmtree(there)
        shutil.copytree(copy, there)
        if not head:
            (there / "head.json").write_bytes(told)
        self.desk = self._opened()

    def position(self) -> feed.Position:
        with self.trap.off(), self.desk.reading() as session:
            return feed.position(session)

    def own(self) -> set[str]:
        """Ids of the changes that this desk can send: its own, of before its chain forked too."""
        with self.trap.off(), self.desk.reading() as session:
            mine = {self.desk.signer.desk, *incarnation.before(session, self.desk.signer.desk)}
            return {row.change_id for row in session.execute(_OWN) if row.desk in mine}

    def waits(self) -> bool:
        """Whether some of its own work has no place in the feed."""
        with self.trap.off(), self.desk.reading() as session:
            waiting = select(ChangeRow.change_id).where(ChangeRow.standing == "pending").limit(1)
            return session.execute(waiting).first() is not None

    def gapless(self) -> bool:
        with self.trap.off(), self.desk.reading() as session:
            return journal.gapless(session, self.desk.signer.desk)

    def dump(self) -> dict[str, Any]:
        """What `python -m desktop.admin dump` says."""
        with self.trap.off(), self.desk.reading() as session:
            return dump.dump(session)
