"""What is typed into a field that holds a code: digits, with whatever people and other programs put between them."""

from __future__ import annotations

import re

from desktop.domain import digits
from desktop.domain.faults import Invalid

# Spaces of every kind, hyphens and dashes, brackets, slash, dot, ZWNJ and the marks of writing direction.
_BETWEEN = re.compile(r"[\s\-\u2010-\u2015\u2212_()./\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\u061c\ufeff]+")


def only_digits(text: str) -> str:
    """The ASCII digits of `text`, separators dropped. Raises Invalid if nothing is left or anything but digits is."""
    bare = _BETWEEN.sub("", digits.latin(text))
    if not bare:
        raise Invalid("value.empty")
    if not (bare.isascii() and bare.isdigit()):
        raise Invalid("value.only-digits")
    return bare
