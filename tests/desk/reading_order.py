"""What a screen reader is given from a PDF, and whether that is what the eye sees.

A reader that follows the structure tree speaks an element's ActualText (or Alt). Nothing makes that equal to the ink
but us, so here the glyphs painted by each element's marked content are decoded through ToUnicode and their letters held
against what is said. Order isn't compared inside an element: ink runs from left to right, speech in reading order.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pikepdf

_SILENT = re.compile(r"[\s\u200b-\u200f\u202a-\u202e\u2066-\u2069\u00ad\ufeff]")
_ONE_BRACKET = str.maketrans(")]}»›>", "([{«‹<")  # in a right-to-left run either of a pair may be painted
_PAIR = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]*)>")


@dataclass(frozen=True, slots=True)
class Spoken:
    """An element in reading order: its tag, what is said (None: nothing), the text of what it paints itself."""

    tag: str
    said: str | None
    painted: str


def letters(text: str) -> str:
    """Only what both ink and speech must have: NFKC letters, without spaces and invisible signs."""
    return _SILENT.sub("", unicodedata.normalize("NFKC", text).replace("\u06c0", "\u0647\u0654"))


def _decoder(font: pikepdf.Object) -> dict[int, str]:
    """Code → text of a Type0 font, from its ToUnicode map's bfchar blocks."""
    if font.get("/Subtype") != "/Type0" or "/ToUnicode" not in font:
        return {}
    found: dict[int, str] = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", font.ToUnicode.read_bytes(), re.DOTALL):
        found.update(
            {int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in _PAIR.findall(block)}
        )
    return found


def _shown(operand: Any) -> Iterator[bytes]:
    for part in operand if isinstance(operand, pikepdf.Array) else [operand]:
        if isinstance(part, pikepdf.String):
            yield bytes(part)


def painted(page: pikepdf.Page) -> dict[int, str]:
    """Text painted under each MCID of a page; under -1 what no element owns and no artifact excuses."""
    fonts = {name: _decoder(font) for name, font in page.obj.Resources.Font.items()}
    owners: list[int | None] = []
    decode: dict[int, str] = {}
    found: dict[int, str] = {}
    for instruction in pikepdf.parse_content_stream(page):
        operands = instruction.operands
        match str(instruction.operator):
            case "BDC":
                owners.append(int(operands[1].MCID) if "/MCID" in operands[1] else None)
            case "EMC":
                owners.pop()
            case "Tf":
                decode = fonts.get(str(operands[0]), {})
            case "Tj" | "TJ":
                owner = owners[-1] if owners else -1
                if owner is not None:
                    for raw in _shown(operands[-1]):
                        codes = (int.from_bytes(raw[at : at + 2], "big") for at in range(0, len(raw), 2))
                        found[owner] = found.get(owner, "") + "".join(decode.get(code, "\ufffd") for code in codes)
    return found


def _kids(node: pikepdf.Object) -> list[Any]:
    kids = node.get("/K", pikepdf.Array())
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


def _walk(node: pikepdf.Object, ink: dict[Any, dict[int, str]]) -> Iterator[Spoken]:
    own = ""
    inner: list[pikepdf.Object] = []
    for kid in _kids(node):
        if isinstance(kid, int):
            own += ink[node.Pg.objgen].get(kid, "")
        elif kid.get("/Type") == "/MCR":
            own += ink[kid.Pg.objgen].get(int(kid.MCID), "")
        else:
            inner.append(kid)
    said = next((str(node[key]) for key in ("/ActualText", "/Alt") if key in node), None)
    yield Spoken(str(node.S)[1:], said, own)
    for kid in inner:
        yield from _walk(kid, ink)


def elements(pdf: bytes) -> list[Spoken]:
    """All structure elements in reading order."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        ink = {page.obj.objgen: painted(page) for page in opened.pages}
        return [spoken for root in opened.Root.StructTreeRoot.K for spoken in _walk(root, ink)]


def said(pdf: bytes) -> list[str]:
    """What is spoken, block by block."""
    return [element.said for element in elements(pdf) if element.said is not None]


def faults(pdf: bytes) -> list[str]:
    """Elements whose ink and speech differ, and ink that belongs to nothing. Empty: the paper reads as it looks."""
    wrong = []
    for element in elements(pdf):
        ink, speech = letters(element.painted), letters(element.said or "")
        if element.tag == "Figure":
            if not speech:
                wrong.append("Figure: says nothing")
        elif Counter(ink.translate(_ONE_BRACKET)) != Counter(speech.translate(_ONE_BRACKET)):
            wrong.append(f"{element.tag}: says {speech[:40]!r}, paints {ink[:40]!r}")
    with pikepdf.open(BytesIO(pdf)) as opened:
        wrong += [f"ink of no element: {text[:40]!r}" for page in opened.pages if (text := painted(page).get(-1))]
    return wrong
