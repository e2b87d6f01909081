"""Synthetic people for the tests of screens: no one here exists, and their IDs begin with 999."""

from __future__ import annotations

from dataclasses import dataclass, field

from desktop.domain.intake import Likeness, Registered, WalkIn
from desktop.domain.people import Found, Member, Needs, PersonCard

TODAY = "1405-09-17"
MAHTAB = PersonCard(
    "p-mahtab", "مهتاب کاج‌نژاد", "یونس", "1371-05-09", "female", "999***4561", "covered", "09991234567", "h-1",
    "990214", "خیابان سرو، کوچهٔ سوم", Needs(variant="large", companion=True),
    (Member("p-younes", "یونس کاج‌نژاد", "1368-02-11", "head"), Member("p-ava", "آوا کاج‌نژاد", "1401-02-10", "child")),
    "1405-07-12", "HOME_VISIT",
)  # fmt: skip
AVA = PersonCard(
    "p-ava", "آوا کاج‌نژاد", "یونس", "1401-02-10", "female", "", "covered", "", "h-1", "990214", "", Needs(), (), "", "",
)  # fmt: skip
FOUND = [
    Found("p-mahtab", "مهتاب کاج‌نژاد", "یونس", "1371-05-09", "999***4561", "خ. سرو", "covered", "intake.matched.name"),
    Found("p-other", "مهتاب کاج‌نژاد", "رضا", "1334", "999***1235", "خ. چنار", "applicant", "intake.matched.phone"),
    Found("p-third", "مهناز کاج‌نژادی", "", "1376-01-01", "", "", "one_off", "intake.matched.file_number"),
]
SAME_ID = Likeness("person.national_id", "p-mahtab", "مهتاب کاج‌نژاد", "یونس", "1371-05-09", "999***4561", certain=True)
SAME_NAME = Likeness("person.given_name", "p-other", "مهتاب کاج‌نژاد", "رضا", "1334", "999***1235", certain=False)


@dataclass
class Desk:
    """Functions a screen is given, and what they were called with."""

    found: list[Found] = field(default_factory=lambda: list(FOUND))
    likenesses: list[Likeness] = field(default_factory=list)
    registered: list[WalkIn] = field(default_factory=list)
    draft: dict[str, object] | None = None
    fault: Exception | None = None

    def find(self, typed: str) -> list[Found]:
        return self.found if typed else []

    def card(self, person_id: str) -> PersonCard:
        return {"p-mahtab": MAHTAB, "p-ava": AVA}[person_id]

    def alike(self, _walk_in: WalkIn) -> list[Likeness]:
        return self.likenesses

    def register(self, walk_in: WalkIn) -> Registered:
        if self.fault:
            raise self.fault
        self.registered.append(walk_in)
        return Registered("v-1", "r-1", walk_in.person_id or "p-new", "h-1", "124/001/000123/4", ("p-new",))

    def save(self, plain: dict[str, object]) -> None:
        self.draft = plain

    def drop(self) -> None:
        self.draft = None
