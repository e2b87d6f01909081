"""Layouts that speak in tokens and follow the zoom: spacing and margins are set again whenever the look changes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QLayout, QScrollArea, QVBoxLayout, QWidget

from ui.theme.look import Look
from ui.theme.tokens import Space

Item = QWidget | QLayout | int
Margins = tuple[Space, Space, Space, Space]
NO_MARGINS: Margins = ("none", "none", "none", "none")


def _pixels(look: Look, margins: Margins) -> tuple[int, int, int, int]:
    left, top, right, bottom = (look.space(side) for side in margins)
    return left, top, right, bottom


class Box(QBoxLayout):
    """A row or a column. Use `row`, `column` or `columns` to make one."""

    def __init__(
        self, look: Look, direction: QBoxLayout.Direction, gap: Space, margins: Margins, *, folds: bool = False
    ) -> None:
        super().__init__(direction)
        self._look, self._gap, self._margins, self._folds = look, gap, margins, folds
        self._wide = direction
        look.changed.connect(self.rescale)
        self.rescale()

    def rescale(self) -> None:
        self.setSpacing(self._look.space(self._gap))
        self.setContentsMargins(*_pixels(self._look, self._margins))
        if self._folds:
            self.setDirection(QBoxLayout.Direction.TopToBottom if self._look.columns_folded else self._wide)

    def refit(self, gap: Space, margins: Margins) -> None:
        """Keep other distances from now on."""
        self._gap, self._margins = gap, margins
        self.rescale()

    def put(self, *items: Item) -> Box:
        """Add widgets and layouts in reading order; an int is free space with that stretch."""
        for item in items:
            if isinstance(item, int):
                self.addStretch(item)
            elif isinstance(item, QLayout):
                self.addLayout(item)
            else:
                self.addWidget(item)
        return self


def row(look: Look, *items: Item, gap: Space = "s", margins: Margins = NO_MARGINS) -> Box:
    """Side by side; the first item is the rightmost."""
    return Box(look, QBoxLayout.Direction.LeftToRight, gap, margins).put(*items)


def column(look: Look, *items: Item, gap: Space = "s", margins: Margins = NO_MARGINS) -> Box:
    """One under another."""
    return Box(look, QBoxLayout.Direction.TopToBottom, gap, margins).put(*items)


def columns(look: Look, *parts: tuple[QWidget, int], gap: Space = "l") -> Box:
    """Columns with their shares of the width; one under another where there is no room (`Look.columns_folded`)."""
    box = Box(look, QBoxLayout.Direction.LeftToRight, gap, NO_MARGINS, folds=True)
    for widget, share in parts:
        box.addWidget(widget, share)
    return box


class Grid(QGridLayout):
    """Equal cells filled in reading order, `wide` a line or `narrow` where the columns are folded."""

    def __init__(self, look: Look, widgets: Sequence[QWidget], wide: int, narrow: int, gap: Space = "s") -> None:
        super().__init__()
        self._look, self._widgets, self._counts, self._gap = look, list(widgets), (wide, narrow), gap
        self._now = 0
        self.setContentsMargins(0, 0, 0, 0)
        look.changed.connect(self.rescale)
        self.rescale()

    @property
    def across(self) -> int:
        """Cells a line, now."""
        return self._now

    def rescale(self) -> None:
        self.setSpacing(self._look.space(self._gap))
        wide, narrow = self._counts
        across = narrow if self._look.columns_folded else wide
        if across == self._now:
            return
        self._now = across
        for widget in self._widgets:
            self.removeWidget(widget)
        for number, widget in enumerate(self._widgets):
            self.addWidget(widget, number // across, number % across)
        for number in range(max(wide, narrow)):
            self.setColumnStretch(number, 1 if number < across else 0)


def holder(layout: QLayout, ground: str = "") -> QWidget:
    """A widget round a layout; `ground` (paper, sunken, bar, foot) paints behind it."""
    widget = QWidget()
    widget.setLayout(layout)
    if ground:
        widget.setProperty("ground", ground)
        widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    return widget


def clear(layout: QLayout) -> None:
    """Take everything out of a layout; the widgets are hidden at once and freed when the window is idle."""
    while (item := layout.takeAt(0)) is not None:
        if (old := item.widget()) is not None:
            old.hide()
            old.deleteLater()


class Scrolled(QScrollArea):
    """A page that scrolls up and down only, and is no tab stop of its own."""

    def __init__(self, look: Look, body: QLayout) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        outer = QVBoxLayout()
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addLayout(body)
        inside = QWidget()
        inside.setProperty("ground", "scrolled")
        inside.setLayout(outer)
        self.setWidget(inside)
        self._look, self._inside = look, inside
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._lay_out_again)
        look.changed.connect(self._fit)
        look.changed.connect(self._soon.start)
        self._fit()

    def _fit(self) -> None:
        self.verticalScrollBar().setSingleStep(self._look.px(40))

    def _lay_out_again(self) -> None:
        """After a zoom columns fold inside columns, and Qt may keep a row as high as it was: measure all anew."""
        for layout in self._inside.findChildren(QLayout):
            layout.invalidate()
