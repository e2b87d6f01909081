"""One sentence over a whole screen, in the largest letters that fit: for a client who doesn't hear."""

from __future__ import annotations

from collections.abc import Sequence

import shiboken6
from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QKeyEvent, QPainter, QPaintEvent, QScreen
from PySide6.QtWidgets import QApplication, QWidget

from ui.access import named
from ui.theme import paint
from ui.theme.look import Look

LARGEST, SMALLEST = 400, 24
_MARGIN = 1 / 16
_WHITE, _BLACK = "#FFFFFF", "#000000"


def other_screen(used: QWidget) -> QScreen | None:
    """A monitor the window isn't on, None where there is but one."""
    own = used.screen()
    return next((each for each in QGuiApplication.screens() if each is not own), None)


def fitted(words: str, font: QFont, width: int, height: int) -> tuple[QFont, Sequence[str]]:
    """The largest size of `font` at which `words` fit, no word broken, and the lines they make.

    What doesn't fit at the smallest size is returned at that: the caller keeps sentences short.
    """
    low, high = SMALLEST, LARGEST
    while low < high:
        middle = (low + high + 1) // 2
        if _fits(words, _sized(font, middle), width, height):
            low = middle
        else:
            high = middle - 1
    best = _sized(font, low)
    return best, paint.lines_of(words, best, width)


def _sized(font: QFont, pixels: int) -> QFont:
    sized = QFont(font)
    sized.setPixelSize(pixels)
    return sized


def _fits(words: str, font: QFont, width: int, height: int) -> bool:
    lines = paint.lines_of(words, font, width)
    if len(lines) * paint.line_height(font) > height:
        return False
    return all(paint.width_of(each, font) <= width for each in (*words.split(), *lines))


class Giant(QWidget):
    """A window of its own with nothing else in it. Esc takes it away, wherever the keyboard is.

    Black on white in every theme but the one of high contrast, which keeps its own colours. On a second monitor it
    leaves the keyboard where it was; on the only one, the keyboard comes back to where it was when it goes.
    """

    def __init__(self, look: Look, desk: QWidget) -> None:
        super().__init__(desk, Qt.WindowType.Window | Qt.WindowType.FramelessWindowHint)
        self._look, self._desk, self._words = look, desk, ""
        self._back: QWidget | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        look.changed.connect(self.update)

    def show_words(self, words: str, *, second: bool = False) -> None:
        """Show a sentence in place of the one before. `second`: on another monitor, if there is one."""
        self._words = words
        self.setWindowTitle(words.replace("\n", " "))
        named(self, words.replace("\n", " "))
        screen = other_screen(self._desk) if second else None
        if not self.isVisible():
            self._back = self._desk.focusWidget()
            app = QApplication.instance()
            assert app is not None  # noqa: S101
            app.installEventFilter(self)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating, screen is not None)
        self.setGeometry((screen or self._desk.screen()).geometry())
        self.showFullScreen()
        if screen is None:
            self.raise_()
            self.activateWindow()
            self.setFocus()
        self.update()

    def words(self) -> str:
        """What is shown; empty while nothing is."""
        return self._words if self.isVisible() else ""

    def take_away(self) -> None:
        """Show nothing."""
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)
        had_keyboard = self.isActiveWindow()
        self.hide()
        self._words = ""
        if had_keyboard:
            self._desk.activateWindow()
            if self._back is not None and _lives_in(self._back, self._desk):
                self._back.setFocus()
        self._back = None

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Esc is this window's while it is shown, whichever has the keyboard."""
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape and self.isVisible():
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self.take_away()
                return True
        return False

    def colours(self) -> tuple[QColor, QColor]:
        """Ground and ink."""
        if self._look.theme_name == "contrast":
            return self._look.colour("paper"), self._look.colour("text")
        return QColor(_WHITE), QColor(_BLACK)

    def laid_out(self) -> tuple[QFont, Sequence[str]]:
        """The font and the lines in which the sentence is shown now."""
        room = self._room()
        return fitted(self._words, self._look.font("body", "bold"), int(room.width()), int(room.height()))

    def _room(self) -> QRectF:
        margin = min(self.width(), self.height()) * _MARGIN
        return QRectF(self.rect()).adjusted(margin, margin, -margin, -margin)

    def paintEvent(self, _: QPaintEvent) -> None:
        ground, ink = self.colours()
        room, (font, lines) = self._room(), self.laid_out()
        step = paint.line_height(font)
        block = max((paint.width_of(line, font) for line in lines), default=0)
        top = room.top() + (room.height() - step * len(lines)) / 2
        right = room.right() - (room.width() - block) / 2
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), ground)
            for number, line in enumerate(lines):
                box = QRectF(room.left(), top + number * step, right - room.left(), step)
                paint.draw_line(painter, box, line, font, ink)


def _lives_in(widget: QWidget, window: QWidget) -> bool:
    return shiboken6.isValid(widget) and window.isAncestorOf(widget)
