"""A paper as it will be printed, and its words as a list to read aloud."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QListView,
    QScrollArea,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from desktop.domain.papers import PagePicture
from desktop.domain.texts import say
from ui.theme import paint
from ui.theme.look import Look
from ui.theme.tokens import RADIUS
from ui.widgets.results import AnyIndex

FACTORS = (0.0, 1.0, 1.5, 2.0)
"""Of the place's width; 0 is the largest at which a whole page is seen."""
_TALLEST = 490
_MOST_ZOOM = 1.5


class PageView(QWidget):
    """One page's picture with a hairline round it; paper is as it is printed in every theme."""

    def __init__(self, look: Look, page: PagePicture, name: str) -> None:
        super().__init__()
        self._look = look
        picture = QImage(page.rgb, page.width, page.height, page.width * 3, QImage.Format.Format_RGB888)
        self._picture = picture.copy()  # the bytes belong to the value, which may go
        self._sharp = QImage()
        self.setAccessibleName(name)

    def width_at(self, height: int) -> int:
        return round(height * self._picture.width() / max(self._picture.height(), 1))

    def height_at(self, width: int) -> int:
        return round(width * self._picture.height() / max(self._picture.width(), 1))

    def paintEvent(self, _: QPaintEvent) -> None:
        size = self.size() * self.devicePixelRatioF()
        if self._sharp.size() != size:
            how = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
            self._sharp = self._picture.scaled(size, *how)
        with QPainter(self) as painter:
            painter.drawImage(self.rect(), self._sharp)
            painter.setPen(QPen(QColor(self._look.theme.border), 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))


class PageArea(QScrollArea):
    """All pages one under another: a whole page at first, then as wide as the place, then larger, scrolling.

    Arrows scroll it; no other key does anything there.
    """

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look, self._pages, self.factor = look, list[PageView](), FACTORS[0]
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(say("preview.paper"))
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.sheet = QWidget()
        self._column = QVBoxLayout(self.sheet)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.setWidget(self.sheet)
        look.changed.connect(self.fit)

    def show_pages(self, pages: Sequence[PagePicture]) -> None:
        """Show other pages, from the top, each whole."""
        for old in self._pages:
            self._column.removeWidget(old)
            old.hide()
            old.deleteLater()
        count = len(pages)
        self._pages = [
            PageView(self._look, page, say("preview.page-shown", page=at, pages=count))
            for at, page in enumerate(pages, 1)
        ]
        for view in self._pages:
            self._column.addWidget(view)
        self.factor = FACTORS[0]
        self.fit()

    def zoom(self, by: int) -> None:
        """The next larger (1) or smaller (-1) factor."""
        at = min(max(FACTORS.index(self.factor) + by, 0), len(FACTORS) - 1)
        self.factor = FACTORS[at]
        self.fit()

    def fit(self) -> None:
        """Give every page its size."""
        gap = self._look.space("m")
        self._column.setSpacing(gap)
        tallest = round(_TALLEST * min(self._look.zoom, _MOST_ZOOM))
        self.setFixedHeight(tallest)
        # The scroll bar that may come with the pages must not take their width.
        room = self.width() - self._look.px(14)
        wide = max(round(room * (self.factor or 1.0)), 1)
        if not self.factor:
            wide = min([wide, *(view.width_at(tallest - 2) for view in self._pages)])
        high = 0
        for view in self._pages:
            view.setFixedSize(wide, view.height_at(wide))
            high += view.height_at(wide) + gap
        self.sheet.resize(wide, max(high - gap, 0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()


class _Words(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.words: tuple[str, ...] = ()

    def show(self, words: Sequence[str]) -> None:
        self.beginResetModel()
        self.words = tuple(words)
        self.endResetModel()

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.words)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.words[index.row()]
        return None


class _Face(QStyledItemDelegate):
    """One block of the paper over as many lines as it needs, large."""

    def __init__(self, look: Look, view: QListView) -> None:
        super().__init__(view)
        self._look, self._view = look, view

    def _lines(self, words: str) -> list[str]:
        room = self._view.viewport().width() - 2 * self._look.space("m")
        return paint.lines_of(words, self._look.font("lead"), room)

    def sizeHint(self, _option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        step = paint.line_height(self._look.font("lead"))
        return QSize(0, len(self._lines(str(index.data()))) * step + 2 * self._look.space("s"))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        look, rect = self._look, QRectF(option.rect)
        on = bool(option.state & QStyle.StateFlag.State_Selected) and self._view.hasFocus()
        painter.save()
        if on:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(look.colour("accent_soft"))
            painter.setPen(QPen(look.colour("accent"), 1))
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), look.px(RADIUS.control), look.px(RADIUS.control))
        font, ink = look.font("lead"), look.colour("on_soft" if on else "text")
        step, top = paint.line_height(font), rect.top() + look.space("s")
        for at, line in enumerate(self._lines(str(index.data()))):
            box = QRectF(rect.left(), top + at * step, rect.width() - look.space("m"), step)
            paint.draw_line(painter, box, line, font, ink)
        painter.restore()


class ReadingList(QListView):
    """The paper's words in reading order, a block a row: the clerk reads them out, a screen reader steps through."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look, self._words = look, _Words(self)
        self.setModel(self._words)
        self.setItemDelegate(_Face(look, self))
        self.setAccessibleName(say("preview.words"))
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        look.changed.connect(self.restyle)
        self.restyle()

    def restyle(self) -> None:
        self.setFixedHeight(self._look.px(_TALLEST))
        self.scheduleDelayedItemsLayout()

    def show_words(self, words: Sequence[str]) -> None:
        self._words.show(words)
        if words:
            self.setCurrentIndex(self._words.index(0))

    def words(self) -> tuple[str, ...]:
        return self._words.words
