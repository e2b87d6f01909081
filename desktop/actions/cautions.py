"""Cautions on a person: written by those who know them, read by everybody at the desk until they expire."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from db import journal
from db.journal import Pen
from db.models.cautions import Caution as CautionRow
from db.models.staffing import Staff
from desktop.actions import cases
from desktop.actions.permission import require
from desktop.domain import cautions, identifiers, jalali
from desktop.domain.cautions import Caution
from desktop.domain.changed import Changed
from desktop.domain.changes import Draft
from desktop.domain.staffing import Actor

_VALID = (
    select(CautionRow.text, CautionRow.until, Staff.name)
    .outerjoin(Staff, Staff.id == CautionRow.staff)
    .where(CautionRow.void.is_(None))
    .order_by(CautionRow.until.desc(), CautionRow.id)
)


def write(
    session: Session, pen: Pen, actor: Actor, person_id: str, text: str, until: str, now: int
) -> Changed:
    """Note a caution that is valid to the end of the day `until`; "" is the usual one. `now` in µs UTC.

    Raises Known: not-allowed, person-gone. Raises Invalid: the first fault of `cautions.checked`.
    """
    require(actor, "caution.write")
    person = cases.person(session, person_id)
    today = str(jalali.today(now))
    text, until, faults = cautions.checked(text, until, today)
    for fault in faults.values():
        raise fault
    home = cases.household_of(session, person.id)
    patch = {"person": person.id, "text": text, "day": today, "until": until, "staff": actor.staff_id}
    draft = Draft("caution", identifiers.new(), "create", patch, household=home.id if home else None)
    return journal.write(session, pen, [draft])


def valid(session: Session, actor: Actor, person_id: str, today: str) -> tuple[Caution, ...]:
    """The cautions on a person that haven't expired on `today`, the longest valid first."""
    require(actor, "person.read")
    rows = session.execute(_VALID.where(CautionRow.person == person_id, CautionRow.until >= today))
    return tuple(Caution(text or "", until or "", name or "") for text, until, name in rows)
