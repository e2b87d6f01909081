"""The paper is the picture the preview showed."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo
from pytestqt.qtbot import QtBot

from desktop.documents import pictures
from desktop.domain.faults import Known
from desktop.domain.papers import PagePicture
from desktop.machine import printing

DPI = 100
A4, A5_LYING = (827, 1169), (827, 583)  # pixels at 100 dpi
RED, WHITE = b"\xff\x00\x00", b"\xff\xff\xff"


def picture(size: tuple[int, int]) -> PagePicture:
    """White, its upper left quarter red: what is turned, moved or mirrored shows."""
    width, height = size
    row = RED * (width // 2) + WHITE * (width - width // 2)
    return PagePicture(width, height, row * (height // 2) + WHITE * width * (height - height // 2))


def colour(page: PagePicture, x: int, y: int) -> bytes:
    at = (y * page.width + x) * 3
    return page.rgb[at : at + 3]


class Paper:
    """A printer whose sheets are pages of a PDF, and who remembers the job."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "sheets.pdf"
        self.printer: QPrinter | None = None

    def __call__(self, name: str) -> QPrinter:
        self.printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        self.printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        self.printer.setOutputFileName(str(self.file))
        return self.printer


@pytest.fixture
def paper(qtbot: QtBot, tmp_path: Path) -> Paper:
    return Paper(tmp_path)


def test_each_page_fills_a_sheet_of_its_size(paper: Paper) -> None:
    assert printing.send([picture(A4), picture(A5_LYING)], "any", dpi=DPI, device=paper) == "accepted"
    with pypdfium2.PdfDocument(paper.file) as sheets:
        millimetres = [tuple(round(points / 72 * 25.4) for points in sheet.get_size()) for sheet in sheets]
    assert millimetres == [(210, 297), (210, 148)]
    for sheet, (width, height) in zip(pictures.pages(paper.file.read_bytes(), DPI), (A4, A5_LYING), strict=True):
        assert colour(sheet, 5, 5) == colour(sheet, width // 2 - 5, height // 2 - 5) == RED
        assert colour(sheet, width // 2 + 5, height // 2 + 5) == colour(sheet, width - 5, 5) == WHITE


@pytest.mark.parametrize(
    ("title", "job"),
    [
        ("12345/001/000042/7", "Pishkhan 12345/001/000042/7"),
        ("", "Pishkhan"),
        ("رسید مریم قناری", "Pishkhan"),
        ("adoption", "Pishkhan"),
    ],
)
def test_a_job_title_names_no_one(paper: Paper, title: str, job: str) -> None:
    printing.send([picture(A4)], "any", title, dpi=DPI, device=paper)
    assert paper.printer is not None
    assert paper.printer.docName() == job
    assert "قناری".encode("utf-16-be") not in paper.file.read_bytes()


@pytest.mark.qt_log_ignore("QPainter::begin")
def test_a_job_that_cannot_begin_has_failed(qtbot: QtBot, tmp_path: Path) -> None:
    nowhere = Paper(tmp_path / "absent")
    assert printing.send([picture(A4)], "any", dpi=DPI, device=nowhere) == "failed"


def test_a_printer_that_is_gone_is_told_in_three_parts(qtbot: QtBot) -> None:
    with pytest.raises(Known) as told:
        printing.send([picture(A4)], "چاپگر پذیرش", dpi=DPI)
    assert told.value.code == "printer-missing"
    assert "«چاپگر پذیرش»" in told.value.parts()[0]


def test_the_chosen_printer_or_the_default_one(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", staticmethod(lambda: ["A", "B", "C"]))
    monkeypatch.setattr(QPrinterInfo, "defaultPrinterName", staticmethod(lambda: "B"))
    assert printing.printers() == ("B", "A", "C")
    assert printing.chosen("C") == "C"
    assert printing.chosen("gone") == "B"


def test_a_pc_without_printers_is_told(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", staticmethod(list))
    with pytest.raises(Known) as told:
        printing.chosen("")
    assert told.value.code == "no-printer"
    assert all(told.value.parts())


def test_nothing_to_print_is_a_bug(paper: Paper) -> None:
    with pytest.raises(ValueError, match="nothing"):
        printing.send([], "any", device=paper)
