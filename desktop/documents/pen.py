"""Draws on pages: text, rules, frames and QR squares, each marked as an element's content or as decoration.

Points, from the page's bottom left corner, as PDF has it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal

from desktop.documents.embedding import EmbeddedFace
from desktop.documents.faces import face
from desktop.documents.lines import Line, glyphs
from desktop.documents.shaping import Weight
from desktop.documents.tagging import Element

Ink = tuple[float, float, float]
Decoration = Literal["Layout", "Pagination", "Header", "Footer"]
_KAPPA = 0.5523  # a quarter circle as a Bézier curve


class Pen:
    """Content of all pages of one paper. Content of one element drawn in one go is one marked-content sequence."""

    def __init__(self) -> None:
        self.pages: list[list[str]] = []
        self.faces: dict[Weight, EmbeddedFace] = {}
        self._marks: list[int] = []
        self._open: Element | Decoration | None = None

    def new_page(self) -> None:
        self.close()
        self.pages.append([])
        self._marks.append(0)

    def close(self) -> None:
        """End the open marked content; before a page is left."""
        if self._open is not None:
            self.pages[-1].append("EMC")
            self._open = None

    def mark(self, owner: Element | Decoration) -> None:
        """What is drawn from here on belongs to `owner`."""
        if owner is self._open:
            return
        self.close()
        self._open = owner
        if isinstance(owner, Element):
            page, mcid = len(self.pages) - 1, self._marks[-1]
            self._marks[-1] += 1
            owner.kids.append((page, mcid))
            self.pages[-1].append(f"/{owner.tag} <</MCID {mcid}>> BDC")
        else:
            kind = f"/Pagination /Subtype /{owner}" if owner in ("Header", "Footer") else f"/{owner}"
            self.pages[-1].append(f"/Artifact <</Type {kind}>> BDC")

    def _draw(self, *operators: str) -> None:
        self.pages[-1].extend(operators)

    def text(self, line: Line, weight: Weight, x: float, baseline: float, ink: Ink) -> None:
        """The line with its left end at `x`."""
        font = self.faces.setdefault(weight, EmbeddedFace(face(weight), f"F{len(self.faces) + 1}"))
        used, size = font.face, line.size
        out = [f"BT /{font.tag} {size:.2f} Tf {_ink(ink)} rg 1 0 0 1 {x:.2f} {baseline:.2f} Tm"]
        pen = rise = 0
        shown = ""
        for glyph in glyphs(line, used):
            if glyph.y != rise:
                out += [f"[{shown}] TJ" if shown else "", f"{glyph.y * size / used.upem:.2f} Ts"]
                shown, rise = "", glyph.y
            if glyph.x != pen:
                shown += f"{(pen - glyph.x) * 1000 / used.upem:.2f}"
            shown += f"<{font.code(glyph):04X}>"
            pen = glyph.x + used.advance(glyph.gid)
        out += [f"[{shown}] TJ".replace("><", ""), "0 Ts ET" if rise else "ET"]
        self._draw(" ".join(filter(None, out)))

    def rule(self, x0: float, x1: float, y: float, thick: float, ink: Ink, dash: str = "[] 0") -> None:
        self._draw(f"q {_ink(ink)} RG {thick:.2f} w {dash} d {x0:.2f} {y:.2f} m {x1:.2f} {y:.2f} l S Q")

    def fill(self, boxes: Iterable[tuple[float, float, float, float]], ink: Ink) -> None:
        """Boxes of (left, bottom, width, height)."""
        drawn = " ".join(f"{x:.3f} {y:.3f} {width:.3f} {height:.3f} re" for x, y, width, height in boxes)
        self._draw(f"q {_ink(ink)} rg {drawn} f Q")

    def frame(self, x: float, y: float, width: float, height: float, radius: float, thick: float, ink: Ink) -> None:
        """A frame with round corners, its left bottom corner at (x, y)."""
        self._draw(f"q {_ink(ink)} RG {thick:.2f} w", *_round_box(x, y, x + width, y + height, radius), "s Q")

    def star(self, x: float, y: float, radius: float, ink: Ink, paper: Ink) -> None:
        """The house's sign round (x, y): two squares turned to an eight-pointed star, with a hole."""
        side = radius * 2**0.5
        corners = [(x, y + radius), (x + radius, y), (x, y - radius), (x - radius, y)]
        turned = " ".join(f"{cx:.2f} {cy:.2f} {'l' if at else 'm'}" for at, (cx, cy) in enumerate(corners))
        hole = radius * 0.36
        self._draw(f"q {_ink(ink)} rg {x - side / 2:.2f} {y - side / 2:.2f} {side:.2f} {side:.2f} re f {turned} h f")
        self._draw(f"{_ink(paper)} rg", *_round_box(x - hole, y - hole, x + hole, y + hole, hole), "f Q")


def _ink(ink: Ink) -> str:
    return " ".join(f"{part:g}" for part in ink)


def _round_box(left: float, bottom: float, right: float, top: float, radius: float) -> list[str]:
    far = radius * (1 - _KAPPA)
    point: Callable[[float, float], str] = lambda x, y: f"{x:.2f} {y:.2f}"  # noqa: E731 - short, local, read at once
    return [
        f"{point(left + radius, bottom)} m {point(right - radius, bottom)} l",
        f"{point(right - far, bottom)} {point(right, bottom + far)} {point(right, bottom + radius)} c",
        f"{point(right, top - radius)} l",
        f"{point(right, top - far)} {point(right - far, top)} {point(right - radius, top)} c",
        f"{point(left + radius, top)} l",
        f"{point(left + far, top)} {point(left, top - far)} {point(left, top - radius)} c",
        f"{point(left, bottom + radius)} l",
        f"{point(left, bottom + far)} {point(left + far, bottom)} {point(left + radius, bottom)} c h",
    ]
