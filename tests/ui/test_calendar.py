"""A day chosen from the month: Saturday first at the right, by keyboard or mouse, holidays told in words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.domain import jalali
from desktop.domain.holidays import column_of, holiday, is_friday
from desktop.domain.intake import PersonEntry, WalkIn, checked
from tests.desk.fits import cut
from tests.desk.typing import press, type_text
from tests.ui.conftest import Show
from ui.access import walk
from ui.theme.look import Look
from ui.widgets import Button, DateEdit, Field, PersianEdit, column, holder
from ui.widgets.calendar import CalendarPopup

Key, Alt, Shift = Qt.Key, Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
TODAY = "1405-09-17"


@pytest.fixture
def edit(look: Look, show: Show) -> DateEdit:
    made = DateEdit(look, lambda: TODAY, unknown=True)
    birth = Field(look, "تاریخ تولد", made, hint="سال تنها هم بس است")
    show(holder(column(look, birth, Field(look, "نام", PersianEdit()), 1)))
    made.setFocus()
    return made


def opened(edit: DateEdit) -> CalendarPopup:
    press(edit, Key.Key_F4)
    assert edit.popup is not None
    return edit.popup


def test_f4_and_alt_down_open_it_at_today_whatever_the_layout(edit: DateEdit) -> None:
    for key, modifier in ((Key.Key_F4, Qt.KeyboardModifier.NoModifier), (Key.Key_Down, Alt)):
        press(edit, key, modifier)
        assert edit.popup is not None
        assert edit.popup.grid.words() == "سه‌شنبه ۱۷ آذر ۱۴۰۵، امروز"
        press(edit.popup.grid, Key.Key_Escape)
        QApplication.processEvents()
        assert edit.popup is None
        assert edit.text() == ""
    assert "F4" in edit.accessibleDescription()


@pytest.mark.parametrize(
    ("keys", "day"),
    [
        ([Key.Key_Left], "1405-09-18"),
        ([Key.Key_Right], "1405-09-16"),
        ([Key.Key_Down], "1405-09-24"),
        ([Key.Key_Up, Key.Key_Up, Key.Key_Up], "1405-08-26"),
        ([Key.Key_PageUp], "1405-08-17"),
        ([Key.Key_PageDown, Key.Key_Home], "1405-09-17"),
    ],
)
def test_the_keyboard_goes_by_day_week_and_month(edit: DateEdit, keys: list[Qt.Key], day: str) -> None:
    grid = opened(edit).grid
    heard: list[str] = []
    edit.changed.connect(lambda: heard.append(edit.value()))
    for key in keys:
        press(grid, key)
    press(grid, Key.Key_Return)
    assert edit.canonical() == day
    assert heard == [day.replace("-", "/")]
    assert edit.hasFocus()


def test_a_year_a_leap_day_and_the_ends_of_the_table(edit: DateEdit) -> None:
    edit.set_text("1403/12/30")
    grid = opened(edit).grid
    press(grid, Key.Key_PageDown, Shift)
    assert str(grid.day) == "1404-12-29"
    grid.stand(jalali.of("1498-12-01"))
    press(grid, Key.Key_PageDown)
    assert str(grid.day) == "1498-12-01"


def test_what_cannot_be_read_opens_at_today_and_a_year_at_its_first_day(edit: DateEdit) -> None:
    for typed, first in (("1405/13/1", TODAY), ("1371", "1371-01-01"), ("1371/5", "1371-05-01")):
        edit.set_text(typed)
        popup = opened(edit)
        assert str(popup.grid.day) == first
        popup.close()
        QApplication.processEvents()


def test_saturday_stands_at_the_right_and_a_click_chooses(edit: DateEdit) -> None:
    grid = opened(edit).grid
    saturday, friday = jalali.of("1405-09-14"), jalali.of("1405-09-20")
    assert (column_of(saturday), column_of(friday)) == (0, 6)
    rects = [grid.visualRect(grid.model().index(2, column)) for column in (0, 6)]
    assert rects[0].left() > rects[1].left()
    at = grid.visualRect(grid.currentIndex()).center() + QPoint(0, grid.rowHeight(0))
    QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert edit.canonical() == "1405-09-24"


def test_days_off_are_told_in_words(edit: DateEdit) -> None:
    grid = opened(edit).grid
    for day, said in (
        ("1405-09-20", "جمعه ۲۰ آذر ۱۴۰۵، تعطیل: جمعه"),
        ("1405-11-22", "پنجشنبه ۲۲ بهمن ۱۴۰۵، تعطیل: پیروزی انقلاب"),
        ("1406-01-13", "جمعه ۱۳ فروردین ۱۴۰۶، تعطیل: روز طبیعت"),
        ("1405-09-18", "چهارشنبه ۱۸ آذر ۱۴۰۵"),
    ):
        grid.stand(jalali.of(day))
        assert grid.words() == said
        assert grid.model().data(grid.currentIndex(), Qt.ItemDataRole.AccessibleTextRole) == said
    assert grid.accessibleName() == "تقویم"


def test_holidays_are_dated() -> None:
    assert holiday(jalali.of("1369-03-14")) == "رحلت امام خمینی"
    assert holiday(jalali.of("1368-03-14")) == ""
    assert holiday(jalali.of("1403-12-30"))
    assert not holiday(jalali.of("1404"))
    assert is_friday(jalali.of("1405-09-20"))


@pytest.mark.parametrize("how", ["key", "typed"])
def test_unknown_is_a_value_where_it_is_allowed(edit: DateEdit, how: str) -> None:
    if how == "key":
        press(opened(edit).grid, Key.Key_Delete)
    else:
        type_text(edit, "ن")
    assert edit.value() == "نامعلوم"
    assert edit.canonical() == ""
    press(edit, Key.Key_End)
    type_text(edit, "1")
    assert edit.text() == "۱"
    edit.set_text("نامعلوم")
    press(edit, Key.Key_End)
    press(edit, Key.Key_Backspace)
    assert edit.text() == ""


def test_the_desk_takes_an_unknown_birth_as_none() -> None:
    for typed, kept, fault in (("نامعلوم", "", False), ("1371", "1371", False), ("نمی‌داند", "نمی‌داند", True)):
        done, faults = checked(WalkIn(person=PersonEntry(birth=typed)), TODAY)
        assert done.person is not None
        assert (done.person.birth, "person.birth" in faults) == (kept, fault)


def test_unknown_is_no_value_where_it_is_not(look: Look, show: Show) -> None:
    edit = DateEdit(look, lambda: TODAY)
    show(edit)
    type_text(edit, "ن")
    assert edit.value() == "ن"
    press(edit, Key.Key_F4)
    assert edit.popup is not None
    press(edit.popup.grid, Key.Key_Delete)
    assert edit.popup is not None
    edit.popup.close()


@pytest.mark.parametrize("zoom", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("size", [(1366, 768), (1280, 720)])
def test_it_stands_inside_the_window_and_is_read_aloud(
    edit: DateEdit, look: Look, zoom: float, size: tuple[int, int]
) -> None:
    look.set_zoom(zoom)
    edit.window().resize(*size)
    QApplication.processEvents()
    popup = opened(edit)
    QApplication.processEvents()
    assert edit.window().rect().contains(popup.geometry())
    assert cut(edit.window()) == []
    assert walk.faults(edit.window()) == []
    popup.close()


def test_a_click_beside_it_another_place_or_a_cover_closes_it(edit: DateEdit) -> None:
    window = edit.window()
    (other,) = window.findChildren(PersianEdit)
    leaving: tuple[Callable[[], object], ...] = (
        lambda: QTest.mouseClick(window, Qt.MouseButton.LeftButton, pos=QPoint(20, 700)), other.setFocus, edit.hide,
    )  # fmt: skip
    for leave in leaving:
        opened(edit)
        leave()
        assert edit.popup is None
        edit.show()
        edit.setFocus()


def test_a_zoom_closes_it_and_the_keyboard_is_in_the_edit(edit: DateEdit, look: Look) -> None:
    opened(edit)
    look.set_zoom(1.5)
    QApplication.processEvents()
    assert edit.popup is None
    assert edit.hasFocus()


def test_the_months_buttons_are_for_the_mouse(edit: DateEdit) -> None:
    popup = opened(edit)
    buttons = {each.words(): each for each in popup.findChildren(Button)}
    QTest.mouseClick(buttons["ماه بعد"], Qt.MouseButton.LeftButton)
    assert popup.grid.day.month == 10
    QTest.mouseClick(buttons["امروز"], Qt.MouseButton.LeftButton)
    assert str(popup.grid.day) == TODAY
    QTest.mouseClick(buttons["نامعلوم"], Qt.MouseButton.LeftButton)
    assert edit.value() == "نامعلوم"
