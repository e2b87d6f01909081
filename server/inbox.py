"""What a desk sends: proven, judged, given its place in the feed. Idempotent by (desk, seq); nothing blocks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select, update

from desktop.domain import hlc
from desktop.domain.changes import Change
from desktop.seal import commits
from desktop.seal.commits import Commit, Sealed
from desktop.seal.keys import SignPublic
from desktop.seal.refused import Refused
from server import judging, ledger
from server.judging import Proven, Standing
from server.ledger import Ledger
from server.store import CHANGE, DESK, SIGNED_COMMIT
from server.waiting import Queue, Waiting

_MINE = (SIGNED_COMMIT.c.centre_id == bindparam("centre"), SIGNED_COMMIT.c.desk_id == bindparam("desk"))
_DESK = select(DESK.c.last_seq, DESK.c.last_hash).where(
    DESK.c.centre_id == bindparam("centre"), DESK.c.desk_id == bindparam("desk")
)
_ADVANCE = (
    update(DESK)
    .where(DESK.c.centre_id == bindparam("centre"), DESK.c.desk_id == bindparam("desk"))
    .values(last_seq=bindparam("reached"), last_hash=bindparam("link"), last_sync=bindparam("now"))
)
_STORED = select(
    SIGNED_COMMIT.c.message,
    SIGNED_COMMIT.c.first,
    SIGNED_COMMIT.c.last,
    SIGNED_COMMIT.c.verdict,
    SIGNED_COMMIT.c.reason,
).where(*_MINE, SIGNED_COMMIT.c.first == bindparam("first"))
_QUARANTINED = (SIGNED_COMMIT.c.centre_id == bindparam("centre"), SIGNED_COMMIT.c.verdict == "quarantined")
_HELD = select(SIGNED_COMMIT.c.touched).where(*_QUARANTINED, SIGNED_COMMIT.c.desk_id == bindparam("desk"))
_CURABLE = select(SIGNED_COMMIT.c.touched, SIGNED_COMMIT.c.actor).where(
    *_QUARANTINED, SIGNED_COMMIT.c.reason.in_(judging.CURED_BY_WORK)
)
_WAITING = (
    select(
        SIGNED_COMMIT.c.desk_id, SIGNED_COMMIT.c.first, SIGNED_COMMIT.c.reason, SIGNED_COMMIT.c.actor,
        SIGNED_COMMIT.c.touched,
    )
    .where(*_QUARANTINED)
    .order_by(SIGNED_COMMIT.c.desk_id, SIGNED_COMMIT.c.first)
)  # fmt: skip
_WHOLE = select(SIGNED_COMMIT).where(*_MINE, SIGNED_COMMIT.c.first == bindparam("first"))
_SAME_ID = select(CHANGE.c.desk_id, CHANGE.c.seq, CHANGE.c.change_id).where(
    CHANGE.c.centre_id == bindparam("centre"), CHANGE.c.change_id.in_(bindparam("ids", expanding=True))
)
_AROUND = (
    select(SIGNED_COMMIT.c.received_at, SIGNED_COMMIT.c.desk_id, SIGNED_COMMIT.c.first, SIGNED_COMMIT.c.verdict)
    .where(*_MINE, SIGNED_COMMIT.c.first <= bindparam("seq"))
    .order_by(SIGNED_COMMIT.c.first.desc())
    .limit(1)
)
_CHANGES = (
    select(CHANGE.c.header, CHANGE.c.body, CHANGE.c.salt)
    .where(
        CHANGE.c.centre_id == bindparam("centre"), CHANGE.c.desk_id == bindparam("desk"),
        CHANGE.c.seq.between(bindparam("first"), bindparam("last")),
    )
    .order_by(CHANGE.c.seq)
)  # fmt: skip
_JUDGE = update(SIGNED_COMMIT).where(*_MINE, SIGNED_COMMIT.c.first == bindparam("at")).values(
    verdict=bindparam("said"), reason=bindparam("why")
)  # fmt: skip


class Expected(Exception):
    """The desk is ahead of what is stored: it goes back to `seq` and sends from there."""

    def __init__(self, seq: int) -> None:
        super().__init__(f"expected {seq}")
        self.seq = seq


class Forked(Exception):
    """The desk has two pasts: a restored backup or a copied PC. Nothing was stored."""


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdict on a commit: accepted, or quarantined with its reason."""

    first: int
    last: int
    verdict: str
    reason: str


def prove(sent: Iterable[Commit], realm: str, desk_id: str, desk_key: SignPublic, now_us: int) -> list[Proven]:
    """Read commits whose desk signature holds; the slow part, done before any lock. Raises Refused.

    `now_us` is when the province first hears of them: an edit keeps the time it was made, never a later one.
    """
    ceiling = hlc.text(hlc.pack(now_us))
    proven: list[Proven] = []
    for commit in sent:
        said, changes = commits.proven_by_desk(commit, realm, desk_key)
        if said.desk != desk_id:
            raise Refused(f"desk {desk_id} sent a commit of {said.desk}")
        if len(changes) != len(said.hashes) or any(not each.body or not each.salt for each in commit.changes):
            raise Refused("a commit came without all of its changes")
        try:
            effective = tuple(min(hlc.text(hlc.parse(change.hlc)), ceiling) for change in changes)
        except ValueError as error:
            raise Refused("a change without a clock") from error
        proven.append(Proven(commit, desk_id, said.first, said.last, changes, effective))
    return proven


def accept(
    connection: Connection, centre_id: str, desk_id: str, sent: Sequence[Proven], *, realm: str, now_us: int
) -> tuple[int, list[Judged]]:
    """Take a push inside a transaction that holds the centre's lock: the last seq stored, and a verdict a commit.

    Raises Expected or Forked; the caller rolls back.
    """
    mine = {"centre": centre_id, "desk": desk_id}
    last, link = connection.execute(_DESK, mine).one()
    book = ledger.of(connection, centre_id)
    held = {each for touched in connection.execute(_HELD, mine).scalars() for each in touched.split()}
    entered: set[str] = set()
    new = [one for one in sent if one.last > last]
    book.load_staff()
    book.load({each for one in new for each in one.touched | {one.commit.actor}})
    taken = book.taken([change.change_id for one in new for change in one.changes])
    judged: list[Judged] = []
    for one in sent:
        if one.last <= last:
            judged.append(_again(connection, mine, one))
            continue
        said = commits.span(one.commit.message)
        if one.first > last + 1:
            raise Expected(last + 1)
        if one.first <= last or said.prev != link:
            raise Forked
        why = judging.reason(one, Standing(centre_id, realm, book.documents, book.keys, held, taken))
        _store(book, one, why or "", now_us)
        if why:
            held |= one.touched
        else:
            book.append(desk_id, one.first, one.changes, one.effective)
            entered |= one.touched
        taken |= {change.change_id for change in one.changes}
        judged.append(Judged(one.first, one.last, "quarantined" if why else "accepted", why or ""))
        last, link = one.last, said.hashes[-1]
    book.flush()
    connection.execute(_ADVANCE, {**mine, "reached": last, "link": link, "now": now_us})
    if entered:
        release(connection, centre_id, realm, entered)
    return last, judged


def _again(connection: Connection, mine: dict[str, str], one: Proven) -> Judged:
    """What was said of a commit that came before. Another commit in its place is a fork."""
    row = connection.execute(_STORED, {**mine, "first": one.first}).one_or_none()
    if row is None or row.message != one.commit.message:
        raise Forked
    return Judged(row.first, row.last, row.verdict, row.reason if row.verdict != "accepted" else "")


def _store(book: Ledger, one: Proven, why: str, now_us: int) -> None:
    commit = one.commit
    book.commits.append(
        {
            "centre_id": book.centre_id, "desk_id": one.desk_id, "first": one.first, "last": one.last,
            "message": commit.message, "actor": commit.actor, "desk_signature": commit.desk_signature,
            "actor_signature": commit.actor_signature, "effective": " ".join(one.effective), "received_at": now_us,
            "verdict": "quarantined" if why else "accepted", "reason": why,
            "touched": " ".join(sorted(one.touched)) if why else "",
        }
    )  # fmt: skip
    book.changes += [
        {
            "centre_id": book.centre_id, "desk_id": one.desk_id, "seq": change.seq, "change_id": change.change_id,
            "header": sealed.header, "body": sealed.body, "salt": sealed.salt, "hash": sealed.hash,
        }
        for sealed, change in zip(commit.changes, one.changes, strict=True)
    ]  # fmt: skip


def release(connection: Connection, centre_id: str, realm: str, entered: Set[str] | None = None) -> int:
    """Judge again what waits for entities that just entered the feed; None: all that time and upgrades may have cured.

    Returns how many commits entered the feed. Own order is kept: what still waits goes on holding what follows it.
    The clocks of first receipt stay.
    """
    asked = {"centre": centre_id}
    if entered is not None:
        curable = connection.execute(_CURABLE, asked)
        if all(row.actor not in entered and entered.isdisjoint(row.touched.split()) for row in curable.all()):
            return 0
    rows = connection.execute(_WAITING, asked)
    queue = Queue(Waiting(*row[:4], frozenset(row.touched.split())) for row in rows)
    queue.wake(entered)
    book = ledger.of(connection, centre_id)
    book.load_staff()
    released = 0
    while row := queue.next():
        here = {"centre": centre_id, "desk": row.desk_id, "at": row.first}
        one, taken = _kept(connection, centre_id, row)
        book.load(one.touched | {one.commit.actor})
        why = judging.reason(one, Standing(centre_id, realm, book.documents, book.keys, frozenset(), taken))
        if why is None:
            book.append(one.desk_id, one.first, one.changes, one.effective)
            connection.execute(_JUDGE, {**here, "said": "accepted", "why": row.reason})
            queue.free(row)
            released += 1
        elif why != row.reason:
            connection.execute(_JUDGE, {**here, "said": "quarantined", "why": why})
    book.flush()
    return released


def _kept(connection: Connection, centre_id: str, waiting: Waiting) -> tuple[Proven, set[str]]:
    """A stored commit, read again, and its ids that were used before. Its desk's signature was checked when it came."""
    asked = {"centre": centre_id, "desk": waiting.desk_id, "first": waiting.first}
    row = connection.execute(_WHOLE, asked).one()
    sealed = tuple(Sealed(*each) for each in connection.execute(_CHANGES, {**asked, "last": row.last}))
    changes: list[Change] = [commits.opened(each) for each in sealed]
    commit = Commit(row.message, row.actor, row.desk_signature, row.actor_signature, sealed)
    one = Proven(commit, row.desk_id, row.first, row.last, changes, tuple(row.effective.split()))
    return one, _used(connection, centre_id, one, row.received_at)


def _used(connection: Connection, centre_id: str, one: Proven, received_at: int) -> set[str]:
    """Change ids of `one` that another commit has: one in the feed, or one that came earlier.

    A later one that only waits takes nothing: whoever repeats a waiting commit's ids can't keep it out.
    """
    found: set[str] = set()
    asked = {"centre": centre_id, "ids": [change.change_id for change in one.changes]}
    for desk_id, seq, change_id in connection.execute(_SAME_ID, asked).all():
        if desk_id == one.desk_id and one.first <= seq <= one.last:
            continue
        *came, verdict = connection.execute(_AROUND, {"centre": centre_id, "desk": desk_id, "seq": seq}).one()
        if verdict == "accepted" or came < [received_at, one.desk_id, one.first]:
            found.add(change_id)
    return found
