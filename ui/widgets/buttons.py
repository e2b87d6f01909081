"""Buttons whose face paints itself: words, icon and keycap, with nothing inside for a screen reader to stumble over."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPen, QShortcutEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy

from desktop.domain import texts
from ui.theme import icons, paint
from ui.theme.look import Look
from ui.theme.tokens import RADIUS, SIZE, Scale, Weight

Kind = Literal["primary", "secondary", "quiet", "ghost", "on_hero"]
_TALL: dict[Kind, int] = {"quiet": SIZE.quiet}


class Button(QPushButton):
    """A button. Its accessible name is its words; `key` ("F6", "Ctrl+1") works while it is visible and is shown on it
    (`bind=False` shows it only, where the window already listens to it). A key held down presses it once.

    One `primary` a screen. `quiet` is words alone, `ghost` and `on_hero` stand on the petrol block.
    """

    def __init__(
        self,
        look: Look,
        words: str,
        *,
        kind: Kind = "secondary",
        icon: str = "",
        key: str = "",
        big: bool = False,
        bind: bool = True,
    ) -> None:
        super().__init__(words.replace("&", "&&"))
        self.look, self.kind, self.icon_name, self.key, self.big = look, kind, icon, key, big
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._bound = self.grabShortcut(QKeySequence(key)) if key and bind else 0
        if self._bound:
            self.setShortcutAutoRepeat(self._bound, False)
        self._describe_key()
        look.changed.connect(self.restyle)

    def _describe_key(self) -> None:
        self.setAccessibleDescription(texts.say("ui.key", key=self.key) if self.key else "")

    def restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def set_words(self, words: str) -> None:
        """Say something else; the key stays."""
        self.setText(words.replace("&", "&&"))
        self.updateGeometry()

    def words(self) -> str:
        return self.text().replace("&&", "&")

    def binds(self) -> bool:
        """Whether it listens to its key itself."""
        return bool(self._bound)

    def disable(self, why: str) -> None:
        """Take the button out of use and say why in its description."""
        self.setEnabled(False)
        self.setAccessibleDescription(why)
        self.setToolTip(why)

    def enable(self) -> None:
        self.setEnabled(True)
        self._describe_key()
        self.setToolTip("")

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QShortcutEvent) and event.shortcutId() == self._bound:
            self.click()  # at once; Qt would play a pressing of 100 ms first
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self.click()
        else:
            super().keyPressEvent(event)

    def _type(self) -> tuple[Scale, Weight]:
        return ("lead" if self.big else "body"), ("bold" if self.kind in ("primary", "on_hero") else "medium")

    def _padding(self) -> int:
        return self.look.space("s" if self.kind == "quiet" else "xl" if self.big else "l")

    def _content_width(self) -> int:
        width = paint.width_of(self.words(), self.look.font(*self._type()))
        if self.icon_name:
            width += self.look.px(SIZE.icon) + self.look.space("s")
        if self.key:
            width += paint.key_size(self.look, self.key)[0] + self.look.space("s")
        return width

    def sizeHint(self) -> QSize:
        tall = SIZE.control_big if self.big else _TALL.get(self.kind, SIZE.control)
        return QSize(self._content_width() + 2 * self._padding(), self.look.px(tall))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def colours(self) -> tuple[QColor, QColor | None, QColor | None]:
        """Ink, ground and edge in the present state."""
        t, lit = self.look.colour, self.isEnabled() and (self.underMouse() or self.isDown())
        if not self.isEnabled():
            return t("muted"), t("sunken"), t("border")
        match self.kind:
            case "primary":
                return t("on_accent"), t("accent_hover" if lit else "accent"), None
            case "on_hero":
                return t("accent"), t("on_accent"), None
            case "ghost":
                return t("on_accent"), t("accent_hover") if lit else None, t("on_accent")
            case "quiet":
                return t("accent"), t("sunken") if lit else None, None
            case _:
                return t("text"), t("sunken" if lit else "surface"), t("border")

    def _draw_ground(self, painter: QPainter, ground: QColor | None, edge: QColor | None) -> None:
        width = self.look.theme.edge
        pen = QPen(Qt.PenStyle.NoPen)
        if edge is not None:
            pen = QPen(edge, width, Qt.PenStyle.SolidLine if self.isEnabled() else Qt.PenStyle.DashLine)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(pen)
        painter.setBrush(ground if ground is not None else Qt.BrushStyle.NoBrush)
        half, radius = width / 2, self.look.px(RADIUS.control)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), radius, radius)

    def _key_ink(self, ink: QColor) -> tuple[QColor, QColor]:
        if self.isEnabled() and self.kind in ("primary", "ghost", "on_hero"):
            soft = ink if self.kind == "on_hero" else self.look.colour("on_accent_soft")
            return soft, soft
        return self.look.colour("muted"), self.look.colour("border" if not self.isEnabled() else "line")

    def paintEvent(self, _: QPaintEvent) -> None:
        ink, ground, edge = self.colours()
        look = self.look
        with QPainter(self) as painter:
            self._draw_ground(painter, ground, edge)
            middle, font = self.height() / 2, look.font(*self._type())
            right = (self.width() + self._content_width()) / 2
            if self.icon_name:
                side = look.px(SIZE.icon)
                icons.paint(painter, QRectF(right - side, middle - side / 2, side, side), self.icon_name, ink.name())
                right -= side + look.space("s")
            paint.draw_line(painter, QRectF(0, 0, right, self.height()), self.words(), font, ink)
            if self.key:
                right -= paint.width_of(self.words(), font) + look.space("s")
                wide, tall = paint.key_size(look, self.key)
                paint.draw_key(
                    painter, look, QRectF(right - wide, middle - tall / 2, wide, tall), self.key, *self._key_ink(ink)
                )


class PrimaryButton(Button):
    """The one act of the screen: F9, unless it answers a question, which F9 must never do."""

    def __init__(self, look: Look, words: str, *, icon: str = "", key: str = "F9", big: bool = False) -> None:
        super().__init__(look, words, kind="primary", icon=icon, key=key, big=big)
