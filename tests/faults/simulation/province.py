"""The province of a simulation: the real application over its real database, which dies, is backed up and restored."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy import Connection, Engine, select

from desktop.domain import dump as dumping
from desktop.domain import merging
from desktop.domain.staffing import TRAINING
from desktop.sync.http import Reply
from server import app, backup, config, inbox, keys, orders, store
from server.books import Books
from server.keys import Identity
from server.store import CHANGE, DESK, DOCUMENT, SIGNED_COMMIT
from server.upgrade import upgrade
from tests.faults.simulation.network import HOST, Died, Sent, asked, at_once
from tests.faults.simulation.traps import Trap

_WAITING = (
    select(SIGNED_COMMIT.c.centre_id, SIGNED_COMMIT.c.desk_id, SIGNED_COMMIT.c.first, SIGNED_COMMIT.c.reason)
    .where(SIGNED_COMMIT.c.verdict == "quarantined")
    .order_by(SIGNED_COMMIT.c.received_at, SIGNED_COMMIT.c.centre_id, SIGNED_COMMIT.c.desk_id, SIGNED_COMMIT.c.first)
)


class Province:
    """One province over its folder. `deaths` counts how often its power went."""

    def __init__(self, folder: Path, root: Path, clock: Callable[[], int]) -> None:
        self.folder, self.clock, self.trap, self.deaths, self.restored = folder, clock, Trap(), 0, 0
        self.identity: Identity = keys.load(folder)
        _, self.root = keys.read_root(root)
        self.recovery = keys.read_recovery(root)
        self.telling = 0
        self.engine: Engine = self._opened()
        self._app = self._built()

    @classmethod
    @contextmanager
    def founded(cls, folder: Path, root: Path, clock: Callable[[], int]) -> Iterator[Province]:
        """A new one."""
        keys.create(folder, TRAINING, root)
        with cls.running(folder, root, clock) as made:
            yield made

    @classmethod
    @contextmanager
    def running(cls, folder: Path, root: Path, clock: Callable[[], int]) -> Iterator[Province]:
        """The province of a folder, closed afterwards."""
        with patch.object(app, "run_in_threadpool", at_once), patch.object(config, "now_us", clock):
            made = cls(folder, root, clock)
            try:
                yield made
            finally:
                made.engine.dispose()

    def _opened(self) -> Engine:
        path = self.folder / f"server-{self.telling}.db"
        engine = store.opened(f"sqlite:///{path}")
        upgrade(engine)
        config.prepare(engine, self.identity.realm, self.identity.sign_key)
        self.trap.watch(engine)
        return engine

    def _built(self) -> Any:
        return app.build(config.Province(self.engine, self.identity, (), frozenset({HOST}), now=self.clock))

    def answer(self, sent: Sent) -> Reply | None:
        """What it answers; None if its power went meanwhile, and then it stands again."""
        try:
            reply = asked(self._app, sent)
            self.trap.spring()
            return reply
        except Died:
            self.die()
            return None

    def die(self) -> None:
        """The power goes and comes: what is on the disk is all there is."""
        self.engine.dispose()
        self.deaths += 1
        self.trap.reset()
        self.engine = self._opened()
        self._app = self._built()

    # -- what its officers do
    def back_up(self, out: Path) -> None:
        """Only one backup is kept: the newest."""
        with self.trap.off():
            backup.write(self.engine, self.identity, self.folder, out)

    def restore(self, path: Path) -> None:
        """The database is lost; the newest backup is put in its place."""
        self.engine.dispose()
        self.telling += 1
        with self.trap.off():
            engine = store.opened(f"sqlite:///{self.folder / f'server-{self.telling}.db'}")
            upgrade(engine)
            backup.restore(engine, self.identity, self.folder, path, self.recovery, self.clock())
            engine.dispose()
            self.engine = self._opened()
        self._app = self._built()
        self.restored += 1

    def redact(self, change_ids: list[str], officers: dict[str, Any]) -> None:
        """Two officers approve and the root orders."""
        realm = self.identity.realm
        order = orders.ask(change_ids, "clerk", "court", self.clock())
        for name, key in officers.items():
            order = orders.approve(order, name, key, realm)
        with self.trap.off():
            order = orders.sign(order, self.root, realm)
            orders.carry_out(self.engine, self.identity, order, self.folder, self.clock())

    def waiting(self) -> list[Any]:
        """All that waits in quarantine."""
        with store.reading(self.engine) as connection:
            return list(connection.execute(_WAITING).all())

    def decide(self, row: Any, *, let_in: bool) -> bool:
        """An officer lets a commit in, or discards it; False where it may not be let in."""

        def work(connection: Connection) -> None:
            books = Books(connection, self.identity.realm, self.identity.sign_key, self.clock())
            (inbox.release_by_hand if let_in else inbox.discard)(books, row.centre_id, row.desk_id, row.first)

        try:
            with self.trap.off(), suppress(KeyError):  # it was let in with another
                store.locked(self.engine, row.centre_id, work)
        except inbox.NotToRelease:
            return False
        return True

    def read(self, statement: Any) -> list[Any]:
        """Rows of its database."""
        with self.trap.off(), store.reading(self.engine) as connection:
            return list(connection.execute(statement).all())

    def dump(self, centre: str) -> dict[str, Any]:
        """What `python -m server dump` says of a centre."""
        changes = self.read(select(CHANGE.c.change_id, CHANGE.c.hash).where(CHANGE.c.centre_id == centre))
        rows = self.read(select(DOCUMENT).where(DOCUMENT.c.centre_id == centre))
        kept = [merging.loaded(row.kind, row.entity_id, row.doc) for row in rows]
        return dumping.dump([(row.change_id, row.hash) for row in changes], [dumping.Kept(each, each) for each in kept])

    def stands(self) -> dict[str, int]:
        """Desk id → the last seq stored."""
        return {row.desk_id: row.last_seq for row in self.read(select(DESK.c.desk_id, DESK.c.last_seq))}
