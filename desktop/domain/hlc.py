"""The hybrid logical clock that orders changes of several desks: int64 = microseconds · 2¹² + counter.

On the wire and in the database it is 16 lower-case hex digits, so text order is time order.
"""

from __future__ import annotations

import re
import threading

_COUNTER_BITS = 12
_TEXT = re.compile(r"[0-9a-f]{16}")


def pack(us: int, counter: int = 0) -> int:
    """The value at `us` (microseconds, UTC). Raises ValueError outside int64 or a counter over 4095."""
    value = us << _COUNTER_BITS | counter
    if not 0 <= counter < 1 << _COUNTER_BITS or not 0 <= value < 1 << 64:
        raise ValueError("outside the range of the clock")
    return value


def microseconds(value: int) -> int:
    """The instant a value was given at, or a little ahead of it."""
    return value >> _COUNTER_BITS


def text(value: int) -> str:
    """16 hex digits."""
    if not 0 <= value < 1 << 64:
        raise ValueError("outside the range of the clock")
    return f"{value:016x}"


def parse(written: str) -> int:
    """The value of 16 lower-case hex digits. Raises ValueError for anything else."""
    if not _TEXT.fullmatch(written):
        raise ValueError("not a clock value")
    return int(written, 16)


def readable(written: str) -> bool:
    """Whether `parse` takes it."""
    return _TEXT.fullmatch(written) is not None


class Clock:
    """Gives values that only grow, whatever the PC's clock does. May be used from several threads."""

    def __init__(self, last: int = 0) -> None:
        """`last` is the greatest value this desk has given or seen."""
        self._last = last
        self._lock = threading.Lock()

    @property
    def last(self) -> int:
        return self._last

    def tick(self, now_us: int) -> int:
        """A value greater than every earlier one and not before `now_us`."""
        with self._lock:
            self._last = max(pack(now_us), self._last + 1)
            return self._last

    def witness(self, value: int) -> None:
        """Another desk's value was seen: later ticks are greater."""
        with self._lock:
            self._last = max(self._last, value)
