"""The PC's printers. A page is printed as the picture the preview showed, so paper and screen can't differ.

Job titles hold a paper's number at most: the printer's own screen and the spool are read by strangers (security 35).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Literal

from PySide6.QtCore import QMarginsF, QRectF, QSizeF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from desktop.domain.faults import Known
from desktop.domain.papers import PagePicture

PRINT_DPI = 300
_MM_AN_INCH = 25.4
_NEUTRAL = re.compile(r"[0-9/ -]*")

Sent = Literal["accepted", "failed"]


def printers() -> tuple[str, ...]:
    """The system's names of the printers of this PC, the default one first."""
    first = QPrinterInfo.defaultPrinterName()
    return tuple(sorted(QPrinterInfo.availablePrinterNames(), key=lambda name: (name != first, name)))


def chosen(wanted: str) -> str:
    """The printer to use: `wanted` if it is there, else the default. Raises Known("no-printer") if there is none."""
    there = printers()
    if not there:
        raise Known("no-printer")
    return wanted if wanted in there else there[0]


def open_printer(name: str) -> QPrinter:
    """Raises Known("printer-missing") if it isn't there (any more), Known("printer-stopped") if it says it can't."""
    info = QPrinterInfo.printerInfo(name)
    if info.isNull():
        raise Known("printer-missing", printer=name)
    if info.state() is QPrinter.PrinterState.Error:
        raise Known("printer-stopped", printer=name)
    return QPrinter(info, QPrinter.PrinterMode.HighResolution)


def send(
    pages: Sequence[PagePicture], printer: str, title: str = "", *,
    dpi: int = PRINT_DPI, device: Callable[[str], QPrinter] = open_printer,
) -> Sent:  # fmt: skip
    """Print `pages`, pictures at `dpi`, each filling a sheet of its own size. `title` is a paper number or nothing.

    "accepted" says that the print system took the job, not that paper came out. Raises what `device` raises, and
    ValueError for no pages.
    """
    if not pages:
        raise ValueError("nothing to print")
    target = device(printer)
    target.setDocName(f"Pishkhan {title}".strip() if _NEUTRAL.fullmatch(title) else "Pishkhan")
    target.setCreator("Pishkhan")
    target.setFullPage(True)
    target.setResolution(dpi)
    target.setPageLayout(_sheet(pages[0], dpi))
    painter = QPainter()
    if not painter.begin(target):
        return "failed"
    # the spool's PDF would hold photographs of letters otherwise, and a QR that scanners doubt
    painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)
    done = _paint(painter, target, pages, dpi)
    done = painter.end() and done
    broken = target.printerState() in (QPrinter.PrinterState.Error, QPrinter.PrinterState.Aborted)
    return "accepted" if done and not broken else "failed"


def _paint(painter: QPainter, target: QPrinter, pages: Sequence[PagePicture], dpi: int) -> bool:
    for number, page in enumerate(pages):
        if number:
            target.setPageLayout(_sheet(page, dpi))
            if not target.newPage():
                return False
        image = QImage(page.rgb, page.width, page.height, page.width * 3, QImage.Format.Format_RGB888)
        painter.drawImage(QRectF(painter.viewport()), image)
    return True


def _sheet(page: PagePicture, dpi: int) -> QPageLayout:
    short, long = sorted((page.width, page.height))
    size = QPageSize(QSizeF(short, long) * (_MM_AN_INCH / dpi), QPageSize.Unit.Millimeter)
    lies = page.width > page.height
    turn = QPageLayout.Orientation.Landscape if lies else QPageLayout.Orientation.Portrait
    return QPageLayout(size, turn, QMarginsF())
