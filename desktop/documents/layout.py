"""Blocks of the content model laid out as pieces, each tagged as what it is."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain

from desktop.documents import qr
from desktop.documents.content import (
    Beside,
    Blanks,
    Block,
    Callout,
    Facts,
    Figure,
    Flowing,
    Grid,
    Heading,
    Masthead,
    Notice,
    Paragraph,
    StampBox,
    Steps,
    TearOff,
    Title,
    Tone,
)
from desktop.documents.lines import natural_width
from desktop.documents.objects import Array, Name
from desktop.documents.pen import Pen
from desktop.documents.pieces import Piece, height_of, kept, spaced
from desktop.documents.setting import (
    Column,
    Look,
    baseline,
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
from desktop.documents.variants import BLACK, WHITE, Style


def _toned(tone: Tone, style: Style) -> Look:
    looks = {"plain": plain, "strong": strong, "quiet": quiet, "huge": huge}
    return looks[tone](style)


def lay_out(block: Block, column: Column, parent: Element) -> list[Piece]:
    """The pieces of one block, its space above included; their elements are added under `parent` in reading order."""
    space = column.style.space
    match block:
        case Masthead():
            return _masthead(block, column, parent)
        case Title():
            return _title(block, column, parent)
        case Heading():
            return _heading(block, column, parent)
        case Paragraph(text, tone):
            pieces = paragraph(text, column, _toned(tone, column.style), parent.child("P", str(text)))
            return spaced(pieces, space * (0.1 if tone == "quiet" else 0.4))
        case Facts():
            return spaced(facts(block, column, parent), space * 0.4)
        case Grid():
            return spaced(grid(block, column, parent), space * 0.4)
        case Steps():
            return spaced(_steps(block, column, parent), space * 0.15)
        case Notice():
            return spaced([_notice(block, column, parent)], space * 0.4)
        case Callout():
            return _callout(block, column, parent)
        case Figure():
            return spaced([_figure(block, column, parent)], space * 0.8)
        case StampBox():
            return spaced([_stamp(block, column, parent)], space * 0.8)
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
    lines = [paragraph(line, beside, quiet(style), parent.child("P", str(line))) for line in block.lines]
    text = one([*name, *chain.from_iterable(lines)])

    def draw(pen: Pen, top: float) -> None:
        pen.mark("Layout")
        middle = top - strong(style).line / 2 - radius * 0.35
        pen.star(column.right - radius, middle, radius, style.ink, style.paper)
        text.draw(pen, top)

    return kept([Piece(text.height, draw), *spaced([rule(column, style.thick, style.ink)], style.space * 0.45)])


def _title(block: Title, column: Column, parent: Element) -> list[Piece]:
    """Title at the right, moment level with it at the left; below it where the line is too short for both."""
    style = column.style
    look, aside = Look(style.strong, style.title, style.ink, min(style.lead + 0.05, 1.45)), quiet(style)
    title = paragraph(block.text, column, look, parent.child("H1", str(block.text)))
    moment = paragraph(block.moment, column, aside, owner := parent.child("P", str(block.moment)))
    width = natural_width(str(block.moment), aside.weight, aside.size)
    if natural_width(str(block.text), look.weight, look.size) + style.body + width > column.width:
        return spaced(kept([*title, *moment]), style.space * 0.5)
    left = Column(style, column.left, column.left + width * 1.001)
    moment = paragraph(block.moment, left, aside, owner)
    down = baseline(look) - baseline(aside)

    def draw(pen: Pen, top: float) -> None:
        one(title).draw(pen, top)
        one(moment).draw(pen, top - down)

    return [Piece(look.line, draw, before=style.space * 0.5, keep=True)]


def _heading(block: Heading, column: Column, parent: Element) -> list[Piece]:
    style = column.style
    look = Look(style.strong, style.heading, style.ink, style.lead)
    pieces = paragraph(block.text, column, look, parent.child("H2", str(block.text)))
    return [replace(piece, keep=True) for piece in spaced(pieces, style.space * 0.7)]


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
    by = paragraph(block.by, inner, look, parent.child("P", str(block.by))) if block.by else []
    pieces = [*kept(label), *text, *by]
    if height_of(pieces) > style.room * 0.5:  # too long to share a page: the words matter, not the box
        return spaced(pieces, style.space)
    return spaced([framed(pieces, column, style.space * 0.5)], style.space * 0.75)


def _notice(block: Notice, column: Column, parent: Element) -> Piece:
    pad = column.style.body * 0.5
    look = strong(column.style)
    return framed(paragraph(block.text, column.inner(pad, pad), look, parent.child("P", str(block.text))), column, 2)


def _figure(block: Figure, column: Column, parent: Element) -> Piece:
    """On white paper the symbol's quiet zone lies outside the column: its dark edge stands in line with the text."""
    style = column.style
    side, white = style.qr, style.white
    zone = qr.quiet_zone(block.digits, side) if white else 0
    owner = parent.child("Figure", alt=str(block.alt))
    right = column.right if column.width > side + 1 else column.left + side - 2 * zone
    left = right - side + zone

    def draw(pen: Pen, top: float) -> None:
        bottom = top - side + zone
        box = (f"{edge:.2f}" for edge in (left, bottom, left + side, bottom + side))
        owner.attributes = {"O": Name("Layout"), "BBox": Array(box), "Placement": Name("Block")}
        pen.mark(owner)
        if not white:
            pen.fill([(left, bottom, side, side)], WHITE)
        pen.fill(qr.boxes(block.digits, left, bottom, side), BLACK)

    said = natural_width(str(block.caption), style.regular, style.small) * 1.001
    beneath = Column(style, column.left, min(column.right, max(right, column.left + said)))
    caption = paragraph(block.caption, beneath, quiet(style), parent.child("P", str(block.caption)))
    return one([Piece(side - 2 * zone, draw), *spaced(caption, style.space * 0.25)])


def _stamp(block: StampBox, column: Column, parent: Element) -> Piece:
    style = column.style
    inner = column.inner(style.body * 0.3, style.body * 0.3)
    look = replace(quiet(style), ink=BLACK) if not style.white else quiet(style)
    label = paragraph(block.label, inner, look, parent.child("P", str(block.label)))
    height = max(style.stamp, height_of(label) + style.body)

    def draw(pen: Pen, top: float) -> None:
        pen.mark("Layout")
        if not style.white:
            pen.fill([(column.left, top - height, column.width, height)], WHITE)
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
    return kept(spaced(made, style.space * 0.4))


def _on_a_line(label: Piece, dots: Piece, look: Look) -> Piece:
    def draw(pen: Pen, top: float) -> None:
        label.draw(pen, top - look.line * 0.4)
        dots.draw(pen, top - look.line * 0.4 - look.line * 0.78)

    return Piece(look.line * 1.6, draw)


def _tear_off(block: TearOff, column: Column, parent: Element) -> list[Piece]:
    style = column.style
    note = paragraph(block.note, column, quiet(style), parent.child("P", str(block.note)))
    dashes = rule(column, style.thick, style.ink, f"[{style.body * 0.5:.1f} {style.body * 0.35:.1f}] 0")
    pieces = spaced([*note, *spaced([dashes], style.body * 0.2)], style.space * 1.2)
    return [replace(piece, keep=True) for piece in pieces]


def _beside(block: Beside, column: Column, parent: Element) -> list[Piece]:
    """Two columns as one piece; stacked where the variant or the length of the main one forbids."""
    style = column.style
    gap = style.body
    scratch = Element("Div")
    side = style.qr if isinstance(block.side, Figure) else style.stamp
    narrow = column.inner(left=side + gap)
    if not style.beside or height_of(_flow(block.main, narrow, scratch)) > style.room * 0.6:
        stacked = [*_flow(block.main, column, parent), *lay_out(block.side, column, parent)]
        return kept(stacked) if isinstance(block.side, StampBox) else stacked
    main = _flow(block.main, narrow, parent)
    aside = lay_out(block.side, Column(style, column.left, column.left + side), parent)
    main, aside = _level(main), _level(aside)

    def draw(pen: Pen, top: float) -> None:
        one(main).draw(pen, top)
        one(aside).draw(pen, top)

    return [Piece(max(height_of(main), height_of(aside)), draw, before=style.space * 0.5)]


def _level(pieces: list[Piece]) -> list[Piece]:
    """Without space above the first: columns begin level."""
    return [replace(pieces[0], before=0), *pieces[1:]]


def _flow(blocks: tuple[Flowing, ...], column: Column, parent: Element) -> list[Piece]:
    return [piece for block in blocks for piece in lay_out(block, column, parent)]
