"""The keys that are bound: read from the controls themselves, so that nothing is listed that doesn't work."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QWidget

from ui.widgets import Button

_ALONE = Qt.FindChildOption.FindDirectChildrenOnly
_F = re.compile(r"(.*?)F(\d+)$")


@dataclass(frozen=True, slots=True)
class Bound:
    """A key ("" for what has none), what it does, and how. `now`: it is seen and would work at this moment."""

    key: str
    words: str
    act: Callable[[], object]
    now: bool = True


def shown_key(keys: str) -> str:
    """A key as it is written on a keycap: "Shift F5"."""
    return keys.replace("+", " ") if not keys.endswith("+") else f"{keys[:-1].replace('+', ' ')}+"


def of_screen(screen: QWidget) -> list[Bound]:
    """What can be done on a screen by a button or a key of its own, those with a key first, in the keys' order."""
    found = [
        Bound(each.key if each.binds() else "", each.words(), each.click, each.isVisible() and each.isEnabled())
        for each in screen.findChildren(Button)
    ]
    found += _named(screen.findChildren(QShortcut))
    return sorted(found, key=lambda each: _order(each.key))


def of_window(*holders: QWidget) -> list[Bound]:
    """What is bound to these themselves, whatever they hold, and says what it does, in the keys' order."""
    found = [each for holder in holders for each in _named(holder.findChildren(QShortcut, options=_ALONE))]
    return sorted(found, key=lambda each: _order(each.key))


def _named(shortcuts: Iterable[QShortcut]) -> list[Bound]:
    return [
        Bound(shown_key(each.key().toString()), each.whatsThis(), each.activated.emit, _works(each))
        for each in shortcuts
        if each.whatsThis()
    ]


def _works(each: QShortcut) -> bool:
    parent = each.parent()
    return each.isEnabled() and isinstance(parent, QWidget) and parent.isVisible()


def _order(key: str) -> tuple[bool, str, int]:
    """F-keys by their number, then the others; what has no key is last."""
    found = _F.match(key)
    return not key, found[1] if found else "~" + key, int(found[2]) if found else 0
