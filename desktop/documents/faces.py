"""The faces of the papers' font, each loaded once a process."""

from __future__ import annotations

from functools import cache

from desktop.documents.shaping import Face, Weight

try:
    from desktop.documents.harfbuzz import HarfBuzzFace as _Face
except ImportError:  # its library doesn't load on this PC: legible papers are better than none
    from desktop.documents.presentation_forms import PresentationFace as _Face  # type: ignore[assignment]


@cache
def face(weight: Weight) -> Face:
    """The face of a weight, read from resources the first time."""
    return _Face(weight)
