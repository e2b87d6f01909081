"""Kill -9 while somebody types: the draft on disk is what stood in the form two seconds before, or later."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random
from threading import Timer

from db import drafts
from desktop import desk as desks
from tests.desk.opened import PASSWORD

PROMISED_S = 2.0
_EARLIEST_S, _LATEST_S = 0.2, 4.0
_PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class Typed:
    """A letter that stood in the field: when, how late the machine let it come, and the whole text then."""

    at: float
    late: float
    text: str


@dataclass(frozen=True, slots=True)
class Cut:
    """One kill: what had been typed, when it came, and the name in the draft, None where there is none."""

    typed: list[Typed]
    at: float
    kept: str | None

    def lost_s(self) -> float:
        """The age of the oldest letter that is gone, in seconds before the kill; 0 where none is."""
        kept = self.kept or ""
        gone = [each.at for each in self.typed if len(each.text) > len(kept)]
        return max(0.0, self.at - min(gone)) if gone else 0.0

    def allowed_s(self) -> float:
        """What was promised, and the longest that this machine kept a letter waiting meanwhile."""
        return PROMISED_S + max(each.late for each in self.typed)

    def true(self) -> bool:
        """Whether the draft is something that really stood there."""
        return self.kept is None or self.kept in {each.text for each in self.typed}


def cut(founded: Path, folder: Path, rng: Random) -> Cut:
    """Somebody types at a copy of the desk `founded`, and the power goes."""
    shutil.copytree(founded, folder)
    command = [sys.executable, "-m", "tests.faults.typing_desk", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8")
    assert process.stdout is not None
    watchdog = Timer(_PATIENCE_S, process.kill)
    watchdog.start()
    try:
        lines = [process.stdout.readline()]
        assert lines[0], "nobody typed"
        until = time.monotonic() + rng.uniform(_EARLIEST_S, _LATEST_S)
        while time.monotonic() < until:
            lines.append(process.stdout.readline())
    finally:
        watchdog.cancel()
        process.send_signal(signal.SIGKILL)
        at = time.monotonic()
        rest = process.stdout.read()
        process.stdout.close()
        process.wait()
    typed = [_typed(line) for line in (*lines, *rest.splitlines()) if line.count("\t") == 2]
    return Cut(typed, at, _kept(folder))


def _typed(line: str) -> Typed:
    at, late, text = line.rstrip("\n").split("\t")
    return Typed(int(at) / 1e6, int(late) / 1e6, text)


def _kept(folder: Path) -> str | None:
    """The name in the draft, as the next opening of the desk finds it."""
    desk = desks.unlock(folder, desks.users(folder)[0][0], PASSWORD)
    try:
        with desk.reading() as session:
            found = drafts.load(session, desk.actor.staff_id, "intake")
    finally:
        desk.close()
    return str(found.fields["entries"][0]["given_name"]) if found else None
