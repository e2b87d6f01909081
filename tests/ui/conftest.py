"""One application and one look for all window tests: style and fonts are applied once, windows are really freed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleEvent
from PySide6.QtWidgets import QApplication, QWidget

from ui import tasks
from ui.theme.look import Look

Show = Callable[[QWidget], QWidget]


@pytest.fixture(scope="session")
def session_look(qapp: QApplication) -> Look:
    QApplication.setCursorFlashTime(0)
    return Look(qapp)


@pytest.fixture
def look(session_look: Look) -> Iterator[Look]:
    """The session's look, put back to light, 100 %, a wide window."""
    session_look.set_width(1366)
    yield session_look
    session_look.set_theme("light")
    session_look.set_zoom(1.0)


@pytest.fixture
def show(qapp: QApplication) -> Iterator[Show]:
    """Show a widget at the size of a small screen; it is freed at the end, with all that is under way."""
    shown: list[QWidget] = []

    def at_small_screen(widget: QWidget) -> QWidget:
        shown.append(widget)
        widget.resize(1366, 768)
        widget.show()
        widget.activateWindow()
        qapp.processEvents()
        return widget

    yield at_small_screen
    tasks.drain()
    for widget in shown:
        widget.close()
        widget.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def announced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a screen reader was asked to say, in order."""
    said: list[str] = []

    def keep(event: QAccessibleEvent) -> None:
        if isinstance(event, QAccessibleAnnouncementEvent):
            said.append(event.message())

    monkeypatch.setattr(QAccessible, "updateAccessibility", staticmethod(keep))
    return said
