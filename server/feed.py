"""A centre's feed as desks pull it: whole commits and notices, in order, without a gap; and documents made from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, get_args

from sqlalchemy import Connection, and_, bindparam, delete, func, select, update

from desktop import wire
from desktop.seal import commits
from desktop.seal.commits import Commit, Sealed
from server import directory, ledger
from server.store import CENTRE_HEAD, CHANGE, DESK, DOCUMENT, FEED, MARK, ORDER, REDACTED, SIGNED_COMMIT

_MOST_BYTES = wire.MOST_BYTES // 2
_OF_CENTRE = FEED.c.centre_id == bindparam("centre")
_HEAD = select(CENTRE_HEAD.c.head).where(CENTRE_HEAD.c.centre_id == bindparam("centre"))
_PLACES = (
    select(FEED.c.sseq, FEED.c.length)
    .where(_OF_CENTRE, FEED.c.sseq > bindparam("after"))
    .order_by(FEED.c.sseq)
    .limit(bindparam("most"))
)
_EARLIER = (
    select(FEED.c.sseq, FEED.c.length)
    .where(_OF_CENTRE, FEED.c.sseq < bindparam("before"))
    .order_by(FEED.c.sseq.desc())
    .limit(bindparam("most"))
)
_IN_PAGE = (_OF_CENTRE, FEED.c.sseq.between(bindparam("from"), bindparam("to")))
_ROWS = (
    select(
        FEED.c.sseq, FEED.c.length, FEED.c.desk_id, FEED.c.first, FEED.c.last, FEED.c.seqs, FEED.c.gone,
        FEED.c.message.label("said"), FEED.c.signature, SIGNED_COMMIT.c.message, SIGNED_COMMIT.c.actor,
        SIGNED_COMMIT.c.desk_signature, SIGNED_COMMIT.c.actor_signature, SIGNED_COMMIT.c.actor_key,
        SIGNED_COMMIT.c.effective, SIGNED_COMMIT.c.reason,
    )
    .join(
        SIGNED_COMMIT,
        and_(
            SIGNED_COMMIT.c.centre_id == FEED.c.centre_id, SIGNED_COMMIT.c.desk_id == FEED.c.desk_id,
            SIGNED_COMMIT.c.first == FEED.c.first,
        ),
        isouter=True,
    )
    .where(*_IN_PAGE)
    .order_by(FEED.c.sseq)
)  # fmt: skip
_CHANGES = (
    select(FEED.c.sseq, CHANGE.c.seq, CHANGE.c.change_id, CHANGE.c.header, CHANGE.c.body, CHANGE.c.salt)
    .join(
        CHANGE,
        and_(
            CHANGE.c.centre_id == FEED.c.centre_id, CHANGE.c.desk_id == FEED.c.desk_id,
            CHANGE.c.seq.between(FEED.c.first, FEED.c.last),
        ),
    )
    .where(*_IN_PAGE)
    .order_by(FEED.c.sseq, CHANGE.c.seq)
)  # fmt: skip
_ORDERS = (
    select(ORDER.c.message, ORDER.c.signature)
    .join(REDACTED, REDACTED.c.order_id == ORDER.c.order_id)
    .where(REDACTED.c.centre_id == bindparam("centre"), REDACTED.c.change_id.in_(bindparam("ids", expanding=True)))
    .distinct()
)
_MARKS = (
    select(MARK.c.sseq, MARK.c.state)
    .where(MARK.c.centre_id == bindparam("centre"), MARK.c.sseq > bindparam("after"))
    .order_by(MARK.c.sseq)
    .limit(1)
)
_DESK = (DESK.c.centre_id == bindparam("centre"), DESK.c.desk_id == bindparam("desk"))
_STANDS = select(
    CENTRE_HEAD.c.head, CENTRE_HEAD.c.state, DESK.c.last_seq, DESK.c.last_hash, DESK.c.durable_seq,
    DESK.c.begin_again,
).where(*_DESK, CENTRE_HEAD.c.centre_id == DESK.c.centre_id)  # fmt: skip
_SYNCED = update(DESK).where(*_DESK).values(last_sync=bindparam("now"))
_REACHED = update(DESK).where(*_DESK, DESK.c.cursor < bindparam("after")).values(cursor=bindparam("after"))
_VERDICTS = select(
    SIGNED_COMMIT.c.first, SIGNED_COMMIT.c.last, SIGNED_COMMIT.c.verdict, SIGNED_COMMIT.c.reason
).where(
    SIGNED_COMMIT.c.centre_id == bindparam("centre"), SIGNED_COMMIT.c.desk_id == bindparam("desk"),
    SIGNED_COMMIT.c.verdict.in_([each for each in get_args(wire.Verdict) if each != "accepted"]),
)  # fmt: skip
_NO_DOCUMENTS = delete(DOCUMENT).where(DOCUMENT.c.centre_id == bindparam("centre"))
_NO_STATE = update(CENTRE_HEAD).where(CENTRE_HEAD.c.centre_id == bindparam("centre")).values(state="0")


@dataclass(frozen=True, slots=True)
class Entry:
    """A commit at its place; its changes may be some of its own. `released`: it had waited in quarantine."""

    sseq: int
    desk_id: str
    first: int
    last: int
    effective: tuple[str, ...]
    commit: Commit
    actor_key: bytes | None
    released: bool

    @property
    def length(self) -> int:
        return len(self.effective)


@dataclass(frozen=True, slots=True)
class Said:
    """A notice at its place."""

    sseq: int
    message: bytes
    signature: bytes
    length: int = 1


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a desk stands with its centre: the feed's head, the desk's last stored change, what a backup holds of
    it, and whether an officer wants it to begin from a snapshot."""

    head: int
    state: str
    last_seq: int
    last_hash: str
    durable_seq: int
    begin_again: int


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the feed, and what the asking desk must know beside it. `judged`: (first, last, verdict, reason).

    `orders` are those that name a redacted change of the page; `marks` (place, state) where it ends; `listed` whose
    keys
    it needs.
    """

    stands: Standing
    rows: tuple[Entry | Said, ...]
    judged: tuple[tuple[int, int, str, str], ...]
    orders: tuple[tuple[bytes, bytes], ...]
    marks: tuple[tuple[int, str], ...]
    listed: tuple[wire.Listed, ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(row for row in self.rows if isinstance(row, Entry))

    @property
    def notices(self) -> tuple[Said, ...]:
        return tuple(row for row in self.rows if isinstance(row, Said))


def pull(connection: Connection, centre_id: str, desk_id: str, after: int, most: int) -> Page:
    """What follows place `after`: about `most` changes in whole commits, at least one row where there is any."""
    rows, redacted = _after(connection, centre_id, after, most)
    end = rows[-1].sseq + rows[-1].length - 1 if rows else after
    marks = connection.execute(_MARKS, {"centre": centre_id, "after": after}).all()
    judged = [tuple(row) for row in connection.execute(_VERDICTS, {"centre": centre_id, "desk": desk_id})]
    released = (row for row in rows if isinstance(row, Entry) and row.released and row.desk_id == desk_id)
    judged += [(one.first, one.last, "accepted", "") for one in released]
    marked = tuple((row.sseq, row.state) for row in marks if row.sseq == end)
    return _page(connection, centre_id, desk_id, rows, redacted, tuple(judged), marked)


def history(connection: Connection, centre_id: str, desk_id: str, before: int, most: int) -> Page:
    """What leads up to place `before`, itself not among it, in order: for a desk that began from a snapshot."""
    while True:
        count, first = 0, before
        for row in connection.execute(_EARLIER, {"centre": centre_id, "before": before, "most": most}):
            if count and count + row.length > most:
                break
            count, first = count + row.length, row.sseq
        rows, redacted = _between(connection, centre_id, first, before - 1) if count else ([], [])
        if not rows or rows[-1].sseq + rows[-1].length == before or most == 1:
            return _page(connection, centre_id, desk_id, rows, redacted, (), ())
        most //= 2  # too many bytes for one page, and it must end where the desk's own begins


def _page(
    connection: Connection,
    centre_id: str,
    desk_id: str,
    rows: Sequence[Entry | Said],
    redacted: Sequence[str],
    judged: tuple[tuple[int, int, str, str], ...],
    marks: tuple[tuple[int, str], ...],
) -> Page:
    orders = connection.execute(_ORDERS, {"centre": centre_id, "ids": list(redacted)}).all() if redacted else ()
    authors = [(row.desk_id, row.commit.actor, row.actor_key) for row in rows if isinstance(row, Entry)]
    listed = directory.of(connection, centre_id, authors)
    stands = standing(connection, centre_id, desk_id)
    told = tuple((row.message, row.signature) for row in orders)
    return Page(stands, tuple(rows), judged, told, marks, listed)


def page(connection: Connection, centre_id: str, after: int, most: int) -> list[Entry | Said]:
    """The rows after `after`, by the same rule as `pull`."""
    return _after(connection, centre_id, after, most)[0]


def _after(connection: Connection, centre_id: str, after: int, most: int) -> tuple[list[Entry | Said], list[str]]:
    """The rows after `after`, never beyond the next mark, and the redacted changes among them."""
    mark = connection.execute(_MARKS, {"centre": centre_id, "after": after}).first()
    count, last = 0, after
    for row in connection.execute(_PLACES, {"centre": centre_id, "after": after, "most": most}):
        if count and (count + row.length > most or (mark and row.sseq > mark.sseq)):
            break
        count, last = count + row.length, row.sseq
    return _between(connection, centre_id, after + 1, last) if count else ([], [])


def _between(connection: Connection, centre_id: str, first: int, last: int) -> tuple[list[Entry | Said], list[str]]:
    span = {"centre": centre_id, "from": first, "to": last}
    changes = {
        sseq: list(rows) for sseq, rows in groupby(connection.execute(_CHANGES, span).all(), key=lambda row: row.sseq)
    }
    rows: list[Entry | Said] = []
    redacted: list[str] = []
    size = 0
    for row in connection.execute(_ROWS, span):
        if row.said is not None:
            rows.append(Said(row.sseq, row.said, row.signature))
            continue
        entry, stubs = _entry(row, changes[row.sseq])
        size += _size(entry)
        if rows and size > _MOST_BYTES:
            break
        rows.append(entry)
        redacted += stubs
    return rows, redacted


def _entry(row: Any, changes: Iterable[Any]) -> tuple[Entry, list[str]]:
    """The commit as it stands at this place, and which of its changes are redacted."""
    here = {int(seq) for seq in row.seqs.split()} or range(row.first, row.last + 1)
    gone = {int(seq) for seq in row.gone.split()}
    clocks = row.effective.split()
    parts = [each for each in changes if each.seq in here]
    sealed = tuple(
        Sealed(each.header, None, None) if each.seq in gone else Sealed(each.header, each.body, each.salt)
        for each in parts
    )
    effective = tuple(clocks[each.seq - row.first] for each in parts)
    commit = Commit(row.message, row.actor, row.desk_signature, row.actor_signature, sealed)
    stubs = [
        part.change_id for part, seal in zip(parts, sealed, strict=True) if seal.body is not None and seal.salt is None
    ]
    entry = Entry(row.sseq, row.desk_id, row.first, row.last, effective, commit, row.actor_key, bool(row.reason))
    return entry, stubs


def _size(entry: Entry) -> int:
    changes = entry.commit.changes
    return len(entry.commit.message) + sum(len(each.header) + len(each.body or b"") for each in changes)


def standing(connection: Connection, centre_id: str, desk_id: str) -> Standing:
    """Where this desk stands."""
    return Standing(*connection.execute(_STANDS, {"centre": centre_id, "desk": desk_id}).one())


def head(connection: Connection, centre_id: str) -> int:
    """The last place given."""
    found: int = connection.execute(_HEAD, {"centre": centre_id}).scalar_one()
    return found


def seen(connection: Connection, centre_id: str, desk_id: str, now_us: int) -> None:
    """Note that this desk has come to the end of the feed."""
    connection.execute(_SYNCED, {"centre": centre_id, "desk": desk_id, "now": now_us})


def reached(connection: Connection, centre_id: str, desk_id: str, after: int) -> None:
    """Note that this desk has folded everything up to place `after`: it asks for what follows."""
    connection.execute(_REACHED, {"centre": centre_id, "desk": desk_id, "after": after})


def refold(connection: Connection, centre_id: str) -> None:
    """Make every document of a centre again from its feed: after an upgrade that folds by other rules, or a
    redaction."""
    connection.execute(_NO_DOCUMENTS, {"centre": centre_id})
    connection.execute(_NO_STATE, {"centre": centre_id})
    book = ledger.of(connection, centre_id)
    book.forget_marks()
    after = 0
    while rows := page(connection, centre_id, after, wire.MOST_CHANGES):
        for row in rows:
            if isinstance(row, Entry):
                book.refold([commits.opened(each) for each in row.commit.changes], row.effective)
        after = rows[-1].sseq + rows[-1].length - 1
    book.flush()


_ENDS = select(func.max(FEED.c.last)).where(_OF_CENTRE, FEED.c.desk_id == bindparam("desk"))


def last_of(connection: Connection, centre_id: str, desk_id: str) -> int:
    """The last seq of a desk that entered the feed, 0 if none did."""
    return connection.execute(_ENDS, {"centre": centre_id, "desk": desk_id}).scalar() or 0
