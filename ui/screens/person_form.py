"""The form of one new person, alone or as a member of a household; and what a household itself says."""

from __future__ import annotations

from collections.abc import Callable

from desktop.domain import jalali
from desktop.domain.faults import Invalid
from desktop.domain.intake import HouseholdEntry, PersonEntry
from desktop.domain.people import COVERAGES, ID_KINDS, RELATIONS, SEXES
from desktop.domain.texts import say
from ui.screens.fields_form import LONGEST, FieldsForm
from ui.theme.look import Look
from ui.widgets import (
    Choice,
    ChoiceTiles,
    DateEdit,
    DigitsEdit,
    Field,
    NationalIdEdit,
    PersianEdit,
    column,
    columns,
    holder,
)

_LONG_NUMBER = 40


def _tiles(look: Look, name: str, table: str, values: tuple[str, ...], wide: int, narrow: int = 2) -> ChoiceTiles:
    choices = [Choice(value, say(f"{table}.{value}")) for value in values]
    return ChoiceTiles(look, name, choices, wide=wide, narrow=narrow, compact=True)


class PersonForm(FieldsForm):
    """Everything the desk asks of a new person. Emits `changed`; `entry()` is what stands in it, unchecked.

    The field of the relation to the household's head is placed by the screen, after whether there is a household.
    """

    def __init__(self, look: Look, today: Callable[[], str]) -> None:
        super().__init__()
        self._look = look
        kind = self._choice("id_kind", "people.id_kind", ID_KINDS, 4)
        numbers = column(look, gap="none")
        for name, control in (
            ("national_id", NationalIdEdit(look)),
            ("foreign_id", DigitsEdit(longest=_LONG_NUMBER)),
            ("id_reason", PersianEdit(longest=LONGEST)),
        ):
            numbers.put(self.add(name, Field(look, say(f"people.{name}"), control, required=True)))
        given = self._words("given_name", required=True)
        family = self._words("family_name", required=True)
        father = self._words("father_name")
        one = ChoiceTiles(
            look, say("people.one-name"), [Choice("yes", say("people.one-name-yes"))],
            several=True, wide=1, narrow=1, compact=True,
        )  # fmt: skip
        one_name = self.add("one_name", Field(look, say("people.one-name"), one))
        day = DateEdit(look, today, unknown=True)
        birth = self.add("birth", Field(look, say("people.birth"), day, hint=say("people.birth-hint")))
        sex = self._choice("sex", "people.sex", SEXES, 2)
        mobile = self.add("mobile", Field(look, say("people.mobile"), DigitsEdit(longest=_LONG_NUMBER)))
        coverage = self._choice("coverage", "people.coverage", COVERAGES, 3, 3)
        self._relation = self._choice("relation", "people.relation", RELATIONS, 4, 3)
        body = column(
            look, columns(look, (kind, 7), (holder(numbers), 4)),
            columns(look, (given, 4), (family, 4), (one_name, 3)),
            columns(look, (father, 4), (birth, 4), (sex, 3)),
            columns(look, (mobile, 4), (coverage, 7)), gap="m",
        )  # fmt: skip
        self.setLayout(body)
        kind.control.chosen.connect(self._fold)  # type: ignore[attr-defined]
        one.chosen.connect(self._fold)
        self.show_entry(PersonEntry(), member=False)

    def _words(self, name: str, *, required: bool = False) -> Field:
        return self.add(name, Field(self._look, say(f"people.{name}"), PersianEdit(longest=LONGEST), required=required))

    def _choice(self, name: str, table: str, values: tuple[str, ...], wide: int, narrow: int = 2) -> Field:
        tiles = _tiles(self._look, say(f"{table}.label"), table, values, wide, narrow)
        return self.add(name, Field(self._look, say(f"{table}.label"), tiles, required=True))

    def one_name(self) -> bool:
        return bool(self.chosen("one_name"))

    def entry(self) -> PersonEntry:
        """What stands in the form."""
        return PersonEntry(
            self.chosen("id_kind"), self.typed("national_id"), self.typed("foreign_id"), self.typed("id_reason"),
            self.typed("given_name"), self.typed("family_name"), self.one_name(), self.typed("father_name"),
            self.typed("birth"), self.chosen("sex"), self.typed("mobile"), self.chosen("coverage"),
            self.chosen("relation"),
        )  # fmt: skip

    def show_entry(self, entry: PersonEntry, *, member: bool) -> None:
        """Show a person; `member`: they belong to a household, so the relation to its head is asked."""
        for name in self.fields:
            if name != "one_name":
                self.put(name, getattr(entry, name))
        self.put("one_name", "yes" if entry.one_name else "")
        self.show_relation(member)
        self._fold()

    def show_relation(self, shown: bool) -> None:
        self._relation.setVisible(shown)

    def _fold(self) -> None:
        """Only the identity that was chosen is asked; a single name asks for no family name."""
        kind = self.chosen("id_kind")
        self.fields["national_id"].setVisible(kind == "national")
        self.fields["foreign_id"].setVisible(kind == "foreign")
        self.fields["id_reason"].setVisible(kind not in ("national", "foreign"))
        self.fields["family_name"].setVisible(not self.one_name())

    def number_field(self) -> Field:
        """The field of the identity that is asked now."""
        kind = self.chosen("id_kind")
        return self.fields["national_id" if kind == "national" else "foreign_id" if kind == "foreign" else "id_reason"]


class HouseholdForm(FieldsForm):
    """What a new household says, once for all its members."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        file_number, postal, phone = (
            self.add(name, Field(look, say(f"people.{name}"), DigitsEdit(longest=_LONG_NUMBER)))
            for name in ("file_number", "postal_code", "landline")
        )
        address = self.add("address", Field(look, say("people.address"), PersianEdit(longest=LONGEST)))
        self.setLayout(column(look, columns(look, (file_number, 1), (postal, 1), (phone, 1)), address, gap="m"))

    def entry(self) -> HouseholdEntry:
        names = ("file_number", "address", "postal_code", "landline")
        return HouseholdEntry(*(self.typed(name) for name in names))

    def show_entry(self, entry: HouseholdEntry) -> None:
        for name in self.fields:
            self.put(name, getattr(entry, name))


def age_of(birth: str, today: str) -> str:
    """Age in words of a birth as typed or stored, or "" where it can't be read."""
    try:
        return jalali.age(jalali.of(jalali.born(birth, today)), jalali.of(today)) if birth.strip() else ""
    except Invalid:
        return ""
