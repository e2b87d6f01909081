"""QR symbols of decimal digits, as boxes to fill."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import segno

QUIET_ZONE = 4  # modules of plain paper on each side, as the standard asks


@lru_cache(64)
def _rows(digits: str) -> tuple[bytes, ...]:
    """Modules by rows. The mask is fixed: choosing the best costs more than setting the whole paper."""
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError("a QR of decimal digits alone")
    symbol = segno.make_qr(digits, error="m", mode="numeric", mask=3, boost_error=False)
    return tuple(bytes(row) for row in symbol.matrix)


def quiet_zone(digits: str, side: float) -> float:
    """Width of the plain edge of a symbol `side` wide."""
    return side / (len(_rows(digits)) + 2 * QUIET_ZONE) * QUIET_ZONE


def boxes(digits: str, left: float, bottom: float, side: float) -> Iterator[tuple[float, float, float, float]]:
    """Dark runs (left, bottom, width, height) of a square `side` wide, quiet zone included. Level M, numeric mode.

    ValueError unless all are decimal digits.
    """
    rows = _rows(digits)
    module = side / (len(rows) + 2 * QUIET_ZONE)
    for at, row in enumerate(rows):
        y = bottom + side - (QUIET_ZONE + at + 1) * module
        start = 0
        while (start := row.find(1, start)) >= 0:
            end = row.find(0, start)
            end = len(row) if end < 0 else end
            yield left + (QUIET_ZONE + start) * module, y, (end - start) * module, module
            start = end
