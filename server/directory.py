"""Whose signature counts: the keys a page of the feed needs, signed by the province's sign key (security 16).

A desk believes its own centre's people by what its centre journaled; for others this list is the word.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from sqlalchemy import Connection, bindparam, select

from desktop import wire
from desktop.domain.staffing import DESK as NOBODY
from desktop.seal import signing
from server.keys import Identity
from server.store import DESK

_DESKS = select(
    DESK.c.centre_id, DESK.c.desk_id, DESK.c.sign_key, DESK.c.instead_of, DESK.c.lost_at, DESK.c.valid_through
).where(DESK.c.desk_id.in_(bindparam("desks", expanding=True)))
_encoder = msgspec.msgpack.Encoder()


def of(
    connection: Connection, centre_id: str, authors: Iterable[tuple[str, str, bytes | None]]
) -> tuple[wire.Listed, ...]:
    """The keys of these (desk, actor, key its signature was proven by); people's only where they are of another centre.

    A desk that took another's place brings that one's key too, back to the first.
    """
    wanted = set(authors)
    listed: dict[tuple[str, str, bytes], wire.Listed] = {}
    foreign: set[str] = set()
    asked, seen = {desk_id for desk_id, _, _ in wanted}, set[str]()
    while asked - seen:
        rows = connection.execute(_DESKS, {"desks": sorted(asked - seen)}).all()
        seen |= asked
        for row in rows:
            through = row.valid_through if row.lost_at is not None else None
            listed[row.desk_id, "", row.sign_key] = wire.Listed(
                row.desk_id, "", row.sign_key, row.instead_of or "", through
            )
            foreign |= {row.desk_id} if row.centre_id != centre_id else set()
            asked |= {row.instead_of} if row.instead_of else set()
    for desk_id, actor, key in wanted:
        if desk_id in foreign and actor != NOBODY and key is not None:
            listed[desk_id, actor, key] = wire.Listed(desk_id, actor, key)
    return tuple(listed[each] for each in sorted(listed))


def signed(identity: Identity, listed: tuple[wire.Listed, ...]) -> tuple[bytes, bytes]:
    """The list as it is sent, and its signature."""
    message = _encoder.encode(listed)
    return message, signing.sign(identity.sign_key, "directory", identity.realm, message)
