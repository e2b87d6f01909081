"""Letters joined into glyphs by HarfBuzz, one `Face` a weight, loaded once a process and shared by all papers."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Literal

import uharfbuzz as hb

Weight = Literal["Regular", "Medium", "Bold"]
JOINERS = "\u200c\u200d"
EXTRA = "\u200b"  # what a glyph says whose characters another glyph already said
_SWAPPED = str.maketrans("()[]{}<>«»‹›", ")(][}{><»«›‹")
_UNUSED_TABLES = ("GSUB", "GPOS", "GDEF", "name", "OS/2", "post", "cmap", "DSIG", "STAT", "gasp", "meta")


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


class Face:
    """A weight of the papers' font."""

    def __init__(self, weight: Weight) -> None:
        data = files("resources").joinpath("fonts", f"Vazirmatn-{weight}.ttf").read_bytes()
        self.name = f"Vazirmatn-{weight}"
        self._face: Any = hb.Face(data)
        self._font: Any = hb.Font(self._face)
        self.upem = int(self._face.upem)
        self.metrics = self._measured()
        self.shape = lru_cache(8192)(self._shape)
        self.advance = cache(self._advance)

    def _measured(self) -> Metrics:
        head, os2, hhea = (self._face.reference_table(tag).data for tag in ("head", "OS/2", "hhea"))

        def em(table: bytes, at: int) -> int:
            return round(int.from_bytes(table[at : at + 2], "big", signed=True) * 1000 / self.upem)

        box = (em(head, 36), em(head, 38), em(head, 40), em(head, 42))
        return Metrics(em(hhea, 4), em(hhea, 6), em(os2, 88), box, int.from_bytes(os2[4:6], "big"))

    def _advance(self, gid: int) -> int:
        return int(self._font.get_glyph_h_advance(gid))

    def _shape(self, text: str, rtl: bool) -> Run:
        # Heh with hamza as one code: viewers that turn a run round put a loose mark on the wrong letter.
        text = text.replace("\u0647\u0654", "\u06c0")
        buffer = hb.Buffer()
        buffer.add_str(text)
        buffer.direction, buffer.script, buffer.language = ("rtl", "Arab", "fa") if rtl else ("ltr", "Latn", "fa")
        buffer.cluster_level = hb.BufferClusterLevel.MONOTONE_CHARACTERS
        buffer.flags = hb.BufferFlags.PRESERVE_DEFAULT_IGNORABLES  # else a ZWNJ comes out as a space
        hb.shape(self._font, buffer, {})
        infos, positions = buffer.glyph_infos, buffer.glyph_positions
        starts = sorted({info.cluster for info in infos})
        ends = dict(zip(starts, [*starts[1:], len(text)], strict=True))
        said: set[int] = set()
        pen, glyphs = 0, []
        for info, position in zip(infos, positions, strict=True):
            chars = text[info.cluster : ends[info.cluster]]
            says = EXTRA if info.cluster in said else chars.translate(_SWAPPED) if rtl else chars
            said.add(info.cluster)
            glyphs.append(Glyph(info.codepoint, pen + position.x_offset, position.y_offset, says))
            pen += 0 if chars in JOINERS else position.x_advance
        return Run(pen, tuple(glyphs))

    def subset(self, gids: Iterable[int]) -> tuple[bytes, int, dict[int, int]]:
        """(deflated font file of these glyphs alone, its plain length, old glyph id → new)."""
        wanted = hb.SubsetInput()
        wanted.glyph_set.update({0, *gids})
        wanted.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NO_LAYOUT_CLOSURE
        wanted.drop_table_tag_set.update(int.from_bytes(tag.encode(), "big") for tag in _UNUSED_TABLES)
        plan = hb.SubsetPlan(self._face, wanted)
        data = bytes(plan.execute().blob.data)
        return zlib.compress(data), len(data), dict(plan.old_to_new_glyph_mapping)


@cache
def face(weight: Weight) -> Face:
    """The face of a weight, read from resources the first time."""
    return Face(weight)
