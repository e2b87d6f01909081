"""A person at the keyboard of a shown window, who looks at the screen where the focus is and counts the keys."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.desk.typing import type_text
from ui import tasks
from ui.screens.base import Screen
from ui.shell import Place
from ui.theme.look import Look
from ui.widgets.choices import ChoiceTiles, Tile
from ui.window import Window


def in_window(look: Look, screen: Screen) -> Window:
    """The window of the desk with this screen as its one place."""
    window = Window(look, now=lambda: "۱۰:۲۶")
    window.open(
        [Place("place", screen.title, "intake", lambda: screen)], centre="مرکز نمونهٔ ۱۲۴", who="نرگس آبان‌پور",
        role="پذیرش", search="place",
    )  # fmt: skip
    return window


class Typist:
    """Types where the focus is. `keys` counts every key pressed."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self.keys = 0

    def _focus(self) -> QWidget:
        return self._window.focusWidget() or self._window

    def press(self, *keys: Qt.Key) -> None:
        """One key after another; what they set going is finished before the next."""
        for key in keys:
            QTest.keyClick(self._focus(), key)
            self.keys += 1
            self.settle()

    def tab(self, times: int = 1) -> None:
        self.press(*[Qt.Key.Key_Tab] * times)

    def tab_to(self, name: str, most: int = 60) -> None:
        """Tab until the thing of that name has the focus."""
        for _step in range(most):
            if self.on() == name:
                return
            self.tab()
        raise AssertionError(f"{name} isn't reached by Tab")

    def write(self, text: str) -> None:
        """Letter by letter, in any alphabet."""
        type_text(self._focus(), text)
        self.keys += len(text)

    def choose(self, number: int) -> None:
        """That tile of the focused group: by its digit, or by arrows and Space where no digit is shown. A line else."""
        tile = self._focus()
        if not isinstance(tile, Tile) or tile.shows_key():
            self.press(Qt.Key(ord(str(number))))
            return
        group = tile.parentWidget()
        assert isinstance(group, ChoiceTiles)
        steps = number - 1 - group.tiles.index(tile)
        self.press(*[Qt.Key.Key_Left if steps > 0 else Qt.Key.Key_Right] * abs(steps))
        if not steps or not tile.autoExclusive():
            self.press(Qt.Key.Key_Space)

    def on(self) -> str:
        """The name a screen reader would say for what has the focus."""
        found = QAccessible.queryAccessibleInterface(self._focus())
        return found.text(QAccessible.Text.Name) if found is not None else ""

    def settle(self) -> None:
        """Let what is under way be finished and shown."""
        for _round in range(3):
            QApplication.processEvents()
            tasks.drain()
        QApplication.processEvents()
