"""The clock that is handed around."""

from __future__ import annotations

import time

from desktop.machine import clock


def test_now_is_in_microseconds_utc() -> None:
    before = time.time()
    assert before - 1 < clock.now() / 1_000_000 < before + 60


def test_a_training_day_moves_as_told() -> None:
    day = clock.Stepping(1_000_000, step=10)
    assert [day(), day()] == [1_000_000, 1_000_010]
    day.move(500)
    assert day() == 1_000_520
