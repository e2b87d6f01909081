"""The centre, its people and their keys."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.domain.fields import FACT, GUARDED, ORDINARY, STEP, Entity
from desktop.domain.roles import Role

TRAINING = "training"
"""The realm of practice: no signature of it holds for a province."""

DESK = "desk"
"""The actor of automatic changes; they carry the desk's signature alone."""

CENTRE = Entity(
    "centre",
    {
        "code": FACT, "province": FACT, "name": GUARDED, "county": ORDINARY, "address": ORDINARY, "phone": ORDINARY,
        "licence_number": GUARDED, "licence_expiry": GUARDED,
    },
)  # fmt: skip
STAFF = Entity("staff", {"name": GUARDED, "roles": GUARDED, "active": GUARDED})
STAFF_KEY = Entity(
    "staff_key",
    {"staff": FACT, "desk": FACT, "sign_key": FACT, "box_key": FACT, "state": STEP},
    references={"staff": "staff"},
)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who sits at the desk now. `roles` decide what they may do (`roles.may`)."""

    staff_id: str
    name: str
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class Centre:
    """The centre as papers and screens name it. `licence_expiry` is a canonical Jalali date or empty."""

    centre_id: str
    code: str
    name: str
    county: str
    address: str
    phone: str
    licence_number: str
    licence_expiry: str


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who works at the centre, or did. `here`: they can open this PC with a password of their own."""

    staff_id: str
    name: str
    roles: tuple[Role, ...]
    active: bool
    here: bool
