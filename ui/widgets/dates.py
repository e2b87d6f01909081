"""`DateEdit`: a Jalali date typed in any form, or chosen from the month that F4 opens."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent

from desktop.domain import jalali
from desktop.domain.faults import Invalid
from desktop.domain.texts import say
from ui.theme import icons
from ui.theme.look import Look
from ui.theme.tokens import SIZE
from ui.widgets.calendar import CalendarPopup
from ui.widgets.edits import JalaliEdit


class DateEdit(JalaliEdit):
    """As `JalaliEdit`, with a calendar at its left end: F4, Alt+Down or a click opens it, in any keyboard layout.

    `unknown` offers «نامعلوم», where the domain takes it: `value` is then that word and `canonical` is "".
    """

    def __init__(self, look: Look, today: Callable[[], str], hint: str = "", *, unknown: bool = False) -> None:
        super().__init__(hint)
        self._look, self._today, self._unknown = look, today, unknown
        self.popup: CalendarPopup | None = None
        self.also_said = say("calendar.opens")
        self.setMouseTracking(True)
        look.changed.connect(self.restyle)
        self.restyle()

    def restyle(self) -> None:
        self.setTextMargins(self._look.px(SIZE.icon) + self._look.space("s"), 0, 0, 0)
        self.update()

    def shape(self, text: str) -> str:
        """As typed; the first letter of the word for "unknown" stands for it, and taking one away takes it all."""
        word = say("calendar.unknown")
        if not self._unknown or word[0] not in text:
            return super().shape(text)
        if text == word[:-1]:
            return ""
        return word if text.endswith((word, word[0])) else super().shape(text.replace(word, ""))

    def open_calendar(self) -> CalendarPopup:
        """Show the month of the date that stands here, of today where none does."""
        today = self._today()
        popup = CalendarPopup(self._look, self, self._begins(jalali.of(today)), today, unknown=self._unknown)
        popup.picked.connect(self._picked)
        popup.closed.connect(self._gone)
        self.popup = popup
        popup.open_under()
        return popup

    def _begins(self, today: jalali.Jalali) -> jalali.Jalali:
        try:
            canonical = self.canonical()
        except Invalid:
            return today
        return jalali.of(canonical).first() if canonical else today

    def _picked(self, day: str) -> None:
        self.set_text(jalali.numeric(jalali.of(day)) if day else say("calendar.unknown"))
        self.changed.emit()

    def _gone(self) -> None:
        self.popup = None

    def _corner(self) -> QRectF:
        side = self._look.px(SIZE.icon)
        return QRectF(self._look.space("m"), (self.height() - side) / 2, side, side)

    def _over(self, event: QMouseEvent) -> bool:
        return event.position().x() <= self._corner().right() + self._look.space("xs")

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _opens(event):
            event.accept()  # a key of the window's own may have the same name
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _opens(event) and not self.isReadOnly():
            self.open_calendar()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if self._over(event):
            self.open_calendar()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self.setCursor(Qt.CursorShape.PointingHandCursor if self._over(event) else Qt.CursorShape.IBeamCursor)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        with QPainter(self) as painter:
            token = "accent" if self.isEnabled() else "muted"
            icons.paint(painter, self._corner(), "calendar", self._look.colour(token).name())


def _opens(event: QKeyEvent) -> bool:
    alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
    return event.key() == Qt.Key.Key_F4 if not alt else event.key() == Qt.Key.Key_Down
