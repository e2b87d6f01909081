"""Blocks of the content model laid out as pieces, each tagged as what it is."""

from __future__ import annotations

from desktop.documents import qr
from desktop.documents.content import (
    Beside,
    Blanks,
    Block,
    Callout,
    Code,
    Facts,
    Figure,
    Flowing,
    Grid,
    Heading,
    Masthead,
    Paragraph,
    StampBox,
    Steps,
    TearOff,
    Tone,
)
from desktop.documents.lines import natural_width
from desktop.documents.objects import Array, Name
from desktop.documents.pen import Pen
from desktop.documents.pieces import Piece, height_of, kept, spaced
from desktop.documents.setting import (
    Column,
    Look,
    draw_line,
    framed,
    huge,
    one,
    paragraph,
    plain,
    quiet,
    rule,
    set_lines,
    strong,
)
from desktop.documents.tables import facts, grid, step_list
from desktop.documents.tagging import Element
from desktop.documents.variants import Style


def _toned(tone: Tone, style: Style) -> Look:
    looks = {"plain": plain, "strong": strong, "quiet": quiet, "huge": huge}
    return looks[tone](style)


def lay_out(block: Block, column: Column, parent: Element) -> list[Piece]:
    """The pieces of one block, its space above included; their elements are added under `parent` in reading order."""
    body = column.style.body
    match block:
        case Masthead():
            return _masthead(block, column, parent)
        case Heading():
            return _heading(block, column, parent)
        case Paragraph(text, tone):
            owner = parent.child("P", str(text))
            return spaced(paragraph(text, column, _toned(tone, column.style), owner), body * 0.35)
        case Facts():
            return spaced(facts(block, column, parent), body * 0.4)
        case Grid():
            return spaced(grid(block, column, parent), body * 0.4)
        case Steps():
            return spaced(_steps(block, column, parent), body * 0.15)
        case Callout():
            return _callout(block, column, parent)
        case Figure():
            return spaced([one(_figure(block, column, parent))], body * 0.8)
        case StampBox():
            return spaced([_stamp(block, column, parent)], body * 0.8)
        case Blanks():
            return _blanks(block, column, parent)
        case TearOff():
            return _tear_off(block, column, parent)
        case Beside():
            return _beside(block, column, parent)


def _masthead(block: Masthead, column: Column, parent: Element) -> list[Piece]:
    style = column.style
    radius = style.body * 0.95
    beside = column.inner(right=radius * 2 + style.body * 0.7)
    name = paragraph(block.name, beside, strong(style), parent.child("P", str(block.name)))
    lines = [piece for line in block.lines for piece in paragraph(line, beside, quiet(style), parent.child("P", str(line)))]
    text = one([*name, *lines])

    def draw(pen: Pen, top: float) -> None:
        pen.mark("Layout")
        middle = top - strong(style).line / 2 - radius * 0.35
        pen.star(column.right - radius, middle, radius, style.ink, style.paper)
        text.draw(pen, top)

    return kept([Piece(text.height, draw), *spaced([rule(column, style.thick, style.ink)], style.body * 0.45)])


def _heading(block: Heading, column: Column, parent: Element) -> list[Piece]:
    style = column.style
    size, lead, before = (style.title, 1.35, 0.5) if block.level == 1 else (style.heading, style.lead, 0.7)
    look = Look(style.strong, size, style.ink, lead)
    pieces = paragraph(block.text, column, look, parent.child(f"H{block.level}", str(block.text)))
    return [Piece(piece.height, piece.draw, keep=True) for piece in spaced(pieces, 0)[:0]] or [
        Piece(piece.height, piece.draw, before=style.body * before if at == 0 else 0, keep=True)
        for at, piece in enumerate(pieces)
    ]


def _steps(block: Steps, column: Column, parent: Element) -> list[Piece]:
    look = plain(column.style)
    listed = step_list(parent)
    indent = max(natural_width(label, look.weight, look.size) for label in block.labels) + look.size * 0.5
    made: list[Piece] = []
    for label, text in zip(block.labels, block.items, strict=True):
        item = listed.child("LI")
        number, words = item.child("Lbl", label), item.child("LBody", str(text))
        pieces = paragraph(text, column.inner(right=indent), look, words)
        made += [_numbered(pieces[0], label, column, look, number), *pieces[1:]]
    return made


def _numbered(first: Piece, label: str, column: Column, look: Look, owner: Element) -> Piece:
    (line,) = set_lines(label, column, look)

    def draw(pen: Pen, top: float) -> None:
        pen.mark(owner)
        draw_line(pen, line, look, column.right, top)
        first.draw(pen, top)

    return Piece(first.height, draw, first.before, first.keep)


def _callout(block: Callout, column: Column, parent: Element) -> list[Piece]:
    style = column.style
    pad = style.body * 0.7
    inner = column.inner(pad, pad)
    label = paragraph(block.label, inner, quiet(style), parent.child("P", str(block.label)))
    look = Look(style.strong, style.body * 1.08, style.ink, style.lead)
    text = paragraph(block.text, inner, look, parent.child("P", str(block.text)))
    pieces = [*kept(label), *text]
    room = style.page[1] - 2 * style.margin - style.foot
    if height_of(pieces) > room * 0.7:  # a box that long would have to break: the words matter, not the box
        return spaced(pieces, style.body)
    return spaced([framed(pieces, column, pad * 0.75)], style.body * 0.85)


def _figure(block: Figure, column: Column, parent: Element) -> list[Piece]:
    style = column.style
    side = style.qr
    owner = parent.child("Figure", alt=str(block.alt))
    left = column.right - side

    def draw(pen: Pen, top: float) -> None:
        box = (f"{edge:.2f}" for edge in (left, top - side, left + side, top))
        owner.attributes = {"O": Name("Layout"), "BBox": Array(box), "Placement": Name("Block")}
        pen.mark(owner)
        pen.fill([(left, top - side, side, side)], (1, 1, 1))
        pen.fill(qr.boxes(block.digits, left, top - side, side), (0, 0, 0))

    caption = paragraph(block.caption, column, quiet(style), parent.child("P", str(block.caption)))
    return kept([Piece(side, draw), *caption])


def _stamp(block: StampBox, column: Column, parent: Element) -> Piece:
    style = column.style
    inner = column.inner(style.body * 0.5, style.body * 0.5)
    label = paragraph(block.label, inner, quiet(style), parent.child("P", str(block.label)))
    height = max(style.stamp, height_of(label) + style.body)

    def draw(pen: Pen, top: float) -> None:
        pen.mark("Layout")
        pen.frame(column.left, top - height, column.width, height, style.body * 0.3, style.thin, style.hair)
        one(label).draw(pen, top - style.body * 0.15)

    return Piece(height, draw)


def _blanks(block: Blanks, column: Column, parent: Element) -> list[Piece]:
    style, look = column.style, quiet(column.style)
    made = []
    for label in block.labels:
        owner = parent.child("P", str(label))
        (*_, last) = lines = paragraph(label, column, look, owner)
        taken = natural_width(str(label), look.weight, look.size) + style.body * 0.5
        blank = column.inner(right=min(taken, column.width * 0.6))
        dots = rule(blank, style.thin, style.hair, f"[{style.thin * 2:.1f} {style.thin * 3:.1f}] 0")
        made += [*lines[:-1], _on_a_line(last, dots, look)]
    return kept(spaced(made, style.body * 0.4))


def _on_a_line(label: Piece, dots: Piece, look: Look) -> Piece:
    def draw(pen: Pen, top: float) -> None:
        label.draw(pen, top)
        dots.draw(pen, top - look.line * 0.78)

    return Piece(look.line * 1.15, draw)


def _tear_off(block: TearOff, column: Column, parent: Element) -> list[Piece]:
    style = column.style
    note = paragraph(block.note, column, quiet(style), parent.child("P", str(block.note)))
    dashes = rule(column, style.thick, style.ink, f"[{style.body * 0.5:.1f} {style.body * 0.35:.1f}] 0")
    pieces = spaced([*note, *spaced([dashes], style.body * 0.2)], style.body * 1.2)
    return [Piece(piece.height, piece.draw, piece.before, keep=True) for piece in pieces]


def _beside(block: Beside, column: Column, parent: Element) -> list[Piece]:
    """Two columns as one piece; stacked where the variant or the length of the main one forbids."""
    style = column.style
    gap = style.body
    room = style.page[1] - 2 * style.margin - style.foot
    scratch = Element("Div")
    narrow = column.inner(left=style.qr + gap)
    if not style.beside or height_of(_flow(block.main, narrow, scratch)) > room * 0.6:
        return [*_flow(block.main, column, parent), *lay_out(block.side, column, parent)]
    main = _flow(block.main, narrow, parent)
    aside = lay_out(block.side, Column(style, column.left, column.left + style.qr), parent)
    main, aside = spaced_top(main), spaced_top(aside)

    def draw(pen: Pen, top: float) -> None:
        one(main).draw(pen, top)
        one(aside).draw(pen, top)

    return [Piece(max(height_of(main), height_of(aside)), draw, before=style.body * 0.4)]


def spaced_top(pieces: list[Piece]) -> list[Piece]:
    """Without space above the first: columns begin level."""
    return [Piece(piece.height, piece.draw, piece.before if at else 0, piece.keep) for at, piece in enumerate(pieces)]


def _flow(blocks: tuple[Flowing, ...], column: Column, parent: Element) -> list[Piece]:
    return [piece for block in blocks for piece in lay_out(block, column, parent)]


__all__ = ["Code", "lay_out"]
