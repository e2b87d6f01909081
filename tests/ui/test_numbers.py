"""A national ID judged as it is typed, money in threes and in words, one of many found by a part of its name."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from desktop.domain import money, national_id
from desktop.domain.faults import Invalid
from tests.desk.typing import press, type_text
from tests.ui.conftest import Show
from ui.access.walk import faults
from ui.theme.look import Look
from ui.widgets import Choice, ChoiceSearch, NationalIdEdit, PersianEdit, column, holder, money_field

Key = Qt.Key
BODY = "999123456"
RIGHT = BODY + national_id.check_digit(BODY)
WRONG = BODY + str((int(RIGHT[-1]) + 1) % 10)


def test_the_last_digit_tells_at_once_whether_the_number_is_right(look: Look, show: Show, announced: list[str]) -> None:
    edit = NationalIdEdit(look)
    show(edit)
    type_text(edit, BODY)
    assert edit.right() is None
    assert announced == []
    before = edit.grab().toImage()
    type_text(edit, WRONG[-1])
    assert (edit.right(), announced[-1]) == (False, "نادرست")
    wrong = edit.grab().toImage()
    press(edit, Key.Key_Backspace)
    type_text(edit, RIGHT[-1])
    assert (edit.right(), announced[-1]) == (True, "درست")
    assert len({bytes(each.constBits()) for each in (before, wrong, edit.grab().toImage())}) == 3


def test_more_than_ten_digits_are_kept_for_the_domain_to_judge(look: Look, show: Show) -> None:
    edit = NationalIdEdit(look)
    show(edit)
    type_text(edit, RIGHT + "12")
    assert edit.value() == RIGHT + "12"
    assert edit.right() is False


def test_a_masked_number_shows_its_end_while_the_keyboard_is_elsewhere(look: Look, show: Show) -> None:
    edit, other = NationalIdEdit(look, masked=True), PersianEdit()
    show(holder(column(look, edit, other)))
    edit.setFocus()
    type_text(edit, RIGHT)
    other.setFocus()
    assert edit.text() == national_id.masked(RIGHT)
    assert edit.value() == RIGHT
    edit.setFocus()
    assert edit.text().startswith("۹۹۹")
    edit.set_text(WRONG)
    other.setFocus()
    assert edit.value() == WRONG
    assert "*" not in edit.text(), "a wrong number is shown, to be put right"
    edit.set_text(RIGHT)
    assert edit.text() == national_id.masked(RIGHT)


@pytest.mark.parametrize(
    ("rials", "grouped", "spoken"),
    [
        (0, "۰", "صفر ریال"),
        (7, "۷", "هفت ریال"),
        (1_200_000, "۱٬۲۰۰٬۰۰۰", "یک میلیون و دویست هزار ریال؛ صد و بیست هزار تومان"),
        (1_001, "۱٬۰۰۱", "هزار و یک ریال"),
        (
            15_000_019_990, "۱۵٬۰۰۰٬۰۱۹٬۹۹۰",
            "پانزده میلیارد و نوزده هزار و نهصد و نود ریال؛ یک میلیارد و پانصد میلیون و هزار و نهصد و نود و نه تومان",
        ),
    ],
)  # fmt: skip
def test_rials_are_shown_in_threes_and_said(rials: int, grouped: str, spoken: str) -> None:
    assert (money.grouped(rials), money.spoken(rials)) == (grouped, spoken)
    assert money.parse(grouped) == str(rials)


@pytest.mark.parametrize("typed", ["", "ده", "1" * 16])
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        money.parse(typed)


def test_money_is_typed_in_threes_and_said_under_the_field(look: Look, show: Show) -> None:
    field = money_field(look, "مبلغ", hint="به ریال")
    show(holder(column(look, field, 1)))
    edit = field.control
    type_text(edit, "1500000")
    assert edit.property("text") == "۱٬۵۰۰٬۰۰۰"
    assert edit.value() == "1500000"  # type: ignore[attr-defined]  # a MoneyEdit
    said = [label.text() for label in field.findChildren(QLabel) if label.isVisible()]
    assert "یک میلیون و پانصد هزار ریال؛ صد و پنجاه هزار تومان" in said
    assert "تومان" in edit.accessibleDescription()
    press(edit, Key.Key_Backspace)
    assert edit.property("text") == "۱۵۰٬۰۰۰"
    for _ in range(6):
        press(edit, Key.Key_Backspace)
    assert field.hint == "به ریال"


def test_one_of_many_is_found_by_a_part_of_its_name(look: Look, show: Show, announced: list[str]) -> None:
    many = [
        Choice(str(n), f"زبان {word}")
        for n, word in enumerate(("آذری", "کردی", "لری", "گیلکی", "بلوچی", "عربی", "ترکمنی", "تالشی"))
    ]
    search = ChoiceSearch(look, "زبان", "زبان‌ها", many)
    window = show(holder(column(look, search, 1)))
    picked: list[str] = []
    search.picked.connect(picked.append)
    search.begin()
    assert len(search.results.results()) == 7
    type_text(search.box, "كی")
    assert [each.name for each in search.results.results()] == ["زبان گیلکی"]
    press(search.box, Key.Key_Return)
    search.begin()
    press(search.box, Key.Key_Down)
    assert announced[-1] == "زبان کردی"
    press(search.box, Key.Key_Return)
    assert picked == ["3", "1"]
    assert faults(window) == []
    type_text(search.box, "ژژ")
    said = [label.text() for label in search.findChildren(QLabel) if label.isVisible()]
    assert "چیزی با این نوشته نیست." in said
