"""`EyeChart`: the lines of a chart for one eye; the line that was read is the chosen row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QItemSelectionModel, QModelIndex, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QListView,
    QScrollArea,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from desktop.domain import digits
from desktop.domain.texts import say
from ui.access.keys import digit_of
from ui.screens.optotypes import paint_line
from ui.theme import icons, paint
from ui.theme.look import Look
from ui.theme.tokens import RADIUS
from ui.widgets.results import AnyIndex

_ROW, _THRESHOLD, _UNDER_RING = 33, 26, 3
_Flag = QItemSelectionModel.SelectionFlag


@dataclass(frozen=True, slots=True)
class _Reading:
    """One row: `value` is what is recorded, "" for the row that opens the other readings. `line` counts chart lines."""

    value: str
    words: str
    line: int | None = None
    threshold: bool = False


class _Rows(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: tuple[_Reading, ...] = ()

    def show(self, rows: Sequence[_Reading]) -> None:
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        reading = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return reading.words
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return say("vision-screen.line-needed", line=reading.words) if reading.threshold else reading.words
        return None


class _Face(QStyledItemDelegate):
    """The line's name, its letters, the tick of the chosen one; the age's line has a rule above it."""

    def __init__(self, look: Look, chart: EyeChart) -> None:
        super().__init__(chart)
        self._look, self._chart = look, chart

    def sizeHint(self, _option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        extra = _THRESHOLD if self._chart.rows()[index.row()].threshold else 0
        return QSize(0, self._look.px(_ROW + extra))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        look, reading = self._look, self._chart.rows()[index.row()]
        rect, on = QRectF(option.rect), bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if reading.threshold:
            self._draw_threshold(painter, QRectF(rect.left(), rect.top(), rect.width(), look.px(_THRESHOLD)))
            rect.setTop(rect.top() + look.px(_THRESHOLD))
        here = self._chart.hasFocus() and index == self._chart.currentIndex()
        under = bool(option.state & QStyle.StateFlag.State_MouseOver)
        if on or here or under:
            painter.setBrush(look.colour("accent_soft" if on else "sunken" if under else "surface"))
            painter.setPen(QPen(look.colour("accent" if on else "border" if here else "sunken"), 2 if on else 1))
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), look.px(RADIUS.control), look.px(RADIUS.control))
        ink = look.colour("on_soft" if on else "text" if reading.value else "accent")
        font = look.font("body", "bold" if on else "medium")
        inside = rect.adjusted(look.space("m"), 0, -look.space("m"), 0)
        paint.draw_line(painter, inside, reading.words, font, ink, ltr=reading.line is not None)
        if reading.line is not None:
            words = paint.width_of(reading.words, font)
            free = (inside.left() + look.px(18) + inside.right() - words) / 2
            middle = QPointF(min(rect.center().x(), free), rect.center().y())
            paint_line(painter, middle, self._chart.chart, reading.line, look.zoom, ink)
        if on:
            side = look.px(18)
            tick = QRectF(inside.left(), inside.center().y() - side / 2, side, side)
            icons.paint(painter, tick, "check", ink.name())
        painter.restore()

    def _draw_threshold(self, painter: QPainter, rect: QRectF) -> None:
        look, font, words = self._look, self._look.font("caption", "medium"), say("vision-screen.threshold")
        rect = rect.translated(0, look.px(_UNDER_RING))  # the focus ring of the row above reaches in here
        wide, middle = paint.width_of(words, font), rect.center()
        half = wide / 2 + look.space("s")
        painter.setPen(QPen(look.colour("accent"), 2))
        painter.drawLine(QPointF(rect.left(), middle.y()), QPointF(middle.x() - half, middle.y()))
        painter.drawLine(QPointF(middle.x() + half, middle.y()), QPointF(rect.right(), middle.y()))
        box = QRectF(middle.x() - wide / 2, rect.top(), wide, rect.height())
        paint.draw_line(painter, box, words, font, look.colour("accent"))


class EyeChart(QListView):
    """One eye: Up and Down choose the line that was read, a digit jumps to it, Delete takes it back.

    The last row opens the other readings (counted fingers, hand motion, …). `changed` when the person chose.
    """

    changed = Signal()

    def __init__(self, look: Look, name: str, others: Sequence[str]) -> None:
        super().__init__()
        self._look, self._model, self._others = look, _Rows(self), tuple(others)
        self.chart, self._open, self._quiet = "", False, False
        self._lines: tuple[str, ...] = ()
        self._needed: str | None = None
        self.setModel(self._model)
        self.setItemDelegate(_Face(look, self))
        self.setAccessibleName(name)
        self.setAccessibleDescription(say("vision-screen.eye-keys"))
        self.setMouseTracking(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.selectionModel().selectionChanged.connect(self._report)
        look.changed.connect(self.restyle)

    def restyle(self) -> None:
        self.scheduleDelayedItemsLayout()
        self.updateGeometry()

    def rows(self) -> tuple[_Reading, ...]:
        return self._model.rows

    def show_chart(self, chart: str, lines: Sequence[str], needed: str | None, reading: str) -> None:
        """Show a chart's lines, largest letters first, the line this age needs, and what was read ("" for nothing)."""
        self.chart, self._lines, self._needed = chart, tuple(lines), needed
        self._open = reading in self._others
        self._fill(reading)

    def _fill(self, reading: str) -> None:
        rows = [
            _Reading(line, digits.persian(line), at, line == self._needed) for at, line in enumerate(self._lines)
        ]
        if self._open:
            rows += [_Reading(other, say(f"vision.reading-{other}")) for other in self._others]
        else:
            rows.append(_Reading("", say("vision-screen.others")))
        self._quiet = True
        self._model.show(rows)
        chosen = next((at for at, row in enumerate(rows) if reading and row.value == reading), None)
        if chosen is not None:
            self._go(chosen)
        self._quiet = False
        self.updateGeometry()

    def value(self) -> str:
        """What was read: a line, another reading, or "" where nothing is chosen."""
        chosen = self.selectionModel().selectedIndexes()
        return self.rows()[chosen[0].row()].value if chosen else ""

    def _go(self, row: int, *, choose: bool = True) -> None:
        flag = _Flag.ClearAndSelect if choose else _Flag.NoUpdate
        self.selectionModel().setCurrentIndex(self._model.index(row), flag)
        self._bring_into_view(row)

    def _bring_into_view(self, row: int) -> None:
        """The list may be taller than the page has room for."""
        step: QWidget | None = self
        while step is not None and not isinstance(step, QScrollArea):
            step = step.parentWidget()
        if step is not None and (inside := step.widget()) is not None:
            here = self.viewport().mapTo(inside, self.visualRect(self._model.index(row)).center())
            step.ensureVisible(here.x(), here.y(), 0, self._look.px(_ROW + _THRESHOLD))

    def _step(self, by: int) -> None:
        here = self.currentIndex().row() if self.currentIndex().isValid() else -1
        if not self.selectionModel().hasSelection() and here <= 0:
            here = -1 if by > 0 else len(self._lines)
        row = min(max(here + by, 0), len(self.rows()) - 1)
        self._go(row, choose=bool(self.rows()[row].value))

    def _unfold(self) -> None:
        """Show the other readings; the keyboard stands on the first of them and nothing is chosen by that."""
        self._open = True
        reading = self.value()
        self._fill(reading)
        self._go(len(self._lines), choose=False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, row, digit = event.key(), self.currentIndex().row(), digit_of(event)
        if digit is not None:
            self._jump(digit)
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._step(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            if event.isAutoRepeat():
                return
            if 0 <= row < len(self.rows()) and self.rows()[row].value:
                self._go(row)
            elif row >= 0:
                self._unfold()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.selectionModel().clearSelection()
        else:
            super().keyPressEvent(event)

    def _jump(self, digit: int) -> None:
        """To the line a digit means: by what tells the chart's lines apart; the same digit again takes the next."""
        same_below = len({line.split("/")[1] for line in self._lines}) == 1
        parts = [line.split("/")[0 if same_below else 1] for line in self._lines]
        fitting = [at for at, part in enumerate(parts) if part.startswith(str(digit))]
        if fitting:
            chosen = self.value()
            here = self._lines.index(chosen) if chosen in self._lines else -1
            self._go(next((at for at in fitting if at > here and here in fitting), fitting[0]))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and not self.rows()[index.row()].value:
            self._unfold()
        else:
            super().mousePressEvent(event)

    def _report(self) -> None:
        self.viewport().update()
        if not self._quiet:
            self.changed.emit()

    def sizeHint(self) -> QSize:
        high = sum(_ROW + (_THRESHOLD if row.threshold else 0) for row in self.rows())
        return QSize(self._look.px(168), self._look.px(high) + 4)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()
