"""Paragraphs broken into lines and lines into glyphs from left to right. Widths and positions in points."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from desktop.documents.bidi import resolve, visual
from desktop.documents.faces import face
from desktop.documents.shaping import Face, Glyph, Weight


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of one level inside a word, or a space."""

    text: str
    level: int


@dataclass(frozen=True, slots=True)
class Word:
    """What never breaks: letters between spaces, with any isolated code among them whole. `width` in font units."""

    parts: tuple[Part, ...]
    width: int
    space: bool


@dataclass(frozen=True, slots=True)
class Line:
    """`size` is less than asked only where one word is wider than the whole line: it is shrunk, never cut or broken."""

    parts: tuple[Part, ...]
    width: float
    size: float

    @property
    def text(self) -> str:
        return "".join(part.text for part in self.parts)


def _parts(text: str, levels: tuple[int, ...], start: int, end: int) -> Iterator[Part]:
    at = start
    for here in range(start + 1, end + 1):
        if here == end or levels[here] != levels[at]:
            yield Part(text[at:here], levels[at])
            at = here


def _words(text: str, used: Face) -> Iterator[Word]:
    paragraph = resolve(text)
    breaks = [char == " " and not inside for char, inside in zip(paragraph.text, paragraph.isolated, strict=True)]
    at = 0
    while at < len(breaks):
        end = at + 1
        while end < len(breaks) and breaks[end] == breaks[at]:
            end += 1
        parts = tuple(_parts(paragraph.text, paragraph.levels, at, end))
        width = sum(used.shape(part.text, bool(part.level & 1)).width for part in parts)
        yield Word(parts, width, breaks[at])
        at = end


@lru_cache(2048)
def broken(text: str, weight: Weight, size: float, width: float) -> tuple[Line, ...]:
    """The lines of a right-to-left paragraph set in at most `width`; none for an empty text."""
    used = face(weight)
    room = width * used.upem / size
    lines: list[list[Word]] = [[]]
    taken = 0
    for word in _words(text, used):
        if not word.space and lines[-1] and taken + word.width > room:
            lines.append([])
            taken = 0
        if word.space and not lines[-1]:
            continue
        lines[-1].append(word)
        taken += word.width
    return tuple(_line(words, used, size, width) for words in lines if words)


def _line(words: list[Word], used: Face, size: float, width: float) -> Line:
    while words[-1].space:
        words.pop()
    natural = sum(word.width for word in words) * size / used.upem
    shrunk = min(1.0, width / natural)
    return Line(tuple(part for word in words for part in word.parts), natural * shrunk, size * shrunk)


def natural_width(text: str, weight: Weight, size: float) -> float:
    """Width of the text on one line, points."""
    used = face(weight)
    return sum(word.width for word in _words(text, used)) * size / used.upem


def glyphs(line: Line, used: Face) -> Iterator[Glyph]:
    """The line's glyphs from left to right, x from its left end in font units."""
    pen = 0
    for index in visual([part.level for part in line.parts]):
        part = line.parts[index]
        run = used.shape(part.text, bool(part.level & 1))
        for glyph in run.glyphs:
            yield Glyph(glyph.gid, pen + glyph.x, glyph.y, glyph.says)
        pen += run.width
