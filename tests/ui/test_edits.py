"""Typing at the desk, with whatever layout the keyboard has."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from desktop.domain.faults import Invalid
from tests.desk.typing import press, type_text
from tests.ui.conftest import Show
from ui.theme.look import Look
from ui.widgets import DigitsEdit, JalaliEdit, PasswordEdit, PersianEdit

Key, Modifier = Qt.Key, Qt.KeyboardModifier


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("مهتاب کاج‌نژاد", "مهتاب کاج‌نژاد"),
        ("علي كريمي", "علی کریمی"),
        ("پلاك ۱۲", "پلاک ۱۲"),
        ("\u200fآوا\u202c", "آوا"),
    ],
)
def test_a_name_is_kept_in_persian_letters(look: Look, show: Show, typed: str, kept: str) -> None:
    edit = PersianEdit()
    show(edit)
    heard: list[str] = []
    edit.changed.connect(lambda: heard.append(edit.text()))
    type_text(edit, typed)
    assert edit.value() == kept
    assert heard[-1] == kept


@pytest.mark.parametrize("text", ["123", "E-mail نشانی", "-۱۲۳", "سلام"])
def test_whatever_comes_first_the_text_stands_at_the_right(look: Look, show: Show, text: str) -> None:
    edit = PersianEdit()
    show(edit)
    edit.set_text(text)
    edit.setCursorPosition(0)
    assert edit.cursorRect().center().x() > edit.width() * 0.8


def test_digits_of_three_alphabets_are_one_number(look: Look, show: Show) -> None:
    edit = DigitsEdit(longest=11)
    show(edit)
    type_text(edit, "۰۹٩1 2-۳س٤5678901")
    assert edit.text() == "۰۹۹۱۲۳۴۵۶۷۸"
    assert edit.value() == "09912345678"


def test_a_digit_put_in_the_middle_leaves_the_cursor_there(look: Look, show: Show) -> None:
    edit = DigitsEdit(longest=11)
    show(edit)
    edit.set_text("0912")
    edit.setCursorPosition(2)
    type_text(edit, "7")
    assert (edit.value(), edit.cursorPosition()) == ("09712", 3)


@pytest.mark.parametrize(
    ("pasted", "canonical", "shown"),
    [
        ("۱۴۰۴/۵/۹", "1404-05-09", "۱۴۰۴/۰۵/۰۹"),
        ("1404-05-09", "1404-05-09", "۱۴۰۴/۰۵/۰۹"),
        ("١٤٠٤/٥/٩", "1404-05-09", "۱۴۰۴/۰۵/۰۹"),
        ("13990112", "1399-01-12", "۱۳۹۹/۰۱/۱۲"),
        ("1398", "1398", "۱۳۹۸"),
        ("۱۳۹۸ ۵", "1398-05", "۱۳۹۸/۰۵"),
        ("", "", ""),
    ],
)
def test_a_date_is_taken_as_it_is_pasted(look: Look, show: Show, pasted: str, canonical: str, shown: str) -> None:
    edit = JalaliEdit()
    show(edit)
    QGuiApplication.clipboard().setText(pasted)
    edit.paste()
    assert edit.canonical() == canonical
    edit.editingFinished.emit()
    assert edit.text() == shown


def test_what_is_no_date_stays_as_it_was_typed(look: Look, show: Show) -> None:
    edit = JalaliEdit()
    show(edit)
    type_text(edit, "1404/13/40")
    edit.editingFinished.emit()
    assert edit.text() == "۱۴۰۴/۱۳/۴۰"
    with pytest.raises(Invalid):
        edit.canonical()


def test_alt_with_a_latin_letter_never_spoils_a_selected_name(look: Look, show: Show) -> None:
    edit = PersianEdit()
    show(edit)
    edit.set_text("مهتاب")
    edit.selectAll()
    press(edit, Key.Key_K, Modifier.AltModifier, "k")
    assert edit.value() == "مهتاب"
    press(edit, Key.Key_K, Modifier.ControlModifier | Modifier.AltModifier, "ک")
    assert edit.value() == "ک"


def test_a_password_is_taken_exactly(look: Look, show: Show) -> None:
    edit = PasswordEdit()
    show(edit)
    type_text(edit, "كلمه 12 ي ")
    assert edit.value() == "كلمه 12 ي "
    assert edit.displayText() != edit.value()
