"""Persons, households, how they can be reached and what they need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from desktop.domain.cautions import Caution
from desktop.domain.fields import FACT, GUARDED, ORDINARY, Entity
from desktop.domain.papers import Variant

IdKind = Literal["national", "foreign", "none_yet", "unknown"]
Sex = Literal["female", "male"]
Coverage = Literal["covered", "applicant", "one_off"]
Channel = Literal["phone", "sms", "letter", "in_person", "relay"]
Relation = Literal["head", "spouse", "child", "parent", "sibling", "grandchild", "other"]
ID_KINDS: tuple[IdKind, ...] = get_args(IdKind)
SEXES: tuple[Sex, ...] = get_args(Sex)
COVERAGES: tuple[Coverage, ...] = get_args(Coverage)
CHANNELS: tuple[Channel, ...] = get_args(Channel)
LANGUAGES = ("az", "ku", "lur", "ar", "bal", "tk", "glk", "mzn", "prs", "ps", "ur")
"""What clients speak beside Persian, which nobody has to say. A code without a name of its own is shown as it is."""
RELATIONS: tuple[Relation, ...] = get_args(Relation)

PERSON = Entity(
    "person",
    {
        "id_kind": GUARDED, "national_id": GUARDED, "foreign_id": GUARDED, "id_reason": GUARDED,
        "given_name": GUARDED, "family_name": GUARDED, "father_name": GUARDED, "birth": GUARDED, "sex": GUARDED,
        "coverage": GUARDED, "merged_into": GUARDED,
    },
    references={"merged_into": "person"},
)  # fmt: skip
HOUSEHOLD = Entity(
    "household",
    {
        "head": GUARDED, "file_number": GUARDED, "address": ORDINARY, "postal_code": ORDINARY, "landline": ORDINARY,
        "transfer": GUARDED,
    },
    references={"head": "person"},
)  # fmt: skip
MEMBERSHIP = Entity(
    "membership",
    {"person": GUARDED, "household": GUARDED, "relation": GUARDED, "until": GUARDED},
    references={"person": "person", "household": "household"},
)
CONTACT = Entity(
    "contact", {"person": FACT, "channel": FACT, "value": ORDINARY, "note": ORDINARY}, references={"person": "person"}
)
NEEDS = Entity(
    "needs",
    {
        "person": FACT, "variant": ORDINARY, "sign_language": ORDINARY, "wheelchair": ORDINARY, "companion": ORDINARY,
        "does_not_read": ORDINARY, "braille": ORDINARY, "lip_reading": ORDINARY, "language": ORDINARY,
        "channel": ORDINARY, "relay_name": ORDINARY, "relay_phone": ORDINARY,
    },
    references={"person": "person"},
)  # fmt: skip

NEED_FLAGS = ("sign_language", "wheelchair", "companion", "does_not_read", "braille", "lip_reading")


@dataclass(frozen=True, slots=True)
class Needs:
    """What a client needs at the desk. `variant` is the paper they can read; it chooses every document's form.

    `language` is the code of the one they speak, empty for Persian; `channel` how they like to be reached, empty where
    nobody said. `relay_name` and `relay_phone` are of whoever speaks and listens for them.
    """

    variant: Variant = "standard"
    sign_language: bool = False
    wheelchair: bool = False
    companion: bool = False
    does_not_read: bool = False
    braille: bool = False
    lip_reading: bool = False
    language: str = ""
    channel: str = ""
    relay_name: str = ""
    relay_phone: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """One row of a search: who, what tells them from their namesakes, and why they matched.

    `birth` is canonical Jalali text or empty; `shown_id` is masked; `matched` is the key of a sentence.
    """

    person_id: str
    name: str
    father_name: str
    birth: str
    shown_id: str
    address: str
    coverage: str
    matched: str


@dataclass(frozen=True, slots=True)
class Member:
    """One line of a household: `relation` to its head."""

    person_id: str
    name: str
    birth: str
    relation: str


@dataclass(frozen=True, slots=True)
class PersonCard:
    """A person as the desk sees them when they stand there. Empty text where nothing is known.

    `last_visit` is a canonical Jalali day, `last_service` the code of what it was for; `members` is their household
    without themselves. `cautions` are those valid today; `incidents` counts those whoever asked may know of.
    """

    person_id: str
    name: str
    father_name: str
    birth: str
    sex: str
    shown_id: str
    coverage: str
    mobile: str
    household_id: str
    file_number: str
    address: str
    needs: Needs
    members: tuple[Member, ...]
    last_visit: str
    last_service: str
    cautions: tuple[Caution, ...] = ()
    incidents: int = 0
