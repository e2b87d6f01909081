"""One run from founding to verdict: storm, calm, dumps, checker."""

from __future__ import annotations

import json
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import psycopg

from tests.desk import postgres
from tests.faults.live import deskside, gather, province, proxy
from tests.faults.live.plan import CENTRES, Plan, Seat
from tests.faults.live.processes import ended, fork, kill, wait

_TICK_S = 0.02
_OFFICER_EVERY_S = 2.0
_ROUNDS = 24
_UP_S = 20


@dataclass
class _Living:
    """A process that is kept alive by being born again: its pid, its life's number, when it is to die."""

    pid: int
    life: int
    until: float


@dataclass
class Run:
    """A run of `plan`."""

    plan: Plan
    dice: Random = field(init=False)
    server: _Living = field(init=False)
    proxy: int = 0
    desks: dict[str, _Living] = field(default_factory=dict)
    server_kills: int = 0
    desk_kills: int = 0
    visits: int = 0
    counted: float = 0
    strange: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.dice = Random(f"{self.plan.seed}/run")

    def go(self) -> dict[str, Any]:
        """The verdict."""
        plan, begun = self.plan, time.monotonic()
        for name in ("journals", "dumps", "logs"):
            (plan.folder / name).mkdir(parents=True, exist_ok=True)
        try:
            self._set_up()
            set_up = time.monotonic()
            self._storm()
            stormed = time.monotonic()
            torn = self._calm()
            calmed = time.monotonic()
            self._gather()
        finally:
            self._end()
        (plan.folder / "torn.json").write_text(json.dumps([*torn, *self.strange]))
        said = judged(plan.folder)
        met = json.loads((plan.folder / "met.json").read_text())
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        took = {
            "cpu_s": used.ru_utime + used.ru_stime, "set_up_s": set_up - begun, "storm_s": stormed - set_up,
            "calm_s": calmed - stormed, "check_s": time.monotonic() - calmed,
        }  # fmt: skip
        kills = {
            "kills": self.server_kills + self.desk_kills, "server_kills": self.server_kills,
            "desk_kills": self.desk_kills,
        }  # fmt: skip
        return {
            "changes": said["changes"], **kills, **said, "connections": met, "backend": plan.backend,
            "seed": plan.seed, "mutant": plan.mutant,
            **{name: round(seconds, 1) for name, seconds in took.items()},
        }  # fmt: skip

    def _set_up(self) -> None:
        plan = self.plan
        self._must(fork(lambda: province.found(plan), plan.log("found")), "founding the province")
        self._serve(0, faults=False)
        met = plan.folder / "met.json"
        self.proxy = fork(lambda: proxy.serve(plan.proxy_port, plan.port, f"{plan.seed}/proxy", met), plan.log("proxy"))
        _until(met.exists, "the proxy")
        for seat in plan.seats:
            self._must(fork(partial(deskside.found, plan, seat), plan.log(f"found-{seat.name}")), seat.name)
        for seat in plan.seats:
            wait(fork(partial(deskside.settle, plan, seat, -1), plan.log(f"settle-{seat.name}")))

    def _must(self, pid: int, what: str) -> None:
        if code := wait(pid):
            raise RuntimeError(f"{what} ended with {code}; see {self.plan.folder / 'logs'}")

    def _serve(self, life: int, *, faults: bool) -> None:
        plan = self.plan
        pid = fork(lambda: province.serve(plan, life, faults), plan.log("province"))
        self.server = _Living(pid, life, time.monotonic() + self.dice.expovariate(1 / plan.server_life_s) + 0.8)
        if not faults:
            _until(lambda: _answers(plan.port), "the province")

    def _desk(self, seat: Seat, life: int) -> None:
        plan = self.plan
        pid = fork(lambda: deskside.live(plan, seat, life), plan.log(f"desk-{seat.name}"))
        until = time.monotonic() + self.dice.expovariate(1 / plan.desk_life_s) + 0.3
        self.desks[seat.name] = _Living(pid, life, until)

    def _storm(self) -> None:
        """Faults, until the time is up and all that was asked for is reached."""
        plan, begun = self.plan, time.monotonic()
        _tell(self.proxy, signal.SIGUSR2)
        kill(self.server.pid)
        self._serve(1, faults=True)
        for seat in plan.seats:
            self._desk(seat, 1)
        officer, next_visit, looked = 0, begun + _OFFICER_EVERY_S, begun
        while not self._enough(begun, looked):
            looked = time.monotonic()
            self._reap_server(looked)
            for seat in plan.seats:
                self._reap_desk(seat, looked)
            if officer and ended(officer) is not None:
                officer = 0
            if not officer and looked > next_visit:
                officer, next_visit = self._officer(), looked + _OFFICER_EVERY_S
            signal.sigtimedwait({signal.SIGCHLD}, _TICK_S)
        for living in self.desks.values():
            self.desk_kills += kill(living.pid) == -signal.SIGKILL
        self.server_kills += kill(self.server.pid) == -signal.SIGKILL
        if officer:
            wait(officer)

    def _officer(self) -> int:
        plan, visit = self.plan, self.visits
        self.visits += 1
        return fork(lambda: province.officer(plan, visit), plan.log("officer"))

    def _reap_server(self, now: float) -> None:
        code = kill(self.server.pid) if now > self.server.until else ended(self.server.pid)
        if code is None:
            return
        self._count(code, "province")
        self.server_kills += code == -signal.SIGKILL
        self._serve(self.server.life + 1, faults=True)

    def _reap_desk(self, seat: Seat, now: float) -> None:
        living = self.desks[seat.name]
        code = kill(living.pid) if now > living.until else ended(living.pid)
        if code is None:
            return
        self._count(code, f"desk-{seat.name}")
        self.desk_kills += code == -signal.SIGKILL
        self._desk(seat, living.life + 1)

    def _count(self, code: int, who: str) -> None:
        """Whoever ended by itself has a fault of its own, which its log tells."""
        if code != -signal.SIGKILL and len(self.strange) < 20:
            self.strange.append(f"{who} ended by itself with {code}: {_last_words(self.plan.log(who))}")

    def _enough(self, begun: float, now: float) -> bool:
        plan = self.plan
        if now - begun < plan.seconds:
            return False
        if self.server_kills < plan.server_kills or self.desk_kills < plan.desk_kills:
            return False
        if not plan.changes or now < self.counted + 1:
            return not plan.changes
        self.counted = now
        return sum(_written(plan.journal(f"desk-{each.name}")) for each in plan.seats) >= plan.changes

    def _calm(self) -> list[str]:
        """No faults any more: everybody syncs, officers decide, until nothing is on its way. Who doesn't get there."""
        plan = self.plan
        _tell(self.proxy, signal.SIGUSR1)
        self._serve(self.server.life + 1, faults=False)
        torn: set[str] = set()
        for number in range(_ROUNDS):
            torn.clear()
            moved = 0
            pids = {
                seat: fork(partial(deskside.settle, plan, seat, -2 - number), plan.log(f"settle-{seat.name}"))
                for seat in plan.seats
            }
            for seat, pid in pids.items():
                code = wait(pid, 600)
                moved += code == deskside.MOVED
                if code not in (0, deskside.MOVED):
                    torn.add(f"{seat.name} ({code}: {_last_words(plan.log(f'settle-{seat.name}'))})")
            if torn and number > 3:
                break
            if not moved and not torn:
                decided = wait(fork(partial(province.officer, plan, -1 - number), plan.log("officer")), 600)
                if decided not in (0, province.DECIDED):
                    torn.add(f"the officer ended with {decided}: {_last_words(plan.log('officer'))}")
                    break
                if not decided and number and self._durable(number):
                    break
        else:
            torn.add("no quiet came")
        return sorted(torn)

    _asked_durable: int = -1

    def _durable(self, number: int) -> bool:
        """Whether a quiet round has passed since a backup: its word of what is durable has come to every desk."""
        before, self._asked_durable = self._asked_durable, number
        return before == number - 1

    def _gather(self) -> None:
        plan = self.plan
        self._must(fork(lambda: gather.of_province(plan), plan.log("gather")), "reading the province")
        for place, seat in enumerate(plan.seats):
            proven = not plan.changes or place in (0, len(plan.seats) - 1)
            pid = fork(partial(gather.of_desk, plan, seat, proven), plan.log("gather"))
            self._must_in(pid, 900, f"reading {seat.name}")

    def _must_in(self, pid: int, seconds: float, what: str) -> None:
        if code := wait(pid, seconds):
            raise RuntimeError(f"{what} ended with {code}: {_last_words(self.plan.log('gather'))}")

    def _end(self) -> None:
        """Nothing of this run goes on."""
        for pid in [living.pid for living in (*self.desks.values(), *([self.server] if self._served else []))]:
            try:
                kill(pid)
            except (ProcessLookupError, ChildProcessError):
                continue
        if self.proxy:
            _tell(self.proxy, signal.SIGTERM)
            wait(self.proxy, 10)

    @property
    def _served(self) -> bool:
        return hasattr(self, "server")


def _tell(pid: int, word: int) -> None:
    os.kill(pid, word)


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def _until(true: Callable[[], bool], what: str) -> None:
    """Look until it is so. Raises RuntimeError."""
    until = time.monotonic() + _UP_S
    while not true():
        if time.monotonic() > until:
            raise RuntimeError(f"{what} didn't come up")
        signal.sigtimedwait({signal.SIGCHLD}, 0.02)


def _last_words(log: Path) -> str:
    lines = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
    return lines[-1][:300] if lines else ""


def _written(journal: Path) -> int:
    """The last seq a desk's journal acknowledges."""
    with journal.open("rb") as file:
        file.seek(max(0, journal.stat().st_size - 65_536))
        tail = file.read().decode(errors="ignore").split("\n")[:-1]
    commits = (json.loads(line) for line in reversed(tail) if line.startswith('{"t":"commit"'))
    return int(next((line["last"] for line in commits), 0))


def judged(folder: Path) -> dict[str, Any]:
    """What the history checker says, in a process that has nothing of the product loaded."""
    asked = [sys.executable, "-m", "tests.faults.live.oracle", str(folder)]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    if not done.stdout:
        raise RuntimeError(f"the checker ended with {done.returncode}: {done.stderr[-2_000:]}")
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def _database(backend: str) -> Iterator[str]:
    """The address of a new database, empty for SQLite."""
    if backend == "sqlite":
        yield ""
        return
    with postgres.running() as address:
        name = f"p{uuid4().hex}"
        plain = address.format(name="postgres").replace("+psycopg", "")
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        yield address.format(name=name)


def go(plan: Plan) -> dict[str, Any]:
    """Run it, on a database and ports of its own."""
    seats = tuple(
        Seat(f"{letter}{number + 1}", centre)
        for letter, centre in zip("ab", CENTRES, strict=True)
        for number in range(plan.desks_a_centre)
    )
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
    with _database(plan.backend) as database:
        ready = replace(plan, database=database, port=_free_port(), proxy_port=_free_port(), seats=seats)
        return Run(ready).go()
