"""Drafts: what is being typed is kept within two seconds, one writing at a time, and never after it was registered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from ui import tasks

Plain = dict[str, Any]
KEPT_AFTER = 1500
"""Milliseconds from a change to its keeping; with the writing itself under the two seconds that are promised."""


@dataclass(frozen=True, slots=True)
class Drafts:
    """Where one form's draft is kept; each call blocks, so it is made off the window's thread."""

    load: Callable[[], Plain | None]
    save: Callable[[Plain], None]
    drop: Callable[[], None]


class DraftKeeper(QObject):
    """Keeps a form's draft. `kept` after a writing, `lost` with three sentences where one failed.

    Writings and the dropping run one after another in the order they were asked for.
    """

    kept = Signal()
    lost = Signal(object)

    def __init__(self, owner: QObject, drafts: Drafts, plain: Callable[[], Plain | None]) -> None:
        super().__init__(owner)
        self._drafts, self._plain = drafts, plain
        self._waiting: list[Callable[[], object]] = []
        self._at_work = False
        self.timer = QTimer(self, singleShot=True, interval=KEPT_AFTER)
        self.timer.timeout.connect(self.keep_now)

    def touch(self) -> None:
        """Something changed; a change while the timer runs doesn't put the keeping off."""
        if not self.timer.isActive():
            self.timer.start()

    def keep_now(self) -> None:
        """Keep what the form holds, or drop the draft of a form that is empty."""
        self.timer.stop()
        plain = self._plain()
        if plain is None:
            self._then(self._drafts.drop)
        else:
            self._then(lambda: self._drafts.save(plain))

    def leave(self) -> None:
        """Keep at once what still waits for its time."""
        if self.timer.isActive():
            self.keep_now()

    def pause(self) -> None:
        """The form is being registered: nothing is kept until it is touched again or dropped."""
        self.timer.stop()

    def drop(self) -> None:
        """The form was registered or put away: its draft goes."""
        self.timer.stop()
        self._then(self._drafts.drop)

    def load(self, found: Callable[[Plain | None], object]) -> None:
        tasks.run(self, self._drafts.load, found, lambda failure: self.lost.emit(failure.parts))

    def _then(self, work: Callable[[], object]) -> None:
        self._waiting.append(work)
        if not self._at_work:
            self._next()

    def _next(self) -> None:
        self._at_work = bool(self._waiting)
        if self._waiting:
            tasks.run(self, self._waiting.pop(0), self._done, self._failed)

    def _done(self, _result: object) -> None:
        self._next()
        if not self._at_work:
            self.kept.emit()

    def _failed(self, failure: tasks.Failure) -> None:
        self._next()
        self.lost.emit(failure.parts)
