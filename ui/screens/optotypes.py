"""The letters and shapes of eye charts, painted: what stands on the wall, so that the line is found by eye."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPen, QPolygonF

_SNELLEN, _HOTV = "EFPTOZLD", "HOTV"
_COUNTS = (1, 2, 2, 3, 3, 4, 4, 5, 5, 5, 5)
_BIGGEST, _SMALLEST, _STEP = 25.0, 7.0, 0.86


def side_of(line: int) -> float:
    """Pixels at 100 % of one letter of the `line`-th line, largest first. Not to scale with the wall; only in order."""
    return max(_BIGGEST * _STEP**line, _SMALLEST)


def paint_line(painter: QPainter, middle: QPointF, chart: str, line: int, zoom: float, ink: QColor) -> None:
    """The letters of the `line`-th line of `chart` around `middle`."""
    count, side = _COUNTS[min(line, len(_COUNTS) - 1)], side_of(line) * zoom
    step = side + max(5.0 * zoom, side * 0.5)
    left = middle.x() - (count * step - (step - side)) / 2
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for at in range(count):
        box = QRectF(left + at * step, middle.y() - side / 2, side, side)
        which = line * 7 + at * 3
        if chart == "tenths":
            _tumbling(painter, box, which % 4, ink)
        elif chart == "lea":
            _shape(painter, box, which % 4, ink)
        else:
            letters = _HOTV if chart == "hotv" else _SNELLEN
            _letter(painter, box, letters[which % len(letters)], ink)
    painter.restore()


def _tumbling(painter: QPainter, box: QRectF, turns: int, ink: QColor) -> None:
    """An E of five by five parts, its arms to one of four sides."""
    part = box.width() / 5
    painter.save()
    painter.translate(box.center())
    painter.rotate(90 * turns)
    painter.translate(-box.width() / 2, -box.height() / 2)
    painter.fillRect(QRectF(0, 0, part, 5 * part), ink)
    for arm in (0, 2, 4):
        painter.fillRect(QRectF(0, arm * part, 5 * part, part), ink)
    painter.restore()


def _letter(painter: QPainter, box: QRectF, letter: str, ink: QColor) -> None:
    font = QFont(painter.font())
    font.setPixelSize(max(round(box.height() * 1.25), 6))
    font.setWeight(QFont.Weight.Bold)
    painter.setFont(font)
    painter.setPen(ink)
    painter.drawText(box.adjusted(-20, -20, 20, 20), Qt.AlignmentFlag.AlignCenter, letter)


def _shape(painter: QPainter, box: QRectF, which: int, ink: QColor) -> None:
    """A circle, a square, a house or an apple, in outline."""
    painter.setPen(QPen(ink, max(box.width() / 7, 1.2)))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    inner = box.adjusted(1, 1, -1, -1)
    if which == 0:
        painter.drawEllipse(inner)
    elif which == 1:
        painter.drawRect(inner)
    elif which == 2:
        middle = inner.top() + inner.height() * 0.4
        roof = [inner.bottomLeft(), QPointF(inner.left(), middle), QPointF(inner.center().x(), inner.top())]
        painter.drawPolygon(QPolygonF([*roof, QPointF(inner.right(), middle), inner.bottomRight()]))
    else:
        apple = QPainterPath(QPointF(inner.center().x(), inner.top() + inner.height() * 0.25))
        for end in (inner.right(), inner.left()):
            out = QPointF(2 * end - inner.center().x(), inner.top() - inner.height() * 0.1)
            low = QPointF(end, inner.bottom() + inner.height() * 0.25)
            apple.moveTo(inner.center().x(), inner.top() + inner.height() * 0.25)
            apple.cubicTo(out, low, QPointF(inner.center().x(), inner.bottom() - inner.height() * 0.1))
        painter.drawPath(apple)
