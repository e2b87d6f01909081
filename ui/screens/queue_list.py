"""The list of who waits: the number first and large, then who, their place in line, how long, and what they need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QListView, QSizePolicy, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop.domain import digits
from desktop.domain.queue import FETCHED, HEAD_START, MINUTE, Need, Ticket
from desktop.domain.texts import say
from ui.access.rows import follow_selection
from ui.theme import paint
from ui.theme.look import Look
from ui.theme.tokens import RADIUS, SIZE, Tone
from ui.widgets.labels import draw_chip

AnyIndex = QModelIndex | QPersistentModelIndex
ROW = 68
_FEWEST = 4
_LATE = HEAD_START
"""Longer than the head start others may have had: they wait long."""
ICONS: dict[Need, str] = {
    "wheelchair": "wheelchair", "blind": "blind", "deaf": "ear", "elderly": "elder", "with_child": "child",
}  # fmt: skip


def duration(micros: int) -> str:
    """How long, in words: minutes, then hours and minutes."""
    whole = max(0, micros) // MINUTE
    if not whole:
        return say("queue.minutes-none")
    hours, minutes = divmod(whole, 60)
    if not hours:
        return say("queue.minutes", n=minutes)
    return say("queue.hours", hours=hours, minutes=minutes) if minutes else say("queue.hours-whole", hours=hours)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One row: `place` in line from 1, `waited` µs."""

    ticket: Ticket
    place: int
    waited: int

    def chips(self) -> list[tuple[str, str]]:
        """Words and icon of each need; who is fetched is fetched once."""
        needs = self.ticket.needs
        fetched = [need for need in needs if need in FETCHED]
        said = [(say("queue.now-fetch"), ICONS[fetched[0]])] if fetched else []
        return said + [(say(f"queue.need-short.{need}"), ICONS[need]) for need in needs if need not in FETCHED]

    def about(self) -> str:
        """Place in line, what for, and how often they weren't there."""
        ticket = self.ticket
        away = say("queue.absences", n=ticket.absences) if ticket.absences else ""
        said = (say("queue.in-line", n=self.place), ticket.service, away)
        return say("ui.and").join(each for each in said if each)

    def time(self) -> tuple[str, Tone]:
        return duration(self.waited), ("warn" if self.waited > _LATE else "muted")

    def spoken(self) -> str:
        needs = (say(f"queue.need.{need}") for need in self.ticket.needs)
        number = say("queue.lead", number=digits.persian(self.ticket.number))
        parts = (number, self.ticket.name, self.about(), say("queue.waited", time=self.time()[0]), *needs)
        return say("ui.and").join(part for part in parts if part)


class _Rows(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: tuple[Waiting, ...] = ()

    def show(self, rows: Sequence[Waiting]) -> None:
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.DisplayRole:
            return digits.persian(self.rows[index.row()].ticket.number)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.rows[index.row()].spoken()
        return None


class _Face(QStyledItemDelegate):
    """Two lines beside the number: who and how long; their place and what they need."""

    def __init__(self, look: Look, rows: _Rows, view: QListView) -> None:
        super().__init__(view)
        self._look, self._rows, self._view = look, rows, view

    def sizeHint(self, _option: QStyleOptionViewItem, _index: AnyIndex) -> QSize:
        return QSize(0, self._look.px(ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        look, waiting = self._look, self._rows.rows[index.row()]
        on = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(option.rect)
        if on or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(look.colour("accent_soft" if on else "sunken"))
            painter.setPen(QPen(look.colour("accent" if on else "sunken"), 1))
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), look.px(RADIUS.control), look.px(RADIUS.control))
        elif index.row():
            painter.fillRect(QRectF(rect.left(), rect.top(), rect.width(), 1), look.colour("line"))
        inside = rect.adjusted(look.space("m"), look.space("s"), -look.space("m"), -look.space("s"))
        self._draw(painter, inside, waiting, on)
        painter.restore()

    def _draw(self, painter: QPainter, inside: QRectF, waiting: Waiting, on: bool) -> None:
        look, ticket = self._look, waiting.ticket
        ink, quiet = look.colour("on_soft" if on else "text"), look.colour("on_soft" if on else "muted")
        figure, number = look.font("figure", "bold"), digits.persian(ticket.number)
        paint.draw_line(painter, inside, number, figure, ink)
        taken = max(paint.width_of(number, figure), look.px(74)) + look.space("l")
        step = inside.height() / 2
        above = QRectF(inside.left(), inside.top(), inside.width() - taken, step)
        below = above.translated(0, step)
        words, tone = waiting.time()
        self._chips(painter, above, [(words, "clock", tone)], on)
        left = self._chips(painter, below, [(*each, "accent") for each in waiting.chips()], on)
        who = ticket.name or say("queue.unnamed")
        paint.draw_line(painter, above, who, look.font("lead", "medium"), ink if ticket.name else quiet)
        caption = look.font("caption")
        room = below.adjusted(left - below.left(), 0, 0, 0)
        paint.draw_line(painter, room, paint.shortened(waiting.about(), caption, room.width()), caption, quiet)

    def _chips(self, painter: QPainter, room: QRectF, chips: list[tuple[str, str, Tone]], on: bool) -> float:
        """From the left end; returns where room for words begins."""
        look, left = self._look, room.left()
        for words, icon, tone in chips:
            wide = paint.width_of(words, look.font("caption", "medium")) + 2 * look.space("s")
            wide += look.px(16) + look.space("xs")
            tall = look.px(SIZE.chip)
            box = QRectF(left, room.center().y() - tall / 2, wide, tall)
            draw_chip(painter, look, box, words, tone, icon, lifted=on)
            left += wide + look.space("s")
        return left


class WaitingList(QListView):
    """Who waits, the next first. Up, Down; Enter or a double click calls (`called` gives the id). It scrolls inside
    where there are columns, and is as tall as its rows where there is one."""

    called = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look, self._rows = look, _Rows(self)
        self.setModel(self._rows)
        self.setItemDelegate(_Face(look, self._rows, self))
        self.setAccessibleName(say("queue.waiting"))
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.doubleClicked.connect(lambda index: self.called.emit(self._rows.rows[index.row()].ticket.id))
        follow_selection(self)
        look.changed.connect(self.restyle)
        self.restyle()

    def restyle(self) -> None:
        folded = self._look.columns_folded
        self.setVerticalScrollBarPolicy(
            Qt.ScrollBarPolicy.ScrollBarAlwaysOff if folded else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        )
        tall = QSizePolicy.Policy.Fixed if folded else QSizePolicy.Policy.Expanding
        self.setSizePolicy(QSizePolicy.Policy.Expanding, tall)
        self.scheduleDelayedItemsLayout()
        self.updateGeometry()

    def show_waiting(self, rows: Sequence[Waiting]) -> None:
        """Replace the rows; whoever was current stays so while they wait."""
        before = self.current()
        if tuple(rows) != self._rows.rows:
            self._rows.show(rows)
            self.updateGeometry()
        at = next((at for at, row in enumerate(rows) if before and row.ticket.id == before.id), 0)
        if rows and self.currentIndex().row() != at:
            self.setCurrentIndex(self._rows.index(at))

    def rows(self) -> tuple[Waiting, ...]:
        return self._rows.rows

    def current(self) -> Ticket | None:
        index = self.currentIndex()
        return self._rows.rows[index.row()].ticket if index.isValid() else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat() and (found := self.current()):
                self.called.emit(found.id)
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        rows = len(self._rows.rows)
        return QSize(self._look.px(200), (rows if self._look.columns_folded else _FEWEST) * self._look.px(ROW) + 2)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()
