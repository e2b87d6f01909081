"""The look is chosen at the window, by keyboard or mouse, and changes at once."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from tests.desk.typing import press
from tests.ui.conftest import Show
from tests.ui.sample_desk import desk
from ui import tasks
from ui.access.walk import faults
from ui.screens.appearance import AppearanceScreen
from ui.theme.look import Look
from ui.theme.tokens import THEMES
from ui.window import Window

Key, Shift = Qt.Key, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def window(look: Look, show: Show) -> Window:
    made = show(desk(look))
    assert isinstance(made, Window)
    tasks.drain()
    return made


def chosen(window: Window) -> tuple[str | None, str | None]:
    front = window.front()
    assert isinstance(front, AppearanceScreen)
    return front.themes.value(), front.sizes.value()


def test_a_key_an_arrow_and_the_window_is_dark(window: Window, look: Look) -> None:
    press(window.focusWidget() or window, Key.Key_F4, Shift)
    assert chosen(window) == ("light", "1.0")
    at = window.focusWidget()
    assert at is not None
    press(at, Key.Key_Left)
    assert look.theme_name == "dark"
    assert window.palette().window().color().name() == THEMES["dark"].paper.lower()
    press(window.focusWidget() or window, Key.Key_Tab)
    at = window.focusWidget()
    assert at is not None
    press(at, Key.Key_4, text="۴")
    assert look.zoom == 1.5
    assert chosen(window) == ("dark", "1.5")
    assert faults(window) == []
    press(window.focusWidget() or window, Key.Key_Escape)
    assert not isinstance(window.front(), AppearanceScreen)
    assert (look.theme_name, look.zoom) == ("dark", 1.5)


def test_the_mouse_reaches_it_from_the_foot_and_the_key_takes_it_off(window: Window, look: Look) -> None:
    (button,) = [each for each in window.findChildren(QWidget) if each.accessibleName() == "" and _is_look(each)]
    had = window.focusWidget()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    front = window.front()
    assert isinstance(front, AppearanceScreen)
    QTest.mouseClick(front.themes.tiles[2], Qt.MouseButton.LeftButton)
    assert look.theme_name == "contrast"
    press(window.focusWidget() or window, Key.Key_F4, Shift)
    assert not isinstance(window.front(), AppearanceScreen)
    assert window.focusWidget() is had


def _is_look(widget: QWidget) -> bool:
    return getattr(widget, "words", lambda: "")() == "نما و اندازه"


def test_the_zoom_keys_move_the_tile_too(window: Window, look: Look) -> None:
    window.choose_look()
    press(window.focusWidget() or window, Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert chosen(window) == ("light", "1.1")


def test_before_the_desk_is_open_and_under_a_cover_the_key_goes_round(
    look: Look, window: Window, announced: list[str]
) -> None:
    window.cover(QWidget())
    for theme, said in (("dark", "تیره"), ("contrast", "پرتضاد"), ("light", "روشن")):
        press(window, Key.Key_F4, Shift)
        assert (look.theme_name, announced[-1]) == (theme, said)
    window.show_alone(QWidget())
    press(window, Key.Key_F4, Shift)
    assert look.theme_name == "dark"
