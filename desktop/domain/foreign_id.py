"""The number of a foreign national: 12 digits today, 8 to 12 on older cards; no check digit is published."""

from __future__ import annotations

from desktop.domain.faults import Invalid
from desktop.domain.typed_code import only_digits

_SHORTEST, _USUAL = 8, 12


def parse(text: str) -> str:
    """8 to 12 ASCII digits. Raises Invalid."""
    number = only_digits(text)
    if len(number) < _SHORTEST:
        raise Invalid("value.foreign-id-short", missing=_SHORTEST - len(number))
    if len(number) > _USUAL:
        raise Invalid("value.foreign-id-long", over=len(number) - _USUAL)
    return number


def unusual(number: str) -> bool:
    """True unless it has 12 digits: ask to look again, but don't refuse."""
    return len(number) != _USUAL
