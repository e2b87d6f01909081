"""The theme and the zoom of whoever sits here: they come with the person, to any chair of this desk."""

from __future__ import annotations

from typing import Any, get_args

from PySide6.QtCore import QObject, QTimer

from db import settings
from desktop.desk import Desk
from ui import tasks
from ui.theme.look import Look
from ui.theme.tokens import ThemeName

KEPT_AFTER = 600
"""Milliseconds of rest before it is written: whoever steps through six sizes writes once."""


class OwnLook(QObject):
    """Shows what this person once chose, and keeps what they choose. Who never chose finds the desk as it is."""

    def __init__(self, parent: QObject, look: Look, desk: Desk) -> None:
        super().__init__(parent)
        self._look, self._desk = look, desk
        self._name = f"look.{desk.actor.staff_id}"
        self._kept, self._gone = self._now(), False
        self._soon = QTimer(self, singleShot=True, interval=KEPT_AFTER)
        self._soon.timeout.connect(self.keep)

    def open(self) -> None:
        """Read it; from then on what is chosen is kept."""
        tasks.run(self, self._read, self._show, lambda _failure: self._follow())

    def _read(self) -> Any:
        with self._desk.reading() as session:
            return settings.get(session, self._name)

    def _show(self, kept: Any) -> None:
        if self._gone:
            return
        theme, zoom = (kept.get("theme"), kept.get("zoom")) if isinstance(kept, dict) else (None, None)
        for name in get_args(ThemeName):
            if name == theme:
                self._look.set_theme(name)
        if isinstance(zoom, int):
            self._look.set_zoom(zoom / 100)
        self._kept = self._now()
        self._follow()

    def _follow(self) -> None:
        if not self._gone:
            self._look.changed.connect(self._soon.start)

    def _now(self) -> dict[str, Any]:
        return {"theme": self._look.theme_name, "zoom": round(self._look.zoom * 100)}

    def keep(self) -> None:
        """Write it, if it is another. Losing it costs a click: a failure is told to nobody."""
        now = self._now()
        if self._gone or now == self._kept:
            return
        self._kept = now

        def write() -> None:
            with self._desk.writing() as session:
                settings.put(session, self._name, now)

        tasks.run(self, write, lambda _done: None, lambda _failure: None)

    def stop(self) -> None:
        """The person goes; the look stays as it is until somebody else's comes."""
        self._gone = True
        self._soon.stop()
