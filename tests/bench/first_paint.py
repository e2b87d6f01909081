"""From the start of the process to the first painting of the desk's login, beside a window with one word.

`python -m tests.bench.first_paint hello|desk FOLDER` is one start: a line of JSON once the window was painted.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from unittest.mock import patch

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from tests.bench.measure import Times, figures, ratio

BAR = 1.8
_WAYS = ("hello", "desk")


class _Watch(QObject):
    """Says when a window was painted first, and what is loaded by then."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and isinstance(watched, QWidget) and watched.isWindow():
            QApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]
            QTimer.singleShot(0, self._painted)
        return False

    def _painted(self) -> None:
        said = {"at": time.monotonic(), "worked": time.process_time(), "sqlalchemy": "sqlalchemy" in sys.modules}
        print(json.dumps(said), flush=True)
        os._exit(0)


def _hello() -> None:
    application = QApplication(sys.argv[:1])
    label = QLabel("سلام")
    label.resize(1366, 768)
    label.show()
    watch = _Watch()
    application.installEventFilter(watch)
    application.exec()


def _desk(folder: str) -> None:
    from desktop import app

    begin = QApplication.exec

    def watched(_application: object = None) -> int:
        watch = _Watch()
        QApplication.instance().installEventFilter(watch)  # type: ignore[union-attr]
        return begin()

    with patch.object(QApplication, "exec", watched):
        app.main(["--training", "--data-dir", folder])


def start(way: str, folder: Path) -> tuple[float, float, bool]:
    """Milliseconds to the first painting, those of them the processor worked for it, and whether SQLAlchemy was loaded
    by then."""
    begun = time.monotonic()
    command = [sys.executable, "-m", "tests.bench.first_paint", way, str(folder)]
    # compiled as an installed desk is, and nothing of it left in the checkout
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPYCACHEPREFIX": str(folder.parent / "compiled")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    said = json.loads(done.stdout)
    return (said["at"] - begun) * 1000, said["worked"] * 1000, bool(said["sqlalchemy"])


def run(folder: Path, count: int = 5) -> dict[str, Any]:
    """Each round both ways in turn. `worked_to_worked` compares the least processor time of each, which others at work
    on this machine hardly change."""
    from tests.desk.opened import found

    desk = found(folder / "desk")
    times: Times = {way: [] for way in _WAYS}
    worked: Times = {way: [] for way in _WAYS}
    loaded = False
    for number in range(count + 1):
        for way in _WAYS if number % 2 else reversed(_WAYS):
            ms, processor_ms, with_database = start(way, desk)
            loaded = loaded or with_database
            if number:  # the first fills the caches
                times[way].append(ms)
                worked[way].append(processor_ms)
    return {
        "desk_to_hello": ratio(times, "desk", "hello"), "sqlalchemy_at_first_paint": loaded, "bar": BAR,
        **{f"{way}_ms": {**figures(times[way]), "worked": round(min(worked[way]), 1)} for way in _WAYS},
        "worked_to_worked": round(min(worked["desk"]) / min(worked["hello"]), 3),
    }  # fmt: skip


if __name__ == "__main__":
    if sys.argv[1] == "hello":
        _hello()
    else:
        _desk(sys.argv[2])
