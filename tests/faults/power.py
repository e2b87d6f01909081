"""Power cuts, simulated: a desk works while all that reaches its disk is written down; then the power goes somewhere.

`python -m tests.faults.power --cuts 400 --seed 7` prints one JSON object. At each cut the disk keeps what was synced
and a random part of what was not; the desk is opened on that, by the same door as every morning, and must verify.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, cast

from db import engine as engines
from db import verify
from desktop import desk as desks
from desktop.domain.faults import Known
from tests.desk.opened import PASSWORD, at_work, found, opened
from tests.faults.disk import Cut, Disk, Written
from tests.faults.seam import OK, watched

_LOGS = ("-wal", "-journal")
_UNWATCHED = ("-shm", ".log")  # rebuilt at opening, and words for technicians


@dataclass
class Recording:
    """The files at the start, every deed after it in order, and what was acknowledged when."""

    start: dict[str, bytes]
    deeds: list[Callable[[Disk], object]] = field(default_factory=list)
    acks: list[tuple[int, str, str]] = field(default_factory=list)  # deeds done by then, visit id, hash
    syncs: int = 0

    def acknowledge(self, visit_id: str, digest: str) -> None:
        self.acks.append((len(self.deeds), visit_id, digest))


class _Ears:
    """Hears of SQLite's files from the seam, and of the small files beside them from the two calls that place them."""

    def __init__(self, folder: Path, recording: Recording) -> None:
        self._folder, self._recording, self._new = folder, recording, set[str]()

    def _mine(self, path: str) -> str | None:
        """The name within the folder, None for what isn't watched."""
        known = Path(path).parent == self._folder and not path.endswith(_UNWATCHED)
        return Path(path).name if known else None

    def _add(self, path: str, deed: Callable[[Disk, str], object]) -> int:
        name = self._mine(path)
        if name is not None:
            self._recording.deeds.append(lambda disk: deed(disk, name))
        return OK

    def opened(self, name: str) -> int:
        if Path(name).exists():
            return OK
        self._new.add(name)
        return self._add(name, lambda disk, known: disk.file(known))

    def write(self, name: str, at: int, data: bytes) -> int:
        return self._add(name, lambda disk, known: disk.file(known).waiting.append(Written(at, data)))

    def truncate(self, name: str, size: int) -> int:
        return self._add(name, lambda disk, known: disk.file(known).waiting.append(Cut(size)))

    def synced(self, name: str) -> int:
        self._recording.syncs += 1
        if name in self._new and name.endswith(_LOGS):  # SQLite syncs the folder with a new log's first sync
            self._new.discard(name)
            self._add(name, lambda disk, _: disk.sync_names())
        return self._add(name, lambda disk, known: disk.file(known).sync())

    def removed(self, name: str, synced: bool) -> int:
        self._add(name, lambda disk, known: disk.remove(known))
        return self._add(name, lambda disk, _: disk.sync_names()) if synced else OK

    def fsync(self, handle: int) -> None:
        path = str(Path(f"/proc/self/fd/{handle}").readlink())
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            if Path(path) == self._folder:
                self._recording.deeds.append(Disk.sync_names)
            return
        self._filled(path)
        self._add(path, lambda disk, known: disk.file(known).sync())

    def replace(self, source: str, target: str) -> None:
        self._filled(source)
        other = Path(target).name
        self._add(source, lambda disk, known: disk.rename(known, other))

    def _filled(self, path: str) -> None:
        """A small file is written at one go; its contents are taken when it is synced or renamed."""
        if self._mine(path) is None:
            return
        data = Path(path).read_bytes()

        def fill(disk: Disk, name: str) -> None:
            if disk.file(name).whole() != data:
                disk.file(name).waiting += [Cut(0), Written(0, data)]

        self._add(path, fill)


@contextmanager
def recorded(folder: Path) -> Iterator[Recording]:
    """Everything done to the files of `folder` in this block. Open the desk within it."""
    start = {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}
    recording = Recording(start)
    ears = _Ears(folder, recording)
    fsync, replace = os.fsync, os.replace

    def heard_fsync(fd: Any) -> None:
        fsync(fd)
        ears.fsync(fd)

    def heard_replace(source: Any, target: Any, **rest: Any) -> None:
        ears.replace(os.fspath(source), os.fspath(target))
        replace(source, target, **rest)

    os.fsync, os.replace = heard_fsync, cast("Any", heard_replace)
    try:
        with watched(ears):
            yield recording
    finally:
        os.fsync, os.replace = fsync, replace


@contextmanager
def promising(synchronous: str) -> Iterator[None]:
    """A build that syncs less than was promised and doesn't notice. Only to be caught."""
    level = {"OFF": "0", "NORMAL": "1", "FULL": "2"}[synchronous]
    kept = dict(engines._PRAGMAS), dict(engines._PROMISED)
    engines._PRAGMAS["synchronous"], engines._PROMISED["synchronous"] = synchronous, level
    try:
        yield
    finally:
        engines._PRAGMAS.update(kept[0])
        engines._PROMISED.update(kept[1])


def day(folder: Path, visits: int, seed: int) -> Recording:
    """A desk founded, then recorded over a morning and an afternoon of `visits` walk-ins, closed between."""
    found(folder)
    with recorded(folder) as recording:
        for part in range(2):
            with opened(folder) as desk:
                work = at_work(desk, seed + part)
                for _ in range(visits // 2):
                    done = work.whole()
                    recording.acknowledge(done.registered.visit_id, done.hash)
    return recording


def founding(folder: Path) -> Recording:
    """The desk's first minute: its database, its first transaction, and last its vault."""
    folder.mkdir(mode=0o700)
    with recorded(folder) as recording:
        found(folder)
    return recording


@dataclass
class Outcome:
    """What the cuts came to: acknowledged visits lost, desks that wouldn't open, verify or work on."""

    cuts: int = 0
    acks: int = 0
    syncs: int = 0
    lost: int = 0
    cuts_with_loss: int = 0
    unopened: list[str] = field(default_factory=list)
    unclean: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        return not (self.lost or self.unopened or self.unclean)


def cut(recording: Recording, folder: Path, cuts: int, seed: int) -> Outcome:
    """Let the power go `cuts` times, spread over the recording; open and judge each time what is left, in `folder`."""
    outcome = Outcome(acks=len(recording.acks), syncs=recording.syncs)
    for point in _left(recording, folder, cuts, seed):
        outcome.cuts += 1
        acks = {visit_id: digest for at, visit_id, digest in recording.acks if at <= point}
        _morning(folder, acks, f"cut {outcome.cuts} at {point}", outcome)
    return outcome


def cut_founding(recording: Recording, folder: Path, cuts: int, seed: int) -> Outcome:
    """The same for a founding: there is no desk yet and it can be founded, or there is one and it works."""
    outcome = Outcome(syncs=recording.syncs)
    for point in _left(recording, folder, cuts, seed):
        outcome.cuts += 1
        if not (folder / "vault.json").exists() and point < len(recording.deeds):
            found(folder)
        _morning(folder, {}, f"cut {outcome.cuts} at {point}", outcome)
    return outcome


def _left(recording: Recording, folder: Path, cuts: int, seed: int) -> Iterator[int]:
    """Yields each cut's point with `folder` as the cut left it; the last is after everything."""
    rng = Random(seed)
    disk, done = Disk(recording.start), 0
    points = [rng.randint(0, len(recording.deeds)) for _ in range(cuts - 1)]
    for point in sorted([*points, len(recording.deeds)]):
        for deed in recording.deeds[done:point]:
            deed(disk)
        done = point
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        for name, data in disk.after_cut(rng).items():
            (folder / name).write_bytes(data)
        yield point


def _morning(folder: Path, acks: dict[str, str], where: str, outcome: Outcome) -> None:
    """The desk is opened, verified against what was acknowledged, and works on."""
    try:
        desk = desks.unlock(folder, desks.users(folder)[0][0], PASSWORD)
    except Known as fault:
        outcome.unopened.append(f"{where}: {fault.code}")
        return
    try:
        said = verify.verify(desk.engine, desk.signer.desk, desk.signer.realm, acks)
        outcome.lost += len(said.missing)
        outcome.cuts_with_loss += bool(said.missing)
        said.missing = []
        if not said.clean or desk.head != "ok":
            outcome.unclean.append(f"{where}: {said}, head {desk.head}")
        at_work(desk, seed=len(acks)).register()
    except Known as fault:
        outcome.unclean.append(f"{where}: {fault.code}")
    finally:
        desk.engine.dispose()


def main(arguments: Sequence[str] | None = None) -> int:
    """0 only if nothing acknowledged was lost and every desk opened, verified and worked on."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.power", description=__doc__)
    parser.add_argument("--cuts", type=int, default=400)
    parser.add_argument("--visits", type=int, default=120)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--synchronous", choices=("FULL", "NORMAL", "OFF"), default="FULL")
    asked = parser.parse_args(arguments)
    with TemporaryDirectory() as temporary, promising(asked.synchronous):
        recording = day(Path(temporary) / "desk", asked.visits, asked.seed)
        outcome = cut(recording, Path(temporary) / "after", asked.cuts, asked.seed)
    print(json.dumps({**asdict(outcome), "seed": asked.seed, "synchronous": asked.synchronous}, sort_keys=True))
    return 0 if outcome.good else 1


if __name__ == "__main__":
    sys.exit(main())
