"""`Screen`: what the window asks of every screen, and the shape they share."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.domain.changed import Changed
from ui.theme.look import Look
from ui.widgets.bars import ActionBar
from ui.widgets.layout import Scrolled, column


class Screen(QWidget):
    """One place of the window: a scrolling body and, where something is saved, an action bar under it.

    A screen is given functions and values, never the application. It emits `headed` when its title or subtitle changed,
    `told` with a sentence for the toast, and `undoable` with one and an `Undo`. `help_name` is its table under
    `help` in the texts. `holds`: what is typed here is kept nowhere else, so that no key may lead away from it but Esc.
    """

    help_name = ""
    holds = False

    headed = Signal()
    told = Signal(str)
    undoable = Signal(str, object)

    def __init__(self, look: Look, title: str, subtitle: str = "") -> None:
        super().__init__()
        self.look, self.title, self.subtitle = look, title, subtitle
        self._typed_in: QWidget | None = None
        self._rest: QWidget | None = None

    def build(self, body: QWidget, bar: ActionBar | None = None) -> None:
        """Put the body in place; called once, at the end of the constructor."""
        self.page = Scrolled(self.look, column(self.look, body, margins=("xl", "none", "xl", "l")))
        whole = column(self.look, gap="none")
        whole.addWidget(self.page, 1)
        if bar is not None:
            whole.addWidget(bar)
        self.setLayout(whole)

    def freeze(self, rest: QWidget) -> None:
        """Let nothing be typed while an answer is awaited; the keyboard waits on `rest`, which must do nothing then."""
        self._typed_in, self._rest = self.focusWidget(), rest
        rest.setFocus()
        self.page.setEnabled(False)

    def thaw(self) -> None:
        """The answer came: the keyboard goes back to where it was, if the person didn't take it elsewhere."""
        self.page.setEnabled(True)
        back = self._typed_in
        if back is not None and shiboken6.isValid(back) and self.focusWidget() is self._rest:
            back.setFocus()
        self._typed_in = self._rest = None

    def head(self, title: str, subtitle: str = "") -> None:
        """Change what the top bar says."""
        self.title, self.subtitle = title, subtitle
        self.headed.emit()

    def shown(self) -> None:
        """The screen came to the front: read what it shows."""

    def refresh(self, changed: Changed) -> None:
        """Something was written or pulled while the screen is in front; read again if it matters here."""
        del changed
        self.shown()

    def leave(self) -> None:
        """The window is being closed: begin to keep what was typed and isn't kept yet."""

    def first(self) -> QWidget | None:
        """The control that takes the keyboard when the screen is opened by a key."""
        return None

    def search(self) -> None:
        """F3: put the keyboard in the search box, if the screen has one."""
        if (widget := self.first()) is not None:
            widget.setFocus()
