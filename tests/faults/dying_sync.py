"""`python -m tests.faults.dying_sync FOLDER WORD COUNT`: syncs a desk and dies by SIGKILL before or after a call.

It dies at the COUNT-th call whose target begins with WORD: before it is made where COUNT is odd, else after the answer.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from desktop.sync import link, round_trip, snapshot
from server import config
from tests.desk import opened

_real = link.Caller.call


def main(folder: str, word: str, count: str) -> int:
    """0 where the sync came to its end first."""
    snapshot.FROM = 10
    at, calls = int(count), 0

    def call(self: link.Caller, method: str, target: str, *rest: object) -> object:
        nonlocal calls
        mine = target.startswith(word) and (method, target) != ("POST", "/snapshot")
        calls += mine
        if mine and calls == at and at % 2:
            os.kill(os.getpid(), signal.SIGKILL)
        reply: object = _real(self, method, target, *rest)  # type: ignore[arg-type]
        if mine and calls == at:
            os.kill(os.getpid(), signal.SIGKILL)
        return reply

    link.Caller.call = call  # type: ignore[assignment, method-assign]
    with opened.opened(Path(folder), opened.Clock(config.now_us())) as desk:
        round_trip.sync(desk)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
