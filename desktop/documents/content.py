"""What a paper says, apart from how it looks: the one content model of every kind and variant.

A text is a `str` that may hold `Code`s: formatting one (`f"{Code(…)}"`, `say(key, phone=Code(…))`) wraps it in
Unicode isolates, which the engine keeps in the order written and never breaks over two lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

LRI, RLI, FSI, PDI = "\u2066", "\u2067", "\u2068", "\u2069"
_RTL_LETTER = re.compile("[\u0590-\u065f\u066e-\u06ef\u06fa-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_CONTROLS = re.compile(
    "[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffc]"
)


def plain(text: str) -> str:
    """Text from outside made safe to set: no bidi or other controls, single spaces. ZWNJ stays."""
    return " ".join(_CONTROLS.sub("", text).split())


@dataclass(frozen=True, slots=True)
class Code:
    """A code, phone, date or number: isolated from the words around it and never broken over two lines."""

    text: str

    def __str__(self) -> str:
        inner = plain(self.text)
        return f"{RLI if _RTL_LETTER.search(inner) else LRI}{inner}{PDI}" if inner else ""


Text = str | Code
Tone = Literal["plain", "strong", "quiet", "huge"]


@dataclass(frozen=True, slots=True)
class Masthead:
    """Who hands the paper out: a name, and lines of where and how to reach it."""

    name: Text
    lines: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Title:
    """The paper's title, once on it, and when it was issued."""

    text: Text
    moment: Text


@dataclass(frozen=True, slots=True)
class Heading:
    """Opens a part."""

    text: Text


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: Text
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Notice:
    """What must not be overlooked, bold in a frame: that a paper isn't a real one."""

    text: Text


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and its value; a `huge` one stands on its own line below the label."""

    label: Text
    value: Text
    huge: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    rows: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table under a header row. The first cell of a row names the row. All rows are as long as the header."""

    header: tuple[Text, ...]
    rows: tuple[tuple[Text, ...], ...]


@dataclass(frozen=True, slots=True)
class Steps:
    """A numbered list: `labels` are the written numbers, one an item."""

    labels: tuple[str, ...]
    items: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Callout:
    """The one thing to remember, in a box; `by` is until when, where there is a day."""

    label: Text
    text: Text
    by: Text = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A QR of decimal digits. `alt` is said in its place; the caption is never parted from it."""

    digits: str
    alt: Text
    caption: Text


@dataclass(frozen=True, slots=True)
class StampBox:
    """An empty frame to stamp and sign in, with its label. Beside a block, it closes the paper: what it stamps comes
    with it, so that no sheet is stamped that says nothing."""

    label: Text


@dataclass(frozen=True, slots=True)
class Blanks:
    """Labels each followed by a dotted line to write on."""

    labels: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class TearOff:
    """A dashed line across the page; what follows is torn off, and starts on the page it fits on."""

    note: Text


Flowing = (
    Masthead | Title | Heading | Paragraph | Notice | Facts | Grid | Steps | Callout | Figure | StampBox | Blanks
    | TearOff
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Beside:
    """Blocks on the reading side with one narrow block beside them; stacked, in that order, where there is no room."""

    main: tuple[Flowing, ...]
    side: Figure | StampBox


Block = Flowing | Beside


@dataclass(frozen=True, slots=True)
class Document:
    """`title` names the file in a reader's window; `instant` is ISO 8601 with offset, of the paper, not of the making.

    `footer` stands on each page beside `page_of`, a text with {page} and {pages}. `running` and `code` head each page
    but the first, so that a sheet gone astray is known by itself. All four are decoration: a screen reader isn't given
    them, so nothing is said only there.
    """

    title: str
    blocks: tuple[Block, ...]
    footer: Text
    page_of: str
    running: Text
    code: Text
    instant: str


def _words(block: Block) -> Iterator[Text]:
    match block:
        case Masthead(name, lines):
            yield from (name, *lines)
        case Title(text, moment):
            yield from (text, moment)
        case Heading(text) | Paragraph(text, _) | Notice(text):
            yield text
        case Facts(rows):
            for row in rows:
                yield from (row.label, row.value)
        case Grid(header, rows):
            yield from header
            for cells in rows:
                yield from cells
        case Steps(labels, items):
            for label, item in zip(labels, items, strict=True):
                yield from (label, item)
        case Callout(label, text, by):
            yield from (label, text, by)
        case Figure(_, alt, caption):
            yield from (alt, caption)
        case StampBox(label):
            yield label
        case Blanks(labels):
            yield from labels
        case TearOff(note):
            yield note
        case Beside(main, side):
            for inner in (*main, side):
                yield from _words(inner)


def words(document: Document) -> list[str]:
    """The paper's logical text in reading order, a string for each thing a screen reader is given."""
    return [text for block in document.blocks for word in _words(block) if (text := str(word))]
