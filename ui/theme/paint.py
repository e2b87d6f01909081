"""Drawing words and keycaps: right-to-left base direction whatever the first letter, no trailing-space indent."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QTextLayout, QTextOption

from ui.theme.look import Look
from ui.theme.tokens import RADIUS

_KEY_PADDING = 5


def _layout(words: str, font: QFont, ltr: bool = False) -> QTextLayout:
    layout = QTextLayout(words, font)
    option = QTextOption()
    direction = Qt.LayoutDirection.LeftToRight if ltr else Qt.LayoutDirection.RightToLeft
    option.setTextDirection(direction)
    option.setWrapMode(QTextOption.WrapMode.WordWrap)
    layout.setTextOption(option)
    return layout


def width_of(words: str, font: QFont) -> int:
    """Pixels `words` take on one line."""
    return math.ceil(QFontMetricsF(font).horizontalAdvance(words)) + 1


def shortened(words: str, font: QFont, width: float) -> str:
    """`words` on one line no wider than `width`: what is cut is their end, at the left, and never their first word."""
    return QFontMetricsF(font).elidedText(words, Qt.TextElideMode.ElideRight, width)


def line_height(font: QFont) -> int:
    return math.ceil(QFontMetricsF(font).lineSpacing())


def lines_of(words: str, font: QFont, width: int) -> list[str]:
    """`words` broken into lines no wider than `width`, each without the space it was broken at."""
    lines: list[str] = []
    for paragraph in words.split("\n"):
        layout = _layout(paragraph, font)
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(width, 1))
            lines.append(paragraph[line.textStart() : line.textStart() + line.textLength()].strip())
        layout.endLayout()
    return lines


def draw_line(
    painter: QPainter,
    rect: QRectF,
    words: str,
    font: QFont,
    colour: QColor,
    *,
    at_left: bool = False,
    ltr: bool = False,
) -> None:
    """One line in the middle of `rect`'s height, against its right edge (or its left)."""
    layout = _layout(words, font, ltr)
    layout.beginLayout()
    line = layout.createLine()
    if line.isValid():
        line.setLineWidth(1e6)
    layout.endLayout()
    if not line.isValid():
        return
    # The line is laid out in an endless width, so where its ink starts is asked of the line itself.
    ink = line.naturalTextRect()
    x = rect.left() if at_left else rect.right() - ink.width()
    y = rect.center().y() - ink.height() / 2
    painter.setPen(QPen(colour))
    layout.draw(painter, QPointF(x - ink.left(), y - ink.top()))


def key_size(look: Look, key: str) -> tuple[int, int]:
    """Width and height of the keycap of `key`."""
    font = look.font("key")
    height = line_height(font) + look.px(2)
    return max(width_of(key, font) + 2 * look.px(_KEY_PADDING), height), height


def draw_key(
    painter: QPainter, look: Look, rect: QRectF, key: str, ink: QColor, edge: QColor, ground: QColor | None = None
) -> None:
    """A keycap filling `rect`, its Latin face in the middle."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(edge, 1))
    painter.setBrush(ground if ground is not None else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), look.px(RADIUS.key), look.px(RADIUS.key))
    font = look.font("key")
    left = rect.center().x() - width_of(key, font) / 2
    draw_line(painter, rect.adjusted(left - rect.left(), 0, 0, 0), key, font, ink, at_left=True, ltr=True)
