"""A centre as it stands, in pieces a weak line can carry: for a further desk, and for one that must begin again.

Scope comes from the key that asks; a desk that asks again gets the same snapshot until it expires (security 25).
"""

from __future__ import annotations

import hashlib

import msgspec
import zstandard
from sqlalchemy import Connection, bindparam, delete, insert, select, update

from desktop import wire
from desktop.domain import identifiers, merging
from desktop.seal import canonical, signing
from server import config, feed, store
from server.config import Province
from server.exchange import Caller
from server.store import DESK, DOCUMENT, ORDER, REDACTED, SIGNED_COMMIT, SNAPSHOT, SNAPSHOT_PIECE

PIECE = 32 * 1024
"""Bytes of a piece: all that a cut costs, about four seconds at 64 kbit/s."""
LIFE_US = 24 * 3_600 * 1_000_000

_MINE = (SNAPSHOT.c.centre_id == bindparam("centre"), SNAPSHOT.c.desk_id == bindparam("desk"))
_KEPT = select(SNAPSHOT).where(*_MINE)
_PIECE = (
    select(SNAPSHOT_PIECE.c.data)
    .join(
        SNAPSHOT,
        (SNAPSHOT.c.centre_id == SNAPSHOT_PIECE.c.centre_id) & (SNAPSHOT.c.desk_id == SNAPSHOT_PIECE.c.desk_id),
    )
    .where(*_MINE, SNAPSHOT.c.snapshot_id == bindparam("which"), SNAPSHOT_PIECE.c.place == bindparam("at"))
)
_DOCUMENTS = select(DOCUMENT.c.kind, DOCUMENT.c.entity_id, DOCUMENT.c.doc).where(
    DOCUMENT.c.centre_id == bindparam("centre")
).order_by(DOCUMENT.c.entity_id)  # fmt: skip
_JUDGED = select(
    SIGNED_COMMIT.c.first, SIGNED_COMMIT.c.last, SIGNED_COMMIT.c.verdict, SIGNED_COMMIT.c.reason
).where(
    SIGNED_COMMIT.c.centre_id == bindparam("centre"), SIGNED_COMMIT.c.desk_id == bindparam("desk"),
    SIGNED_COMMIT.c.verdict != "accepted",
)  # fmt: skip
_ORDERS = (
    select(ORDER.c.order_id, ORDER.c.message, ORDER.c.signature)
    .join(REDACTED, REDACTED.c.order_id == ORDER.c.order_id)
    .where(REDACTED.c.centre_id == bindparam("centre"))
    .distinct()
    .order_by(ORDER.c.order_id)
)
_STALE = select(SNAPSHOT.c.desk_id).where(
    SNAPSHOT.c.centre_id == bindparam("centre"), SNAPSHOT.c.expires_at <= bindparam("now")
)
_DESK = (DESK.c.centre_id == bindparam("centre"), DESK.c.desk_id == bindparam("desk"))
_ASK = update(DESK).where(*_DESK).values(begin_again=1)
_ASKED = update(DESK).where(*_DESK, DESK.c.begin_again == 1).values(begin_again=0)
_encoder = msgspec.msgpack.Encoder()


def ask(connection: Connection, centre_id: str, desk_id: str) -> None:
    """Have a desk begin again from a snapshot when it next greets, its unsent work on top. Raises KeyError for no such
    desk."""
    if not connection.execute(_ASK, {"centre": centre_id, "desk": desk_id}).rowcount:
        raise KeyError(desk_id)


def of(province: Province, caller: Caller) -> wire.SnapshotReply:
    """The caller's snapshot: the one it began, or a new one of its centre as it stands."""
    mine = {"centre": caller.centre_id, "desk": caller.desk_id}
    with store.writing(province.engine, caller.centre_id) as connection:
        kept = connection.execute(_KEPT, mine).one_or_none()
        asked = bool(connection.execute(_ASKED, mine).rowcount)  # the desk has written down that it was
        if asked or kept is None or kept.expires_at <= province.now() or not _counts(connection, kept.manifest):
            _take(connection, province, caller)
            kept = connection.execute(_KEPT, mine).one()
    return wire.SnapshotReply(kept.manifest, kept.signature)


def piece(province: Province, caller: Caller, snapshot_id: str, at: int) -> wire.SnapshotPiece | None:
    """A piece of the caller's own snapshot; None for anything else."""
    asked = {"centre": caller.centre_id, "desk": caller.desk_id, "which": snapshot_id, "at": at}
    with store.reading(province.engine) as connection:
        data = connection.execute(_PIECE, asked).scalar()
    return None if data is None else wire.SnapshotPiece(data)


def _counts(connection: Connection, manifest: bytes) -> bool:
    """Whether what was frozen is still of this telling of the feed, and folded by these rules."""
    said = canonical.decode(manifest)
    return (said["feed_id"], said["fold_version"]) == (config.feed_id(connection), merging.fold_version())


def _take(connection: Connection, province: Province, caller: Caller) -> None:
    mine = {"centre": caller.centre_id, "desk": caller.desk_id}
    stands = feed.standing(connection, caller.centre_id, caller.desk_id)
    documents = tuple(wire.Kept(*row) for row in connection.execute(_DOCUMENTS, mine))
    judged = tuple(wire.Judged(*row) for row in connection.execute(_JUDGED, mine))
    orders = tuple(wire.Order(row.message, row.signature) for row in connection.execute(_ORDERS, mine))
    whole = zstandard.compress(_encoder.encode(wire.Snapshot(documents, judged, stands.last_seq, orders)))
    pieces = [whole[at : at + PIECE] for at in range(0, len(whole), PIECE)]
    snapshot_id, expires = identifiers.new(), province.now() + LIFE_US
    manifest = canonical.encode(
        {
            "desk": caller.desk_id, "expires_at": expires, "feed_id": config.feed_id(connection),
            "fold_version": merging.fold_version(), "head": stands.head,
            "pieces": [hashlib.sha256(each).hexdigest() for each in pieces], "snapshot": snapshot_id,
            "state": stands.state,
        }
    )  # fmt: skip
    identity = province.identity
    signature = signing.sign(identity.sign_key, "snapshot", identity.realm, manifest)
    _sweep(connection, caller, province.now())
    where = {"centre_id": caller.centre_id, "desk_id": caller.desk_id}
    connection.execute(
        insert(SNAPSHOT),
        {**where, "snapshot_id": snapshot_id, "expires_at": expires, "manifest": manifest, "signature": signature},
    )
    connection.execute(insert(SNAPSHOT_PIECE), [{**where, "place": at, "data": each} for at, each in enumerate(pieces)])


def _sweep(connection: Connection, caller: Caller, now_us: int) -> None:
    """Drop the caller's own, and those of the centre whose time is over: their desks would get new ones."""
    stale = connection.execute(_STALE, {"centre": caller.centre_id, "now": now_us}).scalars().all()
    for desk_id in {caller.desk_id, *stale}:
        for table in (SNAPSHOT, SNAPSHOT_PIECE):
            connection.execute(delete(table).where(table.c.centre_id == caller.centre_id, table.c.desk_id == desk_id))
