"""Facts and grids: tables whose cells are tagged and whose rows never break."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from desktop.documents.content import Fact, Facts, Grid, Text
from desktop.documents.lines import Line, natural_width
from desktop.documents.objects import Name
from desktop.documents.pen import Decoration, Pen
from desktop.documents.pieces import Piece
from desktop.documents.setting import Column, Look, baseline, draw_line, huge, one, plain, quiet, set_lines, strong
from desktop.documents.tagging import Element, header_cell

_GAP = 0.8  # between columns, of the body size


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell set in its column."""

    lines: tuple[Line, ...]
    look: Look
    right: float
    owner: Element | Decoration

    @property
    def height(self) -> float:
        return len(self.lines) * self.look.line


def _row(cells: Sequence[_Cell], pad: float = 0) -> Piece:
    """Cells side by side, first baselines level."""
    level = max(baseline(cell.look) for cell in cells)

    def draw(pen: Pen, top: float) -> None:
        for cell in cells:
            at = top - pad - (level - baseline(cell.look))
            for line in cell.lines:
                pen.mark(cell.owner)
                draw_line(pen, line, cell.look, cell.right, at)
                at -= cell.look.line

    return Piece(max(level - baseline(cell.look) + cell.height for cell in cells) + 2 * pad, draw)


def facts(block: Facts, column: Column, parent: Element) -> list[Piece]:
    """Label and value side by side; one above the other where labels would take over two fifths of the column."""
    style, table = column.style, parent.child("Table")
    label_look, gap = quiet(style), column.style.body * _GAP
    beside = [row for row in block.rows if not row.huge]
    labels = max((natural_width(str(row.label), label_look.weight, label_look.size) for row in beside), default=0)
    stacked = labels > 0.4 * column.width
    made = []
    for row in block.rows:
        owner = table.child("TR")
        head, cell = header_cell(owner, str(row.label), "Row"), owner.child("TD", str(row.value))
        if stacked or row.huge:
            made.append(_stacked(row, column, head, cell))
            continue
        label = _Cell(set_lines(row.label, column, label_look), label_look, column.right, head)
        rest = column.inner(right=labels + gap)
        look = strong(style)
        made.append(_row([label, _Cell(set_lines(row.value, rest, look), look, rest.right, cell)]))
    return made


def _stacked(row: Fact, column: Column, head: Element, cell: Element) -> Piece:
    label_look = quiet(column.style)
    look = huge(column.style) if row.huge else strong(column.style)
    label = _Cell(set_lines(row.label, column, label_look), label_look, column.right, head)
    value = _Cell(set_lines(row.value, column, look), look, column.right, cell)
    return replace(one([_row([label]), _row([value])]), before=column.style.space * (0.4 if row.huge else 0.15))


def grid(block: Grid, column: Column, parent: Element) -> list[Piece]:
    """The header row stays with the first row and is painted again, as decoration, atop each further page."""
    style, table = column.style, parent.child("Table")
    columns = _columns(block, column)
    owner = table.child("TR")
    heads = [header_cell(owner, str(text), "Column") for text in block.header]
    look = strong(style)
    header = _ruled(block.header, columns, [look] * len(columns), heads, style.thick)
    again = _ruled(block.header, columns, [look] * len(columns), ["Pagination"] * len(columns), style.thick)
    made = [Piece(header.height, header.draw, keep=True)]
    looks = [look] + [plain(style)] * (len(columns) - 1)
    for row in block.rows:
        owner = table.child("TR")
        cells = [header_cell(owner, str(row[0]), "Row")]
        cells += [owner.child("TD", str(text)) for text in row[1:]]
        piece = _ruled(row, columns, looks, cells, style.thin)
        made.append(Piece(piece.height, piece.draw, again=again))
    return made


def _columns(block: Grid, column: Column) -> list[Column]:
    """Columns as wide as their longest cell asks, in proportion, none under a seventh of the whole."""
    style = column.style
    rows = (block.header, *block.rows)
    by_column = list(zip(*rows, strict=True))
    asked = [max(natural_width(str(text), style.strong, style.body) for text in cells) for cells in by_column]
    asked = [max(width, sum(asked) / 7) for width in asked]
    gap = style.body * _GAP
    room = column.width - gap * (len(asked) - 1)
    made, right = [], column.right
    for width in asked:
        taken = width / sum(asked) * room
        made.append(Column(style, right - taken, right))
        right -= taken + gap
    return made


def _ruled(
    texts: Sequence[Text],
    columns: Sequence[Column],
    looks: Sequence[Look],
    owners: Sequence[Element | Decoration],
    thick: float,
) -> Piece:
    """A row with a rule under it."""
    cells = [
        _Cell(set_lines(text, where, look), look, where.right, owner)
        for text, where, look, owner in zip(texts, columns, looks, owners, strict=True)
    ]
    style = columns[0].style
    inner = _row(cells, pad=style.space * 0.12)
    left, right = columns[-1].left, columns[0].right

    def draw(pen: Pen, top: float) -> None:
        inner.draw(pen, top)
        pen.mark("Layout")
        pen.rule(left, right, top - inner.height, thick, style.hair)

    return Piece(inner.height + thick, draw)


def step_list(parent: Element) -> Element:
    """A numbered list's element."""
    return parent.child("L", O=Name("List"), ListNumbering=Name("Decimal"))
