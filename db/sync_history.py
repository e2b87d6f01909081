"""What came of each attempt to sync, for the screen and for support: on this PC alone, without a word about people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from db.models.local import SyncEvent
from desktop.domain.pace import Cause

KEPT = 2_000
OK = "ok"
_NEWEST = select(SyncEvent).order_by(SyncEvent.number.desc())


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt. `at` µs UTC by this PC's clock; `outcome` is `ok` or a fault's code; `clock_offset` the province's
    clock less this PC's, µs, None where nothing was heard; `begun` why the desk began from a snapshot, if it did."""

    at: int
    cause: Cause
    outcome: str
    pushed: int = 0
    pulled: int = 0
    held: int = 0
    bytes_up: int = 0
    bytes_down: int = 0
    round_trips: int = 0
    milliseconds: int = 0
    clock_offset: int | None = None
    begun: str = ""


def keep(session: Session, attempt: Attempt) -> None:
    """Add it; the oldest go, so that 2,000 stay."""
    values = {name: getattr(attempt, name) for name in Attempt.__slots__}
    session.execute(insert(SyncEvent).values(values))
    newest = session.scalar(select(func.max(SyncEvent.number))) or 0
    session.execute(delete(SyncEvent).where(SyncEvent.number <= newest - KEPT))


def attempts(session: Session, most: int = KEPT) -> Sequence[Attempt]:
    """The newest, newest first."""
    rows = session.scalars(_NEWEST.limit(most)).all()
    return [Attempt(**{name: getattr(row, name) for name in Attempt.__slots__}) for row in rows]
