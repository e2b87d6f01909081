"""`python -m tests.faults.typing_desk DIR`: somebody at the real window writes a new person's name, and never stops.

A line for each letter once it stands in the field: the steady time in µs, how late the letter came in µs, what stands.
"""

from __future__ import annotations

import sys
import time
from itertools import cycle
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from desktop.app import Front
from desktop.machine import paths
from tests.desk.opened import PASSWORD
from ui.screens.intake import IntakeScreen
from ui.widgets import PersianEdit

LETTERS = "گلنارحبیبیونسمهتابآوا"
_EVERY_MS = 40
_NONE = Qt.KeyboardModifier.NoModifier


class Writer(QObject):
    """Opens the desk, goes to intake, writes."""

    def __init__(self, front: Front) -> None:
        super().__init__()
        self._front, self._letters = front, cycle(LETTERS)
        self._edit: PersianEdit | None = None
        self._due = 0.0
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self._step)
        self._timer.start()
        door = next(each for each in front.window.findChildren(QObject) if each.inherits("QLineEdit"))
        door.setProperty("text", PASSWORD)
        self._press(door, Qt.Key.Key_Return)

    def _press(self, thing: QObject, key: int, text: str = "") -> None:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(thing, QKeyEvent(kind, key, _NONE, text))

    def _step(self) -> None:
        edit = self._edit
        if edit is None:
            self._come_to_the_form()
            return
        letter = next(self._letters)
        self._press(edit, ord(letter), letter)
        now = time.monotonic()
        late, self._due = max(0.0, now - self._due), now + _EVERY_MS / 1000
        print(f"{now * 1e6:.0f}\t{late * 1e6:.0f}\t{edit.text()}", flush=True)

    def _come_to_the_form(self) -> None:
        screen = self._front.window.go("intake")
        if isinstance(screen, IntakeScreen):
            screen.new_person()
            edit = screen.view.person_form.fields["given_name"].control
            assert isinstance(edit, PersianEdit)
            edit.setFocus()
            self._edit, self._due = edit, time.monotonic() + _EVERY_MS / 1000


def main() -> int:
    application = QApplication(sys.argv[:1])
    front = Front(application, paths.prepare(Path(sys.argv[1]), training=True), training=True)
    front.show()
    writer = Writer(front)
    assert writer.parent() is None
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
