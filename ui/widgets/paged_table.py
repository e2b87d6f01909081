"""`PagedTable`: thousands of rows, read a page at a time, off the window's thread, as they come into view."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QHeaderView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from desktop.domain.texts import say
from ui import tasks
from ui.theme import paint
from ui.theme.look import Look
from ui.theme.tokens import SIZE
from ui.widgets.frames import StateBox
from ui.widgets.layout import column

AnyIndex = QModelIndex | QPersistentModelIndex
PAGE = 100
_PAGES_KEPT = 30
_WAITING = "…"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, its share of the width, and whether it goes where the columns are folded."""

    words: str
    share: int = 1
    folds: bool = False


@dataclass(frozen=True, slots=True)
class TableRow:
    """`id` is what the screen gets back; `cells` are words, one a column."""

    id: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """Where rows come from. Both block and are called off the window's thread: `count()` once a reading, and
    `page(offset, limit)`, in an order that doesn't change between two calls."""

    count: Callable[[], int]
    page: Callable[[int, int], Sequence[TableRow]]


class _Pages(QAbstractTableModel):
    """Rows by page; a row not yet read shows three dots and asks for its page."""

    failed = Signal(object)

    def __init__(self, parent: QWidget, columns: Sequence[Column]) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._source: Source | None = None
        self._count, self._reading = 0, 0
        self._pages: dict[int, Sequence[TableRow]] = {}
        self._asked: set[int] = set()

    def begin(self, source: Source, count: int) -> None:
        """Show another reading; answers to an older one are dropped."""
        self.beginResetModel()
        self._source, self._count = source, count
        self._pages.clear()
        self._asked.clear()
        self._reading += 1
        self.endResetModel()

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def row_at(self, number: int) -> TableRow | None:
        """The row, None while it is being read."""
        page, at = divmod(number, PAGE)
        if (rows := self._pages.get(page)) is None:
            self._ask(page)
            return None
        return rows[at] if at < len(rows) else None

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        row = self.row_at(index.row())
        if row is None:
            return say("ui.loading") if role == Qt.ItemDataRole.AccessibleTextRole else _WAITING
        return row.cells[index.column()]

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].words
        return None

    def _ask(self, page: int) -> None:
        if page in self._asked or self._source is None:
            return
        self._asked.add(page)
        read, mine = partial(self._source.page, page * PAGE, PAGE), self._reading
        tasks.run(self, read, partial(self._show, mine, page), partial(self._fail, mine))

    def _show(self, reading: int, page: int, rows: Sequence[TableRow]) -> None:
        if reading != self._reading:
            return
        self._pages[page] = rows
        while len(self._pages) > _PAGES_KEPT:  # the one read longest ago; it is read again when it is seen again
            oldest = next(iter(self._pages))
            del self._pages[oldest]
            self._asked.discard(oldest)
        last = min((page + 1) * PAGE, self._count) - 1
        self.dataChanged.emit(self.index(page * PAGE, 0), self.index(last, len(self.columns) - 1))

    def _fail(self, reading: int, failure: tasks.Failure) -> None:
        if reading == self._reading:
            self.failed.emit(failure)


class _Cell(QStyledItemDelegate):
    """Words at the right, shortened at their end; a hairline over each row, the chosen row filled whole."""

    def __init__(self, look: Look, view: QTableView) -> None:
        super().__init__(view)
        self._look = look

    def sizeHint(self, _option: QStyleOptionViewItem, _index: AnyIndex) -> QSize:
        return QSize(0, self._look.px(SIZE.row))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        look, box = self._look, option.rect.toRectF()
        on = bool(option.state & QStyle.StateFlag.State_Selected)
        if on or option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(box, look.colour("accent_soft" if on else "sunken"))
        painter.setPen(QPen(look.colour("line"), 1))
        painter.drawLine(box.topLeft(), box.topRight())
        font = look.font("body", "medium" if index.column() == 0 else "regular")
        room = box.adjusted(look.space("s"), 0, -look.space("s"), 0)
        words = paint.shortened(str(index.data()), font, room.width())
        paint.draw_line(painter, room, words, font, look.colour("on_soft" if on else "text"))


class _Head(QHeaderView):
    """The names of the columns, quietly."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._look = look
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setMinimumSectionSize(1)

    def paintSection(self, painter: QPainter, rect: object, index: int) -> None:
        look, font = self._look, self._look.font("caption", "medium")
        room = rect.toRectF().adjusted(look.space("s"), 0, -look.space("s"), 0)  # type: ignore[attr-defined]  # a QRect
        words = str(self.model().headerData(index, Qt.Orientation.Horizontal))
        paint.draw_line(painter, room, paint.shortened(words, font, room.width()), font, look.colour("muted"))


class _View(QTableView):
    """The table itself. The current row is the selected one; Enter and a double click pick it."""

    picked = Signal(str)

    def __init__(self, look: Look, name: str, pages: _Pages) -> None:
        super().__init__()
        self._look, self.pages = look, pages
        self.setModel(pages)
        self.setHorizontalHeader(_Head(look, self))
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(1)
        self.setItemDelegate(_Cell(look, self))
        self.setAccessibleName(name)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.doubleClicked.connect(lambda _index: self.pick())
        look.changed.connect(self.restyle)
        self.restyle()

    def restyle(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self._look.px(SIZE.row))
        self.horizontalHeader().setFixedHeight(self._look.px(SIZE.quiet))
        self.setMinimumHeight(self._look.px(SIZE.quiet + 4 * SIZE.row))
        self.share_out()

    def share_out(self) -> None:
        """Divide the width among the columns that have room, by their shares; the others go."""
        folded, columns = self._look.columns_folded, self.pages.columns
        for number, each in enumerate(columns):
            self.setColumnHidden(number, folded and each.folds)
        left = self.viewport().width()
        shown = [number for number in range(len(columns)) if not self.isColumnHidden(number)]
        whole = sum(columns[number].share for number in shown)
        for number in shown:
            wide = left * columns[number].share // whole if whole else left
            left, whole = left - wide, whole - columns[number].share
            self.setColumnWidth(number, wide)

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]  # a QResizeEvent
        self.share_out()

    def pick(self) -> None:
        if (index := self.currentIndex()).isValid() and (row := self.pages.row_at(index.row())) is not None:
            self.picked.emit(row.id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        rows = self.pages.rowCount()
        ends = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: rows - 1}
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self.pick()
        elif (end := ends.get(Qt.Key(event.key()))) is not None and rows:
            self.setCurrentIndex(self.pages.index(end, 0))
        elif not event.text().isprintable() or not event.text():
            super().keyPressEvent(event)  # letters would search the column, reading every page


class PagedTable(QWidget):
    """A table over pages of rows: heading, rows, and in their place what is loading, empty or failed.

    `show_source` begins another reading; the first page is read at once. `picked` carries a row's id on Enter or a
    double click. Arrows, PageUp, PageDown, Home and End move; nothing scrolls sideways.
    """

    picked = Signal(str)

    def __init__(self, look: Look, name: str, columns: Sequence[Column], *, none: str) -> None:
        super().__init__()
        self._none = none
        self._counting: tasks.Latest[int] = tasks.Latest(self)
        self.view = _View(look, name, _Pages(self, columns))
        self.box = StateBox(look, self.view)
        self.setLayout(column(look, self.box, gap="none"))
        self.setFocusProxy(self.view)
        self.view.picked.connect(self.picked)
        self.view.pages.failed.connect(self._failed)

    def show_source(self, source: Source) -> None:
        """Read anew: how many there are, then what is seen of them."""
        self.box.loading()
        self._counting.run(source.count, partial(self._begin, source), self._failed)

    def _begin(self, source: Source, count: int) -> None:
        self.view.pages.begin(source, count)
        if not count:
            self.box.empty(self._none)
            return
        self.box.full()
        self.view.setCurrentIndex(self.view.pages.index(0, 0))

    def _failed(self, failure: tasks.Failure) -> None:
        self.box.failed(failure.parts)
