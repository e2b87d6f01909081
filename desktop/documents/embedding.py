"""A face inside one PDF: only the glyphs used, each character code standing for exactly one glyph and one text.

Persian and Arabic letters share glyphs (ی and ي in the middle of a word), so codes are given by (glyph, text) and
ToUnicode is true of every letter, which Identity by glyph can't be.
"""

from __future__ import annotations

import zlib

from desktop.documents.objects import Array, Book, Dict, Name, Ref, text_string
from desktop.documents.shaping import Face, Glyph


class EmbeddedFace:
    """`tag` is the font's name in content streams, "F1"."""

    def __init__(self, face: Face, tag: str) -> None:
        self.face, self.tag = face, tag
        self._codes: dict[tuple[int, str], int] = {}

    def code(self, glyph: Glyph) -> int:
        """The 2-byte code that paints this glyph and says this text."""
        return self._codes.setdefault((glyph.gid, glyph.says), len(self._codes) + 1)

    def place(self, book: Book) -> Ref:
        """Write the font's objects once all pages are painted: Type0, Identity-H, subset, ToUnicode."""
        data, length, moved = self.face.subset(gid for gid, _ in self._codes)
        name = Name(f"{_subset_tag(self._codes)}+{self.face.name}")
        metrics, em = self.face.metrics, 1000 / self.face.upem
        program = book.stream(data, {"Length1": length})
        descriptor = book.add(
            Dict(
                Type=Name("FontDescriptor"), FontName=name, Flags=4, FontBBox=Array(metrics.box), ItalicAngle=0,
                Ascent=metrics.ascent, Descent=metrics.descent, CapHeight=metrics.cap_height,
                StemV=80 + metrics.weight // 10, FontFile2=program,
            )
        )  # fmt: skip
        glyph_map = bytearray(2) + b"".join(moved[gid].to_bytes(2, "big") for gid, _ in self._codes)
        widths = Array(f"{self.face.advance(gid) * em:.6g}" for gid, _ in self._codes)
        system = Dict(Registry=text_string("Adobe"), Ordering=text_string("Identity"), Supplement=0)
        descendant = book.add(
            Dict(
                Type=Name("Font"), Subtype=Name("CIDFontType2"), BaseFont=name, CIDSystemInfo=system, DW=0,
                FontDescriptor=descriptor, W=Array([1, widths]), CIDToGIDMap=book.stream(zlib.compress(glyph_map)),
            )
        )  # fmt: skip
        unicode_map = book.stream(zlib.compress(self._to_unicode().encode()))
        return book.add(
            Dict(
                Type=Name("Font"), Subtype=Name("Type0"), BaseFont=name, Encoding=Name("Identity-H"),
                DescendantFonts=Array([descendant]), ToUnicode=unicode_map,
            )
        )  # fmt: skip

    def _to_unicode(self) -> str:
        lines = [
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
            "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
            "1 begincodespacerange <0000> <FFFF> endcodespacerange",
        ]
        pairs = [f"<{code:04X}> <{says.encode('utf-16-be').hex().upper()}>" for (_, says), code in self._codes.items()]
        for at in range(0, len(pairs), 100):  # the format's limit
            some = pairs[at : at + 100]
            lines += [f"{len(some)} beginbfchar", *some, "endbfchar"]
        return "\n".join([*lines, "endcmap CMapName currentdict /CMap defineresource pop end end"])


def _subset_tag(codes: dict[tuple[int, str], int]) -> str:
    """Six capitals that differ where the glyphs do, as the format asks of a subset's name."""
    number = zlib.crc32(repr(sorted(codes)).encode())
    return "".join(chr(65 + number // 26**place % 26) for place in range(6))
