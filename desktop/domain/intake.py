"""A walk-in: who came, for which service, and what they need. Typed text goes in, checked values or faults come out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from desktop.domain import foreign_id, jalali, landline, mobile, national_id, persian_text, postal_code, typed_code
from desktop.domain.faults import Invalid
from desktop.domain.fields import FACT, STEP, Entity
from desktop.domain.papers import Variant
from desktop.domain.people import COVERAGES, ID_KINDS, NEED_FLAGS, RELATIONS, SEXES, Needs

REQUEST = Entity(
    "request",
    {
        "person": FACT, "service": FACT, "tracking_code": FACT, "registered_on": FACT, "reason": FACT, "status": STEP,
    },
    references={"person": "person"},
)  # fmt: skip
VISIT = Entity(
    "visit",
    {
        "request": FACT, "person": FACT, "service": FACT, "day": FACT, "at": FACT, "staff": FACT,
        "entered_after_outage": FACT,
    },
    references={"request": "request", "person": "person"},
)  # fmt: skip
"""`at` is when it really was; `entered_after_outage` says that it was written on paper first and entered later."""
NO_NEEDS = Needs()
REASON_MOST = 300
ADDRESS_MOST = 200


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """A new person as typed. `one_name`: they have no surname (some Afghan clients), which is allowed.

    `given_name` holds the single name then. `relation` is to the head of the household, where there is one.
    """

    id_kind: str = "national"
    national_id: str = ""
    foreign_id: str = ""
    id_reason: str = ""
    given_name: str = ""
    family_name: str = ""
    one_name: bool = False
    father_name: str = ""
    birth: str = ""
    sex: str = ""
    mobile: str = ""
    coverage: str = "applicant"
    relation: str = "head"


@dataclass(frozen=True, slots=True)
class HouseholdEntry:
    """A new household as typed; `file_number` and `address` may be unknown (empty)."""

    file_number: str = ""
    address: str = ""
    postal_code: str = ""
    landline: str = ""


@dataclass(frozen=True, slots=True)
class WalkIn:
    """One walk-in: a returning person by `person_id`, or a new `person`, alone or with `household` and `members`.

    `for_member` says whom the service is for: 0 the person themself, n the n-th new member; a returning person's
    household member is chosen by opening them. `new_mobile` updates a returning person's number where it is typed.
    """

    person_id: str = ""
    person: PersonEntry | None = None
    household: HouseholdEntry | None = None
    members: tuple[PersonEntry, ...] = ()
    for_member: int = 0
    service: str = ""
    reason: str = ""
    needs: Needs = NO_NEEDS
    new_mobile: str = ""


@dataclass(frozen=True, slots=True)
class Registered:
    """What registering gave back: ids, and the tracking code that is printed and read aloud."""

    visit_id: str
    request_id: str
    person_id: str
    household_id: str
    tracking_code: str
    person_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Likeness:
    """An existing person an entry may be. `certain`: equal ID, which stops; else same folded name and father."""

    field: str
    person_id: str
    name: str
    father_name: str
    birth: str
    shown_id: str
    certain: bool


Faults = dict[str, Invalid]
"""Field → what is wrong with it, in the order of the form. Fields are named `person.national_id`, `members.0.birth`."""


def checked(walk_in: WalkIn, today: str) -> tuple[WalkIn, Faults]:
    """The walk-in in canonical values, and every fault. `today` is a canonical Jalali day.

    A field with a fault keeps what was typed.
    """
    faults: Faults = {}

    def field(name: str, parse: Callable[[str], str], typed: str, *, required: str = "") -> str:
        if not typed.strip():
            if required:
                faults[name] = Invalid(required)
            return ""
        try:
            return parse(typed)
        except Invalid as fault:
            faults[name] = fault
            return typed

    person, household = walk_in.person, walk_in.household
    if person is None and not walk_in.person_id:
        faults["search"] = Invalid("intake.nobody")
    if person is not None:
        person = _person(person, "person.", field, faults, today)
    if household is not None:
        household = HouseholdEntry(
            field("household.file_number", typed_code.only_digits, household.file_number),
            field("household.address", lambda text: persian_text.note(text, ADDRESS_MOST), household.address),
            field("household.postal_code", postal_code.parse, household.postal_code),
            field("household.landline", landline.parse, household.landline),
        )
    members = tuple(
        _person(member, f"members.{at}.", field, faults, today) for at, member in enumerate(walk_in.members)
    )
    _twice(person, members, faults)
    if not walk_in.service:
        faults["service"] = Invalid("intake.no-service")
    reason = field("reason", lambda text: persian_text.note(text, REASON_MOST), walk_in.reason)
    phone = field("new_mobile", mobile.parse, walk_in.new_mobile)
    needs = replace(
        walk_in.needs, relay_name=field("relay_name", persian_text.name, walk_in.needs.relay_name),
        relay_phone=field("relay_phone", _phone, walk_in.needs.relay_phone),
    )  # fmt: skip
    if needs.channel == "relay" and not needs.relay_phone:
        faults["relay_phone"] = Invalid("intake.no-relay-phone")
    done = replace(
        walk_in, person=person, household=household, members=members, reason=reason, new_mobile=phone, needs=needs
    )
    return done, faults


def _phone(typed: str) -> str:
    """A mobile number, else a landline. Raises Invalid: the mobile's fault for what begins like one."""
    number = typed_code.only_digits(typed.replace("+", "", 1))
    return mobile.parse(typed) if number.startswith(("09", "9", "98", "0098")) else landline.parse(typed)


_Field = Callable[..., str]


def _person(entry: PersonEntry, prefix: str, field: _Field, faults: Faults, today: str) -> PersonEntry:
    """One entry in canonical values. An ID that isn't there needs its reason; a missing surname needs its word."""
    if entry.id_kind not in ID_KINDS:
        faults[prefix + "id_kind"] = Invalid("intake.no-id-kind")
    national = foreign = why = ""
    if entry.id_kind == "national":
        national = field(prefix + "national_id", national_id.parse, entry.national_id, required="intake.no-national-id")
    elif entry.id_kind == "foreign":
        foreign = field(prefix + "foreign_id", foreign_id.parse, entry.foreign_id, required="intake.no-foreign-id")
    else:
        why = field(
            prefix + "id_reason", lambda text: persian_text.note(text, ADDRESS_MOST), entry.id_reason,
            required="intake.no-id-reason",
        )  # fmt: skip
    given = field(prefix + "given_name", persian_text.name, entry.given_name, required="intake.no-name")
    family = ""
    if not entry.one_name:
        family = field(prefix + "family_name", persian_text.name, entry.family_name, required="intake.no-family-name")
    father = field(prefix + "father_name", persian_text.name, entry.father_name)
    birth = field(
        prefix + "birth", lambda text: "" if jalali.is_unknown(text) else jalali.born(text, today), entry.birth
    )  # fmt: skip
    phone = field(prefix + "mobile", mobile.parse, entry.mobile)
    for name, value, known, key in (
        ("sex", entry.sex, SEXES, "intake.no-sex"),
        ("coverage", entry.coverage, COVERAGES, "intake.no-coverage"),
        ("relation", entry.relation, RELATIONS, "intake.no-relation"),
    ):
        if value not in known:
            faults[prefix + name] = Invalid(key)
    return replace(
        entry, national_id=national, foreign_id=foreign, id_reason=why, given_name=given, family_name=family,
        father_name=father, birth=birth, mobile=phone,
    )  # fmt: skip


def _twice(person: PersonEntry | None, members: tuple[PersonEntry, ...], faults: Faults) -> None:
    """Two people of one walk-in can't share a national ID."""
    met: set[str] = {person.national_id} if person and person.national_id else set()
    for at, member in enumerate(members):
        if member.national_id and member.national_id in met:
            faults.setdefault(f"members.{at}.national_id", Invalid("intake.id-twice"))
        met.add(member.national_id)


def needs_patch(needs: Needs) -> Mapping[str, str | bool]:
    """The fields of a needs record."""
    return {
        "variant": needs.variant, "sign_language": needs.sign_language, "wheelchair": needs.wheelchair,
        "companion": needs.companion, "does_not_read": needs.does_not_read, "braille": needs.braille,
        "lip_reading": needs.lip_reading, "language": needs.language, "channel": needs.channel,
        "relay_name": needs.relay_name, "relay_phone": needs.relay_phone,
    }  # fmt: skip


def needs_of(row: Mapping[str, object]) -> Needs:
    """The needs a record holds; what it doesn't say is not needed."""
    held: dict[str, Any] = {name: bool(row.get(name)) for name in NEED_FLAGS}
    held |= {name: row.get(name) or "" for name in ("language", "channel", "relay_name", "relay_phone")}
    return Needs(variant=cast("Variant", row.get("variant") or "standard"), **held)
