"""Typing as a keyboard does. `QTest.keyClicks` aborts the process on a Persian letter; these events don't."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

_NONE = Qt.KeyboardModifier.NoModifier


def press(widget: QWidget, key: Qt.Key, modifiers: Qt.KeyboardModifier = _NONE, text: str = "") -> None:
    """One key, down and up, with the text its layout gives it."""
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(widget, QKeyEvent(kind, key, modifiers, text))


def type_text(widget: QWidget, text: str) -> None:
    """Type `text` letter by letter into `widget`."""
    for letter in text:
        code = ord(letter.upper())
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(widget, QKeyEvent(kind, code, _NONE, letter))


def hold(widget: QWidget, key: Qt.Key, times: int = 5) -> None:
    """A key held down: pressed once and repeated by the keyboard, the shortcuts of the window included."""
    for repeat in range(times):
        QTest.simulateEvent(widget, True, key.value, _NONE, "", repeat > 0)
    QTest.simulateEvent(widget, False, key.value, _NONE, "", False)
