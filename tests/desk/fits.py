"""Whether a window fits its words: nothing cut, nothing wider than the window, at any zoom and in any theme."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QScrollArea, QWidget

from ui.theme.look import Look
from ui.theme.tokens import THEMES, ThemeName

ZOOMS = (1.0, 1.5, 2.0)


def every_look(look: Look) -> Iterator[tuple[ThemeName, float]]:
    """Go through the three themes and three zooms; the layout has settled at each."""
    app = QApplication.instance()
    assert app is not None
    for theme in THEMES:
        for zoom in ZOOMS:
            look.set_theme(theme)
            look.set_zoom(zoom)
            for _round in range(5):
                app.processEvents()
            yield theme, zoom


def cut(window: QWidget) -> list[str]:
    """Words that don't have the room they ask for, and pages that would have to scroll sideways."""
    wrong = []
    for widget in window.findChildren(QWidget):
        if not widget.isVisibleTo(window):
            continue
        if isinstance(widget, QLabel | QPushButton) and widget.text():
            needs, has = widget.minimumSizeHint(), widget.size()
            if needs.width() > has.width() + 1 or needs.height() > has.height() + 1:
                wrong.append(f"{widget.text()!r} has {has.toTuple()} and needs {needs.toTuple()}")
            if widget.wordWrap() if isinstance(widget, QLabel) else False:
                high = widget.heightForWidth(widget.width())
                if high > widget.height() + 1:
                    wrong.append(f"{widget.text()!r} is {widget.height()} high and needs {high}")
        if isinstance(widget, QLineEdit) and widget.height() < widget.fontMetrics().height():
            wrong.append(f"edit {widget.accessibleName()!r} is too low")
        if isinstance(widget, QScrollArea) and (inside := widget.widget()) is not None:
            over = inside.minimumSizeHint().width() - widget.viewport().width()
            if over > 1:
                wrong.append(f"a page is {over} pixels too wide")
    if window.minimumSizeHint().width() > window.width():
        wrong.append(f"the window needs {window.minimumSizeHint().width()} pixels")
    return wrong
