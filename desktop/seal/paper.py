"""The head of the journal on paper (security 12): short enough to type, long enough not to be ground out.

To type: 80 bits as 25 digits in five groups. In the QR, whose cheapest signs are digits: 128 bits as 39 digits.
"""

from __future__ import annotations

import unicodedata

from desktop.domain.faults import Invalid
from desktop.seal.refused import Refused

_BETWEEN = dict.fromkeys(map(ord, " -_.\t\r\n\u00a0\u200c\u200e\u200f\u2066\u2067\u2068\u2069"))


def typed(digest: bytes) -> str:
    """The first 80 bits of `digest` (10 bytes or more): five groups of five digits, a space between."""
    digits = f"{int.from_bytes(_first(digest, 10)):025d}"
    return " ".join(digits[at : at + 5] for at in range(0, 25, 5))


def read_typed(text: str) -> bytes:
    """The ten bytes behind 25 typed digits, of any keyboard, grouped or not. Raises `Invalid`."""
    digits = [unicodedata.decimal(sign, None) for sign in text.translate(_BETWEEN)]
    if len(digits) != 25 or None in digits:
        raise Invalid("paper-head.digits")
    value = int("".join(map(str, digits)))
    if value >= 1 << 80:
        raise Invalid("paper-head.never-printed")
    return value.to_bytes(10)


def qr_digits(digest: bytes) -> str:
    """The first 128 bits of `digest` (16 bytes or more) as 39 digits."""
    return f"{int.from_bytes(_first(digest, 16)):039d}"


def read_qr_digits(digits: str) -> bytes:
    """The 16 bytes behind 39 digits; one text per value. Raises `Refused`."""
    if len(digits) != 39 or not digits.isascii() or not digits.isdecimal() or int(digits) >= 1 << 128:
        raise Refused("not 39 digits of a journal head")
    return int(digits).to_bytes(16)


def _first(digest: bytes, size: int) -> bytes:
    if len(digest) < size:
        raise ValueError(f"{len(digest)} bytes of hash where {size} are needed")
    return digest[:size]
