"""Intake: find who came, tell likenesses, register the walk-in in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from db import journal, search
from db.journal import Pen
from db.models.people import Person
from desktop.actions import cases
from desktop.actions.permission import require
from desktop.domain import identifiers, intake
from desktop.domain.changed import Changed
from desktop.domain.changes import Draft
from desktop.domain.downtime import Slip
from desktop.domain.faults import Known
from desktop.domain.intake import HouseholdEntry, Likeness, PersonEntry, Registered, WalkIn
from desktop.domain.people import Found
from desktop.domain.staffing import Actor, Centre


def find(session: Session, actor: Actor, typed: str) -> list[Found]:
    """Persons for what was typed, in Persian order of their names, at most 20."""
    require(actor, "person.read")
    return [_found(session, hit) for hit in search.find(session, typed)]


def _found(session: Session, hit: search.Hit) -> Found:
    row = cases.person(session, hit.person)
    household = cases.household_of(session, row.id)
    return Found(
        row.id, cases.full_name(row), row.father_name or "", row.birth or "", cases.shown_id(row),
        (household.address or "") if household else "", row.coverage or "", f"intake.matched.{hit.matched}",
    )  # fmt: skip


def likenesses(session: Session, actor: Actor, walk_in: WalkIn) -> list[Likeness]:
    """Existing persons the new entries may be: an equal ID is certain, the same folded name and father is asked."""
    require(actor, "person.read")
    entries = [("person.", walk_in.person)] if walk_in.person else []
    entries += [(f"members.{at}.", member) for at, member in enumerate(walk_in.members)]
    return [found for prefix, entry in entries for found in _alike(session, prefix, entry)]


def _alike(session: Session, prefix: str, entry: PersonEntry) -> list[Likeness]:
    for kind, value in (("national_id", entry.national_id), ("foreign_id", entry.foreign_id)):
        if value and (same := search.with_number(session, kind, value)):
            return [_likeness(session, prefix + kind, each, certain=True) for each in same]
    if not entry.given_name:
        return []
    persons = search.alike(session, entry.given_name, entry.family_name, entry.father_name)
    return [_likeness(session, prefix + "given_name", each, certain=False) for each in persons]


def _likeness(session: Session, name: str, person_id: str, *, certain: bool) -> Likeness:
    row = cases.person(session, person_id)
    return Likeness(
        name, row.id, cases.full_name(row), row.father_name or "", row.birth or "", cases.shown_id(row), certain
    )


@dataclass(slots=True)
class _Writing:
    """The drafts of one registration as they gather."""

    drafts: list[Draft] = field(default_factory=list)
    persons: list[str] = field(default_factory=list)
    household: str | None = None


def register(
    session: Session, pen: Pen, actor: Actor, centre: Centre, walk_in: WalkIn, now: int, slip: Slip | None = None
) -> tuple[Registered, Changed]:
    """Record the walk-in: persons, household, contact, needs, request and visit in one transaction. With a `slip` the
    visit was at its time and has its number.

    `walk_in` must be checked (`intake.checked` without faults). Raises Known: "same-person" for an ID that is here
    already, "not-allowed", "service-unknown", "person-gone", "paper-numbers-spent", "slip-unknown", "slip-used".
    """
    require(actor, "intake.register")
    if any(each.certain for each in likenesses(session, actor, walk_in)):
        raise Known("same-person")
    writing = _Writing()
    if walk_in.person_id:
        _returning(session, walk_in, writing)
    else:
        _new(walk_in, writing)
    client = writing.persons[walk_in.for_member]
    _needs(session, writing.persons[0], walk_in, writing)
    opened = cases.open_visit(
        session, centre_code=centre.code, person_id=client, household=writing.household, service=walk_in.service,
        reason=walk_in.reason, staff_id=actor.staff_id, now=slip.at if slip else now, slip=slip.number if slip else "",
    )  # fmt: skip
    changed = journal.write(session, pen, [*writing.drafts, *opened.drafts])
    done = Registered(
        opened.visit_id,
        opened.request_id,
        client,
        writing.household or "",
        opened.tracking_code,
        tuple(writing.persons),
    )
    return done, changed


def _returning(session: Session, walk_in: WalkIn, writing: _Writing) -> None:
    """A person who is here already, perhaps with new members for their household or a first household."""
    row = cases.person(session, walk_in.person_id)
    household = cases.household_of(session, row.id)
    writing.persons.append(row.id)
    if household:
        writing.household = household.id
    elif walk_in.household or walk_in.members:
        _household(walk_in.household or HouseholdEntry(), row.id, writing)
        _membership(row.id, "head", writing)
    _members(walk_in.members, writing)
    if walk_in.new_mobile:
        _mobile(session, row, walk_in.new_mobile, writing)


def _new(walk_in: WalkIn, writing: _Writing) -> None:
    assert walk_in.person is not None  # noqa: S101  (checked before registering)
    person_id = identifiers.new()
    if walk_in.household or walk_in.members:
        _household(walk_in.household or HouseholdEntry(), _head_of(person_id, walk_in.person), writing)
    _person(person_id, walk_in.person, writing)
    _members(walk_in.members, writing)


def _head_of(person_id: str, entry: PersonEntry) -> str | None:
    """The first person heads the household unless they said another relation; then the head is not known yet."""
    return person_id if entry.relation == "head" else None


def _household(entry: HouseholdEntry, head: str | None, writing: _Writing) -> None:
    writing.household = identifiers.new()
    patch = {
        "head": head, "file_number": entry.file_number, "address": entry.address, "postal_code": entry.postal_code,
        "landline": entry.landline,
    }  # fmt: skip
    writing.drafts.append(Draft("household", writing.household, "create", _filled(patch), household=writing.household))


def _members(members: Sequence[PersonEntry], writing: _Writing) -> None:
    for member in members:
        _person(identifiers.new(), member, writing)


def _person(person_id: str, entry: PersonEntry, writing: _Writing) -> None:
    patch: dict[str, str | None] = {
        "id_kind": entry.id_kind, "national_id": entry.national_id, "foreign_id": entry.foreign_id,
        "id_reason": entry.id_reason, "given_name": entry.given_name, "family_name": entry.family_name,
        "father_name": entry.father_name, "birth": entry.birth, "sex": entry.sex, "coverage": entry.coverage,
    }  # fmt: skip
    writing.persons.append(person_id)
    writing.drafts.append(Draft("person", person_id, "create", _filled(patch), household=writing.household))
    if writing.household:
        _membership(person_id, entry.relation, writing)
    if entry.mobile:
        _contact(person_id, entry.mobile, writing)


def _membership(person_id: str, relation: str, writing: _Writing) -> None:
    patch = {"person": person_id, "household": writing.household, "relation": relation}
    writing.drafts.append(Draft("membership", identifiers.new(), "create", patch, household=writing.household))


def _contact(person_id: str, mobile: str, writing: _Writing) -> None:
    patch = {"person": person_id, "channel": "mobile", "value": mobile}
    writing.drafts.append(Draft("contact", identifiers.new(), "create", patch, household=writing.household))


def _mobile(session: Session, row: Person, mobile: str, writing: _Writing) -> None:
    """A returning person's number: the one on file is changed, a first one is added."""
    contact = cases.mobile_of(session, row.id)
    if contact is None:
        _contact(row.id, mobile, writing)
    elif contact.value != mobile:
        seen = journal.document(session, contact.id)
        base = seen.base("value") if seen else {}
        writing.drafts.append(Draft("contact", contact.id, "set", {"value": mobile}, base, writing.household))


def _needs(session: Session, person_id: str, walk_in: WalkIn, writing: _Writing) -> None:
    """What the one who came needs is kept for their next visit, where it differs from what is kept."""
    patch = intake.needs_patch(walk_in.needs)
    row = cases.needs_row(session, person_id) if walk_in.person_id else None
    if row is None:
        if walk_in.needs != intake.needs_of({}):
            full = {"person": person_id, **patch}
            writing.drafts.append(Draft("needs", identifiers.new(), "create", full, household=writing.household))
        return
    changed = {name: value for name, value in patch.items() if getattr(row, name) != value}
    seen = journal.document(session, row.id)
    if changed and seen:
        writing.drafts.append(Draft("needs", row.id, "set", changed, seen.base(*changed), writing.household))


def _filled(patch: dict[str, str | None]) -> dict[str, str]:
    """Unknown stays unsaid: an empty field is not a value anybody set."""
    return {name: value for name, value in patch.items() if value}
