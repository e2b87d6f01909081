"""The number a paper carries: centre code / series (3) / counter (6) / Damm check digit.

Digits and "/" only: they keep their order in every viewer. The check digit (Damm 2004) catches every wrong digit and
every exchange of two neighbours, so a number read over the phone is right or refused. Series 000 is a desk not yet
enrolled. The number of a request's first paper is its tracking code.
"""

from __future__ import annotations

from dataclasses import dataclass

from desktop.domain import digits
from desktop.domain.faults import Invalid
from desktop.domain.typed_code import only_digits

UNENROLLED_SERIES = 0
_SERIES, _COUNTER, _CHECK = 3, 6, 1
_TAIL = _SERIES + _COUNTER + _CHECK
_CENTRE_MOST = 8
# A totally anti-symmetric quasigroup of order 10: row = interim digit, column = next digit.
_QUASIGROUP = (
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PaperNumber:
    """The parts of a number that was checked."""

    centre: str
    series: int
    counter: int


def build(centre_code: str, series: int, counter: int) -> str:
    """The canonical text. Raises ValueError if a part doesn't fit its digits."""
    if not (centre_code.isascii() and centre_code.isdigit() and len(centre_code) <= _CENTRE_MOST):
        raise ValueError("a centre code has one to eight digits")
    if not (0 <= series < 10**_SERIES and 0 < counter < 10**_COUNTER):
        raise ValueError("series or counter is used up")
    parts = (centre_code, f"{series:0{_SERIES}}", f"{counter:0{_COUNTER}}")
    return "/".join((*parts, check_digit("".join(parts))))


def parse(text: str) -> str:
    """The canonical text of a number as typed, with or without "/". Raises Invalid."""
    number = only_digits(text)
    if not _TAIL < len(number) <= _TAIL + _CENTRE_MOST:
        raise Invalid("value.paper-number-length")
    centre, tail = number[:-_TAIL], number[-_TAIL:]
    series, counter, check = tail[:_SERIES], tail[_SERIES:-_CHECK], tail[-_CHECK]
    if check_digit(number[:-_CHECK]) != check or not int(counter):
        raise Invalid("value.paper-number-check")
    return "/".join((centre, series, counter, check))


def parts(number: str) -> PaperNumber:
    """The parts of a canonical number."""
    centre, series, counter, _ = parse(number).split("/")
    return PaperNumber(centre, int(series), int(counter))


def check_digit(number: str) -> str:
    """The Damm digit of a row of ASCII digits."""
    interim = 0
    for digit in number:
        interim = int(_QUASIGROUP[interim][int(digit)])
    return str(interim)


def shown(number: str) -> str:
    """In Persian digits, the same parts."""
    return digits.persian(number)
