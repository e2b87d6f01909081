"""The list of places: icon, word, badge, digit; icons alone where there is no room, named and with a tooltip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from desktop.domain import texts
from ui.access.rows import follow_selection
from ui.theme import icons, paint
from ui.theme.look import Look
from ui.theme.tokens import RADIUS, SIZE, SPACE
from ui.widgets.labels import draw_chip

_BADGE = Qt.ItemDataRole.UserRole + 1
_ROW = 46


@dataclass(frozen=True, slots=True)
class Entry:
    """A place in the list: its id, its word, its icon."""

    id: str
    words: str
    icon: str


class _Face(QStyledItemDelegate):
    def __init__(self, look: Look, entries: Sequence[Entry], parent: QWidget) -> None:
        super().__init__(parent)
        self._look, self._entries = look, entries

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, self._look.px(_ROW))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        look, entry = self._look, self._entries[index.row()]
        on = bool(option.state & QStyle.StateFlag.State_Selected)
        under = bool(option.state & QStyle.StateFlag.State_MouseOver)
        box = QRectF(option.rect).adjusted(look.space("m"), look.px(2), -look.space("m"), -look.px(2))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if on or under:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour("accent" if on else "surface"))
            painter.drawRoundedRect(box, look.px(RADIUS.control), look.px(RADIUS.control))
        ink = look.colour("on_accent" if on else "text")
        if look.navigation_folded:
            side = look.px(22)
            middle = QRectF(box.center().x() - side / 2, box.center().y() - side / 2, side, side)
            icons.paint(painter, middle, entry.icon, ink.name())
        else:
            self._draw_words(painter, box, index, on)
        painter.restore()

    def _draw_words(self, painter: QPainter, box: QRectF, index: QModelIndex | QPersistentModelIndex, on: bool) -> None:
        look, entry = self._look, self._entries[index.row()]
        ink, side, middle = look.colour("on_accent" if on else "text"), look.px(SIZE.icon), box.center().y()
        right = box.right() - look.space("s")
        icons.paint(painter, QRectF(right - side, middle - side / 2, side, side), entry.icon, ink.name())
        words = QRectF(box.left(), box.top(), right - side - look.space("s") - box.left(), box.height())
        paint.draw_line(painter, words, entry.words, look.font("body", "bold" if on else "regular"), ink)
        quiet = look.colour("on_accent_soft" if on else "muted")
        digit = QRectF(box.left() + look.space("m"), box.top(), look.px(12), box.height())
        paint.draw_line(painter, digit, str(index.row() + 1), look.font("key"), quiet, at_left=True, ltr=True)
        badge = int(index.data(_BADGE) or 0)
        if badge:
            count = texts.say("ui.number", n=badge)
            tall = look.px(SIZE.chip)
            wide = max(tall, paint.width_of(count, look.font("caption", "medium")) + look.space("m"))
            place = QRectF(digit.right() + look.space("s"), middle - tall / 2, wide, tall)
            draw_chip(painter, look, place, count, "accent")


class Navigation(QListWidget):
    """One tab stop; arrows go from place to place. `wanted` carries the id of the place gone to."""

    wanted = Signal(str)

    def __init__(self, look: Look, entries: Sequence[Entry]) -> None:
        super().__init__()
        self._look, self._entries = look, tuple(entries)
        self.setAccessibleName(texts.say("ui.places"))
        self.setItemDelegate(_Face(look, self._entries, self))
        self.setMouseTracking(True)
        self.setProperty("rowAir", SPACE["m"])
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        for entry in self._entries:
            item = QListWidgetItem(entry.words, self)
            item.setToolTip(entry.words)
        self.currentRowChanged.connect(self._moved)
        follow_selection(self)
        look.changed.connect(self.restyle)
        self.restyle()

    def restyle(self) -> None:
        size = SIZE.navigation_folded if self._look.navigation_folded else SIZE.navigation
        self.setFixedWidth(self._look.px(size))
        self.scheduleDelayedItemsLayout()
        self.viewport().update()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self._look.px(_ROW))

    def show_place(self, place: str) -> None:
        """Mark where the person is, without a signal."""
        row = next(number for number, entry in enumerate(self._entries) if entry.id == place)
        blocked = self.blockSignals(True)
        self.setCurrentRow(row)
        self.blockSignals(blocked)

    def set_badge(self, place: str, count: int) -> None:
        """A number beside a place, told to a screen reader too; 0 takes it away."""
        for number, entry in enumerate(self._entries):
            if entry.id == place:
                item = self.item(number)
                item.setData(_BADGE, count)
                said = texts.say("ui.place-badge", place=entry.words, n=count) if count else entry.words
                item.setData(Qt.ItemDataRole.AccessibleTextRole, said)

    def _moved(self, row: int) -> None:
        if row >= 0:
            self.wanted.emit(self._entries[row].id)
