"""The household case every feature may use: who a person is, who lives with them, and opening a visit for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db import journal, paper_numbers, slips
from db.models.intake import Visit
from db.models.people import Contact, Household, Membership, Needs, Person
from db.models.staffing import StaffKey
from desktop.actions.permission import require
from desktop.domain import catalogue, identifiers, jalali, national_id, texts
from desktop.domain.changes import Draft, Value
from desktop.domain.faults import Known
from desktop.domain.intake import needs_of
from desktop.domain.people import Member, PersonCard
from desktop.domain.staffing import Actor


@dataclass(frozen=True, slots=True)
class Opened:
    """A request and its visit, not yet written: their ids, the tracking code, and the drafts to write."""

    request_id: str
    visit_id: str
    tracking_code: str
    drafts: Sequence[Draft]


def full_name(row: Any) -> str:
    """A person's name as spoken: given and family name, or the single one."""
    return " ".join(filter(None, (row.given_name, row.family_name)))


def shown_id(row: Any) -> str:
    """The identity number as others may see it: masked, empty where there is none."""
    number = row.national_id or row.foreign_id
    return national_id.masked(number) if number else ""


def open_visit(
    session: Session, *, centre_code: str, person_id: str, household: str | None, service: str, reason: str,
    staff_id: str, now: int, slip: str = "",
) -> Opened:  # fmt: skip
    """A new request for a service and the visit that names it. `now` in µs UTC; takes a paper number, or the one of a
    `slip` written by hand while the power was out: `now` is then when the visit was.

    Raises Known("service-unknown") for a service the catalogue doesn't offer that day, and what `slips.claim` raises.
    """
    day = jalali.today(now)
    if service not in {each.code for each in catalogue.services(day)}:
        raise Known("service-unknown")
    request_id, visit_id = identifiers.new(), identifiers.new()
    code = slips.claim(session, centre_code, slip) if slip else paper_numbers.take(session, centre_code)
    request: dict[str, Value] = {
        "person": person_id, "service": service, "tracking_code": code, "registered_on": str(day), "reason": reason,
        "status": "registered",
    }  # fmt: skip
    visit: dict[str, Value] = {
        "request": request_id, "person": person_id, "service": service, "day": str(day), "at": now, "staff": staff_id,
    }  # fmt: skip
    if slip:
        visit["entered_after_outage"] = True
    drafts = [
        Draft("request", request_id, "create", request, household=household),
        Draft("visit", visit_id, "create", visit, household=household),
    ]
    return Opened(request_id, visit_id, code, drafts)


def close_request(session: Session, request_id: str, household: str | None) -> list[Draft]:
    """The step that closes a request, nothing where it is closed or gone."""
    request = journal.document(session, request_id)
    if request is None or request.value("status") == "closed":
        return []
    return [Draft("request", request_id, "step", {"status": "closed"}, request.base("status"), household)]


def person(session: Session, person_id: str) -> Person:
    """The person's row. Raises Known("person-gone") for one that isn't here or was voided."""
    row = session.get(Person, person_id)
    if row is None or row.void:
        raise Known("person-gone")
    return row


def household_of(session: Session, person_id: str) -> Household | None:
    """The household the person lives in now; the newest membership counts where two stand."""
    return session.scalars(
        select(Household)
        .join(Membership, Membership.household == Household.id)
        .where(Membership.person == person_id, Membership.until.is_(None), Membership.void.is_(None))
        .order_by(Membership.id.desc())
    ).first()


def mobile_of(session: Session, person_id: str) -> Contact | None:
    """The person's newest mobile number."""
    return session.scalars(
        select(Contact)
        .where(Contact.person == person_id, Contact.channel == "mobile", Contact.void.is_(None))
        .order_by(Contact.id.desc())
    ).first()


def needs_row(session: Session, person_id: str) -> Needs | None:
    """The person's needs record."""
    return session.scalars(
        select(Needs).where(Needs.person == person_id, Needs.void.is_(None)).order_by(Needs.id)
    ).first()


def needs_in(session: Session, person_id: str) -> Needs | None:
    """The needs of whoever reads this person's papers: their own record, else the newest in their household.

    A child's paper is read by the one who brings them.
    """
    own, home = needs_row(session, person_id), household_of(session, person_id)
    if own is not None or home is None:
        return own
    return session.scalars(
        select(Needs)
        .join(Membership, Membership.person == Needs.person)
        .where(
            Membership.household == home.id, Membership.until.is_(None), Membership.void.is_(None),
            Needs.void.is_(None),
        )
        .order_by(Needs.id.desc())
    ).first()  # fmt: skip


def card(session: Session, actor: Actor, person_id: str) -> PersonCard:
    """The person as the desk sees them. Raises Known: "not-allowed", "person-gone"."""
    require(actor, "person.read")
    row = person(session, person_id)
    household = household_of(session, person_id)
    contact = mobile_of(session, person_id)
    needs = needs_row(session, person_id)
    last = session.scalars(
        select(Visit).where(Visit.person == person_id, Visit.void.is_(None)).order_by(Visit.at.desc())
    ).first()
    return PersonCard(
        row.id, full_name(row), row.father_name or "", row.birth or "", row.sex or "", shown_id(row),
        row.coverage or "",
        (contact.value or "") if contact else "", household.id if household else "",
        (household.file_number or "") if household else "", (household.address or "") if household else "",
        needs_of(vars(needs)) if needs else needs_of({}),
        _members(session, household.id, person_id) if household else (),
        (last.day or "") if last else "", (last.service or "") if last else "",
    )  # fmt: skip


def _members(session: Session, household_id: str, besides: str) -> tuple[Member, ...]:
    rows = session.execute(
        select(Person, Membership.relation)
        .join(Membership, Membership.person == Person.id)
        .where(
            Membership.household == household_id, Membership.until.is_(None), Membership.void.is_(None),
            Person.void.is_(None), Person.id != besides,
        )
        .order_by(Membership.id)
    ).all()  # fmt: skip
    return tuple(Member(row.id, full_name(row), row.birth or "", relation or "") for row, relation in rows)


def service_name(code: str | None) -> str:
    """The name of a service that others may see; empty for one this program doesn't know."""
    try:
        return catalogue.service(code or "").open_name()
    except KeyError:
        return ""


def desk_words(session: Session, desk: str) -> str:
    """What a desk of this centre is called: by its number, in the order the desks were made. "" for an unknown one.

    Desks are counted by their people's keys, which are the centre's own everywhere.
    """
    desks = session.scalars(select(StaffKey.desk).where(StaffKey.desk.is_not(None)).distinct().order_by(StaffKey.desk))
    numbers = {each: number for number, each in enumerate(desks, 1)}
    return texts.say("intake.desk", n=numbers[desk]) if desk in numbers else ""
