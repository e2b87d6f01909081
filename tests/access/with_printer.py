"""`python -m tests.access.with_printer FOLDER …`: the desk of `python -m desktop …` on a PC whose one printer lays each
job in FOLDER as a PDF. Everything else is the product's."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from unittest.mock import patch

from PySide6.QtPrintSupport import QPrinter

from desktop import app, paperwork
from desktop.machine import printing


def main() -> int:
    folder = Path(sys.argv[1])

    def device(_name: str) -> QPrinter:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setOutputFileName(str(folder / f"{len(list(folder.iterdir()))}.pdf"))
        return printer

    send = partial(printing.send, device=device)
    with_one = partial(paperwork.Paperwork, choose=lambda _wanted: "میز ۱", send=send)
    with patch.object(paperwork, "Paperwork", with_one):
        return app.main(sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())
