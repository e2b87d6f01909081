"""Contact sheets to be looked at: `python -m tests.ui.sheets DIR [--only NAME] [--single]`.

Every screen in three themes at 100, 150 and 200 %, at 1366×768 and 1280×720, nine pictures a sheet; `--single` leaves
the pictures themselves. What is cut or scrolls sideways is printed, and the command then fails.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from tests.desk.fits import cut, every_look
from ui import tasks
from ui.theme.look import Look

SIZES = ((1366, 768), (1280, 720))
_GAP = 12
_GROUND = "#8A8A8A"


@contextmanager
def showing(application: QApplication) -> Iterator[Callable[[QWidget], QWidget]]:
    """A way to show windows, which are freed at the end."""
    shown: list[QWidget] = []

    def show(window: QWidget) -> QWidget:
        shown.append(window)
        window.resize(*SIZES[0])
        window.show()
        window.activateWindow()
        application.processEvents()
        return window

    yield show
    tasks.drain()
    for window in shown:
        window.close()
        window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def together(pictures: list[QPixmap], across: int) -> QPixmap:
    """Pictures side by side, `across` a line, from the left."""
    wide, high = pictures[0].width() + _GAP, pictures[0].height() + _GAP
    lines = -(-len(pictures) // across)
    sheet = QPixmap(across * wide + _GAP, lines * high + _GAP)
    sheet.fill(QColor(_GROUND))
    with QPainter(sheet) as painter:
        for number, picture in enumerate(pictures):
            painter.drawPixmap(QPoint(_GAP + number % across * wide, _GAP + number // across * high), picture)
    return sheet


def looked_at(window: QWidget, look: Look, size: tuple[int, int]) -> Iterator[tuple[str, QPixmap, list[str]]]:
    """The window in every look at a size: a name, what is seen, and what doesn't fit."""
    window.resize(*size)
    for theme, zoom in every_look(look):
        wrong = cut(window)
        if window.size().toTuple() != size:
            wrong.append(f"the window would be {window.size().toTuple()}")
        yield f"{theme}-{round(zoom * 100)}", window.grab(), wrong


def usual_look() -> tuple[QApplication, Look]:
    """The application without a screen, its caret still."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    application.setCursorFlashTime(0)
    return application, Look(application)


def main() -> int:
    from tests.ui.scenes import SCENES

    parser = argparse.ArgumentParser(prog="python -m tests.ui.sheets", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", action="append", default=[], choices=SCENES)
    parser.add_argument("--single", action="store_true", help="also every picture by itself")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    application, look = usual_look()
    wrong = 0
    for name in asked.only or SCENES:
        for size in SIZES:
            look.set_theme("light")
            look.set_zoom(1.0)
            with showing(application) as show:
                window = SCENES[name](look, show)
                pictures = []
                for kind, picture, faults in looked_at(window, look, size):
                    pictures.append(picture)
                    wrong += len(faults)
                    sys.stdout.writelines(f"{name} {size[0]} {kind}: {fault}\n" for fault in faults)
                    if asked.single:
                        picture.save(str(asked.folder / f"{name}-{size[0]}-{kind}.png"))
            smaller = [each.scaledToWidth(860, Qt.TransformationMode.SmoothTransformation) for each in pictures]
            together(smaller, 3).save(str(asked.folder / f"{name}-{size[0]}.png"))
    sys.stdout.write(f"{wrong} words or pages don't fit; the sheets are in {asked.folder}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
