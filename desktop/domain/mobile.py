"""A mobile number: 09 and nine digits. Operators' prefixes are not checked; new ones appear."""

from __future__ import annotations

import re

from desktop.domain import digits
from desktop.domain.faults import Invalid
from desktop.domain.typed_code import only_digits

LENGTH = 11
_COUNTRY = re.compile(r"^(?:0098|98)(?=0?9)")


def parse(text: str) -> str:
    """Eleven ASCII digits beginning 09, from 0912…, 912…, +98912…, 0098912…. Raises Invalid."""
    typed = only_digits(text.replace("+", "", 1))
    national = _COUNTRY.sub("", typed) if len(typed) > LENGTH else typed
    number = "0" + national if national.startswith("9") else national
    if not number.startswith("09"):
        raise Invalid("value.mobile-prefix")
    if len(number) < LENGTH:
        raise Invalid("value.mobile-short", missing=LENGTH - len(number))
    if len(number) > LENGTH:
        raise Invalid("value.mobile-long", over=len(number) - LENGTH)
    return number


def shown(number: str) -> str:
    """In Persian digits, grouped 4-3-4 as it is read aloud."""
    return digits.persian(f"{number[:4]} {number[4:7]} {number[7:]}")
