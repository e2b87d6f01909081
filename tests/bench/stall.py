"""How long the window stands still while persons are loaded into the desk's file off its thread, beside the same work
done on it. A timer of the window's own thread is due every 5 ms; what it comes late is a stall."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication
from sqlalchemy import insert

from db import engine as engines
from db import search
from db.migrations import run as migrations
from db.models.people import Contact, Person
from tests.bench.search import PERSONS, _open, _people
from ui import tasks

BAR = 0.05
_BATCH, _EVERY_MS = 500, 5


class _Meter(QObject):
    """The longest the thread it lives in was late, in ms; the tick that is still to come counts too."""

    def __init__(self) -> None:
        super().__init__()
        self.worst, self._last = 0.0, time.perf_counter()
        self._timer = QTimer(self, interval=_EVERY_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        now = time.perf_counter()
        self.worst, self._last = max(self.worst, (now - self._last) * 1000 - _EVERY_MS), now


def _loading(path: Path, people: list[tuple[dict[str, Any], dict[str, Any]]]) -> Callable[[], None]:
    engine = _open(path, create=True)
    migrations.upgrade(engine)

    def load() -> None:
        for at in range(0, len(people), _BATCH):
            some = people[at : at + _BATCH]
            with engines.writing(engine) as session:
                session.execute(insert(Person), [person for person, _ in some])
                session.execute(insert(Contact), [contact for _, contact in some])
                ids = [person["id"] for person, _ in some]
                search.refresh(session, dict.fromkeys(ids), dict.fromkeys(ids, "person"))
        engines.close(engine)

    return load


def run(folder: Path, persons: int = PERSONS) -> dict[str, Any]:
    """`stall_share` is the longest stall of the loading off the thread, as a share of the same loading on it."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication.instance() or QApplication([])
    people = _people(persons)
    on, off = (_loading(folder / f"{name}.db", people) for name in ("on", "off"))
    begun = time.perf_counter()
    on()
    on_ms = (time.perf_counter() - begun) * 1000
    meter, done, begun = _Meter(), list[object](), time.perf_counter()
    tasks.run(meter, off, done.append, done.append)
    while not done:
        QCoreApplication.processEvents()
        time.sleep(0.001)  # as an event loop waits
    meter.look()
    assert not isinstance(done[0], tasks.Failure), done[0]
    off_ms = (time.perf_counter() - begun) * 1000
    del application
    return {
        "persons": persons, "on_thread_ms": round(on_ms), "off_thread_ms": round(off_ms), "bar": BAR,
        "longest_stall_ms": round(meter.worst, 1), "stall_share": round(meter.worst / on_ms, 4),
    }  # fmt: skip
