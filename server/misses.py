"""Failed enrolments by address: one place can't burn a centre's open codes at once."""

from __future__ import annotations

from threading import Lock

from server.enrol import TRIES

WINDOW_US = 15 * 60 * 1_000_000
_ADDRESSES = 10_000


class Misses:
    """Counted in memory, by the address a request comes from; forgotten a quarter of an hour after the first."""

    def __init__(self) -> None:
        self._since: dict[str, tuple[int, int]] = {}
        self._lock = Lock()

    def of(self, address: str, now_us: int) -> int:
        """How many tries failed from there lately; at `TRIES` it has none left."""
        with self._lock:
            began, count = self._since.get(address, (now_us, 0))
            return 0 if now_us - began >= WINDOW_US else min(count, TRIES)

    def missed(self, address: str, now_us: int) -> None:
        """Count a failed try."""
        with self._lock:
            began, count = self._since.get(address, (now_us, 0))
            if now_us - began >= WINDOW_US:
                began, count = now_us, 0
            if address not in self._since and len(self._since) >= _ADDRESSES:
                self._since = {at: kept for at, kept in self._since.items() if now_us - kept[0] < WINDOW_US}
            self._since[address] = began, count + 1
