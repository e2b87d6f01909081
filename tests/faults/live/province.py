"""The province's side of a run: founded once, served in a process that is killed, and the officer who decides."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable
from contextlib import closing, suppress
from random import Random
from typing import Any
from unittest.mock import patch

from sqlalchemy import Connection, Engine, event, select

from server import backup, config, enrol, exchange, inbox, keys, serving, store
from server.books import Books
from server.serving import Where
from server.store import SIGNED_COMMIT
from server.upgrade import upgrade
from tests.desk.provinces import cheap_codes
from tests.faults.live import mutations
from tests.faults.live.plan import CENTRES, REALM, Plan
from tests.faults.live.processes import Journal

DECIDED = 4
"""Exit code of an officer who had something to decide."""
_ANSWER_LOST = 1 / 250
"""How often the province dies between the commit of a push and its answer."""
_WAITING = (
    select(
        SIGNED_COMMIT.c.centre_id, SIGNED_COMMIT.c.desk_id, SIGNED_COMMIT.c.first, SIGNED_COMMIT.c.last,
        SIGNED_COMMIT.c.reason,
    )
    .where(SIGNED_COMMIT.c.verdict == "quarantined")
    .order_by(SIGNED_COMMIT.c.received_at, SIGNED_COMMIT.c.desk_id, SIGNED_COMMIT.c.first)
)  # fmt: skip
_FOR_ME = ("late", "transfer_refused")


def opened(plan: Plan) -> Engine:
    """The province's database."""
    return store.opened(plan.database or f"sqlite:///{plan.province / 'server.db'}")


def found(plan: Plan) -> None:
    """Make the province, its centres, and a code for every desk, which is left in `codes.json`."""
    identity = keys.create(plan.province, REALM, plan.folder / "root.json")
    engine = opened(plan)
    upgrade(engine)
    config.prepare(engine, REALM, identity.sign_key)
    with store.writing(engine) as connection:
        for centre in CENTRES:
            enrol.add_centre(connection, centre, f"مرکز {centre}", config.now_us())
    codes = {}
    with patch("desktop.seal.passwords.Cost", cheap_codes):
        for seat in plan.seats:
            with store.writing(engine, seat.centre) as connection:
                codes[seat.name] = enrol.new_code(connection, seat.centre, config.now_us())
    (plan.folder / "codes.json").write_text(json.dumps(codes))
    engine.dispose()


def serve(plan: Plan, life: int, faults: bool) -> None:
    """Answer until killed. It dies by itself too, at the worst moment: after a commit and before its answer."""
    dice = Random(f"{plan.seed}/province/{life}")
    mutations.in_province(plan.mutant, plan.folder)
    if faults:
        _dies_unanswered(dice)
    identity = keys.load(plan.province)
    engine = opened(plan)
    if plan.backend == "sqlite":
        event.listen(engine, "connect", _quick)
    upgrade(engine)
    with patch("desktop.seal.passwords.Cost", cheap_codes):
        config.prepare(engine, identity.realm, identity.sign_key)
        serving.serve(plan.province, engine, identity, Where(port=plan.port, url=plan.url))


def _quick(driver: Any, _record: Any) -> None:
    """A killed process loses nothing the system has: no power goes here, and the disk is shared by six desks."""
    driver.execute("PRAGMA synchronous=NORMAL")


def _dies_unanswered(dice: Random) -> None:
    real = exchange.push

    def push(*given: Any) -> Any:
        reply = real(*given)
        if dice.random() < _ANSWER_LOST:
            os.kill(os.getpid(), signal.SIGKILL)
        return reply

    exchange.push = push  # type: ignore[assignment]


def officer(plan: Plan, visit: int) -> int:
    """Decide everything that waits for a person; now and then back all of it up. What was decided is in the journal."""
    dice = Random(f"{plan.seed}/officer/{visit}")
    journal = Journal(plan.journal("officer"))
    identity, engine = keys.load(plan.province), opened(plan)
    with closing(_Closing(engine)):
        decided: set[tuple[str, str, int]] = set()
        while (row := _next(engine, decided, everything=visit < 0)) is not None:
            decided.add((row.centre_id, row.desk_id, row.first))
            let_in = row.reason == "late" and dice.random() < 0.66
            done = _settle(engine, identity, row.centre_id, row.desk_id, row.first, let_in)
            if done:
                said = {"first": row.first, "last": row.last, "reason": row.reason, "in": done == "in"}
                journal.say({"t": "decided", "centre": row.centre_id, "desk": row.desk_id, **said}, synced=True)
        if visit % 5 == 4 or visit < 0:
            backup.write(engine, identity, plan.province, plan.folder / f"backup-{time.monotonic_ns()}")
    return DECIDED if decided else 0


def _next(engine: Engine, decided: set[tuple[str, str, int]], *, everything: bool) -> Any:
    """What to decide next: each decision may free others, or give them another reason."""
    with store.reading(engine) as connection:
        waiting = connection.execute(_WAITING).all()
    left = [each for each in waiting if (each.centre_id, each.desk_id, each.first) not in decided]
    mine = [each for each in left if each.reason in _FOR_ME]
    return next(iter(mine or (left if everything else ())), None)


class _Closing:
    def __init__(self, engine: Engine) -> None:
        self.close: Callable[[], None] = engine.dispose


def _settle(engine: Engine, identity: keys.Identity, centre: str, desk: str, first: int, let_in: bool) -> str:
    """What was decided, `in` or `out`; nothing where it was let in with another. Some nobody may let in."""

    def work(connection: Connection, act: Callable[..., None]) -> bool:
        books = Books(connection, identity.realm, identity.sign_key, config.now_us())
        try:
            act(books, centre, desk, first)
        except KeyError:
            return False
        return True

    if let_in:
        with suppress(inbox.NotToRelease):
            done = store.locked(engine, centre, lambda connection: work(connection, inbox.release_by_hand))
            return "in" if done else ""
    return "out" if store.locked(engine, centre, lambda connection: work(connection, inbox.discard)) else ""
