"""Who of a centre has which household's file open: a hint, kept in memory and soon forgotten, never a lock."""

from __future__ import annotations

from collections.abc import Iterable
from threading import Lock

LIFE_US = 3 * 60 * 1_000_000


class OpenFiles:
    """What each desk said last of the files on its screen."""

    def __init__(self) -> None:
        self._said: dict[str, dict[str, tuple[frozenset[str], int]]] = {}
        self._lock = Lock()

    def told(self, centre_id: str, desk_id: str, files: Iterable[str], now_us: int) -> dict[str, str]:
        """Keep what this desk has open; which of these files another desk of its centre has open too, and which one."""
        mine = frozenset(files)
        with self._lock:
            said = self._said.setdefault(centre_id, {})
            said[desk_id] = mine, now_us
            for other in [each for each, (_, at) in said.items() if now_us - at > LIFE_US]:
                del said[other]
            return {
                household: other
                for other, (theirs, _) in sorted(said.items())
                if other != desk_id
                for household in sorted(mine & theirs)
            }
