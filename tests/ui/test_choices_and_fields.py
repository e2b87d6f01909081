"""Choosing and filling by keyboard; errors seen, described and said."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest

from tests.desk.typing import hold, press, type_text
from tests.ui.conftest import Show
from ui.access.walk import walk
from ui.theme.look import Look
from ui.widgets import Button, Choice, ChoiceTiles, DigitsEdit, Field, PersianEdit, column, holder

Key = Qt.Key
SERVICES = [
    Choice("vision", "غربالگری بینایی"),
    Choice("aid", "کمک‌هزینه"),
    Choice("visit", "بازدید منزل"),
    Choice("other", "دیگر"),
]


def tiles(look: Look, show: Show, *, several: bool = False) -> ChoiceTiles:
    group = ChoiceTiles(look, "خدمت", SERVICES, several=several, wide=3)
    show(holder(column(look, group, 1)))
    group.setFocus()
    return group


def focused(group: ChoiceTiles) -> str:
    return next(tile.choice.value for tile in group.tiles if tile.hasFocus())


def test_nothing_is_chosen_before_the_person_chooses(look: Look, show: Show) -> None:
    group = tiles(look, show)
    assert group.value() is None
    assert focused(group) == "vision"


@pytest.mark.parametrize("digit", ["2", "۲", "٢"])
def test_a_digit_of_any_layout_chooses_inside_the_group(look: Look, show: Show, digit: str) -> None:
    group = tiles(look, show)
    heard: list[str | None] = []
    group.chosen.connect(lambda: heard.append(group.value()))
    type_text(group.tiles[0], digit)
    assert heard == ["aid"]
    assert focused(group) == "aid"


@pytest.mark.parametrize("several", [False, True])
def test_a_number_typed_where_no_digit_is_shown_changes_nothing(look: Look, show: Show, several: bool) -> None:
    group = ChoiceTiles(look, "پوشش", SERVICES, several=several, compact=True)
    show(holder(column(look, group, 1)))
    group.choose("visit")
    group.setFocus()
    for tile in group.tiles:
        type_text(tile, "۰9۱2")
    assert group.values() == ("visit",)
    press(group.tiles[3], Key.Key_Space)
    assert "other" in group.values()


def test_tab_comes_in_at_the_chosen_tile_from_either_side(look: Look, show: Show) -> None:
    before, group, after = Button(look, "پیش"), ChoiceTiles(look, "خدمت", SERVICES), Button(look, "پس")
    show(holder(column(look, before, group, after, 1)))
    group.choose("aid")
    after.setFocus()
    press(after, Key.Key_Backtab)
    assert focused(group) == "aid"
    press(group.tiles[1], Key.Key_Backtab)
    assert before.hasFocus()
    press(before, Key.Key_Tab)
    assert focused(group) == "aid"
    press(group.tiles[1], Key.Key_Tab)
    assert after.hasFocus()
    group.choose(None)
    press(after, Key.Key_Backtab)
    assert focused(group) == "vision"


def test_arrows_follow_the_eye_from_right_to_left(look: Look, show: Show) -> None:
    group = tiles(look, show)
    press(group.tiles[0], Key.Key_Left)
    assert (group.value(), focused(group)) == ("aid", "aid")
    press(group.tiles[1], Key.Key_Right)
    assert group.value() == "vision"
    press(group.tiles[0], Key.Key_Down)
    assert group.value() == "other"
    press(group.tiles[3], Key.Key_Left)
    assert group.value() == "other", "the last tile has nothing after it"


def test_needs_are_ticked_one_by_one(look: Look, show: Show) -> None:
    group = tiles(look, show, several=True)
    press(group.tiles[0], Key.Key_Left)
    assert group.values() == (), "moving alone chooses nothing where several may be chosen"
    type_text(group.tiles[1], "3")
    type_text(group.tiles[2], "1")
    assert group.values() == ("vision", "visit")
    type_text(group.tiles[0], "1")
    assert group.values() == ("visit",)


def test_the_program_can_choose_and_empty_without_a_signal(look: Look, show: Show) -> None:
    group = tiles(look, show)
    heard: list[int] = []
    group.chosen.connect(lambda: heard.append(1))
    group.choose("aid")
    assert group.value() == "aid"
    group.choose(None)
    assert group.value() is None
    assert heard == []


@pytest.mark.parametrize(
    ("several", "role"), [(False, QAccessible.Role.RadioButton), (True, QAccessible.Role.CheckBox)]
)
def test_a_screen_reader_hears_what_kind_of_choice_it_is(
    look: Look, show: Show, several: bool, role: QAccessible.Role
) -> None:
    group = tiles(look, show, several=several)
    assert {node.role for node in walk(group) if node.focusable} == {role}


def test_a_button_has_no_labels_inside_for_a_screen_reader(look: Look, show: Show) -> None:
    button = Button(look, "ثبت و چاپ", kind="primary", icon="print", key="F9")
    show(button)
    node = QAccessible.queryAccessibleInterface(button)
    assert node is not None
    assert node.childCount() == 0
    assert node.text(QAccessible.Text.Name) == "ثبت و چاپ"
    assert node.text(QAccessible.Text.Description) == "کلید F9"


def test_a_disabled_button_says_why_and_does_nothing(look: Look, show: Show) -> None:
    button = Button(look, "فرستادن", key="F9")
    show(button)
    pressed: list[int] = []
    button.clicked.connect(lambda: pressed.append(1))
    button.disable("پس از اتصال به استان به کار می‌افتد.")
    press(button, Key.Key_Return)
    assert pressed == []
    assert button.accessibleDescription().startswith("پس از اتصال")
    button.enable()
    press(button, Key.Key_Return)
    assert pressed == [1]
    assert button.accessibleDescription() == "کلید F9"


def described(edit: DigitsEdit | PersianEdit) -> str:
    return edit.accessibleDescription()


def test_an_error_is_seen_described_and_goes_when_it_is_mended(look: Look, show: Show, announced: list[str]) -> None:
    phone = Field(look, "تلفن همراه", DigitsEdit(longest=11), required=True, hint="۱۱ رقم")
    show(holder(column(look, phone, 1)))
    edit = phone.control
    assert isinstance(edit, DigitsEdit)
    assert described(edit) == "الزامی، ۱۱ رقم"
    phone.set_error("۲ رقم کم است.")
    assert described(edit) == "الزامی، ۲ رقم کم است."
    assert edit.property("invalid") is True
    assert announced == ["تلفن همراه: ۲ رقم کم است."]
    type_text(edit, "۰")
    assert phone.error == ""
    assert described(edit) == "الزامی، ۱۱ رقم"
    assert edit.property("invalid") is False


def test_a_groups_error_is_told_on_every_tile(look: Look, show: Show) -> None:
    group = ChoiceTiles(look, "خدمت", SERVICES)
    field = Field(look, "برای چه آمده‌اند؟", group, required=True)
    show(field)
    field.set_error("یکی را انتخاب کنید.")
    assert all("یکی را انتخاب کنید." in tile.accessibleDescription() for tile in group.tiles)
    group.setFocus()
    type_text(group.tiles[0], "1")
    assert field.error == ""


def test_a_button_key_held_down_presses_once(look: Look, show: Show) -> None:
    button = Button(look, "چاپ", key="F9")
    window = show(holder(column(look, button, 1)))
    pressed: list[int] = []
    button.clicked.connect(lambda: pressed.append(1))
    hold(window, Key.Key_F9)
    assert len(pressed) == 1
    button.set_words("چاپ دوباره")
    hold(window, Key.Key_F9)
    assert len(pressed) == 2, "other words, the same key"
    button.setFocus()
    hold(button, Key.Key_Return)
    assert len(pressed) == 3


def test_a_key_that_was_held_before_the_button_came_presses_nothing(look: Look, show: Show) -> None:
    button = Button(look, "چاپ", key="F9")
    window = show(holder(column(look, button, 1)))
    pressed: list[int] = []
    button.clicked.connect(lambda: pressed.append(1))
    QTest.simulateEvent(window, True, Key.Key_F9.value, Qt.KeyboardModifier.NoModifier, "", True)
    assert not pressed
