"""The PC's clock, as everything below asks it: a function that gives the instant in µs UTC.

Nothing else reads the time; who needs it is handed a `Now`, so a test or a training day hands its own.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

Now = Callable[[], int]


def now() -> int:
    """This instant in µs UTC, as the PC believes it."""
    return time.time_ns() // 1000


def steady() -> int:
    """µs of a clock that never jumps; for waits alone, it says nothing of the time."""
    return time.monotonic_ns() // 1_000


class Stepping:
    """A clock that moves `step` µs at each reading: the same day every time it is run. Safe across threads."""

    def __init__(self, start: int, step: int = 1_000) -> None:
        self._at = start - step
        self._step = step
        self._lock = threading.Lock()

    def __call__(self) -> int:
        with self._lock:
            self._at += self._step
            return self._at

    def move(self, us: int) -> None:
        """Let `us` microseconds pass at once."""
        with self._lock:
            self._at += us
