"""One accessible receipt of the desk's own engine beside a fixed, plain page of reportlab: same words, font and QR.

The stated bar is against WeasyPrint, which is not among what this project installs. The baseline here is neither tagged
nor laid out: it shapes each line, paints it, and draws the QR. So the ratio says what tagging, shaping and layout cost
over the least a Persian page can cost, and not how the engine stands to another accessible one.
"""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import arabic_reshaper
import segno
from bidi import get_display
from reportlab.lib.pagesizes import A5
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from desktop.documents.kinds import paper_words, render_paper
from desktop.domain.papers import IntakeReceipt
from tests.bench.measure import figures, ratio, rounds
from tests.documents.samples import RECEIPT

_ISOLATES = dict.fromkeys((0x2066, 0x2067, 0x2068, 0x2069))  # the baseline's library knows none
_FONT = "Vazirmatn"
_FILE = Path(__file__).parents[2] / "resources" / "fonts" / "Vazirmatn-Regular.ttf"


class _Receipts:
    """A receipt that differs from the last in name, number and QR, as at a desk."""

    def __init__(self) -> None:
        self._serial = 0

    def next(self) -> IntakeReceipt:
        self._serial += 1
        qr = f"{self._serial:06d}" + RECEIPT.letterhead.qr[6:]
        letterhead = replace(RECEIPT.letterhead, number=f"124/001/{self._serial:06d}/2", qr=qr)
        return replace(RECEIPT, person=f"{RECEIPT.person} {'اب' * (self._serial % 9)}", letterhead=letterhead)


def _plain(receipt: IntakeReceipt) -> bytes:
    page = BytesIO()
    canvas = Canvas(page, pagesize=A5)
    canvas.setFont(_FONT, 10)
    right, top = A5[0] - 36, A5[1] - 36
    for number, line in enumerate(paper_words(receipt, "standard")):
        canvas.drawRightString(
            right, top - number * 14, get_display(arabic_reshaper.reshape(line.translate(_ISOLATES)))
        )
    symbol = segno.make_qr(receipt.letterhead.qr, error="m", mode="numeric", mask=3, boost_error=False)
    for y, row in enumerate(symbol.matrix):
        for x, dark in enumerate(row):
            if dark:
                canvas.rect(36 + x * 1.2, 160 - y * 1.2, 1.2, 1.2, stroke=0, fill=1)
    canvas.save()
    return page.getvalue()


def run(folder: Path, *, count: int = 60) -> dict[str, Any]:
    """Milliseconds a receipt, warmed; `against_plain` is the accessible one to the plain page."""
    pdfmetrics.registerFont(TTFont(_FONT, _FILE))
    ours, theirs = _Receipts(), _Receipts()
    times = rounds(
        {
            "accessible": lambda: render_paper(ours.next(), "standard"),
            "plain_reportlab": lambda: _plain(theirs.next()),
        },
        count,
    )
    return {
        "ms": {name: figures(values) for name, values in times.items()},
        "against_plain": ratio(times, "accessible", "plain_reportlab"),
        "note": "the baseline is a plain untagged reportlab page of the same words, font and QR; WeasyPrint isn't here",
    }
