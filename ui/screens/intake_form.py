"""What the intake screen holds while it is filled in: plain values, from which the walk-in and its draft are made."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any, cast

from desktop.domain import jalali
from desktop.domain.faults import Invalid
from desktop.domain.intake import HouseholdEntry, Likeness, PersonEntry, WalkIn
from desktop.domain.papers import Variant
from desktop.domain.people import Needs, PersonCard

Plain = dict[str, Any]
_GROWN_MONTHS = 15 * 12


def _is_child(birth: str, today: str) -> bool:
    """Whether somebody is surely under 15; False where the birth isn't known or can't be read."""
    try:
        born = jalali.of(jalali.born(birth, today))
    except Invalid:
        return False
    return jalali.age_months(born, jalali.of(today))[1] < _GROWN_MONTHS


@dataclass(slots=True)
class IntakeForm:
    """One walk-in in the making.

    `card` is the returning person, if one is open; then every entry is a new member of their household, else the first
    entry is the person. `at` is the entry in the form. `others` are the likenesses answered by "another person".
    """

    card: PersonCard | None = None
    entries: list[PersonEntry] = field(default_factory=list)
    at: int | None = None
    with_household: bool = False
    household: HouseholdEntry = field(default_factory=HouseholdEntry)
    for_member: int = 0
    service: str = ""
    reason: str = ""
    needs: Needs = field(default_factory=Needs)
    new_mobile: str = ""
    others: set[tuple[int, str]] = field(default_factory=set)

    def empty(self) -> bool:
        """Nobody is open and nobody is being written."""
        return self.card is None and not self.entries

    def typed(self) -> bool:
        """Whether words were written that would be lost with the form."""
        mobile = self.card.mobile if self.card else ""
        return bool(self.reason) or self.new_mobile != mobile or any(entry != PersonEntry() for entry in self.entries)

    def walk_in(self) -> WalkIn:
        """As it is to be checked and registered."""
        common = {"service": self.service, "reason": self.reason, "needs": self.needs, "for_member": self.for_member}
        if self.card is not None:
            mobile = self.new_mobile if self.new_mobile != self.card.mobile else ""
            return WalkIn(self.card.person_id, members=tuple(self.entries), new_mobile=mobile, **common)  # type: ignore[arg-type]
        household = self.household if self.with_household else None
        person = self.entries[0] if self.entries else None
        return WalkIn(person=person, household=household, members=tuple(self.entries[1:]), **common)  # type: ignore[arg-type]

    def entry_of(self, name: str) -> tuple[int, str] | None:
        """The entry a fault's field belongs to and its name there, or None for a field of the walk-in itself."""
        first, _, rest = name.partition(".")
        if first == "person":
            return 0, rest
        if first == "members":
            number, _, rest = rest.partition(".")
            return int(number) + (0 if self.card else 1), rest
        return None

    def unanswered(self, found: list[Likeness]) -> list[tuple[int, Likeness]]:
        """The likenesses that stop or must be asked, each with its entry; the certain first."""
        met = [(place[0], each) for each in found if (place := self.entry_of(each.field)) is not None]
        left = [(at, each) for at, each in met if each.certain or (at, each.person_id) not in self.others]
        return sorted(left, key=lambda pair: not pair[1].certain)

    def next_member(self) -> None:
        """Begin a further member; what a household shares is carried over: family name, coverage, father."""
        self.with_household = True
        entry = PersonEntry(relation="child")
        if self.entries:
            first = self.entries[0]
            father = first.given_name if first.sex == "male" and first.relation == "head" and not self.card else ""
            entry = replace(entry, family_name=first.family_name, father_name=father, coverage=first.coverage)
        self.entries.append(entry)
        self.at = len(self.entries) - 1

    def ask_head(self, today: str) -> bool:
        """A child isn't taken for the head of a household: their relation is asked. Whether it is."""
        first = self.entries[0] if self.entries and self.card is None and self.with_household else None
        if first is None or first.relation != "head" or not _is_child(first.birth, today):
            return False
        self.entries[0] = replace(first, relation="")
        return True

    def remove(self, at: int) -> None:
        """Take an entry out of the household; the service goes back to the first person if it was for them."""
        del self.entries[at]
        self.others.clear()
        self.for_member, self.at = 0, (0 if self.entries and not self.card else None)

    def to_plain(self) -> Plain:
        """For the draft: strings, ints, booleans, lists. A returning person is kept by id alone."""
        return {
            "person_id": self.card.person_id if self.card else "",
            "entries": [asdict(entry) for entry in self.entries], "at": self.at,
            "with_household": self.with_household, "household": asdict(self.household),
            "for_member": self.for_member, "service": self.service, "reason": self.reason,
            "needs": asdict(self.needs), "new_mobile": self.new_mobile,
        }  # fmt: skip

    @classmethod
    def from_plain(cls, plain: Plain, card: PersonCard | None) -> IntakeForm:
        """The form of a draft. Raises KeyError or TypeError for a draft of another make."""
        needs = Needs(**{**plain["needs"], "variant": cast("Variant", plain["needs"]["variant"])})
        return cls(
            card, [PersonEntry(**entry) for entry in plain["entries"]], plain["at"], plain["with_household"],
            HouseholdEntry(**plain["household"]), plain["for_member"], plain["service"], plain["reason"], needs,
            plain["new_mobile"],
        )  # fmt: skip
