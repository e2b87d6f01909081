"""Pieces of a page that never break, and pages made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from desktop.documents.pen import Pen


@dataclass(frozen=True, slots=True)
class Piece:
    """`draw(pen, top)` paints it below `top`. `before` is space above it, none at the top of a page.

    `keep`: never the last on a page while another follows. `again`: what is repeated above it where a page begins
    with it (a table's header row, painted as decoration).
    """

    height: float
    draw: Callable[[Pen, float], None]
    before: float = 0
    keep: bool = False
    again: Piece | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """A piece and its distance from the top of the page's text area."""

    piece: Piece
    offset: float


def kept(pieces: Sequence[Piece]) -> list[Piece]:
    """All on one page, if a page can hold them."""
    return [replace(piece, keep=True) for piece in pieces[:-1]] + list(pieces[-1:])


def spaced(pieces: Sequence[Piece], before: float) -> list[Piece]:
    """The same, the first with at least this space above."""
    if not pieces:
        return []
    return [replace(pieces[0], before=max(before, pieces[0].before)), *pieces[1:]]


def height_of(pieces: Iterable[Piece]) -> float:
    return sum(piece.before + piece.height for piece in pieces)


def draw_stack(pieces: Iterable[Piece], pen: Pen, top: float) -> None:
    """Paint one under the other, all spaces kept."""
    for piece in pieces:
        top -= piece.before
        piece.draw(pen, top)
        top -= piece.height


def _chains(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    """Runs held together by `keep`."""
    chain: list[Piece] = []
    for piece in pieces:
        chain.append(piece)
        if not piece.keep:
            yield chain
            chain = []
    if chain:
        yield chain


def paginate(pieces: Iterable[Piece], room: float, head: float = 0) -> list[list[Placed]]:
    """Pages of pieces; always at least one. A chain longer than a page breaks between its pieces.

    Each page but the first begins `head` lower.
    """
    pages: list[list[Placed]] = [[]]
    used = 0.0

    def put(piece: Piece) -> None:
        nonlocal used
        used += piece.before if pages[-1] else 0
        pages[-1].append(Placed(piece, used))
        used += piece.height

    def turn(first: Piece) -> None:
        nonlocal used
        if pages[-1]:
            pages.append([])
            used = head
            if first.again is not None:
                put(first.again)

    for chain in _chains(pieces):
        if used + height_of(chain) > room:
            turn(chain[0])
        for piece in chain:
            if pages[-1] and used + piece.before + piece.height > room:
                turn(piece)
            put(piece)
    return pages
