"""Which way each character goes: the Unicode bidirectional algorithm over text that may hold isolates.

python-bidi resolves the levels of a stretch; it knows no isolates and drops ZWNJ, so both are taken care of here.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from bidi import algorithm

from desktop.documents.content import FSI, LRI, PDI, RLI, plain

_OPENERS = {LRI: 0, RLI: 1, FSI: -1}
_PLACE = "\ufffc"  # bidi class ON: how an isolate looks to the text around it


@dataclass(frozen=True, slots=True)
class Resolved:
    """Text without its controls; a level for each character (odd: right to left); which stand inside an isolate."""

    text: str
    levels: tuple[int, ...]
    isolated: tuple[bool, ...]


def _levels(text: str, base: int) -> list[int]:
    """Levels of a stretch without isolates. A boundary-neutral (ZWNJ) takes the class of what stands before it."""
    if not text:
        return []
    shown: list[str] = []
    for char in text:
        shown.append((shown[-1] if shown else "\u0627") if unicodedata.bidirectional(char) == "BN" else char)
    storage = algorithm.get_empty_storage()
    storage["base_level"], storage["base_dir"] = base, "LR"[base]
    algorithm.get_embedding_levels("".join(shown), storage)
    algorithm.explicit_embed_and_overrides(storage)
    algorithm.resolve_weak_types(storage, False)
    algorithm.resolve_neutral_types(storage, False)
    algorithm.resolve_implicit_levels(storage, False)
    return [int(char["level"]) for char in storage["chars"]]


def _stretches(text: str) -> Iterator[tuple[int | None, str]]:
    """(None, plain text) and (base level, isolated text) in turn; an isolate that never closes is plain text."""
    start = at = 0
    while at < len(text):
        if text[at] not in _OPENERS or (end := _closing(text, at)) < 0:
            at += 1
            continue
        yield None, text[start:at]
        inner, base = plain(text[at + 1 : end]), _OPENERS[text[at]]
        yield base if base >= 0 else int(algorithm.get_base_level(inner)), inner
        start = at = end + 1
    yield None, text[start:]


def _closing(text: str, opener: int) -> int:
    depth = 0
    for at in range(opener, len(text)):
        depth += (text[at] in _OPENERS) - (text[at] == PDI)
        if depth == 0:
            return at
    return -1


def _unspaced(text: str, after: str) -> str:
    """The stretch without controls, runs of spaces as one, none twice over the border to `after`."""
    body = plain(text)
    if text[:1].isspace() and not after.endswith(" "):
        body = " " + body
    if text[-1:].isspace() and not body.endswith(" "):
        body += " "
    return body


@lru_cache(4096)
def resolve(text: str, base: int = 1) -> Resolved:
    """Levels of a paragraph whose own direction is `base` (1 right to left)."""
    outer, inner = "", []
    for direction, stretch in _stretches(text):
        if direction is None:
            outer += _unspaced(stretch, outer)
        elif stretch:
            inner.append((len(outer), direction, stretch))
            outer += _PLACE
    around = _levels(outer, base)
    chars: list[str] = []
    levels: list[int] = []
    isolated: list[bool] = []
    done = 0
    for place, direction, stretch in [*inner, (len(outer), 0, "")]:
        chars.append(outer[done:place])
        levels.extend(around[done:place])
        isolated.extend([False] * (place - done))
        done = place + 1
        if stretch:
            own = around[place] + 1
            own += (own ^ direction) & 1
            chars.append(stretch)
            levels.extend(level - direction + own for level in _levels(stretch, direction))
            isolated.extend([True] * len(stretch))
    return Resolved("".join(chars), tuple(levels), tuple(isolated))


def visual(levels: list[int]) -> list[int]:
    """Indices of runs from left to right (rule L2), given the level of each in logical order."""
    order = list(range(len(levels)))
    for level in range(max(levels, default=0), 0, -1):
        at = 0
        while at < len(order):
            end = at
            while end < len(order) and levels[order[end]] >= level:
                end += 1
            order[at:end] = reversed(order[at:end])
            at = end + 1
    return order
