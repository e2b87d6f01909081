"""The postal code: ten digits. Which digits are in use is not checked; sources disagree."""

from __future__ import annotations

from desktop.domain import digits
from desktop.domain.faults import Invalid
from desktop.domain.typed_code import only_digits

LENGTH = 10


def parse(text: str) -> str:
    """Ten ASCII digits. Raises Invalid."""
    code = only_digits(text)
    if len(code) < LENGTH:
        raise Invalid("value.postal-code-short", missing=LENGTH - len(code))
    if len(code) > LENGTH:
        raise Invalid("value.postal-code-long", over=len(code) - LENGTH)
    return code


def shown(code: str) -> str:
    """In Persian digits, two groups of five as the post prints it."""
    return digits.persian(f"{code[:5]} {code[5:]}")
