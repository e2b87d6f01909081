"""Text set into pieces: paragraphs, headings, boxes; the parts all layouts are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from desktop.documents.content import Text
from desktop.documents.lines import Line, broken
from desktop.documents.pen import Ink, Pen
from desktop.documents.pieces import Piece, draw_stack, height_of
from desktop.documents.shaping import Weight
from desktop.documents.tagging import Element
from desktop.documents.variants import Style

_BELOW_MIDDLE = 0.3  # of the size: how far the baseline lies below a line's middle; set by eye for Vazirmatn


@dataclass(frozen=True, slots=True)
class Column:
    """Where text goes: from `left` to `right`, points from the page's left edge; it begins at the right."""

    style: Style
    left: float
    right: float

    @property
    def width(self) -> float:
        return self.right - self.left

    def inner(self, right: float = 0, left: float = 0) -> Column:
        """Narrower by so much on each side."""
        return Column(self.style, self.left + left, self.right - right)


@dataclass(frozen=True, slots=True)
class Look:
    """Weight, size, ink, and the distance of lines as a multiple of the size."""

    weight: Weight
    size: float
    ink: Ink
    lead: float

    @property
    def line(self) -> float:
        return self.size * self.lead


def plain(style: Style) -> Look:
    return Look(style.regular, style.body, style.ink, style.lead)


def strong(style: Style) -> Look:
    return Look(style.strong, style.body, style.ink, style.lead)


def quiet(style: Style) -> Look:
    return Look(style.regular, style.small, style.quiet, style.lead)


def huge(style: Style) -> Look:
    return Look(style.strong, style.huge, style.ink, min(style.lead, 1.35))


def baseline(look: Look) -> float:
    """How far the baseline lies below a line's top."""
    return look.line / 2 + look.size * _BELOW_MIDDLE


def draw_line(pen: Pen, line: Line, look: Look, right: float, top: float) -> None:
    """Set a line against `right`, in the middle of its line height."""
    pen.text(line, look.weight, right - line.width, top - baseline(look), look.ink)


def set_lines(text: Text, column: Column, look: Look) -> tuple[Line, ...]:
    return broken(str(text), look.weight, look.size, column.width)


def paragraph(text: Text, column: Column, look: Look, owner: Element) -> list[Piece]:
    """A piece a line; two lines at least stay together at either end of a page."""
    lines = set_lines(text, column, look)

    def drawn(line: Line) -> Piece:
        def draw(pen: Pen, top: float) -> None:
            pen.mark(owner)
            draw_line(pen, line, look, column.right, top)

        return Piece(look.line, draw)

    made = [drawn(line) for line in lines]
    last = len(made) - 1
    return [replace(piece, keep=at < last and at in (0, last - 1)) for at, piece in enumerate(made)]


def framed(pieces: Sequence[Piece], column: Column, pad: float) -> Piece:
    """The pieces in a box with round corners, as one."""
    style, height = column.style, height_of(pieces) + 2 * pad

    def draw(pen: Pen, top: float) -> None:
        pen.mark("Layout")
        inset = style.thick / 2
        pen.frame(
            column.left + inset, top - height + inset, column.width - style.thick, height - style.thick,
            style.body * 0.5, style.thick, style.ink,
        )  # fmt: skip
        draw_stack(pieces, pen, top - pad)

    return Piece(height, draw)


def rule(column: Column, thick: float, ink: Ink, dash: str = "[] 0") -> Piece:
    """A line across the column; takes its thickness as height."""

    def draw(pen: Pen, top: float) -> None:
        pen.mark("Layout")
        pen.rule(column.left, column.right, top - thick / 2, thick, ink, dash)

    return Piece(thick, draw)


def one(pieces: Sequence[Piece]) -> Piece:
    """Several as one that never breaks."""
    return Piece(height_of(pieces), lambda pen, top: draw_stack(pieces, pen, top))
