"""The recovery code in the sealed envelope: 160 random bits in eight groups of five characters.

Each group is four characters of the code and one that checks them and the group's place, so that a slip of the pen
is named by its group before the slow derivation starts.
"""

from __future__ import annotations

import secrets

from desktop.domain.faults import Invalid

# Crockford's: no letter that is read as a digit or as another letter.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ = {ord(sign): sign for sign in _ALPHABET}
_READ |= {ord(sign.lower()): sign for sign in _ALPHABET}
_READ |= {ord(seen): meant for seen, meant in zip("OoIiLl", "001111", strict=True)}
_READ |= {first + digit: str(digit) for first in (0x660, 0x6F0) for digit in range(10)}
_BETWEEN = dict.fromkeys(map(ord, " -_.\t\r\n\u00a0\u200c\u200e\u200f\u2066\u2067\u2068\u2069"))
_GROUPS = 8


def new_code() -> str:
    """A new code as it is printed: eight groups of five, a space between."""
    code = "".join(secrets.choice(_ALPHABET) for _ in range(_GROUPS * 4))
    groups = (code[at : at + 4] for at in range(0, len(code), 4))
    return " ".join(group + _check(place, group) for place, group in enumerate(groups))


def read(typed: str) -> str:
    """The code as `new_code` printed it, from what a person typed.

    Capitals, spaces, dashes and the keyboard's digits don't matter, nor O for 0 and I or L for 1. Raises `Invalid`:
    a sign no code has, the wrong number of signs, or the first group that isn't what was printed.
    """
    signs = typed.translate(_BETWEEN)
    for sign in signs:
        if ord(sign) not in _READ:
            raise Invalid("recovery.sign", sign=sign)
    if len(signs) != _GROUPS * 5:
        raise Invalid("recovery.length", count=len(signs), wanted=_GROUPS * 5)
    code = signs.translate(_READ)
    groups = [code[at : at + 5] for at in range(0, len(code), 5)]
    for place, group in enumerate(groups):
        if _check(place, group[:4]) != group[4]:
            raise Invalid("recovery.group", group=place + 1)
    return " ".join(groups)


def _double(value: int) -> int:
    """Times the generator in the field of 32 elements (x⁵ + x² + 1)."""
    value <<= 1
    return value ^ 0b100101 if value & 0b100000 else value


def _check(place: int, group: str) -> str:
    """Differs for every single wrong sign, for two neighbours swapped, and for the same group at another place."""
    total = place
    for sign in group:
        total = _double(total) ^ _ALPHABET.index(sign)
    return _ALPHABET[_double(total)]
