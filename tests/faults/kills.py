"""Kill -9 while a desk registers walk-ins: what it acknowledged must be there, and it must open as if nothing was.

`python -m tests.faults.kills --kills 50 --seed 7 --dir DIR` prints one JSON object. Each run of `admin simulate` is
killed a seeded 50–2,000 ms after its first new acknowledgement, with no word to it.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from desktop import desk as desks
from tests.desk.opened import PASSWORD, found

SIMULATE = ("desktop.admin", "simulate")
KILLS_A_DESK = 100  # then a new desk is founded, so that the last kill costs no more than the first
_EARLIEST_MS, _LATEST_MS = 50, 2_000
_PATIENCE_S = 120
_LOOK_S = 0.002


@dataclass
class Killed:
    """What a loop of kills came to. Times in ms; `missing` are acknowledged visits that aren't there by id and hash."""

    kills: int = 0
    acks: int = 0
    visits: int = 0
    missing: int = 0
    unclean: list[dict[str, Any]] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    reopen_after_kill_ms: float = 0.0
    reopen_clean_ms: float = 0.0
    reopen_ratio: float = 0.0

    @property
    def good(self) -> bool:
        return not self.missing and not self.unclean and set(self.heads) <= {"ok"}


def loop(folder: Path, kills: int, seed: int, writer: Sequence[str] = SIMULATE) -> Killed:
    """Kill `writer` that many times, a new desk every hundred, and verify each desk at its end.

    Raises RuntimeError if a writer ends by itself or acknowledges nothing.
    """
    rng, said = Random(seed), Killed()
    after, clean = list[float](), list[float]()
    for first in range(0, kills, KILLS_A_DESK):
        desk = found(folder / f"desk-{first}")
        acks = folder / f"acks-{first}"
        acks.touch()
        for number in range(first, min(first + KILLS_A_DESK, kills)):
            delay = rng.uniform(_EARLIEST_MS, _LATEST_MS) / 1000
            _run_and_kill(desk, acks, writer, seed + number, delay)
            said.kills += 1
            if number % 2:  # every other time the next writer itself finds what the kill left
                after.append(_open(desk, said))
                clean.append(_open(desk, said))
        _judge(desk, acks, said)
    if after:
        said.reopen_after_kill_ms = round(statistics.median(after), 1)
        said.reopen_clean_ms = round(statistics.median(clean), 1)
        said.reopen_ratio = round(said.reopen_after_kill_ms / said.reopen_clean_ms, 2)
    return said


def _command(module: str, *rest: str) -> list[str]:
    return [sys.executable, "-m", module, *rest]


def _environment() -> dict[str, str]:
    return {**os.environ, "PISHKHAN_PASSWORD": PASSWORD}


def _run_and_kill(desk: Path, acks: Path, writer: Sequence[str], seed: int, delay: float) -> None:
    module, *rest = writer
    before = acks.stat().st_size
    command = _command(module, *rest, "--data-dir", str(desk), "--acks", str(acks), "--seed", str(seed))
    process = subprocess.Popen(command, env=_environment(), stdout=subprocess.DEVNULL)
    try:
        until = time.monotonic() + _PATIENCE_S
        while acks.stat().st_size == before:
            _still_working(process, _LOOK_S)
            if time.monotonic() > until:
                raise RuntimeError("nothing was acknowledged")
        _still_working(process, delay)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def _still_working(process: subprocess.Popen[bytes], seconds: float) -> None:
    try:
        code = process.wait(seconds)
    except subprocess.TimeoutExpired:
        return
    raise RuntimeError(f"the writer ended by itself: {code}")


def _open(folder: Path, said: Killed) -> float:
    """Milliseconds from password to an open desk; what the head said of it is kept."""
    user = desks.users(folder)[0][0]
    begun = time.perf_counter()
    desk = desks.unlock(folder, user, PASSWORD)
    taken = (time.perf_counter() - begun) * 1000
    said.heads.append(desk.head)
    desk.close()
    return taken


def _judge(desk: Path, acks: Path, said: Killed) -> None:
    """`admin verify` in a process of its own: the word of the command, not of this module."""
    command = _command("desktop.admin", "verify", "--data-dir", str(desk), "--acks", str(acks))
    done = subprocess.run(command, env=_environment(), capture_output=True, check=False)
    verdict = json.loads(done.stdout)
    said.acks += acks.read_bytes().count(b"\n")
    said.visits += verdict["visits"]
    said.missing += len(verdict["missing"])
    if done.returncode:
        said.unclean.append({**verdict, "missing": len(verdict["missing"])})


def main(arguments: Sequence[str] | None = None) -> int:
    """0 only if nothing acknowledged was lost, every desk verifies and every head follows its database."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--dir", type=Path, help="where the desks stay; a temporary folder if none is given")
    asked = parser.parse_args(arguments)
    with TemporaryDirectory() as temporary:
        folder = asked.dir or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        said = loop(folder, asked.kills, asked.seed)
    heads = {each: said.heads.count(each) for each in sorted(set(said.heads))}
    print(json.dumps({**asdict(said), "heads": heads, "seed": asked.seed}, sort_keys=True))
    return 0 if said.good else 1


if __name__ == "__main__":
    sys.exit(main())
