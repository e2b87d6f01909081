"""Letters joined without HarfBuzz: each by the presentation form Unicode has for it.

The way out where HarfBuzz's library doesn't load. Joins, lam-alef and ZWNJ are right; kerning and the placing of marks
are lost. What is said is the plain letters, as with HarfBuzz.
"""

from __future__ import annotations

import unicodedata
import zlib
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from io import BytesIO

from arabic_reshaper import ArabicReshaper
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from desktop.documents.shaping import JOINERS, SWAPPED, Glyph, Run, Weight, measured

_RESHAPER = ArabicReshaper(
    {"delete_harakat": False, "support_ligatures": True, "support_zwj": True, "language": "Farsi"}
)
_TABLES = ("glyf", "loca", "head", "hhea", "hmtx", "maxp")


class PresentationFace:
    """A weight of the papers' font."""

    def __init__(self, weight: Weight) -> None:
        self._data = files("resources").joinpath("fonts", f"Vazirmatn-{weight}.ttf").read_bytes()
        self.name = f"Vazirmatn-{weight}"
        font = TTFont(BytesIO(self._data))
        self.upem = int(font["head"].unitsPerEm)
        self.metrics = measured(*(font.reader[tag] for tag in ("head", "OS/2", "hhea")))
        names = font.getGlyphOrder()
        ids = {name: gid for gid, name in enumerate(names)}
        self._advances = [int(font["hmtx"][name][0]) for name in names]
        self._glyphs = {code: ids[name] for code, name in font.getBestCmap().items()}
        self._shapes = lru_cache(8192)(self._shaped)

    def advance(self, gid: int) -> int:
        return self._advances[gid]

    def shape(self, text: str, rtl: bool) -> Run:
        return self._shapes(text, rtl)

    def _shaped(self, text: str, rtl: bool) -> Run:
        shown = _RESHAPER.reshape(text).translate(SWAPPED)[::-1] if rtl else text
        pen, glyphs = 0, []
        for char in shown:
            gid = self._glyphs.get(ord(char), 0)
            glyphs.append(Glyph(gid, pen, 0, _plain(char)))
            pen += 0 if char in JOINERS or unicodedata.combining(char) else self._advances[gid]
        return Run(pen, tuple(glyphs))

    def subset(self, gids: Iterable[int]) -> tuple[bytes, int, dict[int, int]]:
        wanted = {0, *gids}
        font = TTFont(BytesIO(self._data))
        options = Options(hinting=False, retain_gids=True, layout_features=[], notdef_outline=True, glyph_names=False)
        subsetter = Subsetter(options)
        subsetter.populate(gids=wanted)
        subsetter.subset(font)
        for tag in [tag for tag in font.keys() if tag not in _TABLES and tag != "GlyphOrder"]:  # noqa: SIM118
            del font[tag]
        out = BytesIO()
        font.save(out, reorderTables=False)
        data = out.getvalue()
        return zlib.compress(data), len(data), {gid: gid for gid in wanted}


def _plain(char: str) -> str:
    """The letters a presentation form stands for."""
    return unicodedata.normalize("NFKC", char) if "\ufb50" <= char <= "\ufefc" else char
