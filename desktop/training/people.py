"""Invented people for training, samples and tests: the same seed gives the same people. National IDs begin with 999."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

from desktop.domain import jalali, national_id
from desktop.domain.intake import HouseholdEntry, PersonEntry, WalkIn
from desktop.domain.jalali import Jalali
from desktop.domain.papers import Variant
from desktop.domain.people import Needs
from desktop.domain.vision import VisionAnswers

_VARIANTS: tuple[Variant, ...] = ("standard",) * 12 + ("large",) * 5 + ("giant",) * 2 + ("contrast",)
_SERVICES = ("VISION_SCREENING",) * 5 + ("INTAKE_FILE",) * 3 + ("REQUEST_REFERRAL", "SERVICE_INFORMATION")
_LINES = ("4/10", "5/10", "6/10", "7/10", "8/10", "9/10", "10/10")
_SUSPECTS = 0.08  # a plausible day: Zanjan's campaign found 4.2 % (screening.md §1), children brought in find more


@cache
def _words() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(files("resources").joinpath("training", "people.json").read_text("utf-8"))
    return read


@dataclass
class People:
    """A stream of invented walk-ins. `serial` keeps national IDs apart; `today` is when they come."""

    rng: Random
    today: Jalali
    serial: int = 0

    def walk_in(self) -> WalkIn:
        """A new person or household with up to three members; some have one name, some no ID yet."""
        service = self.rng.choice(_SERVICES)
        family = self.rng.choice(_words()["family"])
        child = self.person(family, self.child_birth(), relation="child")
        needs = Needs(
            self.rng.choice(_VARIANTS), companion=self.rng.random() < 0.3, wheelchair=self.rng.random() < 0.05
        )
        reason = self.rng.choice(_words()["reasons"])
        if service == "VISION_SCREENING" and self.rng.random() < 0.25:
            return WalkIn(person=self.alone(child), service=service, reason=reason, needs=needs)
        head = self.person(family, self.adult_birth(), relation="head", mobile=True)
        if self.rng.random() < 0.05:
            head = self.one_name(head)
        members = (
            child,
            *(self.person(family, self.child_birth(), relation="child") for _ in range(self.rng.randint(0, 2))),
        )
        place = f"{self.rng.choice(_words()['streets'])} {self.rng.randint(1, 180)}"
        household = HouseholdEntry(file_number=f"99{self.serial:05d}", address=place)
        for_member = 1 if service == "VISION_SCREENING" else 0
        return WalkIn(
            person=head, household=household, members=members, for_member=for_member, service=service, reason=reason,
            needs=needs,
        )  # fmt: skip

    def person(self, family: str, birth: str, *, relation: str, mobile: bool = False) -> PersonEntry:
        """One invented person; one in twenty has no ID yet."""
        sex = self.rng.choice(("female", "male"))
        entry = PersonEntry(
            national_id=self.national_id(), given_name=self.rng.choice(_words()[sex]), family_name=family,
            father_name=self.rng.choice(_words()["male"]), birth=birth, sex=sex, relation=relation,
            mobile=f"0999{self.rng.randint(0, 9_999_999):07d}" if mobile else "",
            coverage=self.rng.choice(("covered", "covered", "applicant")),
        )  # fmt: skip
        if self.rng.random() < 0.05:
            reason = self.rng.choice(_words()["no_id_reasons"])
            return replace(entry, id_kind="none_yet", national_id="", id_reason=reason)
        return entry

    def alone(self, entry: PersonEntry) -> PersonEntry:
        """A child of another area, brought by a kindergarten: no household, one-off."""
        return replace(entry, relation="head", coverage="one_off")

    def one_name(self, entry: PersonEntry) -> PersonEntry:
        """Somebody with a single name and an ID for foreign nationals."""
        foreign = f"99{self.rng.randint(0, 9_999_999_999):010d}"
        name = self.rng.choice(_words()["one_name"])
        return replace(
            entry, id_kind="foreign", national_id="", foreign_id=foreign, id_reason="", given_name=name, family_name="",
            one_name=True,
        )  # fmt: skip

    def national_id(self) -> str:
        """The next ID of the block 999, with its check digit."""
        self.serial += 1
        body = f"999{self.serial:06d}"
        return body + national_id.check_digit(body)

    def child_birth(self) -> str:
        """Three to six years old; one in ten known by year only."""
        birth = jalali.plus_days(self.today, -self.rng.randint(3 * 366, 83 * 30))
        return str(birth.year) if self.rng.random() < 0.1 else str(birth)

    def adult_birth(self) -> str:
        return str(jalali.plus_days(self.today, -self.rng.randint(20 * 366, 75 * 365)))

    def vision(self) -> VisionAnswers:
        """What a test at the post found: most children read far down the chart."""
        right, left = (self.rng.choice(_LINES[3:]) for _ in range(2))
        if self.rng.random() < _SUSPECTS:
            left = self.rng.choice(_LINES[:1])
        signs = ("squint",) if self.rng.random() < 0.02 else ()
        return VisionAnswers(chart="tenths", right=right, left=left, distance_cm=300, signs=signs)
