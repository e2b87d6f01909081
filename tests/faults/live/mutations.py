"""The mistakes a sync can be built with, each put into the running province or desk: the run must turn red."""

from __future__ import annotations

import fcntl
import queue
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, cast

from sqlalchemy import select

from db import feed as desk_feed
from desktop.domain import merging
from desktop.domain.fields import GUARDED, ORDINARY
from desktop.seal import commits, requests
from desktop.sync import push as pushing
from desktop.sync import round_trip
from server import config, exchange, inbox, store
from server.ledger import Ledger
from server.store import DOCUMENT


def sequence_cursor(folder: Path) -> None:
    """Places come from a counter outside the transaction, as a database's sequence gives them: who rolls back leaves a
    hole, who commits later may have the lower place."""
    counters = folder / "sequence"
    counters.mkdir(exist_ok=True)

    def taken(centre_id: str, head: int, length: int) -> int:
        with (counters / centre_id).open("a+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            now = max(int(file.read() or 0), head)
            file.truncate(0)
            file.write(str(now + length))
        return now

    def enter(self: Ledger, row: dict[str, Any]) -> None:
        self.head = taken(self.centre_id, self.head, row["length"])
        real(self, row)

    real = Ledger._enter
    Ledger._enter = enter  # type: ignore[method-assign]


def read_before_lock(_folder: Path) -> None:
    """The documents a push touches are read, then the centre is locked."""
    early = threading.local()
    real_push, real_load = exchange.push, Ledger.load

    def push(province: config.Province, caller: Any, sent: Sequence[commits.Commit]) -> Any:
        ids = {commits.opened(each).entity_id for commit in sent for each in commit.changes}
        asked = select(DOCUMENT).where(DOCUMENT.c.centre_id == caller.centre_id, DOCUMENT.c.entity_id.in_(ids))
        with store.reading(province.engine) as connection:
            early.rows = {row.entity_id: row for row in connection.execute(asked)}
        early.centre, early.ids = caller.centre_id, ids
        try:
            return real_push(province, caller, sent)
        finally:
            early.centre = ""

    def load(self: Ledger, ids: Iterable[str]) -> None:
        if getattr(early, "centre", "") == self.centre_id:
            missing = (set(ids) & early.ids) - self.documents.keys()
            self.documents |= dict.fromkeys(missing)
            self._read([early.rows[each] for each in sorted(missing & early.rows.keys())])
        real_load(self, ids)

    exchange.push, Ledger.load = push, load  # type: ignore[method-assign]


def ack_before_commit(_folder: Path) -> None:
    """The answer goes out while the transaction is still open."""

    def locked(engine: Any, centre_id: str, work: Callable[[Any], Any]) -> Any:
        said: queue.Queue[Any] = queue.Queue()

        def run() -> None:
            centres = {centre_id}
            while True:
                try:
                    with store.writing(engine, *centres) as connection:
                        said.put((work(connection), None))
                        time.sleep(0.05)
                        return
                except store.NotLocked as more:
                    centres.add(more.centre_id)
                except BaseException as error:  # the one who waits raises it
                    said.put((None, error))
                    return

        threading.Thread(target=run, daemon=True).start()
        result, error = said.get()
        if error is not None:
            raise error
        return result

    store.locked = cast("Any", locked)


def watermark_before_ack(_folder: Path) -> None:
    """A desk marks as stored what it is about to send."""
    real = pushing.ask

    def ask(batch: Sequence[commits.Commit]) -> Any:
        desk = open_desks[-1]
        with desk.writing() as session:
            last = commits.span(batch[-1].message).last
            desk_feed.acked(session, last, desk_feed.position(session).durable_seq)
        return real(batch)

    def push(desk: Any, caller: Any) -> int:
        open_desks.append(desk)
        return real_push(desk, caller)

    open_desks: list[Any] = []
    real_push = pushing.push
    pushing.ask = ask
    round_trip.push = push  # type: ignore[attr-defined]


def no_digest(_folder: Path) -> None:
    """The signature of a request no longer covers its body: whatever a line made of it gets in."""

    def verify(request: requests.Request, _body: bytes, key_of: Any, now_us: int) -> str:
        return real_verify(request, None, key_of, now_us)  # type: ignore[arg-type]

    real_verify = requests.verify
    requests.verify = cast("Any", verify)


def last_writer_wins(_folder: Path) -> None:
    """A guarded field keeps the latest value alone."""
    merging.RULES[GUARDED] = merging.RULES[ORDINARY]


def split_transaction(_folder: Path) -> None:
    """A commit enters the feed in two parts, and a page may end between them."""

    def append(self: Ledger, desk_id: str, first: int, last: int, changes: Any, effective: Any) -> None:
        half = len(changes) // 2
        for part in (slice(0, half), slice(half, None)):
            if changes[part]:
                real(self, desk_id, first, last, changes[part], effective[part])

    real = Ledger.append
    Ledger.append = append  # type: ignore[method-assign]


def desk_clock(_folder: Path) -> None:
    """The effective clock is the desk's word."""
    real, years = inbox.prove, 10 * 365 * 86_400_000_000

    def prove(sent: Any, realm: str, desk_id: str, desk_key: Any, now_us: int, *rest: Any) -> Any:
        return real(sent, realm, desk_id, desk_key, now_us + years, *rest)

    inbox.prove = cast("Any", prove)


IN_PROVINCE: dict[str, Callable[[Path], None]] = {
    mutant.__name__: mutant
    for mutant in (
        sequence_cursor, read_before_lock, ack_before_commit, no_digest, last_writer_wins, split_transaction,
        desk_clock,
    )
}  # fmt: skip
IN_DESK: dict[str, Callable[[Path], None]] = {
    mutant.__name__: mutant for mutant in (watermark_before_ack, last_writer_wins)
}
SHOWN_ON = {"read_before_lock": "postgresql"}
"""Where a mistake shows, if not everywhere: SQLite hides some behind its one writer."""
NAMES = tuple(sorted({*IN_PROVINCE, *IN_DESK}))


def in_province(name: str, folder: Path) -> None:
    """Put the mistake into this process, if it is one of the province's."""
    if name in IN_PROVINCE:
        IN_PROVINCE[name](folder)


def in_desk(name: str) -> None:
    """Put the mistake into this process, if it is one of a desk's."""
    if name in IN_DESK:
        IN_DESK[name](Path())
