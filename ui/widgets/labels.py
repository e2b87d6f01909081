"""Words and small signs that tell and never act: labels, paragraphs, chips, icons, keycaps, the mark."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from ui.theme import icons, paint
from ui.theme.look import Look
from ui.theme.tokens import SIZE, Scale, Tone, Weight

_Policy = QSizePolicy.Policy


class Label(QLabel):
    """One line of plain text, right-aligned, never cut: it asks for all the width it needs.

    `tone` is any colour token that is an ink: text, muted, accent, ok, warn, danger, on_accent, on_soft, …
    """

    def __init__(
        self, look: Look, words: str = "", *, scale: Scale = "body", weight: Weight = "regular", tone: str = "text"
    ) -> None:
        super().__init__(words)
        self.look, self._scale, self._weight, self._tone = look, scale, weight, tone
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(_Policy.Preferred, _Policy.Fixed)
        look.changed.connect(self.restyle)
        self.restyle()

    def restyle(self) -> None:
        self.setFont(self.look.font(self._scale, self._weight))
        self.updateGeometry()
        self.update()

    def set_tone(self, tone: str) -> None:
        self._tone = tone
        self.update()

    def set_weight(self, weight: Weight) -> None:
        self._weight = weight
        self.restyle()

    def ink(self) -> QColor:
        return self.look.colour(self._tone)

    def sizeHint(self) -> QSize:
        font = self.look.font(self._scale, self._weight)
        return QSize(paint.width_of(self.text(), font), paint.line_height(font))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _: QPaintEvent) -> None:
        with QPainter(self) as painter:
            paint.draw_line(painter, QRectF(self.rect()), self.text(), self.font(), self.ink())


class Paragraph(Label):
    """Plain text over as many lines as its width asks, right-aligned and ragged left."""

    def __init__(
        self, look: Look, words: str = "", *, scale: Scale = "body", weight: Weight = "regular", tone: str = "text"
    ) -> None:
        super().__init__(look, words, scale=scale, weight=weight, tone=tone)
        self.setWordWrap(True)
        policy = QSizePolicy(_Policy.Preferred, _Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def _height(self, width: int) -> int:
        return len(paint.lines_of(self.text(), self.font(), width)) * paint.line_height(self.font())

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._height(width)

    def sizeHint(self) -> QSize:
        width = min(paint.width_of(self.text(), self.font()), self.look.px(420))
        return QSize(width, self._height(width))

    def minimumSizeHint(self) -> QSize:
        longest = max((paint.width_of(word, self.font()) for word in self.text().split()), default=0)
        return QSize(longest, paint.line_height(self.font()))

    def paintEvent(self, _: QPaintEvent) -> None:
        step = paint.line_height(self.font())
        with QPainter(self) as painter:
            lines = paint.lines_of(self.text(), self.font(), self.width())
            top = max(0, (self.height() - step * len(lines)) / 2)
            for number, line in enumerate(lines):
                rect = QRectF(0, top + number * step, self.width(), step)
                paint.draw_line(painter, rect, line, self.font(), self.ink())


class Icon(QWidget):
    """An icon beside words. It says nothing by itself, so it isn't in the accessibility tree's focus order."""

    def __init__(self, look: Look, name: str, *, tone: str = "muted", size: int = SIZE.icon) -> None:
        super().__init__()
        self._look, self._name, self._tone, self._size = look, name, tone, size
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        look.changed.connect(self.restyle)
        self.restyle()

    def restyle(self) -> None:
        side = self._look.px(self._size)
        self.setFixedSize(side, side)
        self.update()

    def show_icon(self, name: str, tone: str) -> None:
        self._name, self._tone = name, tone
        self.update()

    def paintEvent(self, _: QPaintEvent) -> None:
        with QPainter(self) as painter:
            icons.paint(painter, QRectF(self.rect()), self._name, self._look.theme.colour(self._tone))


class KeyCap(QLabel):
    """A key of the keyboard, in Latin, quietly."""

    def __init__(self, look: Look, key: str) -> None:
        super().__init__(key)
        self._look = look
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(_Policy.Fixed, _Policy.Fixed)
        look.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        return QSize(*paint.key_size(self._look, self.text()))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _: QPaintEvent) -> None:
        look = self._look
        with QPainter(self) as painter:
            ground = look.colour("surface")
            paint.draw_key(
                painter, look, QRectF(self.rect()), self.text(), look.colour("muted"), look.colour("line"), ground
            )


class Chip(QLabel):
    """A state in one or two words, with a tone and perhaps an icon; fully round, because it is never a button."""

    def __init__(self, look: Look, words: str = "", *, tone: Tone = "muted", icon: str = "") -> None:
        super().__init__(words)
        self._look, self._tone, self._icon = look, tone, icon
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(_Policy.Fixed, _Policy.Fixed)
        look.changed.connect(self.updateGeometry)

    def tell(self, words: str, tone: Tone, icon: str = "") -> None:
        """Show another state."""
        self._tone, self._icon = tone, icon
        self.setText(words)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        look = self._look
        width = paint.width_of(self.text(), look.font("caption", "medium")) + 2 * look.space("s")
        if self._icon:
            width += look.px(16) + look.space("xs")
        height = look.px(SIZE.chip)
        return QSize(max(width, height), height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _: QPaintEvent) -> None:
        with QPainter(self) as painter:
            draw_chip(painter, self._look, QRectF(self.rect()), self.text(), self._tone, self._icon)


def draw_chip(
    painter: QPainter, look: Look, rect: QRectF, words: str, tone: Tone, icon: str = "", *, lifted: bool = False
) -> None:
    """A chip filling `rect`; for delegates too. `lifted` puts it on surface, for a chosen row."""
    ink, ground = (QColor(colour) for colour in look.theme.tone(tone))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(look.colour("surface") if lifted else ground)
    painter.setPen(QPen(ink, 1) if look.theme.outlined else Qt.PenStyle.NoPen)
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), rect.height() / 2, rect.height() / 2)
    font = look.font("caption", "medium")
    inside = paint.width_of(words, font) + (look.px(16) + look.space("xs") if icon else 0)
    right = rect.center().x() + inside / 2
    if icon:
        side = look.px(16)
        icons.paint(painter, QRectF(right - side, rect.center().y() - side / 2, side, side), icon, ink.name())
        right -= side + look.space("xs")
    paint.draw_line(painter, QRectF(rect.left(), rect.top(), right - rect.left(), rect.height()), words, font, ink)


class Rule(QWidget):
    """A hairline between rows; decoration only."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setFixedHeight(1)
        look.changed.connect(self.update)

    def paintEvent(self, _: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), self._look.colour("line"))


class Initials(QLabel):
    """The first letter of a name on a disc; the name itself stands beside it."""

    def __init__(self, look: Look, letter: str, size: int = SIZE.control) -> None:
        super().__init__(letter)
        self._look, self._size = look, size
        self.setTextFormat(Qt.TextFormat.PlainText)
        look.changed.connect(self.restyle)
        self.restyle()

    def restyle(self) -> None:
        self.setFixedSize(self._look.px(self._size), self._look.px(self._size))
        self.update()

    def sizeHint(self) -> QSize:
        """Its disc, at this zoom: a label remembers the room of another."""
        return QSize(self._look.px(self._size), self._look.px(self._size))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._look.colour("accent_soft"))
            painter.drawEllipse(self.rect())
            painter.setPen(self._look.colour("on_soft"))
            painter.setFont(self._look.font("lead", "bold"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())


class Star(QWidget):
    """The mark: the eight-pointed star of Persian tilework, two turned squares."""

    def __init__(self, look: Look, size: int = 34) -> None:
        super().__init__()
        self._look, self._size = look, size
        look.changed.connect(self.restyle)
        self.restyle()

    def restyle(self) -> None:
        self.setFixedSize(self._look.px(self._size), self._look.px(self._size))
        self.update()

    def paintEvent(self, _: QPaintEvent) -> None:
        half = self.width() * 0.35
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.translate(self.width() / 2, self.height() / 2)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._look.colour("accent"))
            for _square in range(2):
                painter.drawRect(QRectF(-half, -half, 2 * half, 2 * half))
                painter.rotate(45)
            painter.setBrush(self._look.colour("paper" if self._look.theme.outlined else "spark"))
            painter.drawEllipse(QPointF(0, 0), half * 0.42, half * 0.42)


def heading(look: Look, words: str) -> Label:
    """The one heading of a card."""
    return Label(look, words, scale="lead", weight="bold")
