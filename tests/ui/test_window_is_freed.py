"""Sixty windows one after another: the last is made as quickly as the first, and none is left behind."""

from __future__ import annotations

import time
from statistics import median

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from tests.ui.sample_desk import desk
from ui import tasks
from ui.theme.look import Look

WINDOWS, AT_AN_END = 60, 10


def test_the_last_window_is_set_up_as_quickly_as_the_first(look: Look) -> None:
    times = []
    before = len(QApplication.topLevelWidgets())
    for _ in range(WINDOWS):
        begun = time.process_time()
        window = desk(look, training="تمرین")
        window.show()
        window.go("sync")
        tasks.drain()
        QApplication.processEvents()
        times.append(time.process_time() - begun)
        window.close()
        window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    print(f"first {median(times[:AT_AN_END]) * 1000:.0f} ms, last {median(times[-AT_AN_END:]) * 1000:.0f} ms")
    assert median(times[-AT_AN_END:]) <= 3 * median(times[:AT_AN_END])
    assert len(QApplication.topLevelWidgets()) == before
