"""`ChoiceTiles`: full-size choices. The chosen one has ground, edge and tick: never colour alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from desktop.domain import texts
from ui.access.keys import digit_of
from ui.theme import icons, paint
from ui.theme.look import Look
from ui.theme.tokens import RADIUS, SIZE
from ui.widgets.layout import Grid


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose: the `value` a screen gets back, the words on the tile, a second line, an icon."""

    value: str
    words: str
    about: str = ""
    icon: str = ""


class Tile(QPushButton):
    """One choice of a `ChoiceTiles`; a radio button to a screen reader where one is chosen, else a check box."""

    arrow = Signal(int)  # a Qt.Key
    digit = Signal(int)

    def __init__(self, look: Look, choice: Choice, number: int, *, alone: bool, compact: bool) -> None:
        super().__init__(choice.words.replace("&", "&&"))
        self.look, self.choice, self._compact = look, choice, compact
        self.pressed_now = False
        self._key = str(number) if number <= 9 else ""
        self.setCheckable(True)
        self.setAutoExclusive(alone)
        self.setAutoDefault(False)
        self.setAccessibleDescription(choice.about)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        look.changed.connect(self.restyle)

    def show_choice(self, choice: Choice) -> None:
        """Stand for another choice, in the same place and the same turn of the Tab key."""
        self.choice = choice
        self.setText(choice.words.replace("&", "&&"))
        self.setAccessibleDescription(choice.about)
        self.restyle()

    def restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def nextCheckState(self) -> None:
        """Qt asks for it in a click alone: what is toggled without one was toggled by assistive technology."""
        self.pressed_now = True
        try:
            super().nextCheckState()
        finally:
            self.pressed_now = False

    def shows_key(self) -> bool:
        """Whether a digit stands on the tile, so that it may be pressed."""
        return bool(self._key) and not self._compact

    def _icon_side(self) -> int:
        """Beside two lines the icon is a small picture of what is chosen."""
        return self.look.px(SIZE.icon_big if self.choice.about else SIZE.icon)

    def _tail_width(self) -> int:
        """Room for the tick or the keycap, which stand in the same place."""
        key = paint.key_size(self.look, self._key)[0] if self.shows_key() else 0
        return max(self.look.px(18), key) + self.look.space("s")

    def sizeHint(self) -> QSize:
        look = self.look
        words = paint.width_of(self.choice.words, look.font("body", "medium"))
        about = paint.width_of(self.choice.about, look.font("caption")) if self.choice.about else 0
        width = max(words, about) + self._tail_width() + 2 * look.space("m")
        if self.choice.icon:
            width += self._icon_side() + look.space("s")
        return QSize(width, look.px(SIZE.control if not self.choice.about else 60))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        number = digit_of(event)
        if number is not None:
            self.digit.emit(number)
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.arrow.emit(int(event.key()))
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def _ground(self, painter: QPainter) -> None:
        look, edge = self.look, self.look.theme.edge
        if not self.isEnabled():
            ground, colour, style = "sunken", "border", Qt.PenStyle.DashLine
        elif self.isChecked():
            ground, colour, style, edge = "accent_soft", "accent", Qt.PenStyle.SolidLine, 2
        else:
            ground, colour, style = ("sunken" if self.underMouse() else "surface"), "border", Qt.PenStyle.SolidLine
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(look.colour(ground))
        painter.setPen(QPen(look.colour(colour), edge, style))
        radius = look.px(RADIUS.control)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(edge / 2, edge / 2, -edge / 2, -edge / 2), radius, radius)

    def paintEvent(self, _: QPaintEvent) -> None:
        look, on = self.look, self.isChecked()
        name = "muted" if not self.isEnabled() else "on_soft" if on else "text"
        ink, pad, middle = look.colour(name), look.space("m"), self.height() / 2
        with QPainter(self) as painter:
            self._ground(painter)
            right = float(self.width() - pad)
            if self.choice.icon:
                side = self._icon_side()
                icons.paint(painter, QRectF(right - side, middle - side / 2, side, side), self.choice.icon, ink.name())
                right -= side + look.space("s")
            font = look.font("body", "medium" if on or self.choice.about else "regular")
            if self.choice.about:
                quiet, half = (
                    look.colour("on_soft" if on and self.isEnabled() else "muted"),
                    paint.line_height(font) / 2,
                )
                above = QRectF(0, middle - 2 * half, right, 2 * half)
                paint.draw_line(painter, above, self.choice.words, font, ink)
                below = QRectF(0, middle, right, 2 * half)
                paint.draw_line(painter, below, self.choice.about, look.font("caption"), quiet)
            else:
                paint.draw_line(painter, QRectF(0, 0, right, self.height()), self.choice.words, font, ink)
            if on:
                side = look.px(18)
                icons.paint(painter, QRectF(pad, middle - side / 2, side, side), "check", ink.name())
            elif self.shows_key():
                wide, tall = paint.key_size(look, self._key)
                cap = QRectF(pad, middle - tall / 2, wide, tall)
                paint.draw_key(painter, look, cap, self._key, look.colour("muted"), look.colour("line"))


class ChoiceTiles(QWidget):
    """A group of tiles: one choice, or with `several` any number. Nothing is chosen at first.

    Inside the focused group arrows go from tile to tile (and choose, where one is chosen), Space chooses, and a digit
    of any layout too, where the tiles show digits: in a `compact` group a number typed in the wrong place changes
    nothing. Where one is chosen, Tab stops at that one, from either side. `chosen` is emitted when the person changes
    the choice, never by `choose`; `settled` after it where they took it by its digit, and mean to go on.
    """

    chosen = Signal()
    settled = Signal()

    def __init__(
        self,
        look: Look,
        name: str,
        choices: Sequence[Choice],
        *,
        several: bool = False,
        wide: int = 3,
        narrow: int = 2,
        compact: bool = False,
    ) -> None:
        super().__init__()
        self._several, self._choosing = several, False
        self.setAccessibleName(name)
        self.tiles = [Tile(look, choice, n, alone=not several, compact=compact) for n, choice in enumerate(choices, 1)]
        self._grid = Grid(look, self.tiles, wide, narrow)
        self.setLayout(self._grid)
        for tile in self.tiles:
            tile.clicked.connect(self._report)
            tile.toggled.connect(self._toggled)
            tile.arrow.connect(self._move)
            tile.digit.connect(self._press)
        self._stop_at_chosen()

    def values(self) -> tuple[str, ...]:
        """The chosen values, in the order of the tiles."""
        return tuple(tile.choice.value for tile in self.tiles if tile.isChecked())

    def value(self) -> str | None:
        """The chosen value of a group where one is chosen, or None."""
        return next(iter(self.values()), None)

    def choose(self, values: str | Iterable[str] | None) -> None:
        """Show these values as chosen and nothing else, without a signal."""
        wanted = {values} if isinstance(values, str) else set(values or ())
        self._choosing = True
        for tile in self.tiles:
            tile.setAutoExclusive(False)  # an exclusive group can't be emptied
        for tile in self.tiles:
            tile.setChecked(tile.choice.value in wanted)
        for tile in self.tiles:
            tile.setAutoExclusive(not self._several)
        self._choosing = False
        self._stop_at_chosen()

    def _stop_at_chosen(self) -> None:
        """The keyboard comes in at the chosen tile, or the first; the arrows reach the others."""
        if not self.tiles:
            return
        stop = next((tile for tile in self.tiles if tile.isChecked()), self.tiles[0])
        self.setFocusProxy(stop)
        for tile in () if self._several else self.tiles:
            tile.setFocusPolicy(Qt.FocusPolicy.StrongFocus if tile is stop else Qt.FocusPolicy.ClickFocus)

    def set_description(self, words: str) -> None:
        """What a `Field` says of the group: required, hint, error."""
        self.setAccessibleDescription(words)
        for tile in self.tiles:
            tile.setAccessibleDescription(texts.say("ui.and").join(part for part in (tile.choice.about, words) if part))

    def _report(self) -> None:
        if not self._several:
            self._stop_at_chosen()
        self.chosen.emit()

    def _toggled(self, on: bool) -> None:
        """A screen reader's own action toggles a tile and clicks nothing."""
        if not (self._choosing or any(each.pressed_now for each in self.tiles)) and (on or self._several):
            self._report()

    def _press(self, number: int) -> None:
        tile = self.tiles[number - 1] if 1 <= number <= len(self.tiles) else None
        if tile is not None and tile.isEnabled() and tile.shows_key():
            tile.setFocus(Qt.FocusReason.OtherFocusReason)
            tile.click()
            self.settled.emit()

    def _move(self, key: int) -> None:
        steps = {
            Qt.Key.Key_Left: 1,
            Qt.Key.Key_Right: -1,
            Qt.Key.Key_Down: self._grid.across,
            Qt.Key.Key_Up: -self._grid.across,
        }
        here = next((n for n, tile in enumerate(self.tiles) if tile.hasFocus()), 0)
        there = here + steps[Qt.Key(key)]
        while 0 <= there < len(self.tiles) and not self.tiles[there].isEnabled():
            there += 1 if there > here else -1
        if not 0 <= there < len(self.tiles):
            return
        tile = self.tiles[there]
        tile.setFocus(Qt.FocusReason.TabFocusReason)
        if not self._several:
            tile.click()
