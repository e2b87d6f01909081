"""QR symbols of decimal digits, as boxes to fill."""

from __future__ import annotations

from collections.abc import Iterator

import segno

QUIET_ZONE = 4  # modules of plain paper on each side, as the standard asks


def boxes(digits: str, left: float, bottom: float, side: float) -> Iterator[tuple[float, float, float, float]]:
    """Dark runs (left, bottom, width, height) of a square `side` wide, quiet zone included. Level M, numeric mode.

    The mask is fixed: choosing the best costs more than setting the whole paper. ValueError unless all digits.
    """
    symbol = segno.make_qr(digits, error="m", mode="numeric", mask=3, boost_error=False)
    rows = [bytes(row) for row in symbol.matrix]
    module = side / (len(rows) + 2 * QUIET_ZONE)
    for at, row in enumerate(rows):
        y = bottom + side - (QUIET_ZONE + at + 1) * module
        start = 0
        while (start := row.find(1, start)) >= 0:
            end = row.find(0, start)
            end = len(row) if end < 0 else end
            yield left + (QUIET_ZONE + start) * module, y, (end - start) * module, module
            start = end
