"""What stands over the whole window for a moment, such as the help: beneath it nothing is touched, said or reached."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QObject, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QBoxLayout, QWidget

from ui.access.keys import shortcut
from ui.theme.look import Look
from ui.widgets import Card, column, row

_WIDE = 720
_VEIL = 0.86


class Panel(Card):
    """What floats: a card of one width. `left` asks to take it away; its `key` does, as Esc does."""

    left = Signal()
    key = ""

    def __init__(self, look: Look, name: str) -> None:
        super().__init__(look, gap="m", pad="l")
        self.look = look
        self.setAccessibleName(name)

    def first(self) -> QWidget:
        """Where the keyboard is put."""
        raise NotImplementedError


class Veil(QWidget):
    """The place beneath, faint, and a panel over it."""

    def __init__(self, look: Look, beneath: QPixmap, panel: Panel) -> None:
        super().__init__()
        self._look, self._beneath, self._panel = look, beneath, panel
        line = row(look, 1, gap="none")
        line.addWidget(panel, 0)
        line.addStretch(1)
        whole = column(look, gap="none", margins=("xl", "xxl", "xl", "xxl"))
        whole.addLayout(line, 1)
        self.setLayout(whole)
        for keys in {"Escape", panel.key} - {""}:
            shortcut(self, keys, panel.left.emit)
        look.changed.connect(self.fit)
        self.fit()

    def fit(self) -> None:
        room = self.width() - 2 * self._look.space("xl")
        self._panel.setFixedWidth(max(min(self._look.px(_WIDE), room), 1))
        self.update()

    def resizeEvent(self, _event: object) -> None:
        self.fit()

    def paintEvent(self, _: QPaintEvent) -> None:
        ground = self._look.colour("paper")
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), ground)
            if self._beneath.deviceIndependentSize().toSize() == self.size():
                painter.setOpacity(1 - _VEIL)
                painter.drawPixmap(QRectF(self.rect()), self._beneath, QRectF(self._beneath.rect()))


class Floor(QObject):
    """Lays a panel over `body` in its layout, and gives the keyboard back exactly where it was."""

    def __init__(self, look: Look, window: QWidget, body: QWidget, layout: QBoxLayout) -> None:
        super().__init__(window)
        self._look, self._window, self._body, self._layout = look, window, body, layout
        self._veil: Veil | None = None
        self._had: QWidget | None = None

    def up(self) -> bool:
        """Whether something stands over the window."""
        return self._veil is not None

    def lay(self, panel: Panel) -> None:
        """Put the panel over everything and the keyboard into it."""
        self.lift()
        self._had = self._window.focusWidget()
        self._veil = Veil(self._look, self._body.grab(), panel)
        self._layout.addWidget(self._veil, 1)
        self._veil.show()
        self._step_to(panel.first(), self._had)
        self._body.hide()

    def lift(self) -> None:
        """Take it away, if anything is there."""
        veil, had = self._veil, self._had
        self._veil = self._had = None
        if veil is None:
            return
        self._body.show()
        if had is not None and shiboken6.isValid(had) and had.isVisibleTo(self._window):
            had.setFocus(Qt.FocusReason.PopupFocusReason)
        veil.hide()
        self._layout.removeWidget(veil)
        veil.deleteLater()

    def _step_to(self, to: QWidget, had: QWidget | None) -> None:
        """A field that is left for a moment isn't finished with: it must not judge what stands in it."""
        if had is not None:
            had.blockSignals(True)
        to.setFocus(Qt.FocusReason.PopupFocusReason)
        if had is not None:
            had.blockSignals(False)
