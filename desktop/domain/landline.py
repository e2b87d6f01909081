"""A landline: eight digits within the area, or eleven with the area code."""

from __future__ import annotations

from desktop.domain import digits
from desktop.domain.faults import Invalid
from desktop.domain.typed_code import only_digits

_LOCAL, _WITH_AREA = 8, 11


def parse(text: str) -> str:
    """Eight local ASCII digits, or eleven beginning with 0. Raises Invalid."""
    number = only_digits(text)
    if len(number) == _LOCAL and number[0] not in "01":
        return number
    if len(number) == _LOCAL:
        raise Invalid("value.landline-local")
    if number.startswith("09"):
        raise Invalid("value.landline-mobile")
    if len(number) != _WITH_AREA:
        raise Invalid("value.landline-length", count=len(number))
    if not number.startswith("0"):
        raise Invalid("value.landline-area")
    return number


def shown(number: str) -> str:
    """In Persian digits; the area code apart."""
    return digits.persian(number if len(number) == _LOCAL else f"{number[:3]} {number[3:]}")
