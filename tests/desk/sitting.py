"""Somebody at the real window: keys go to whatever has the keyboard, and pictures are taken of what is seen."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from desktop.desk import Desk
from desktop.paperwork import Paperwork
from desktop.places import Places
from tests.desk.typing import press, type_text
from ui import tasks
from ui.screens.base import Screen
from ui.theme.look import Look
from ui.window import Window

PATIENCE = 30.0
SIZE = (1366, 768)
Key = Qt.Key


def until(condition: Callable[[], object], words: str = "") -> None:
    """Let the window work until `condition` holds; fails after half a minute."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        QCoreApplication.processEvents()
        tasks.drain()
        if time.monotonic() > deadline:
            raise AssertionError(f"it never came to this: {words or condition}")


def settle() -> None:
    """Let everything under way end."""
    for _ in range(3):
        until(lambda: not tasks.busy(), "the tasks' end")
        QCoreApplication.processEvents()


class Sitting:
    """One person at the window of an open desk."""

    def __init__(self, window: Window, look: Look, places: Places | None = None) -> None:
        self.window, self.look, self.places = window, look, places

    def press(self, keys: str) -> None:
        """A key or a combination by its name: "F9", "Ctrl+2", "Tab", "Return"."""
        if keys == "Tab":
            press(self.focused(), Key.Key_Tab)
        else:
            combination = QKeySequence(keys)[0]  # type: ignore[index]  # the stubs leave it out
            QTest.keyClick(self.focused(), combination.key(), combination.keyboardModifiers())
        settle()

    def type(self, text: str) -> None:
        """Letters into what has the keyboard."""
        type_text(self.focused(), text)
        settle()

    def focused(self) -> QWidget:
        widget = QApplication.focusWidget()
        return widget if widget is not None else self.window

    def go_to(self, name: str) -> None:
        """Put the keyboard in the visible control of this accessible name."""
        named = [
            each for each in self.window.findChildren(QWidget) if each.accessibleName() == name and each.isVisible()
        ]
        assert named, f"no control is called {name}"
        named[0].setFocus()
        settle()

    def screen(self) -> Screen:
        """The screen in front."""
        front = self.window.front()
        assert front is not None
        return front

    def picture(self, path: Path) -> None:
        """What is seen now."""
        settle()
        if not self.window.grab().save(str(path)):
            raise AssertionError(f"no picture could be written to {path}")


@contextmanager
def sitting(
    desk: Desk,
    look: Look,
    *,
    training: str = "",
    paperwork: Callable[[Desk, Callable[[object], object]], Paperwork] | None = None,
) -> Iterator[Sitting]:
    """The window of an open desk, with its places; taken apart afterwards. The desk stays open."""
    window = Window(look, now=lambda: "۱۰:۲۶", training=training)
    window.resize(*SIZE)
    places = Places(window, look, desk)
    if paperwork:
        places.paperwork = paperwork(desk, places.changed.emit)
    window.show()
    window.activateWindow()
    places.open()
    settle()
    try:
        yield Sitting(window, look, places)
    finally:
        settle()
        places.stop()
        window.close()
        window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def shortcuts(widget: QWidget) -> list[str]:
    """The keys a widget and its children listen to."""
    return sorted(each.key().toString() for each in widget.findChildren(QShortcut))
