"""Letters joined by HarfBuzz, marks and kerning included."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import uharfbuzz as hb

from desktop.documents.shaping import EXTRA, JOINERS, SWAPPED, Glyph, Run, Weight, measured

_UNUSED_TABLES = ("GSUB", "GPOS", "GDEF", "name", "OS/2", "post", "cmap", "DSIG", "STAT", "gasp", "meta")


class HarfBuzzFace:
    """A weight of the papers' font."""

    def __init__(self, weight: Weight) -> None:
        data = files("resources").joinpath("fonts", f"Vazirmatn-{weight}.ttf").read_bytes()
        self.name = f"Vazirmatn-{weight}"
        self._face: Any = hb.Face(data)
        self._font: Any = hb.Font(self._face)
        self.upem = int(self._face.upem)
        tables = (self._face.reference_table(tag).data for tag in ("head", "OS/2", "hhea"))
        self.metrics = measured(*tables)
        self._shapes = lru_cache(8192)(self._shaped)
        self._advances = cache(self._font.get_glyph_h_advance)

    def advance(self, gid: int) -> int:
        return int(self._advances(gid))

    def shape(self, text: str, rtl: bool) -> Run:
        return self._shapes(text, rtl)

    def _shaped(self, text: str, rtl: bool) -> Run:
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
            says = EXTRA if info.cluster in said else chars.translate(SWAPPED) if rtl else chars
            said.add(info.cluster)
            glyphs.append(Glyph(info.codepoint, pen + position.x_offset, position.y_offset, says))
            pen += 0 if chars in JOINERS else position.x_advance
        return Run(pen, tuple(glyphs))

    def subset(self, gids: Iterable[int]) -> tuple[bytes, int, dict[int, int]]:
        wanted = hb.SubsetInput()
        wanted.glyph_set.update({0, *gids})
        wanted.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NO_LAYOUT_CLOSURE
        wanted.drop_table_tag_set.update(int.from_bytes(tag.encode(), "big") for tag in _UNUSED_TABLES)
        plan = hb.SubsetPlan(self._face, wanted)
        data = bytes(plan.execute().blob.data)
        return zlib.compress(data), len(data), dict(plan.old_to_new_glyph_mapping)
