"""PDF objects: reportlab's own model, narrowed to what a tagged paper needs, with types.

No reportlab canvas takes part, so nothing of its defaults (an unembedded Helvetica, "anonymous", the clock) gets in.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import Any

from reportlab.pdfbase import pdfdoc

Ref = Any  # reportlab's PDFObjectReference
Value = Any  # str is written raw: a number, a "<hex string>"


def Name(text: str) -> Value:
    return pdfdoc.PDFName(text)


def Array(items: Iterable[Value]) -> Value:
    return pdfdoc.PDFArrayCompact(items)


def Dict(**entries: Value) -> Value:
    return pdfdoc.PDFDictionary(entries)


def text_string(text: str) -> str:
    """A text string of PDF: ASCII as it is, anything else UTF-16 with its mark."""
    if text.isascii():
        return "(" + text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)") + ")"
    return f"<FEFF{text.encode('utf-16-be').hex().upper()}>"


class Book:
    """The PDF file in the making. Equal calls in equal order give equal bytes."""

    def __init__(self, lang: str) -> None:
        self._document: Any = pdfdoc.PDFDocument(dummyoutline=1, invariant=1, pdfVersion=(1, 7), lang=lang)
        self._document.Catalog.Outlines = None
        self._parent = self._document.Reference(self._document.Pages)
        self._named = 0

    def add(self, value: Value) -> Ref:
        """Write `value` as an object of its own."""
        self._named += 1
        return self._document.Reference(value, f"o{self._named}")

    def stream(self, deflated: bytes, entries: dict[str, Value] | None = None) -> Ref:
        entries = {**(entries or {}), "Filter": Name("FlateDecode")}
        return self.add(pdfdoc.PDFStream(pdfdoc.PDFDictionary(entries), deflated))

    def text_stream(self, text: str, entries: dict[str, Value]) -> Ref:
        """A stream left readable, as XMP must be."""
        return self.add(pdfdoc.PDFStream(pdfdoc.PDFDictionary(entries), text.encode()))

    def page(self, ref_of: Value, width: float, height: float, content: str, entries: dict[str, Value]) -> None:
        """Fill `ref_of`, a dictionary added before (structure elements point to it), as the next page."""
        packed = zlib.compress(content.encode("ascii"))
        fixed = {
            "Type": Name("Page"), "Parent": self._parent, "MediaBox": Array([0, 0, f"{width:.2f}", f"{height:.2f}"]),
            "Contents": self.stream(packed),
        }  # fmt: skip
        for key, value in {**fixed, **entries}.items():
            ref_of[key] = value
        self._document.Pages.addPage(self._document.Reference(ref_of))

    def catalog(self, **entries: Value) -> None:
        for key, value in entries.items():
            setattr(self._document.Catalog, key, value)

    def finish(self, info: dict[str, str]) -> bytes:
        """The whole file. `info` values are text; the file's id is a digest of them."""
        self._document.info = pdfdoc.PDFDictionary({key: text_string(value) for key, value in info.items()})
        self._document.updateSignature(repr(sorted(info.items())))
        return bytes(self._document.format())
