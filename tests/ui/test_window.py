"""The window by keyboard: places, search, zoom, the clock, what is announced."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from desktop.domain.changed import Changed
from desktop.domain.today import Today
from tests.desk.typing import press
from tests.ui.conftest import Show
from tests.ui.sample_desk import TODAY, desk
from ui import tasks
from ui.screens.home import HomeScreen
from ui.shell import TopBar
from ui.theme.look import Look
from ui.window import Window

Key, Modifier = Qt.Key, Qt.KeyboardModifier


@pytest.fixture
def window(look: Look, show: Show) -> Window:
    made = desk(look)
    show(made)
    tasks.drain()
    return made


def front(window: Window) -> str:
    screen = window.front()
    return screen.title if screen is not None else ""


def shortcut(window: Window, key: Qt.Key, modifiers: Qt.KeyboardModifier = Modifier.ControlModifier) -> None:
    """Press as a keyboard does, through the shortcuts of the window."""
    QTest.keyClick(window, key, modifiers)


def test_ctrl_and_digit_go_to_a_place(window: Window) -> None:
    assert front(window) == "امروز"
    shortcut(window, Key.Key_2)
    assert front(window) == "همگام‌سازی"
    assert window.windowTitle().startswith("همگام‌سازی")
    shortcut(window, Key.Key_9)
    assert front(window) == "همگام‌سازی", "a digit without a place goes nowhere"
    shortcut(window, Key.Key_F3, Modifier.NoModifier)
    assert front(window) == "امروز"


def test_f9_is_the_act_of_the_screen_in_front_only(look: Look, show: Show) -> None:
    synced: list[int] = []
    window = desk(look, sync=lambda: synced.append(1))
    show(window)
    window.go("sync")
    tasks.drain()
    window.go("home")
    shortcut(window, Key.Key_F9, Modifier.NoModifier)
    tasks.drain()
    assert synced == []
    window.go("sync")
    tasks.drain()
    shortcut(window, Key.Key_F9, Modifier.NoModifier)
    tasks.drain()
    assert synced == [1]


def test_tab_goes_round_in_reading_order(window: Window) -> None:
    window.go("home")
    tasks.drain()
    names = []
    for _step in range(4):
        widget = window.focusWidget()
        assert widget is not None
        names.append(widget.accessibleName() or widget.property("text"))
        QTest.keyClick(widget, Key.Key_Tab)
    assert names == ["جست‌وجوی فرد", "مراجعه‌های امروز", "صفحه‌ها", "جست‌وجوی فرد"]


def test_a_screen_is_built_on_its_first_visit_and_kept(window: Window) -> None:
    shell = window._shell
    assert shell is not None
    assert list(shell.built) == ["home"]
    first = window.go("sync")
    window.go("home")
    assert window.go("sync") is first


def test_the_list_of_places_moves_by_arrows_and_tells_its_badge(window: Window) -> None:
    shell = window._shell
    assert shell is not None
    places = shell.side.navigation
    places.setFocus()
    press(places, Key.Key_Down)
    assert front(window) == "همگام‌سازی"
    assert places.hasFocus(), "the keyboard stays in the list"
    window.set_badge("sync", 3)
    assert places.item(1).data(Qt.ItemDataRole.AccessibleTextRole) == "همگام‌سازی، ۳ مورد"


def test_zoom_is_live_and_stays_between_one_and_two(window: Window, look: Look) -> None:
    screen = window.front()
    assert screen is not None
    before = screen.width()
    for _step in range(9):
        shortcut(window, Key.Key_Plus)
    assert look.zoom == 2.0
    assert look.columns_folded
    assert look.navigation_folded
    QApplication.processEvents()
    shortcut(window, Key.Key_Minus)
    assert look.zoom == 1.75
    shortcut(window, Key.Key_0)
    assert look.zoom == 1.0
    assert not look.columns_folded
    QApplication.processEvents()
    assert screen.width() == before


def test_the_ring_is_round_the_control_with_the_keyboard(window: Window) -> None:
    home = window.front()
    assert isinstance(home, HomeScreen)
    home.search_button.setFocus()
    ring, button = window.ring, home.search_button
    assert ring.isVisible()
    inside = QRect(button.mapTo(window, QPoint(0, 0)), button.size())
    assert ring.geometry().contains(inside)
    window.resize(1200, 700)
    QApplication.processEvents()
    inside = QRect(button.mapTo(window, QPoint(0, 0)), button.size())
    assert ring.geometry().contains(inside), "it follows what moves"


def test_a_toast_lies_over_the_top_bar_alone(look: Look, show: Show) -> None:
    window = desk(look, training="تمرین")
    show(window)
    shortcut(window, Key.Key_2)
    bar, page = window.findChild(TopBar), window.front()
    assert bar is not None
    assert page is not None
    for words in ("نتیجه ثبت شد و در این رایانه است.", "چاپ نشد. برگه ثبت شده و سالم است. چاپگر را ببینید. " * 2):
        window.toast.say(words)
        work = QRect(page.mapTo(window, QPoint(0, 0)), page.size())
        top = QRect(bar.mapTo(window, QPoint(0, 0)), bar.size())
        assert not window.toast.geometry().intersects(work)
        assert top.contains(window.toast.geometry())


def test_a_toast_is_said_stays_six_seconds_and_takes_no_focus(window: Window, announced: list[str]) -> None:
    had = window.focusWidget()
    window.toast.say("ثبت شد و در این رایانه است.")
    assert announced == ["ثبت شد و در این رایانه است."]
    assert window.toast.isVisible()
    assert window.toast.timer.interval() == 6000
    assert window.focusWidget() is had
    window.toast.timer.timeout.emit()
    assert not window.toast.isVisible()


def test_a_write_refreshes_the_screen_in_front_and_no_other(look: Look, show: Show) -> None:
    reads: list[str] = []

    def today() -> Today:
        reads.append("home")
        return TODAY

    window = desk(look, today)
    show(window)
    window.go("sync")
    tasks.drain()
    reads.clear()
    window.refresh(Changed(frozenset({"visit"}), frozenset()))
    tasks.drain()
    assert reads == []
    window.go("home")
    window.refresh(Changed(frozenset({"visit"}), frozenset()))
    tasks.drain()
    assert reads == ["home", "home"]


def test_training_is_said_on_top(look: Look, show: Show) -> None:
    window = desk(look, training="تمرین؛ به استان وصل نیست")
    show(window)
    banner = next(label for label in window.findChildren(QLabel) if label.text() == "تمرین؛ به استان وصل نیست")
    assert banner.isVisible()
    assert banner.mapTo(window, QPoint(0, 0)).y() < 40


def test_closing_is_told_once(window: Window) -> None:
    heard: list[int] = []
    window.closing.connect(lambda: heard.append(1))
    window.close()
    assert heard == [1]


def test_none_outlives_the_window() -> None:
    """A wheel that takes references from None would abort the interpreter within an hour's work."""
    label = QLabel()
    before = sys.getrefcount(None)
    for _call in range(20_000):
        label.setText("")
    assert sys.getrefcount(None) > 1_000_000 or sys.getrefcount(None) >= before - 100
