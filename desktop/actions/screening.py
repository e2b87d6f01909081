"""Screening: who waits, and recording a result as a fact."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from db import journal
from db.journal import Pen
from db.models.intake import Visit
from db.models.people import Person
from db.models.screening import ScreeningResult
from desktop.actions import cases
from desktop.actions.permission import require
from desktop.domain import catalogue, identifiers, jalali, screening
from desktop.domain.changed import Changed
from desktop.domain.changes import Draft, Value
from desktop.domain.faults import Known
from desktop.domain.screening import Answers
from desktop.domain.screening_record import RecordedResult, ToScreen
from desktop.domain.screening_verdict import Verdict, stays_due
from desktop.domain.staffing import Actor, Centre


def waiting(session: Session, actor: Actor, programme: str, day: str) -> list[ToScreen]:
    """Persons whose visit of `day` asks for this programme and has no result yet, first come first."""
    require(actor, "person.read")
    codes = [each.code for each in catalogue.services(jalali.of(day)) if each.screening == programme]
    rows = session.execute(
        select(Visit.id, Person)
        .join(Person, Person.id == Visit.person)
        .outerjoin(ScreeningResult, (ScreeningResult.visit == Visit.id) & ScreeningResult.void.is_(None))
        .where(Visit.day == day, Visit.service.in_(codes), Visit.void.is_(None), ScreeningResult.id.is_(None))
        .order_by(Visit.at)
    ).all()
    return [ToScreen(visit, row.id, cases.full_name(row), row.birth or "", programme) for visit, row in rows]


def record(
    session: Session, pen: Pen, actor: Actor, centre: Centre, child: ToScreen, answers: Answers, now: int
) -> tuple[RecordedResult, Changed]:
    """Judge and record one test; a visit is opened where none was. `now` in µs UTC.

    A result that needs no following up closes its request. Raises Known: "not-allowed", "birth-unknown",
    "person-gone"; Invalid where the answers aren't the pack's.
    """
    require(actor, "screening.record")
    row = cases.person(session, child.person_id)
    if not row.birth:
        raise Known("birth-unknown")
    day = jalali.today(now)
    pack = screening.load_pack(child.programme)
    verdict = screening.evaluate(pack, answers, jalali.of(row.birth), day)
    home = cases.household_of(session, row.id)
    household = home.id if home else None
    changed: list[Changed] = []
    visit = session.get(Visit, child.visit_id) if child.visit_id else None
    if visit is None:
        opened = cases.open_visit(
            session, centre_code=centre.code, person_id=row.id, household=household,
            service=_service(child.programme, day), reason="", staff_id=actor.staff_id, now=now,
        )  # fmt: skip
        changed.append(journal.write(session, pen, opened.drafts))
        visit_id, request_id = opened.visit_id, opened.request_id
    else:
        visit_id, request_id = visit.id, visit.request or ""
    result_id = identifiers.new()
    patch: dict[str, Value] = {
        "visit": visit_id, "person": row.id, "programme": child.programme, "pack_version": pack.version,
        "day": str(day), **_judged(verdict, answers),
    }  # fmt: skip
    drafts = [Draft("screening_result", result_id, "create", patch, household=household)]
    if not stays_due(verdict.outcome, verdict.due):
        drafts += cases.close_request(session, request_id, household)
    changed.append(journal.write(session, pen, drafts))
    due = str(verdict.due) if verdict.due else None
    kinds = frozenset().union(*(each.kinds for each in changed))
    done = RecordedResult(result_id, visit_id, row.id, verdict.outcome, verdict.next_step, due)
    return done, Changed(kinds, frozenset({household}) if household else frozenset())


def _judged(verdict: Verdict, answers: Answers) -> dict[str, Value]:
    """The fields of a verdict as they are stored."""
    plain = verdict.to_plain()
    stored: dict[str, Value] = {"answers": answers.to_plain()}  # type: ignore[dict-item]  # plain values by contract
    for name in ("outcome", "reasons", "next_step", "due", "urgent"):
        stored[name] = plain[name]  # type: ignore[assignment]
    return stored


def _service(programme: str, day: jalali.Jalali) -> str:
    """The service a programme is offered as. Raises Known("service-unknown")."""
    for each in catalogue.services(day):
        if each.screening == programme:
            return each.code
    raise Known("service-unknown")
