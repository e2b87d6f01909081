"""A centre's feed as desks pull it: whole commits, in order, without a gap; and the documents made again from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, get_args

from sqlalchemy import Connection, and_, bindparam, delete, select, update

from desktop import wire
from desktop.seal import commits
from desktop.seal.commits import Commit, Sealed
from server import ledger
from server.store import CENTRE_HEAD, CHANGE, DESK, DOCUMENT, FEED, SIGNED_COMMIT

_MOST_BYTES = wire.MOST_BYTES // 2
_OF_CENTRE = FEED.c.centre_id == bindparam("centre")
_HEAD = select(CENTRE_HEAD.c.head).where(CENTRE_HEAD.c.centre_id == bindparam("centre"))
_PLACES = (
    select(FEED.c.sseq, FEED.c.length)
    .where(_OF_CENTRE, FEED.c.sseq > bindparam("after"))
    .order_by(FEED.c.sseq)
    .limit(bindparam("most"))
)
_IN_PAGE = (_OF_CENTRE, FEED.c.sseq.between(bindparam("from"), bindparam("to")))
_COMMITS = (
    select(
        FEED.c.sseq, FEED.c.desk_id, SIGNED_COMMIT.c.first, SIGNED_COMMIT.c.last, SIGNED_COMMIT.c.message,
        SIGNED_COMMIT.c.actor, SIGNED_COMMIT.c.desk_signature, SIGNED_COMMIT.c.actor_signature,
        SIGNED_COMMIT.c.effective, SIGNED_COMMIT.c.reason,
    )
    .join(
        SIGNED_COMMIT,
        and_(
            SIGNED_COMMIT.c.centre_id == FEED.c.centre_id, SIGNED_COMMIT.c.desk_id == FEED.c.desk_id,
            SIGNED_COMMIT.c.first == FEED.c.first,
        ),
    )
    .where(*_IN_PAGE)
    .order_by(FEED.c.sseq)
)  # fmt: skip
_CHANGES = (
    select(FEED.c.sseq, CHANGE.c.header, CHANGE.c.body, CHANGE.c.salt)
    .join(
        CHANGE,
        and_(
            CHANGE.c.centre_id == FEED.c.centre_id, CHANGE.c.desk_id == FEED.c.desk_id,
            CHANGE.c.seq.between(FEED.c.first, FEED.c.first + FEED.c.length - 1),
        ),
    )
    .where(*_IN_PAGE)
    .order_by(FEED.c.sseq, CHANGE.c.seq)
)  # fmt: skip
_KEYS = select(DESK.c.desk_id, DESK.c.sign_key).where(
    DESK.c.centre_id == bindparam("centre"), DESK.c.desk_id.in_(bindparam("desks", expanding=True))
)
_DESK = (DESK.c.centre_id == bindparam("centre"), DESK.c.desk_id == bindparam("desk"))
_ACKED = select(DESK.c.last_seq, DESK.c.last_hash).where(*_DESK)
_SYNCED = update(DESK).where(*_DESK).values(last_sync=bindparam("now"))
_VERDICTS = select(
    SIGNED_COMMIT.c.first, SIGNED_COMMIT.c.last, SIGNED_COMMIT.c.verdict, SIGNED_COMMIT.c.reason
).where(
    SIGNED_COMMIT.c.centre_id == bindparam("centre"), SIGNED_COMMIT.c.desk_id == bindparam("desk"),
    SIGNED_COMMIT.c.verdict.in_([each for each in get_args(wire.Verdict) if each != "accepted"]),
)  # fmt: skip
_NO_DOCUMENTS = delete(DOCUMENT).where(DOCUMENT.c.centre_id == bindparam("centre"))


@dataclass(frozen=True, slots=True)
class Entry:
    """A commit at its place. `released`: it had waited in quarantine."""

    sseq: int
    desk_id: str
    first: int
    last: int
    effective: tuple[str, ...]
    commit: Commit
    released: bool


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the feed, and what the asking desk must know beside it. `judged`: (first, last, verdict, reason)."""

    head: int
    acked_seq: int
    entries: tuple[Entry, ...]
    keys: dict[str, bytes]
    judged: tuple[tuple[int, int, str, str], ...]


def pull(connection: Connection, centre_id: str, desk_id: str, after: int, most: int) -> Page:
    """Whole commits after `after`, about `most` changes, at least one commit where there is any."""
    asked = {"centre": centre_id, "desk": desk_id}
    head = connection.execute(_HEAD, asked).scalar_one()
    entries = page(connection, centre_id, after, most)
    named = sorted({entry.desk_id for entry in entries})
    keys = {row.desk_id: row.sign_key for row in connection.execute(_KEYS, {"centre": centre_id, "desks": named})}
    judged = [tuple(row) for row in connection.execute(_VERDICTS, asked)]
    judged += [(one.first, one.last, "accepted", "") for one in entries if one.released and one.desk_id == desk_id]
    return Page(head, connection.execute(_ACKED, asked).one().last_seq, tuple(entries), keys, tuple(judged))


def page(connection: Connection, centre_id: str, after: int, most: int) -> list[Entry]:
    """The entries after `after`, by the same rule as `pull`."""
    count, last = 0, after
    for row in connection.execute(_PLACES, {"centre": centre_id, "after": after, "most": most}):
        if count and count + row.length > most:
            break
        count, last = count + row.length, row.sseq
    if not count:
        return []
    span = {"centre": centre_id, "from": after + 1, "to": last}
    changes = {
        sseq: tuple(Sealed(row.header, row.body, row.salt) for row in rows)
        for sseq, rows in groupby(connection.execute(_CHANGES, span), key=lambda row: row.sseq)
    }
    return _fitting([_entry(row, changes[row.sseq]) for row in connection.execute(_COMMITS, span)])


def _entry(row: Any, changes: tuple[Sealed, ...]) -> Entry:
    commit = Commit(row.message, row.actor, row.desk_signature, row.actor_signature, changes)
    return Entry(row.sseq, row.desk_id, row.first, row.last, tuple(row.effective.split()), commit, bool(row.reason))


def _fitting(entries: Sequence[Entry]) -> list[Entry]:
    """As many as fit a reply, at least one."""
    size, kept = 0, list[Entry]()
    for entry in entries:
        changes = entry.commit.changes
        size += len(entry.commit.message) + sum(len(each.header) + len(each.body or b"") for each in changes)
        if kept and size > _MOST_BYTES:
            break
        kept.append(entry)
    return kept


def position(connection: Connection, centre_id: str, desk_id: str) -> tuple[int, int, str]:
    """The centre's head, and the seq and hash of the desk's last stored change."""
    asked = {"centre": centre_id, "desk": desk_id}
    row = connection.execute(_ACKED, asked).one()
    return connection.execute(_HEAD, asked).scalar_one(), row.last_seq, row.last_hash


def seen(connection: Connection, centre_id: str, desk_id: str, now_us: int) -> None:
    """Note that this desk has come to the end of the feed."""
    connection.execute(_SYNCED, {"centre": centre_id, "desk": desk_id, "now": now_us})


def refold(connection: Connection, centre_id: str) -> None:
    """Make every document of a centre again from its feed: after an upgrade that folds by other rules."""
    connection.execute(_NO_DOCUMENTS, {"centre": centre_id})
    book = ledger.of(connection, centre_id)
    after = 0
    while entries := page(connection, centre_id, after, wire.MOST_CHANGES):
        for entry in entries:
            book.refold([commits.opened(each) for each in entry.commit.changes], entry.effective)
        after = entries[-1].sseq + len(entries[-1].effective) - 1
    book.flush()
