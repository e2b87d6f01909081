"""A desk's side of a run: the real desk, opened with its password, at work and syncing until it is killed."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
import time
from collections.abc import Callable
from random import Random
from typing import Any
from unittest.mock import patch

import msgspec
import zstandard
from sqlalchemy import select

from db import feed
from db.models.journal import ChangeRow
from desktop import desk as desks
from desktop import wire
from desktop.actions.staffing import Founding
from desktop.desk import Desk
from desktop.domain.faults import Known
from desktop.machine import clock as this_pc
from desktop.seal.commits import Sealed
from desktop.seal.passwords import Cost
from desktop.sync import attempt, enrol, http, link, pull, round_trip
from tests.desk.provinces import cheap_codes
from tests.faults.live import mutations
from tests.faults.live.plan import PASSWORD, Plan, Seat
from tests.faults.live.processes import Journal
from tests.faults.live.work import Work

CHEAP = Cost(8 * 1024, 1, 1)
MOVED = 3
"""Exit code of a desk that still had something to send or to fold."""
MARKER = re.compile("نشان[a-z0-9]+ه[0-9]+ه[0-9]+ن")
_MINUTE_US = 60_000_000
_SKEWS = (0, 0, 2_500_000, -40_000_000, 9 * _MINUTE_US, -17 * _MINUTE_US, 1_430 * _MINUTE_US, -1_430 * _MINUTE_US)
_DIES_AFTER_ANSWER = 1 / 150
_LINE = ("province-unreachable", "province-trouble")


def found(plan: Plan, seat: Seat) -> None:
    """Found a desk, enrol it, and tell the province of its first households."""
    code = json.loads((plan.folder / "codes.json").read_text())[seat.name]
    centre = Founding(seat.centre, "training", f"مرکز {seat.centre}")
    folder = plan.desk(seat)
    desks.init(folder, centre, manager=f"مسئول {seat.name}", password=PASSWORD, training=True, cost=CHEAP)
    with _Life(plan, seat, -1) as life, patch("desktop.seal.passwords.Cost", cheap_codes):
        life.journal_what_is_there()
        enrol.enrol(life.desk, plan.url, code)
        life.write(life.work.begins)
        round_trip.sync(life.desk)


def live(plan: Plan, seat: Seat, number: int) -> None:
    """Work and sync until killed."""
    with _Life(plan, seat, number) as life:
        life.faulty()
        while True:
            life.step()


def settle(plan: Plan, seat: Seat, number: int) -> int:
    """Sync until it goes through, with no faults left; MOVED where it brought anything either way."""
    with _Life(plan, seat, number) as life:
        moved = 0
        for _ in range(8):
            try:
                said = round_trip.sync(life.desk)
            except Known as fault:
                life.journal.say({"t": "fault", "code": fault.code, "quiet": True})
                time.sleep(0.1)
                continue
            moved += said.pushed + said.pulled
            if not said.pushed + said.pulled:
                return MOVED if moved else 0
    return 71


class _Life:
    """From opening the desk to its death."""

    def __init__(self, plan: Plan, seat: Seat, number: int) -> None:
        self.plan, self.seat, self.number = plan, seat, number
        self.dice = Random(f"{plan.seed}/{seat.name}/{number}")
        self.journal = Journal(plan.journal(f"desk-{seat.name}"))
        self.given: set[str] = set()
        self.acked: int | None = None
        mutations.in_desk(plan.mutant)
        skew = self.dice.choice(_SKEWS) if number > 0 else 0
        real = this_pc.now
        self.clock: Callable[[], int] = lambda: real() + skew
        self.desk: Desk

    def __enter__(self) -> _Life:
        this_pc.now = self.clock
        folder = self.plan.desk(self.seat)
        self.desk = desks.unlock(folder, desks.users(folder)[0][0], PASSWORD)
        self.desk.now = self.clock
        self.work = Work(self.desk, self.seat.name, max(self.number, 0), self.dice)
        self.journal.say({"t": "opened", "desk": self.desk.signer.desk, "head": self.desk.head, "life": self.number})
        self.journal.say({"t": "marks", "acked": self.marked()})
        self._listen()
        return self

    def __exit__(self, *_: object) -> None:
        self.desk.close()

    def step(self) -> None:
        """A little work, then perhaps a sync."""
        for _ in range(self.dice.randint(1, 6)):
            self.write(self.work.transfer if self.dice.random() < 0.15 else self.work.commit)
        if self.dice.random() < 0.6:
            self.sync()

    def write(self, act: Callable[..., None]) -> None:
        """One commit, acknowledged in the journal once it is on disk."""
        desk = self.desk
        before = desk.tip()
        with desk.writing() as session:
            act(session)
            rows = self._own_since(session, before)
        if rows:
            self.journal.say({"t": "commit", "first": before + 1, "last": desk.tip(), "changes": rows}, synced=True)

    def journal_what_is_there(self) -> None:
        """What founding the desk wrote is acknowledged too."""
        with self.desk.reading() as session:
            rows = self._own_since(session, 0)
        self.journal.say({"t": "commit", "first": 1, "last": len(rows), "changes": rows}, synced=True)

    def _own_since(self, session: Any, seq: int) -> list[list[Any]]:
        """[change id, hash, SHA-256 of the body, kind, entity, markers] of each."""
        mine = ChangeRow.desk == self.desk.signer.desk, ChangeRow.seq > seq
        asked = select(ChangeRow.change_id, ChangeRow.header, ChangeRow.body, ChangeRow.kind, ChangeRow.entity_id)
        return [
            [
                row.change_id, Sealed(row.header, None, None).hash, hashlib.sha256(row.body or b"").hexdigest(),
                row.kind, row.entity_id, MARKER.findall((row.body or b"").decode()),
            ]
            for row in session.execute(asked.where(*mine).order_by(ChangeRow.seq))
        ]  # fmt: skip

    def sync(self) -> None:
        """One attempt; what it ended with is in the journal."""
        try:
            attempt.attempt(self.desk, "timer")
        except Known as fault:
            self.journal.say({"t": "fault", "code": fault.code})
            self.journal.say({"t": "marks", "acked": self.marked()})
            if fault.code in _LINE:
                time.sleep(self.dice.uniform(0.01, 0.08))

    def marked(self) -> int:
        """Up to where this desk believes its changes to be stored."""
        with self.desk.reading() as session:
            return feed.position(session).acked_seq

    def _listen(self) -> None:
        """Write down what the province tells this desk: where its chain stands there, and every name it gives it."""
        real_send, real_call, journal, life = http.Line.send, link.Caller.call, self.journal, self

        def send(line: http.Line, method: str, target: str, headers: Any, body: bytes) -> http.Reply:
            reply = real_send(line, method, target, headers, body)
            if reply.status == 200 and (found_ := life.new_names(reply.body)):
                journal.say({"t": "given", "markers": found_})
            return reply

        def call(caller: link.Caller, method: str, target: str, shape: Any, message: Any = None) -> Any:
            reply = real_call(caller, method, target, shape, message)
            if isinstance(reply, wire.HelloReply):
                journal.say({"t": "hello", "acked": life.marked(), "held": reply.seq})
            elif isinstance(reply, wire.PushReply):
                life.acked = reply.acked_seq
                journal.say({"t": "pushed", "held": reply.acked_seq})
            elif isinstance(reply, wire.PullReply) and life.acked is not None:
                journal.say({"t": "after push", "acked": life.acked, "held": reply.acked_seq})
                life.acked = None
            return reply

        def diverged(*given: Any) -> Any:
            try:
                return real_pull(*given)
            except pull.Diverged:
                journal.say({"t": "diverged"})
                kept = life.plan.folder / f"diverged-{life.seat.name}-{time.monotonic_ns()}"
                shutil.copytree(life.plan.desk(life.seat), kept)  # it begins anew next, and what was wrong is gone
                raise

        real_pull = pull.pull
        round_trip.pull = diverged  # type: ignore[attr-defined, assignment]
        http.Line.send, link.Caller.call = send, call  # type: ignore[method-assign, assignment]

    def new_names(self, body: bytes) -> list[str]:
        """Names in a reply this life hasn't been given before."""
        plain = zstandard.ZstdDecompressor().decompressobj().decompress(body)
        found_ = set(MARKER.findall(plain.decode("utf-8", "ignore"))) - self.given
        self.given |= found_
        return sorted(found_)

    def faulty(self) -> None:
        """Requests that go twice, late, or garbled after they were signed; and a death right after an answer."""
        real, dice, journal = http.Line.send, self.dice, self.journal
        old: list[tuple[str, str, Any, bytes]] = []

        def send(line: http.Line, method: str, target: str, headers: Any, body: bytes) -> http.Reply:
            if body and dice.random() < (0.2 if target == "/push" else 0.08):
                bad = garbled(target, body, dice)
                status = real(line, method, target, headers, bad).status if bad != body else 0
                journal.say({"t": "garbled", "target": target, "status": status})
            reply = real(line, method, target, headers, body)
            if target == "/push":
                old.append((method, target, headers, body))
                if dice.random() < 0.08:
                    again = dice.choice(old[-6:])
                    journal.say({"t": "again", "status": real(line, *again).status, "old": again is not old[-1]})
            if dice.random() < _DIES_AFTER_ANSWER:
                os.kill(os.getpid(), signal.SIGKILL)
            return reply

        http.Line.send = send  # type: ignore[method-assign, assignment]


def garbled(target: str, body: bytes, dice: Random) -> bytes:
    """What an altering line might make of a signed body: cut, a byte other, or repacked with another word in it."""
    draw = dice.random()
    if draw < 0.2:
        return body[: dice.randrange(1, len(body))]
    if draw < 0.4 or target not in ("/push", "/hello"):
        at = dice.randrange(len(body))
        return body[:at] + bytes([body[at] ^ (1 << dice.randrange(8))]) + body[at + 1 :]
    if target == "/hello":
        asked = wire.unpack(body, wire.HelloAsk)
        return wire.pack(msgspec.structs.replace(asked, cursor=asked.cursor + 1))
    sent = wire.unpack(body, wire.PushAsk)
    last = sent.commits[-1]
    wrong = bytes([last.actor_signature[0] ^ 1]) + last.actor_signature[1:] if last.actor_signature else b""
    other = wire.Transaction(last.message, last.actor, last.desk_signature, wrong, last.changes)
    return wire.pack(wire.PushAsk((*sent.commits[:-1], other)))
