"""Blobs of a centre: uploads that go on where they were cut, believed only once their name holds (security 21).

Each desk uploads by itself, so that none spoils another's; what is whole belongs to the centre. Nothing here says
whether another centre has a blob.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    LargeBinary,
    Table,
    Text,
    bindparam,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from desktop import wire
from desktop.domain import blobs
from desktop.seal.refused import Refused
from server import store
from server.config import Province
from server.exchange import Caller
from server.store import metadata

MOST_ASKED = 500
UNFINISHED = 8
"""Uploads a desk may have under way; beginning one more drops the oldest."""
_PIECE_MOST = 256 * 1024

BLOB = Table(
    "blob",
    metadata,
    Column("centre_id", Text, primary_key=True),
    Column("sha256", Text, primary_key=True),
    Column("desk_id", Text, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("held", BigInteger, nullable=False),
    Column("begun_at", BigInteger, nullable=False),
    Column("whole_at", BigInteger),
)
"""What a desk uploaded. `whole_at` (µs UTC): all of it is here and is what its name says."""

BLOB_PIECE = Table(
    "blob_piece",
    metadata,
    Column("centre_id", Text, primary_key=True),
    Column("sha256", Text, primary_key=True),
    Column("desk_id", Text, primary_key=True),
    Column("at", BigInteger, primary_key=True),
    Column("data", LargeBinary, nullable=False),
    info={"backed_up_at_once": 64},
)
"""Its bytes from `at` on."""

_OF_CENTRE = BLOB.c.centre_id == bindparam("centre")
_MINE = (_OF_CENTRE, BLOB.c.desk_id == bindparam("desk"), BLOB.c.sha256 == bindparam("name"))
_STANDS = select(BLOB.c.sha256, BLOB.c.desk_id, BLOB.c.size, BLOB.c.held, BLOB.c.whole_at).where(
    _OF_CENTRE, BLOB.c.sha256.in_(bindparam("names", expanding=True))
)
_WHOLE = (
    select(BLOB.c.desk_id, BLOB.c.size)
    .where(_OF_CENTRE, BLOB.c.sha256 == bindparam("name"), BLOB.c.whole_at.is_not(None))
    .order_by(BLOB.c.desk_id)
    .limit(1)
)
_LOCKED = select(BLOB.c.size, BLOB.c.held).where(*_MINE).with_for_update()
_REACHED = update(BLOB).where(*_MINE).values(held=bindparam("reached"))
_IS_WHOLE = update(BLOB).where(*_MINE).values(whole_at=bindparam("now"))
_UNDER_WAY = (
    select(BLOB.c.sha256)
    .where(_OF_CENTRE, BLOB.c.desk_id == bindparam("desk"), BLOB.c.whole_at.is_(None))
    .order_by(BLOB.c.begun_at.desc(), BLOB.c.sha256)
)
_PIECES = (
    BLOB_PIECE.c.centre_id == bindparam("centre"), BLOB_PIECE.c.desk_id == bindparam("desk"),
    BLOB_PIECE.c.sha256 == bindparam("name"),
)  # fmt: skip
_DATA = select(BLOB_PIECE.c.data).where(*_PIECES).order_by(BLOB_PIECE.c.at)
_FROM = (
    select(BLOB_PIECE.c.at, BLOB_PIECE.c.data)
    .where(*_PIECES, BLOB_PIECE.c.at <= bindparam("after"))
    .order_by(BLOB_PIECE.c.at.desc())
    .limit(1)
)
_DROP = (delete(BLOB).where(*_MINE), delete(BLOB_PIECE).where(*_PIECES))
"""The row first: it waits for whoever adds a piece just now, and then that piece goes too."""
_OPEN = {
    name: dialect.insert(BLOB).on_conflict_do_nothing()
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}


def stand(province: Province, caller: Caller, names: Sequence[bytes]) -> wire.BlobsReply:
    """Where these stand with the caller's centre. Raises Refused for too many."""
    if len(names) > MOST_ASKED:
        raise Refused(f"more than {MOST_ASKED} names")
    wanted = [name.hex() for name in names]
    held, sizes = dict[str, int](), dict[str, int]()
    with store.reading(province.engine) as connection:
        for row in connection.execute(_STANDS, {"centre": caller.centre_id, "names": sorted(set(wanted))}):
            if row.whole_at is not None:
                sizes[row.sha256] = row.size
            elif row.desk_id == caller.desk_id:
                held[row.sha256] = row.held
    return wire.BlobsReply(tuple(wire.BlobStands(held.get(name, 0), sizes.get(name)) for name in wanted))


def take(province: Province, caller: Caller, name: str, part: wire.BlobPart) -> wire.BlobTaken:
    """Store a part of an upload where it follows what is here; asked again, nothing changes.

    Raises Refused for what no upload is, and for a whole whose name doesn't hold: then nothing of it stays.
    """
    fits = 0 < part.size <= blobs.MOST and part.at >= 0 and 0 < len(part.data) <= _PIECE_MOST
    if not blobs.is_name(name) or not fits or part.at + len(part.data) > part.size:
        raise Refused("not a part of a blob")
    with store.writing(province.engine) as connection:
        taken = _take(connection, province, {"centre": caller.centre_id, "desk": caller.desk_id, "name": name}, part)
    if taken is None:
        raise Refused("the bytes are not what the name says")
    return taken


def _take(
    connection: Connection, province: Province, mine: dict[str, str], part: wire.BlobPart
) -> wire.BlobTaken | None:
    if whole := connection.execute(_WHOLE, mine).first():
        if whole.desk_id != mine["desk"]:
            _drop(connection, mine)  # another desk was quicker
        return wire.BlobTaken(whole.size, whole=True)
    held = _held(connection, province, mine, part.size)
    if part.at != held:
        return wire.BlobTaken(held)
    place = {"centre_id": mine["centre"], "desk_id": mine["desk"], "sha256": mine["name"]}
    connection.execute(insert(BLOB_PIECE), {**place, "at": held, "data": part.data})
    held += len(part.data)
    connection.execute(_REACHED, {**mine, "reached": held})
    if held < part.size:
        return wire.BlobTaken(held)
    digest = hashlib.sha256()
    for data in connection.execute(_DATA, mine).scalars():
        digest.update(data)
    if digest.hexdigest() != mine["name"]:
        _drop(connection, mine)
        return None
    connection.execute(_IS_WHOLE, {**mine, "now": province.now()})
    return wire.BlobTaken(held, whole=True)


def _held(connection: Connection, province: Province, mine: dict[str, str], size: int) -> int:
    """How much of the caller's upload is here, its row locked; begun anew where it was of another size."""
    while True:
        row = connection.execute(_LOCKED, mine).one_or_none()
        if row is not None and row.size == size:
            return int(row.held)
        if row is not None:
            _drop(connection, mine)
        for old in connection.execute(_UNDER_WAY, mine).scalars().all()[UNFINISHED - 1 :]:
            _drop(connection, {**mine, "name": old})
        connection.execute(
            _OPEN[connection.dialect.name],
            {
                "centre_id": mine["centre"], "desk_id": mine["desk"], "sha256": mine["name"], "size": size, "held": 0,
                "begun_at": province.now(), "whole_at": None,
            },
        )  # fmt: skip


def _drop(connection: Connection, mine: dict[str, str]) -> None:
    for statement in _DROP:
        connection.execute(statement, mine)


def part(province: Province, caller: Caller, name: str, after: int) -> wire.BlobPart | None:
    """Some bytes of a whole blob of the caller's centre, from `after` on; None for anything else."""
    if not blobs.is_name(name):
        return None
    with store.reading(province.engine) as connection:
        whole = connection.execute(_WHOLE, {"centre": caller.centre_id, "name": name}).first()
        if whole is None or after >= whole.size:
            return None
        asked = {"centre": caller.centre_id, "desk": whole.desk_id, "name": name, "after": after}
        row = connection.execute(_FROM, asked).one()
    return wire.BlobPart(whole.size, after, row.data[after - row.at :])
