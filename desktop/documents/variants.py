"""How each variant of a paper is set: paper size, type sizes, inks. Points.

Sizes follow the clear-print guidance (14 pt, not 12: Vazirmatn's tooth letters are small for their size; 20 large,
28 giant) with ragged lines 1.4–1.5 apart, 1.3 at least where that saves a sheet. Contrast against the paper is at
least 9:1, in the contrast variant 21:1.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from desktop.documents.pen import Ink
from desktop.documents.shaping import Weight
from desktop.domain.papers import Variant

MM = 72 / 25.4
_A5, _A4 = (148 * MM, 210 * MM), (210 * MM, 297 * MM)
BLACK, _DUSK, WHITE, _PALE = (0.0, 0.0, 0.0), (0.26, 0.26, 0.26), (1.0, 1.0, 1.0), (0.86, 0.86, 0.86)


@dataclass(frozen=True, slots=True)
class Style:
    """`beside`: whether two columns have room. `qr` and `stamp` are sides of squares. `paper` is the ground.

    `gap` is how wide the spaces between blocks are, of the usual.
    """

    page: tuple[float, float]
    margin: float
    body: float
    small: float
    heading: float
    title: float
    huge: float
    lead: float
    qr: float
    stamp: float
    beside: bool
    regular: Weight = "Regular"
    strong: Weight = "Bold"
    ink: Ink = BLACK
    quiet: Ink = _DUSK
    hair: Ink = _DUSK
    paper: Ink = WHITE
    thick: float = 1.4
    thin: float = 0.5
    gap: float = 1.0

    @property
    def width(self) -> float:
        """Of a line from margin to margin."""
        return self.page[0] - 2 * self.margin

    @property
    def space(self) -> float:
        """What spaces between blocks are measured by."""
        return self.body * self.gap

    @property
    def white(self) -> bool:
        """Whether the paper is left as it is."""
        return self.paper == WHITE

    @property
    def foot(self) -> float:
        """How far the footer's rule lies above the page's end."""
        return self.margin * 0.55 + self.small * self.lead

    @property
    def room(self) -> float:
        """Height of a page's text."""
        return self.page[1] - self.margin - self.foot - self.small * 0.5

    @property
    def head(self) -> float:
        """Of that, what the running head of a further page takes, with the space below it."""
        return self.small * self.lead + self.body * 0.7


STYLES: dict[Variant, Style] = {
    "standard": Style(
        page=_A5, margin=10 * MM, body=14, small=12, heading=14, title=23, huge=26, lead=1.4,
        qr=35 * MM, stamp=27 * MM, beside=True,
    ),
    "large": Style(
        page=_A4, margin=15 * MM, body=20, small=17, heading=22, title=32, huge=36, lead=1.42,
        qr=46 * MM, stamp=35 * MM, beside=True, thick=1.8, thin=0.7,
    ),
    "giant": Style(
        page=_A4, margin=14 * MM, body=28, small=24, heading=30, title=42, huge=46, lead=1.5,
        qr=56 * MM, stamp=40 * MM, beside=False, regular="Medium", quiet=BLACK, thick=2.6, thin=1,
    ),
    "contrast": Style(
        page=_A4, margin=15 * MM, body=20, small=17, heading=22, title=32, huge=36, lead=1.42,
        qr=42 * MM, stamp=35 * MM, beside=True, regular="Medium",
        ink=WHITE, quiet=WHITE, hair=_PALE, paper=BLACK, thick=2.4, thin=1,
    ),
}  # fmt: skip
_TIGHTER = ((0.75, 1.35, 0.94), (0.5, 1.3, 0.9), (0.35, 1.3, 0.86))  # gap, lead, sides of squares


def tighter(variant: Variant) -> list[Style]:
    """Settings that save room, the loosest first. Type is never smaller: only lines and blocks stand closer."""
    usual = STYLES[variant]
    return [
        replace(usual, gap=gap, lead=min(usual.lead, lead), qr=usual.qr * side, stamp=usual.stamp * side)
        for gap, lead, side in _TIGHTER
    ]
