"""Recording what happened at the desk, and reading it by the few who may: to others there is nothing."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db import journal
from db.journal import Pen
from db.models.incidents import Incident as IncidentRow
from db.models.people import Person
from db.models.staffing import Staff
from desktop.actions import cases
from desktop.actions.permission import require
from desktop.domain import identifiers, incidents, jalali
from desktop.domain.changed import Changed
from desktop.domain.changes import Draft, Value
from desktop.domain.incidents import Incident, Report
from desktop.domain.roles import may
from desktop.domain.staffing import Actor

_NEWEST = (
    select(IncidentRow, Person, Staff.name)
    .outerjoin(Person, Person.id == IncidentRow.person)
    .outerjoin(Staff, Staff.id == IncidentRow.staff)
    .where(IncidentRow.void.is_(None))
    .order_by(IncidentRow.at.desc(), IncidentRow.id.desc())
)


def record(session: Session, pen: Pen, actor: Actor, report: Report, now: int) -> tuple[str, Changed]:
    """Keep a report; its id. `now` in µs UTC.

    Raises Known: not-allowed, person-gone. Raises Invalid: the first fault of `incidents.checked`.
    """
    require(actor, "incident.record")
    report, faults = incidents.checked(report)
    for fault in faults.values():
        raise fault
    person = cases.person(session, report.person_id) if report.person_id else None
    home = cases.household_of(session, person.id) if person else None
    patch: dict[str, Value] = {
        "nature": report.nature, "happened": report.happened, "day": str(jalali.today(now)), "at": now,
        "staff": actor.staff_id,
    }  # fmt: skip
    more = {"person": report.person_id, "harmed": report.harmed, "done": report.done, "reached": report.reached}
    patch.update({name: value for name, value in more.items() if value})
    incident_id = identifiers.new()
    draft = Draft("incident", incident_id, "create", patch, household=home.id if home else None)
    return incident_id, journal.write(session, pen, [draft])


def listed(session: Session, actor: Actor, most: int = 50) -> list[Incident]:
    """The newest, for those who may read them. Raises Known("not-allowed")."""
    require(actor, "incident.read")
    return [_listed(*row) for row in session.execute(_NEWEST.limit(most)).all()]


def count_of(session: Session, actor: Actor, person_id: str) -> int:
    """How many are about a person; 0 to whoever may not know of them."""
    return _count(session, actor, IncidentRow.person == person_id)


def count_on(session: Session, actor: Actor, day: str) -> int:
    """How many were recorded on a day; 0 to whoever may not know of them."""
    return _count(session, actor, IncidentRow.day == day)


def _count(session: Session, actor: Actor, about: object) -> int:
    if not may(actor.roles, "incident.read"):
        return 0
    counted = select(func.count()).select_from(IncidentRow).where(IncidentRow.void.is_(None), about)  # type: ignore[arg-type]
    return session.scalar(counted) or 0


def _listed(row: IncidentRow, person: Person | None, by: str | None) -> Incident:
    return Incident(
        row.id, row.nature or "", row.day or "", jalali.time_of_day(row.at or 0), row.happened or "", row.harmed or "",
        row.done or "", row.reached or "", row.person or "", cases.full_name(person) if person else "", by or "",
    )  # fmt: skip
