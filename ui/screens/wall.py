"""The waiting room's screen: the number that is called and where to go, for eyes ten metres away. No names, no
services."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QFont, QGuiApplication, QKeyEvent, QPainter, QPaintEvent, QScreen
from PySide6.QtWidgets import QWidget

from desktop.domain import digits
from desktop.domain.queue import Called
from desktop.domain.texts import say
from ui.theme import icons, paint
from ui.theme.look import Look

_WIDE, _HIGH = 1366, 768
_NUMBER, _BEFORE, _PLACE, _SENTENCE, _SMALL = 340, 88, 80, 30, 28
"""The wall's own scale, px at 1366×768; the desk's zoom doesn't reach it, the size of the screen does."""
_EVERY = 10_000


class Wall(QWidget):
    """A window of its own. `show_calls` shows the newest call and three before; Escape closes it."""

    def __init__(self, look: Look, centre: str, now: Callable[[], tuple[str, str]]) -> None:
        """`now` gives the day and the time in words."""
        super().__init__(None, Qt.WindowType.Window)
        self._look, self._centre, self._now = look, centre, now
        self._calls: tuple[Called, ...] = ()
        self.setWindowTitle(say("wall.title"))
        self.setAccessibleName(say("wall.title"))
        self.setMinimumSize(640, 360)
        self.resize(1280, 720)
        look.changed.connect(self.update)
        self._clock = QTimer(self, interval=_EVERY)
        self._clock.timeout.connect(self.update)
        self._clock.start()

    def show_calls(self, calls: Sequence[Called]) -> None:
        """Show these at once, the newest first."""
        self._calls = tuple(calls[:4])
        first = self._calls[0] if self._calls else None
        words = say("wall.spoken", number=digits.persian(first.number), place=first.place) if first else ""
        self.setAccessibleDescription(words or say("wall.nobody"))
        self.update()

    def calls(self) -> tuple[Called, ...]:
        return self._calls

    def show_on(self, screens: Sequence[QScreen], desk: QScreen | None) -> QScreen | None:
        """Fill the first screen that isn't the desk's own, and return it; a window where there is one screen only."""
        other = next((each for each in screens if each is not desk), None)
        if other is None:
            self.showNormal()
        else:
            self.setGeometry(other.geometry())
            self.showFullScreen()
        return other

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    # -- painting
    def _px(self, length: float) -> float:
        return length * min(self.width() / _WIDE, self.height() / _HIGH)

    def _font(self, length: float, weight: QFont.Weight = QFont.Weight.Bold) -> QFont:
        font = QFont(self._look.font())
        font.setPixelSize(max(1, round(self._px(length))))
        font.setWeight(weight)
        return font

    def _inks(self) -> tuple[QColor, QColor, QColor]:
        """Ground, ink, quiet ink: petrol by day; in the dark and in high contrast the ground stays dark."""
        look = self._look
        if look.theme_name == "light":
            return look.colour("accent"), look.colour("on_accent"), look.colour("on_accent_soft")
        return look.colour("paper"), look.colour("accent"), look.colour("text")

    def paintEvent(self, _: QPaintEvent) -> None:
        px = self._px
        ground, ink, quiet = self._inks()
        whole = QRectF(self.rect())
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(whole, ground)
            band = self._band(painter, whole)
            edge = whole.right() - px(966)
            middle = QRectF(edge, px(90), px(966), band.top() - px(90))
            if not self._look.theme.outlined:
                self._star(painter, middle, ink)
            self._head(painter, whole, quiet, ink)
            line = quiet if self._look.theme.outlined else self._look.colour("accent_hover")
            if self._calls[1:]:
                painter.fillRect(QRectF(edge, px(100), px(2), band.top() - px(124)), line)
            self._called(painter, middle, ink, quiet)
            left = QRectF(px(32), px(90), edge - px(64), band.top() - px(90))
            self._before(painter, left, ink, quiet)

    def _band(self, painter: QPainter, whole: QRectF) -> QRectF:
        look, px = self._look, self._px
        band = QRectF(0, whole.bottom() - px(72), whole.width(), px(73))
        painter.fillRect(band, look.colour("surface"))
        painter.fillRect(QRectF(0, band.top(), band.width(), px(2)), look.colour("line"))
        side = px(40)
        hand = QRectF(band.right() - px(32) - side, band.center().y() - side / 2, side, side)
        icons.paint(painter, hand, "hand", look.theme.accent)
        room = band.adjusted(px(16), 0, -(px(48) + side), 0)
        self._fitted(painter, room, say("wall.help"), _SENTENCE, look.colour("text"), QFont.Weight.Medium)
        return band

    def _fitted(
        self, painter: QPainter, room: QRectF, words: str, length: float, ink: QColor,
        weight: QFont.Weight = QFont.Weight.Bold, *, centred: bool = False,
    ) -> None:  # fmt: skip
        """One line, made smaller where it would be cut: nothing on the wall is ever cut."""
        wide = paint.width_of(words, self._font(length, weight))
        font = self._font(length * min(1.0, room.width() / max(wide, 1)), weight)
        if centred:
            spare = max(0.0, room.width() - paint.width_of(words, font)) / 2
            room = room.adjusted(0, 0, -spare, 0)
        paint.draw_line(painter, room, words, font, ink)

    def _head(self, painter: QPainter, whole: QRectF, quiet: QColor, ink: QColor) -> None:
        px = self._px
        line = QRectF(px(32), px(16), whole.width() - px(64), px(60))
        self._fitted(painter, line.adjusted(line.width() / 2, 0, 0, 0), self._centre, 24, quiet, QFont.Weight.Medium)
        day, time = self._now()
        clock = self._font(40)
        paint.draw_line(painter, line, time, clock, ink, at_left=True)
        beside = line.adjusted(paint.width_of(time, clock) + px(16), 0, 0, 0)
        paint.draw_line(painter, beside, day, self._font(24, QFont.Weight.Normal), quiet, at_left=True)

    def _star(self, painter: QPainter, room: QRectF, ink: QColor) -> None:
        """One very faint star, so that the wall isn't a flat slab."""
        faint, half = QColor(ink), self._px(205)
        faint.setAlpha(10)
        painter.save()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(faint)
        painter.translate(QPointF(room.center().x(), room.center().y()))
        for _square in range(2):
            painter.drawRect(QRectF(-half, -half, 2 * half, 2 * half))
            painter.rotate(45)
        painter.restore()

    def _called(self, painter: QPainter, room: QRectF, ink: QColor, quiet: QColor) -> None:
        px, medium = self._px, QFont.Weight.Medium
        room = room.adjusted(px(24), 0, -px(24), 0)
        top = room.center().y() - px(270)
        if not self._calls:
            hello = QRectF(room.left(), room.center().y() - px(80), room.width(), px(110))
            self._fitted(painter, hello, say("wall.nobody"), _PLACE, ink, centred=True)
            below = hello.translated(0, px(110))
            self._fitted(painter, below, say("wall.nobody-more"), _SENTENCE, quiet, medium, centred=True)
            return
        now = self._calls[0]
        for words, length, high, tone, weight in (
            (say("wall.number"), 44, 70, quiet, medium),
            (digits.persian(now.number), _NUMBER, 350, ink, QFont.Weight.Bold),
            (now.place, _PLACE, 120, ink, QFont.Weight.Bold),
        ):
            line = QRectF(room.left(), top, room.width(), px(high))
            self._fitted(painter, line, words, length, tone, weight, centred=True)
            top += px(high)

    def _before(self, painter: QPainter, room: QRectF, ink: QColor, quiet: QColor) -> None:
        px, medium = self._px, QFont.Weight.Medium
        before = self._calls[1:]
        if not before:
            return
        head = QRectF(room.left(), room.top() + px(8), room.width(), px(40))
        self._fitted(painter, head, say("wall.before"), 26, quiet, medium)
        step = (room.height() - px(48)) / 3
        for at, each in enumerate(before):
            top = room.top() + px(48) + at * step + (step - px(140)) / 2
            number = QRectF(room.left(), top, room.width(), px(96))
            self._fitted(painter, number, digits.persian(each.number), _BEFORE, ink)
            place = QRectF(room.left(), top + px(96), room.width(), px(44))
            self._fitted(painter, place, each.place, _SMALL, quiet, medium)


def screens() -> list[QScreen]:
    """The monitors of this PC."""
    return QGuiApplication.screens()
