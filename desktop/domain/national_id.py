"""The national ID: ten digits, the last a check digit. A valid one may still belong to someone else.

Rule: r = Σ dᵢ·(10−i) over the first nine digits, mod 11; the check digit is r if r < 2, else 11 − r. Numbers given
before the leading zeros were printed have eight or nine digits and are padded.
"""

from __future__ import annotations

from desktop.domain import digits
from desktop.domain.faults import Invalid
from desktop.domain.typed_code import only_digits

LENGTH = 10
_SHORTEST = 8
_SHOWN = 4


def parse(text: str) -> str:
    """Ten ASCII digits whose check digit holds. Raises Invalid with what to look at."""
    typed = only_digits(text)
    if len(typed) < _SHORTEST:
        raise Invalid("value.national-id-short", missing=LENGTH - len(typed))
    if len(typed) > LENGTH:
        raise Invalid("value.national-id-long", over=len(typed) - LENGTH)
    number = typed.zfill(LENGTH)
    if number.startswith("000"):
        raise Invalid("value.national-id-zeros")
    if check_digit(number[:-1]) != number[-1]:
        raise Invalid("value.national-id-check")
    return number


def check_digit(first_nine: str) -> str:
    """The tenth digit that belongs to nine given ones."""
    remainder = sum(int(digit) * (LENGTH - place) for place, digit in enumerate(first_nine)) % 11
    return str(remainder if remainder < 2 else 11 - remainder)


def suspicious(number: str) -> bool:
    """True if all ten digits are the same: arithmetic passes, so ask, but don't refuse."""
    return len(set(number)) == 1


def masked(number: str) -> str:
    """For papers and screens others see: six stars and the last four digits, in Persian digits."""
    return "*" * (len(number) - _SHOWN) + digits.persian(number[-_SHOWN:])
