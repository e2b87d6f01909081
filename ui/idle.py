"""How long nobody has touched the keyboard or the mouse, and whether the PC slept meanwhile.

Qt tells of no suspend on every system. The simple portable sign is the wall clock: between two looks that are ten
seconds apart it never moves by more than a minute unless the PC slept or somebody set the clock; either way the desk
is closed, at the cost of a password.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QWindow

SECOND = 1_000_000
COVER_AFTER, CLOSE_AFTER = 5 * 60 * SECOND, 60 * 60 * SECOND
_LOOK_EVERY_MS = 10_000
_SLEPT = 60 * SECOND
_TOUCHES = frozenset(
    {
        QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.Wheel,
        QEvent.Type.TouchBegin, QEvent.Type.TabletPress,
    }
)  # fmt: skip


class Idle(QObject):
    """`cover_due` after five minutes untouched, `close_due` after sixty or a sleep.

    `steady` never jumps, `wall` is the PC's time; both µs, handed in. Each signal comes once until the next touch. What
    is typed and clicked is seen where it enters the window (`watch`), not at every widget.
    """

    cover_due = Signal()
    close_due = Signal()

    def __init__(self, parent: QObject, steady: Callable[[], int], wall: Callable[[], int]) -> None:
        super().__init__(parent)
        self._steady, self._wall = steady, wall
        self._touched, self._seen = steady(), wall()
        self._told = 0
        self.timer = QTimer(self, interval=_LOOK_EVERY_MS)
        self.timer.timeout.connect(self.look)
        self.timer.start()

    def watch(self, window: QWindow) -> None:
        """Count what is done in this window as somebody being here."""
        window.installEventFilter(self)

    def look(self) -> None:
        """Judge by the clocks now."""
        now, before = self._wall(), self._seen
        self._seen = now
        idle = self._steady() - self._touched
        if now - before > _SLEPT or (idle >= CLOSE_AFTER and self._told < CLOSE_AFTER):
            self._told = CLOSE_AFTER
            self.close_due.emit()
        elif idle >= COVER_AFTER and self._told < COVER_AFTER:
            self._told = COVER_AFTER
            self.cover_due.emit()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() in _TOUCHES:
            self.touch()
        return False

    def touch(self) -> None:
        """Somebody is here; a sleep that went before is told first."""
        self.look()
        self._touched, self._told = self._steady(), 0
