"""The search box and the list of people under it: typing, arrows and Enter without the hand leaving the box."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QListView, QSizePolicy, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop.domain import texts
from ui.access import announce
from ui.access.rows import follow_selection
from ui.theme import icons, paint
from ui.theme.look import Look
from ui.theme.tokens import MOTION, RADIUS, SIZE, Tone
from ui.widgets.edits import PersianEdit
from ui.widgets.labels import draw_chip

AnyIndex = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Found:
    """A row: `id` is what the screen gets back; `about` tells namesakes apart; `chip` and `second` are states in words.

    `lead` stands before the name, such as the time of a visit.
    """

    id: str
    name: str
    about: str = ""
    chip: str = ""
    tone: Tone = "muted"
    lead: str = ""
    second: str = ""
    second_tone: Tone = "muted"

    def spoken(self) -> str:
        parts = (self.lead, self.name, self.about, self.chip, self.second)
        return texts.say("ui.and").join(part for part in parts if part)


class _Rows(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: tuple[Found, ...] = ()

    def show(self, rows: Sequence[Found]) -> None:
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.DisplayRole:
            return self.rows[index.row()].name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.rows[index.row()].spoken()
        return None


class _Face(QStyledItemDelegate):
    """Lead, name, what tells namesakes apart, chips. Two lines where the columns are folded."""

    def __init__(self, look: Look, rows: _Rows, view: QListView, *, enter: bool) -> None:
        super().__init__(view)
        self._look, self._rows, self._view, self._enter = look, rows, view, enter

    def sizeHint(self, _option: QStyleOptionViewItem, _index: AnyIndex) -> QSize:
        return QSize(0, self._look.px(SIZE.row_two if self._look.columns_folded else SIZE.row))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        look, found = self._look, self._rows.rows[index.row()]
        # A list that only tells has no current row to the eye until the keyboard is in it.
        on = bool(option.state & QStyle.StateFlag.State_Selected) and (self._enter or self._view.hasFocus())
        under = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(option.rect)
        if on or under:
            painter.setBrush(look.colour("accent_soft" if on else "sunken"))
            painter.setPen(QPen(look.colour("accent" if on else "sunken"), 1))
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), look.px(RADIUS.control), look.px(RADIUS.control))
        inside = rect.adjusted(look.space("s"), 0, -look.space("s"), 0)
        left = self._draw_left_end(painter, inside, found, on)
        self._draw_words(painter, inside.adjusted(left - inside.left(), 0, 0, 0), found, on)
        painter.restore()

    def _draw_left_end(self, painter: QPainter, inside: QRectF, found: Found, on: bool) -> float:
        """Keycap of the current row, then the chips; returns where room for words begins."""
        look, left, middle = self._look, inside.left(), inside.center().y()
        if on and self._enter:
            wide, tall = paint.key_size(look, "Enter")
            cap = QRectF(left, middle - tall / 2, wide, tall)
            ground = look.colour("surface")
            paint.draw_key(painter, look, cap, "Enter", look.colour("muted"), look.colour("line"), ground)
            left += wide + look.space("s")
        for words, tone in ((found.second, found.second_tone), (found.chip, found.tone)):
            if words:
                wide = paint.width_of(words, look.font("caption", "medium")) + 2 * look.space("s")
                tall = look.px(SIZE.chip)
                draw_chip(painter, look, QRectF(left, middle - tall / 2, wide, tall), words, tone, lifted=on)
                left += wide + look.space("s")
        return left

    def _draw_words(self, painter: QPainter, room: QRectF, found: Found, on: bool) -> None:
        look = self._look
        ink, quiet = look.colour("on_soft" if on else "text"), look.colour("on_soft" if on else "muted")
        name, about = look.font("body", "bold"), look.font("caption")
        if found.lead:
            font = look.font("body")
            paint.draw_line(painter, room, found.lead, font, quiet)
            room = room.adjusted(0, 0, -max(paint.width_of(found.lead, font), look.px(44)) - look.space("s"), 0)
        if look.columns_folded:
            step, near = room.height() / 2, look.px(3)
            paint.draw_line(painter, QRectF(room.left(), room.top() + near, room.width(), step), found.name, name, ink)
            below = QRectF(room.left(), room.top() + step - near, room.width(), step)
        else:
            paint.draw_line(painter, room, found.name, name, ink)
            below = room.adjusted(0, 0, -paint.width_of(found.name, name) - look.space("m"), 0)
        paint.draw_line(painter, below, paint.shortened(found.about, about, below.width()), about, quiet)


class ResultList(QListView):
    """People found, best first. Up, Down and Enter, or a click; `picked` gives the id. As tall as its rows.

    `enter` shows the Enter key on the current row.
    """

    picked = Signal(str)

    def __init__(self, look: Look, name: str, *, enter: bool = True) -> None:
        super().__init__()
        self._look, self._rows = look, _Rows(self)
        self.setModel(self._rows)
        self.setItemDelegate(_Face(look, self._rows, self, enter=enter))
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._pick)
        follow_selection(self)
        look.changed.connect(self.restyle)

    def restyle(self) -> None:
        self.scheduleDelayedItemsLayout()
        self.updateGeometry()

    def show_results(self, rows: Sequence[Found], *, afresh: bool = False) -> None:
        """Replace the rows. Whoever was current stays so, wherever they are now; else the first is, so Enter takes it.

        `afresh` is for the answer to another question: the first is current whoever was before.
        """
        before = None if afresh else self.current()
        if tuple(rows) != self._rows.rows:
            self._rows.show(rows)
            self.updateGeometry()
        self.setVisible(bool(rows))
        if rows:
            at = next((at for at, row in enumerate(rows) if before is not None and row.id == before.id), 0)
            self.stand(at)

    def stand(self, at: int) -> None:
        """Make the row `at` the current one."""
        if at != self.currentIndex().row():
            self.setCurrentIndex(self._rows.index(at))

    def results(self) -> tuple[Found, ...]:
        return self._rows.rows

    def current(self) -> Found | None:
        index = self.currentIndex()
        return self._rows.rows[index.row()] if index.isValid() else None

    def step(self, by: int) -> None:
        """Move the current row, stopping at the ends."""
        if self._rows.rows:
            number = min(max(self.currentIndex().row() + by, 0), len(self._rows.rows) - 1)
            self.setCurrentIndex(self._rows.index(number))

    def pick_current(self) -> None:
        if found := self.current():
            self.picked.emit(found.id)

    def _pick(self, index: QModelIndex) -> None:
        self.picked.emit(self._rows.rows[index.row()].id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self.pick_current()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        high = self._look.px(SIZE.row_two if self._look.columns_folded else SIZE.row)
        return QSize(self._look.px(200), len(self._rows.rows) * high + 2)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class SearchBox(PersianEdit):
    """The one box that finds anyone: a name or any number. `searched` carries the text 70 ms after the last key.

    `drive(results)` lets Up, Down and Enter work the list while the focus stays here; the row reached is announced.
    """

    searched = Signal(str)

    def __init__(self, look: Look, name: str, hint: str, key: str = "F3") -> None:
        super().__init__(hint)
        self._look, self._key, self._count = look, key, ""
        self._list: ResultList | None = None
        self.setProperty("big", True)
        self.setAccessibleName(name)
        self._soon = QTimer(self, singleShot=True, interval=MOTION.search_after)
        self._soon.timeout.connect(self.search_now)
        self.changed.connect(self._soon.start)
        look.changed.connect(self.restyle)
        self.restyle()

    def drive(self, results: ResultList) -> None:
        self._list = results

    def tell_count(self, words: str) -> None:
        """How many were found, in words, shown quietly in the box and announced."""
        self._count = words
        self.restyle()
        if words:
            announce(self, words)

    def search_now(self) -> None:
        self._soon.stop()
        self.searched.emit(self.value())

    def restyle(self) -> None:
        left = paint.key_size(self._look, self._key)[0] + self._look.space("s")
        left += paint.width_of(self._count, self._look.font("caption")) if self._count else 0
        self.setTextMargins(left, 0, self._look.px(30), 0)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if self._list is not None and step is not None:
            self._list.step(step)
            if found := self._list.current():
                announce(self, found.spoken(), now=True)
        elif enter and self._soon.isActive():
            self.search_now()
        elif enter and self._list is not None:
            self._list.pick_current()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        look, middle = self._look, self.height() / 2
        with QPainter(self) as painter:
            side, pad = look.px(22), look.space("m")
            glass = QRectF(self.width() - pad - side, middle - side / 2, side, side)
            icons.paint(painter, glass, "search", look.theme.accent)
            wide, tall = paint.key_size(look, self._key)
            cap = QRectF(pad, middle - tall / 2, wide, tall)
            paint.draw_key(painter, look, cap, self._key, look.colour("muted"), look.colour("line"))
            if self._count:
                rest = QRectF(pad + wide + look.space("s"), 0, self.width(), self.height())
                paint.draw_line(painter, rest, self._count, look.font("caption"), look.colour("muted"), at_left=True)
