"""Names, announcements, and the keys that must not do harm: what a screen reader and a keyboard meet."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

AnyWidget = TypeVar("AnyWidget", bound=QWidget)


def named(widget: AnyWidget, name: str, description: str = "") -> AnyWidget:
    """Give a control its accessible name (its visible label, word for word) and description; returns the control."""
    widget.setAccessibleName(name)
    widget.setAccessibleDescription(description)
    return widget


def announce(widget: QWidget, words: str, *, now: bool = False) -> None:
    """Have a screen reader say `words` without moving the focus; `now` cuts off what it is saying."""
    event = QAccessibleAnnouncementEvent(widget, words)
    level = QAccessible.AnnouncementPoliteness
    event.setPoliteness(level.Assertive if now else level.Polite)
    QAccessible.updateAccessibility(event)
