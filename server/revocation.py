"""A desk that was lost or stolen: from then on it is a stranger, but for one push into quarantine (security 27)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, bindparam, func, select, update

from server import beside
from server.store import DESK, FEED, SIGNED_COMMIT

_FOLDER = "revoked"
_DESK = (DESK.c.centre_id == bindparam("centre"), DESK.c.desk_id == bindparam("desk"))
_KNOWN = select(DESK.c.last_seq).where(*_DESK)
_REVOKE = update(DESK).where(*_DESK).values(lost_at=bindparam("lost"), valid_through=bindparam("through"))
_IN_FEED = select(func.max(FEED.c.last)).where(
    FEED.c.centre_id == bindparam("centre"), FEED.c.desk_id == bindparam("desk")
)
_AFTER = (
    select(SIGNED_COMMIT.c.first)
    .where(
        SIGNED_COMMIT.c.centre_id == bindparam("centre"), SIGNED_COMMIT.c.desk_id == bindparam("desk"),
        SIGNED_COMMIT.c.verdict == "accepted", SIGNED_COMMIT.c.received_at >= bindparam("lost"),
    )
    .order_by(SIGNED_COMMIT.c.first)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Revoked:
    """`valid_through` is the last seq that is believed; `doubtful` the first seqs of commits the centre took in after
    the
    loss: they stay in the feed, and a person looks at them."""

    valid_through: int
    doubtful: tuple[int, ...]


def revoke(connection: Connection, centre_id: str, desk_id: str, lost_at: int, valid_through: int | None) -> Revoked:
    """Revoke a desk inside a transaction with the centre's lock. `lost_at` in µs UTC. Raises KeyError for no such desk.

    `valid_through` may be beyond what came yet, None is exactly that. What entered the feed stays believed: every
    desk has
    folded it. Saying it again corrects both.
    """
    mine = {"centre": centre_id, "desk": desk_id}
    known = connection.execute(_KNOWN, mine).one_or_none()
    if known is None:
        raise KeyError(desk_id)
    through = known.last_seq if valid_through is None else valid_through
    through = max(through, connection.execute(_IN_FEED, mine).scalar() or 0)
    connection.execute(_REVOKE, {**mine, "lost": lost_at, "through": through})
    return Revoked(through, tuple(connection.execute(_AFTER, {**mine, "lost": lost_at}).scalars()))


def keep(folder: Path, centre_id: str, desk_id: str, lost_at: int, done: Revoked) -> None:
    """Lay a revocation beside the database: a backup from before it would let the desk in again."""
    said = {"centre": centre_id, "desk": desk_id, "lost": lost_at, "through": done.valid_through}
    beside.keep(folder, _FOLDER, desk_id, json.dumps(said, sort_keys=True))


def again(connection: Connection, folder: Path) -> None:
    """Revoke every desk that ever was, as far as it is known here."""
    for text in beside.kept(folder, _FOLDER):
        connection.execute(_REVOKE, json.loads(text))
