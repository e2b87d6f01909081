"""Icons by meaning, from `resources/icons/*.svg`: 24-unit strokes in `currentColor`, tinted when painted."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files

from PySide6.QtCore import QByteArray, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtSvg import QSvgRenderer

# These point along the reading direction, so they are turned where reading goes right to left.
DIRECTIONAL = frozenset({"next", "back", "send", "again"})


@cache
def _source(name: str) -> bytes:
    return files("resources").joinpath("icons", f"{name}.svg").read_bytes()


@lru_cache(maxsize=256)
def _renderer(name: str, colour: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(_source(name).replace(b"currentColor", colour.encode("ascii"))))


def paint(painter: QPainter, rect: QRectF, name: str, colour: str, *, mirrored: bool = True) -> None:
    """Draw icon `name` in `colour` (`#RRGGBB`) inside `rect`. Raises FileNotFoundError for an unknown name.

    `mirrored` says that the interface reads right to left; only directional icons mind.
    """
    renderer = _renderer(name, colour)
    painter.save()
    if mirrored and name in DIRECTIONAL:
        painter.translate(2 * rect.center().x(), 0)
        painter.scale(-1, 1)
    renderer.render(painter, rect)
    painter.restore()
