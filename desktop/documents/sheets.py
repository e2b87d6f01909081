"""A paper's blocks on the fewest sheets: what stays together, and how tightly it is set."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

from desktop.documents.content import Beside, Block, Document, Heading, Paragraph, StampBox, TearOff
from desktop.documents.layout import lay_out
from desktop.documents.pieces import Piece, Placed, height_of, kept, paginate
from desktop.documents.setting import Column
from desktop.documents.tagging import Element
from desktop.documents.variants import STYLES, Style, tighter
from desktop.domain.papers import Variant

_ENOUGH = 0.08  # of a page: what comes with the closing is at least so much, where there is that much
_MOST = 0.75  # of a page: more than that isn't moved on with the closing, so that no page is left half empty


@dataclass(frozen=True, slots=True)
class Sheets:
    """A paper laid out: its structure under `root`, its pages, set in `style`.

    `kept_by_client` is how many pages hold what isn't torn off.
    """

    style: Style
    root: Element
    pages: list[list[Placed]]
    kept_by_client: int

    @property
    def paper(self) -> tuple[int, int]:
        """The less, the better: a part to send back on a sheet of its own leaves the rest whole."""
        return len(self.pages), self.kept_by_client

    @property
    def column(self) -> Column:
        return _column(self.style)


def _column(style: Style) -> Column:
    return Column(style, style.margin, style.page[0] - style.margin)


def set_out(document: Document, variant: Variant) -> Sheets:
    """In the variant's usual setting, or in the first tighter one that saves a page."""
    usual = _set_in(document, STYLES[variant])
    if len(usual.pages) > 1:
        for style in tighter(variant):
            if (closer := _set_in(document, style)).paper < usual.paper:
                return closer
    return usual


def _set_in(document: Document, style: Style) -> Sheets:
    """Held together as well as one can without a further page."""
    root = Element("Document")
    groups = [lay_out(block, _column(style), root) for block in document.blocks]
    room = style.room - style.head

    def held(most: float) -> Sheets:
        above, below = _together(document.blocks, groups, room, most)
        alone = paginate(above, style.room, style.head)
        pages = paginate([*above, *below], style.room, style.head) if below else alone
        return Sheets(style, root, pages, len(alone))

    return min(held(room * _MOST), held(room * _ENOUGH), key=lambda sheets: sheets.paper)


def _together(
    blocks: tuple[Block, ...], groups: list[list[Piece]], room: float, most: float
) -> tuple[list[Piece], list[Piece]]:
    """All pieces, those that belong together kept so: a result and its next step, a closing and what it stamps; and
    what is torn off."""
    torn = next((at for at, block in enumerate(blocks) if isinstance(block, TearOff)), len(blocks))
    closing = next((at for at, block in enumerate(blocks[:torn]) if _closes(block)), torn)
    parts = _parts(blocks[:closing], groups[:closing])
    foot = _foot(parts, list(chain(*groups[closing:torn])), room, most)
    return [*chain(*parts), *foot], kept(list(chain(*groups[torn:])))


def _parts(blocks: tuple[Block, ...], groups: list[list[Piece]]) -> list[list[Piece]]:
    """A heading with what stands under it, or one block."""
    parts: list[list[Piece]] = []
    under = False
    for block, group in zip(blocks, groups, strict=True):
        parts.append([*(parts.pop() if under else []), *group])
        under = isinstance(block, Heading) or (under and isinstance(block, Paragraph))
    return parts


def _foot(parts: list[list[Piece]], closing: list[Piece], room: float, most: float) -> list[Piece]:
    """The closing with the parts before it that come along, taken from `parts`; of a long part its last lines."""
    foot, wanted = closing, height_of(closing) + _ENOUGH * room
    while closing and parts and height_of(foot) < wanted:
        pieces = parts.pop()
        if height_of(pieces) + height_of(foot) > most and len(pieces) > 1:
            parts.append(pieces[:-1])
            pieces = pieces[-1:]
        foot = kept([*pieces, *foot])
    return foot


def _closes(block: Block) -> bool:
    return isinstance(block, Beside) and isinstance(block.side, StampBox)
