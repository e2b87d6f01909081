"""Keys that work in every keyboard layout, and the guard against those that would spoil a field."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

_DIGITS = {**{chr(0x06F0 + n): n for n in range(10)}, **{chr(0x0660 + n): n for n in range(10)}}


def digit_of(event: QKeyEvent) -> int | None:
    """The digit a plain key press means, whichever of the three digit sets the layout types; else None."""
    if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
        return None
    text = event.text()
    if text in _DIGITS:
        return _DIGITS[text]
    return int(text) if len(text) == 1 and text in "0123456789" else None


def shortcut(parent: QWidget, keys: str, act: Callable[[], object], words: str = "") -> QShortcut:
    """Bind F-keys and Ctrl+digit while `parent` is shown: these alone work in `us`, `ir` and mixed layouts.

    A key held down acts once. `words` say what it does, where the keys of a screen are listed.
    """
    made = QShortcut(QKeySequence(keys), parent)
    made.setWhatsThis(words)
    made.setAutoRepeat(False)
    made.activated.connect(act)
    return made


def types_by_alt(event: QKeyEvent) -> bool:
    """Whether this is Alt with a letter, which must not type: with an English layout Qt finds no Persian mnemonic for
    it and would put the letter in the field, over whatever is selected."""
    alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
    control = event.modifiers() & Qt.KeyboardModifier.ControlModifier  # AltGr arrives as Ctrl+Alt: let it type
    return bool(alt and not control and event.text() and event.text().isprintable())
