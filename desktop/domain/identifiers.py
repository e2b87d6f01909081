"""Ids of everything shared: UUIDv7 (RFC 9562) in canonical text; UUIDv5 for rows that come from an imported list."""

from __future__ import annotations

import secrets
import threading
import time
import uuid
from collections.abc import Callable

_RANDOM_BITS = 74
_MOST_RANDOM = (1 << _RANDOM_BITS) - 1
# Fixed for ever: importing the same list twice must give the same ids.
_IMPORTS = uuid.UUID("6f0b1d0e-52d5-5c44-9a3c-3f1a4a8e7c61")


def uuid7(ms: int, random: int) -> str:
    """The UUIDv7 of `ms` (Unix milliseconds, 48 bits) and 74 random bits. Raises ValueError out of range."""
    if not 0 <= ms < 1 << 48 or not 0 <= random <= _MOST_RANDOM:
        raise ValueError("outside the range of a UUIDv7")
    high, low = random >> 62, random & ((1 << 62) - 1)
    return str(uuid.UUID(int=ms << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low))


def parse(text: str) -> str:
    """`text` if it is a UUID in canonical lower-case form. Raises ValueError."""
    if str(uuid.UUID(text)) != text:
        raise ValueError("not canonical")
    return text


class Mint:
    """Gives ids whose text order is the order they were given in, even if the PC's clock goes back."""

    def __init__(self, clock_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000) -> None:
        self._clock_ms = clock_ms
        self._ms, self._random = -1, 0
        self._lock = threading.Lock()

    def new(self) -> str:
        with self._lock:
            now = self._clock_ms()
            if now > self._ms:
                # The top bit stays clear, so that a burst within one millisecond has room to count up.
                self._ms, self._random = now, secrets.randbits(_RANDOM_BITS - 1)
            elif self._random < _MOST_RANDOM:
                self._random += 1
            else:
                self._ms, self._random = self._ms + 1, secrets.randbits(_RANDOM_BITS - 1)
            return uuid7(self._ms, self._random)


new = Mint().new


def of_centre(code: str) -> str:
    """The id of a centre: every desk of it gives the same one, so that they speak of one centre."""
    return imported(code, "centre", code)


def imported(centre: str, kind: str, file_number: str) -> str:
    """The id of an imported row: the same row gives the same id on every import."""
    return str(uuid.uuid5(_IMPORTS, "\0".join((centre, kind, file_number))))
