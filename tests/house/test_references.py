"""The binding to Qt must count its references: PySide6 6.12.0 didn't, and killed the process on Python 3.11 (ADR 5)."""

from __future__ import annotations

import sys

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

CALLS = 5_000


def test_calls_that_return_nothing_take_no_reference_from_none(qtbot: QtBot) -> None:
    label = QLabel()
    qtbot.addWidget(label)
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        label.setText("پیشخوان")
    assert abs(sys.getrefcount(None) - before) < CALLS / 10
