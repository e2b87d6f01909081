"""What a running province is made of."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, insert, select, update

from desktop.domain import identifiers, merging
from desktop.seal.keys import SignKey
from server import feed, inbox, store
from server.books import Books
from server.keys import Identity
from server.store import CENTRE, PROVINCE


class AnotherProvince(ValueError):
    """The database belongs to another realm than the data folder."""


def now_us() -> int:
    """This machine's clock, µs UTC."""
    return time.time_ns() // 1000


@dataclass(frozen=True, slots=True)
class Province:
    """An identity and its database. `pins` are what desks are told, the first is the TLS key they meet; none without
    TLS. `authorities` are the host:port this server is known by; `pages` those under which it shows people its page."""

    engine: Engine
    identity: Identity
    pins: tuple[bytes, ...] = ()
    authorities: frozenset[str] = frozenset()
    pages: frozenset[str] = frozenset()
    now: Callable[[], int] = now_us

    @property
    def base(self) -> str:
        return "https" if self.pins else "http"


def prepare(engine: Engine, realm: str, sign_key: SignKey) -> None:
    """Bind a new database to its realm; on an older one, fold and judge again what this program knows better.

    Raises AnotherProvince.
    """
    with store.writing(engine) as connection:
        row = connection.execute(select(PROVINCE)).one_or_none()
        if row is None:
            connection.execute(
                insert(PROVINCE).values(
                    realm=realm, fold_version=merging.fold_version(), feed_id=identifiers.new(), told_since=now_us()
                )
            )  # fmt: skip
        elif row.realm != realm:
            raise AnotherProvince(f"this database is of {row.realm}, not of {realm}")
        stale = row is not None and row.fold_version != merging.fold_version()
        centres = list(connection.execute(select(CENTRE.c.centre_id)).scalars())
    for centre_id in centres:

        def bring_up(connection: Connection, centre_id: str = centre_id) -> None:
            if stale:
                feed.refold(connection, centre_id)
            inbox.release(Books(connection, realm, sign_key, now_us()), centre_id)

        store.locked(engine, centre_id, bring_up)
    with store.writing(engine) as connection:
        connection.execute(update(PROVINCE).values(fold_version=merging.fold_version()))


def feed_id(connection: Connection) -> str:
    """Which telling of its feeds this database is."""
    found: str = connection.execute(select(PROVINCE.c.feed_id)).scalar_one()
    return found


def told_since(connection: Connection) -> int:
    """Since when, µs UTC, this is the telling of its feeds: when this database was made, or restored."""
    found: int = connection.execute(select(PROVINCE.c.told_since)).scalar_one()
    return found
