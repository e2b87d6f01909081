"""What any shaper gives: letters joined into glyphs, a `Face` a weight, shared by all papers of a process."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Protocol

Weight = Literal["Regular", "Medium", "Bold"]
JOINERS = "\u200c\u200d"
EXTRA = "\u200b"  # what a glyph says whose characters another glyph already said
# A bracket in a right-to-left run is painted by its partner's glyph, and says that glyph's own character: viewers turn
# it round again.
SWAPPED = str.maketrans("()[]{}<>«»‹›", ")(][}{><»«›‹")


@dataclass(frozen=True, slots=True)
class Glyph:
    """`x`, `y` from the run's left end and baseline, in font units; `says` is the text it stands for."""

    gid: int
    x: int
    y: int
    says: str


@dataclass(frozen=True, slots=True)
class Run:
    """Glyphs from left to right, whichever way the text runs."""

    width: int
    glyphs: tuple[Glyph, ...]


@dataclass(frozen=True, slots=True)
class Metrics:
    """In 1/1000 em, as a PDF font descriptor wants them."""

    ascent: int
    descent: int
    cap_height: int
    box: tuple[int, int, int, int]
    weight: int


def measured(head: bytes, os2: bytes, hhea: bytes) -> Metrics:
    """Read from the tables of a font file."""
    upem = int.from_bytes(head[18:20], "big")

    def em(table: bytes, at: int) -> int:
        return round(int.from_bytes(table[at : at + 2], "big", signed=True) * 1000 / upem)

    box = (em(head, 36), em(head, 38), em(head, 40), em(head, 42))
    return Metrics(em(hhea, 4), em(hhea, 6), em(os2, 88), box, int.from_bytes(os2[4:6], "big"))


class Face(Protocol):
    """A weight of the papers' font. `upem` is its units in an em, `name` its PostScript name."""

    @property
    def name(self) -> str: ...
    @property
    def upem(self) -> int: ...
    @property
    def metrics(self) -> Metrics: ...

    def advance(self, gid: int) -> int:
        """A glyph's own width, font units."""
        ...

    def shape(self, text: str, rtl: bool) -> Run:
        """The glyphs of a stretch of one direction."""
        ...

    def subset(self, gids: Iterable[int]) -> tuple[bytes, int, dict[int, int]]:
        """(deflated font file of these glyphs alone, its plain length, old glyph id → new)."""
        ...
