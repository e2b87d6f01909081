"""What floats over a window without taking anything from it: the focus ring and the toast."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QEvent, QItemSelectionModel, QObject, QPoint, QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLabel, QScrollArea, QWidget

from desktop.domain import texts
from ui.access import announce
from ui.theme import icons, paint
from ui.theme.look import Look
from ui.theme.tokens import MOTION, RADIUS, SIZE
from ui.undo import UNDO_KEY, Undo

_UNDO_STAYS = 20_000
"""Longer than a sentence: whoever reads slowly must still be able to."""


class FocusRing(QWidget):
    """One ring for every control: a band of focus between two bands of paper, outside the control.

    Make one a window; it follows the focus by itself and scrolls the focused control into view.
    """

    def __init__(self, look: Look, window: QWidget) -> None:
        super().__init__(window)
        self._look, self._window = look, window
        self._target: QWidget | None = None
        self._watched: list[QWidget] = []
        self._rows: QItemSelectionModel | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        app = QApplication.instance()
        assert isinstance(app, QApplication)  # noqa: S101
        app.focusChanged.connect(self._focus_moved)
        look.changed.connect(self._follow_later)

    def _follow_later(self) -> None:
        """After the layout has settled: what had the focus may have moved out of view."""
        QTimer.singleShot(0, self, self._follow_again)

    def _follow_again(self) -> None:
        self.follow(self._target)

    def _focus_moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        window = self._window
        self.follow(new if new is not None and new is not window and window.isAncestorOf(new) else None)

    def follow(self, target: QWidget | None) -> None:
        """Put the ring round `target`, or hide it."""
        for widget in self._watched:
            if shiboken6.isValid(widget):  # the control may be gone with its part of the screen
                widget.removeEventFilter(self)
        if self._rows is not None:
            self._rows.currentChanged.disconnect(self.place)
        self._target, self._watched, self._rows = target, [], None
        if isinstance(target, QAbstractItemView) and (rows := target.selectionModel()) is not None:
            rows.currentChanged.connect(self.place)
            self._rows = rows
        step = target
        while step is not None and step is not self._window:
            step.installEventFilter(self)  # scrolling moves an ancestor, not the control
            self._watched.append(step)
            step = step.parentWidget()
        self._bring_into_view()

    def _bring_into_view(self) -> None:
        target = self._target
        if target is not None and shiboken6.isValid(target) and (area := self._area()) is not None:
            seen = area.viewport()
            top = target.mapTo(seen, QPoint(0, 0)).y()
            fits = target.height() <= seen.height()
            if fits or not -target.height() < top < seen.height():  # of what is taller, any part will do
                area.ensureWidgetVisible(target, 0, self._look.px(90))
        self.place()

    def target(self) -> QWidget | None:
        return self._target

    def _area(self) -> QScrollArea | None:
        """The page the target scrolls in; the target itself may be something that scrolls, too."""
        return next((up for widget in self._watched[1:] if isinstance(up := widget, QScrollArea)), None)

    def _inside(self, target: QWidget) -> QRect:
        """What of the target the ring goes round: in a list, the current row, less the air the list leaves round it."""
        if isinstance(target, QAbstractItemView) and target.currentIndex().isValid():
            air = self._look.px(int(target.property("rowAir") or 0))
            seen = target.viewport()  # beside it a scroll bar may stand
            row = target.visualRect(target.currentIndex()).intersected(seen.rect()).translated(seen.pos())
            return row.adjusted(air, 2, -air, -2)
        return target.rect()

    def place(self, *_: object) -> None:
        target, window = self._target, self._window
        if target is None or not target.isVisibleTo(window):
            self.hide()
            return
        out = self._look.px(SIZE.focus + SIZE.focus_gap) + 2
        inside = self._inside(target)
        corner = target.mapTo(window, inside.topLeft())
        box = QRect(corner, inside.size()).adjusted(-out, -out, out, out)
        if (area := self._area()) is not None:
            view = QRect(area.mapTo(window, QPoint(0, 0)), area.size()).adjusted(-out, 0, out, 0)
            box_seen = box.intersected(view)
            self.setMask(box_seen.translated(-box.topLeft())) if not box_seen.isEmpty() else None
            self.setVisible(not box_seen.isEmpty())
        else:
            self.clearMask()
            self.show()
        self.setGeometry(box)
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kinds = (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide)
        if event.type() in kinds:
            area = self._area()
            scrolled = event.type() == QEvent.Type.Move and area is not None and watched is area.widget()
            if event.type() in kinds[:2] and not scrolled:
                self._bring_into_view()  # the layout moved it, not the person
            else:
                self.place()
        elif event.type() == QEvent.Type.Destroy and watched is self._target:
            self._target = None
        return False

    def paintEvent(self, _: QPaintEvent) -> None:
        look, width, gap = self._look, self._look.px(SIZE.focus), self._look.px(SIZE.focus_gap)
        inset = 1 + width / 2
        box, radius = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), look.px(RADIUS.control + 3)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for token, thick in (("paper", width + 2 * gap), ("focus", width)):
                painter.setPen(QPen(look.colour(token), thick))
                painter.drawRoundedRect(box, radius, radius)


class Toast(QLabel):
    """A sentence that stays six seconds, is announced, and never takes the focus; one with an `Undo` stays longer, and
    the offer ends with it.

    It lies over the top bar, where nothing is pressed, from the top of `body`: never over what is being worked on, nor
    over the navigation.
    """

    def __init__(self, look: Look, window: QWidget, body: QWidget) -> None:
        super().__init__(window)
        self._look, self._window, self._body = look, window, body
        self._held: str | None = None
        self._undo: Undo | None = None
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.timer = QTimer(self, singleShot=True, interval=MOTION.toast_stays)
        self.timer.timeout.connect(self.put_out)
        window.installEventFilter(self)
        look.changed.connect(self.place)
        self.hide()

    def hold(self) -> None:
        """Hide, and keep what is said from now on until `release`: the window is covered."""
        self._held = ""
        self.put_out()

    def release(self) -> None:
        """Say what came meanwhile."""
        words, self._held = self._held, None
        if words:
            self.say(words)

    def forget(self) -> None:
        """As `release`, but what came meanwhile was for somebody who is gone."""
        self._held = None

    def put_out(self) -> None:
        """Say nothing more; what was offered is over."""
        self._undo = None
        self.hide()

    def take_undo(self) -> Undo | None:
        """What may be taken back now; it is offered once."""
        undo = self._undo
        if undo is not None:
            self.put_out()
        return undo

    def say(self, words: str, undo: Undo | None = None) -> None:
        """Show and announce `words`; a later sentence takes the place of an earlier one, with what it offered."""
        if self._held is not None:
            self._held = words
            return
        self._undo = undo
        if undo is not None:
            words = texts.say("ui.undo", words=words, undo=undo.words, key=f"\u2066{UNDO_KEY}\u2069")
        self.timer.setInterval(_UNDO_STAYS if undo is not None else MOTION.toast_stays)
        self.setText(words)
        self.place()
        self.show()
        self.raise_()
        self.timer.start()
        announce(self._window, words)

    def place(self) -> None:
        window, look = self._window, self._look
        side_column = look.px(SIZE.navigation_folded if look.navigation_folded else SIZE.navigation)
        most = window.width() - side_column - 2 * look.space("xl")
        font, pad = look.font("body", "medium"), look.space("l")
        side = look.px(SIZE.icon) + look.space("s")
        lines = paint.lines_of(self.text(), font, most - 2 * pad - side)
        wide = min(most, max((paint.width_of(line, font) for line in lines), default=0) + 2 * pad + side)
        top_bar, step = look.px(SIZE.top), paint.line_height(font)
        high = min(len(lines) * step + 2 * look.space("m"), max(top_bar, len(lines) * step + 2 * look.space("xs")))
        down = self._body.mapTo(window, QPoint(0, 0)).y() + max(0, (top_bar - high) // 2)
        self.setGeometry(QRect(QPoint(look.space("xl"), down), QSize(wide, high)))

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QResizeEvent):
            self.place()
        return False

    def paintEvent(self, _: QPaintEvent) -> None:
        look, font = self._look, self._look.font("body", "medium")
        side, pad, step = look.px(SIZE.icon), look.space("l"), paint.line_height(font)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(look.colour("ok_soft"))
            painter.setPen(QPen(look.colour("ok"), look.theme.edge))
            painter.drawRoundedRect(
                QRectF(self.rect()).adjusted(1, 1, -1, -1), look.px(RADIUS.control), look.px(RADIUS.control)
            )
            right = self.width() - pad
            icons.paint(painter, QRectF(right - side, (self.height() - side) / 2, side, side), "check", look.theme.ok)
            right -= side + look.space("s")
            lines = paint.lines_of(self.text(), font, right - pad)
            top = (self.height() - step * len(lines)) / 2
            for number, line in enumerate(lines):
                paint.draw_line(painter, QRectF(0, top + number * step, right, step), line, font, look.colour("text"))
