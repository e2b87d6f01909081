"""When the province is tried again, and how much is sent at once: sums over times, with chance handed in.

Times are µs of one clock that never jumps. Nothing here gives up: after any number of failures there is a next attempt.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

Cause = Literal["timer", "reconnect", "write", "hand", "command"]
"""What an attempt was made for."""

_S = 1_000_000
FIRST, MOST = 5 * _S, 900 * _S
LEAST = 1 * _S
"""The shortest wait chance may give: a line that fails at once isn't tried without end."""
AFTER_WRITE = 3 * _S // 2
LONGEST_HINT = 3_600 * _S
"""The province may ask for quiet, not for good."""
_OFTEN, _SPREAD = 45 * _S, 30 * _S
_DOUBLINGS = 8  # 5 s, doubled so often, is beyond the longest wait


@dataclass(frozen=True, slots=True)
class Pace:
    """`failures` in a row; `due`, when the next attempt is; `not_before`, what the province asked for."""

    failures: int = 0
    due: int = 0
    not_before: int = 0


def ceiling(failures: int) -> int:
    """The longest wait after so many failures in a row: 5 s, doubling, never over 15 minutes."""
    return min(MOST, FIRST << min(max(failures - 1, 0), _DOUBLINGS))


def failed(pace: Pace, now: int, draw: float, *, hint: int = 0, moved: bool = False) -> Pace:
    """After an attempt that failed, or of which nothing is known: full jitter, `draw` (0 to 1) of the ceiling.

    `hint` is the wait the province asked for, 0 for none. `moved` is an attempt that brought something through before
    it was cut: the line works, so the waits begin anew.
    """
    failures = 1 if moved else pace.failures + 1
    quiet = now + min(hint, LONGEST_HINT) if hint > 0 else 0
    return Pace(failures, max(now + max(LEAST, int(draw * ceiling(failures))), quiet), quiet)


def succeeded(now: int, draw: float) -> Pace:
    """After an attempt that ended well: about a minute until what others did is asked for."""
    return Pace(0, now + _OFTEN + int(draw * _SPREAD))


def written(pace: Pace, now: int) -> Pace:
    """Something was saved here: it goes soon, whatever failed before."""
    return _by(pace, now + AFTER_WRITE)


def reconnected(pace: Pace, now: int, draw: float) -> Pace:
    """The network came back: what failed before says nothing of it. A whole province comes back at once, so spread."""
    return _by(replace(pace, failures=0), now + int(draw * FIRST))


def _by(pace: Pace, at: int) -> Pace:
    """Not later than `at`, as far as the province lets."""
    return replace(pace, due=max(min(pace.due, at), pace.not_before))


def smaller(size: int) -> int:
    """The next size after a request that was cut: half, never none."""
    return max(1, size // 2)


def larger(size: int, most: int) -> int:
    """The next size after a full one went through: a quarter more."""
    return min(most, size + max(1, size // 4))
