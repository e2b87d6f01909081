"""Blank intake slips for the hours without power: their numbers are laid aside before anything is printed."""

from __future__ import annotations

from sqlalchemy.orm import Session

from db import journal, paper_numbers, slips
from db.journal import Pen
from desktop.actions.permission import require
from desktop.domain import identifiers, jalali, paper_number
from desktop.domain.changed import Changed
from desktop.domain.changes import Draft, Value
from desktop.domain.staffing import Actor, Centre


def reserve(
    session: Session, pen: Pen, actor: Actor, centre: Centre, count: int, now: int
) -> tuple[tuple[str, ...], Changed]:
    """Lay `count` numbers aside for slips; none of them is ever given to anything else. Raises Known: not-allowed,
    paper-numbers-spent."""
    require(actor, "intake.register")
    series, first, last = paper_numbers.reserve(session, count)
    patch: dict[str, Value] = {"series": series, "first": first, "last": last, "day": str(jalali.today(now))}
    changed = journal.write(session, pen, [Draft("slip_block", identifiers.new(), "create", patch)])
    return tuple(paper_number.build(centre.code, series, each) for each in range(first, last + 1)), changed


def unused(session: Session, actor: Actor, centre: Centre, number: str) -> str:
    """The number of a slip nobody entered yet, canonical. Raises Known: not-allowed, slip-unknown, slip-used."""
    require(actor, "intake.register")
    return slips.claim(session, centre.code, number)
