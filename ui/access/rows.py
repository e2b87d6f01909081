"""Rows that assistive technology chooses: it selects a row and presses neither key nor mouse."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QAbstractItemView


def follow_selection(view: QAbstractItemView) -> None:
    """Make a row that assistive technology selects the current one, as an arrow key does; the view has its model.

    Keys, the mouse and the program move the current row with the selection, so that nothing is left to do for them.
    """

    def follow() -> None:
        chosen = view.selectionModel().selectedIndexes()
        if chosen and chosen[0] != view.currentIndex():
            view.setCurrentIndex(chosen[0])

    # with keys the current row follows a moment later by itself
    view.selectionModel().selectionChanged.connect(lambda *_: QTimer.singleShot(0, view, follow))
