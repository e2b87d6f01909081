"""A document and a variant in, an accessible PDF (PDF/UA-1) out."""

from __future__ import annotations

from functools import partial

from desktop.documents.content import Document
from desktop.documents.lines import broken
from desktop.documents.objects import Book, Dict, Name
from desktop.documents.pen import Pen
from desktop.documents.pieces import Placed
from desktop.documents.setting import Column, draw_line, quiet
from desktop.documents.sheets import set_out
from desktop.documents.tagging import LANG, Element, declare, place_tree
from desktop.documents.variants import Style
from desktop.domain.digits import persian
from desktop.domain.papers import Variant


def render(document: Document, variant: Variant) -> bytes:
    """The PDF's bytes, the same for an equal document. Text of any length is set; nothing is cut or left out.

    ValueError where a figure's digits aren't decimal digits.
    """
    sheets = set_out(document, variant)
    style, column, pages = sheets.style, sheets.column, sheets.pages
    pen = Pen()
    for number, placed in enumerate(pages, 1):
        pen.new_page()
        _paint(pen, style, placed)
        if number > 1:
            _head(pen, column, str(document.running), str(document.code))
        page_of = document.page_of.format(page=persian(number), pages=persian(len(pages)))
        _footer(pen, column, str(document.footer), page_of)
    pen.close()
    return _bound(document, style, pen, sheets.root)


def _paint(pen: Pen, style: Style, placed: list[Placed]) -> None:
    width, height = style.page
    if not style.white:
        pen.mark("Layout")
        pen.fill([(0, 0, width, height)], style.paper)
    for piece, offset in ((at.piece, at.offset) for at in placed):
        piece.draw(pen, height - style.margin - offset)


def _head(pen: Pen, column: Column, text: str, code: str) -> None:
    style = column.style
    top = style.page[1] - style.margin
    pen.mark("Header")
    _edge_line(pen, column, text, code, top)
    pen.rule(column.left, column.right, top - quiet(style).line, style.thin, style.hair)


def _footer(pen: Pen, column: Column, text: str, page_of: str) -> None:
    style = column.style
    pen.mark("Footer")
    pen.rule(column.left, column.right, style.foot, style.thin, style.hair)
    _edge_line(pen, column, text, page_of, style.foot)


def _edge_line(pen: Pen, column: Column, text: str, number: str, top: float) -> None:
    """A line at a page's edge: the number whole at the left, of the text what there is room for."""
    look = quiet(column.style)
    fit = partial(broken, weight=look.weight, size=look.size)
    (count,) = fit(number, width=column.width * 0.5)
    draw_line(pen, count, look, column.left + count.width, top)
    for line in fit(text, width=column.width - count.width - column.style.body)[:1]:
        draw_line(pen, line, look, column.right, top)


def _bound(document: Document, style: Style, pen: Pen, root: Element) -> bytes:
    book = Book(LANG)
    dicts = [Dict() for _ in pen.pages]
    refs = [book.add(page) for page in dicts]
    fonts = Dict(**{used.tag: used.place(book) for used in pen.faces.values()})
    for index, (page, content) in enumerate(zip(dicts, pen.pages, strict=True)):
        entries = {"Resources": Dict(Font=fonts), "StructParents": index, "Tabs": Name("S")}
        book.page(page, *style.page, "\n".join(content), entries)
    place_tree(book, root, refs)
    declare(book, document.title, document.instant)
    stamp = _pdf_date(document.instant)
    return book.finish({"Title": document.title, "Producer": "Pishkhan", "CreationDate": stamp, "ModDate": stamp})


def _pdf_date(instant: str) -> str:
    """ISO 8601 with an offset, as PDF writes it: D:20261124102700+03'30'."""
    day, _, rest = instant.partition("T")
    time, offset = rest[:8], rest[8:]
    return f"D:{day.replace('-', '')}{time.replace(':', '')}{offset[:3]}'{offset[4:]}'"
