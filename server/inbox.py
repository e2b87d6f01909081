"""What a desk sends: proven, judged, given its place in the feed. Idempotent by (desk, seq); nothing blocks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

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
_WAITING = (
    select(SIGNED_COMMIT)
    .where(SIGNED_COMMIT.c.centre_id == bindparam("centre"), SIGNED_COMMIT.c.verdict == "quarantined")
    .order_by(SIGNED_COMMIT.c.desk_id, SIGNED_COMMIT.c.first)
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
    waiting = connection.execute(_WAITING, {"centre": centre_id}).all()
    held = {each for row in waiting if row.desk_id == desk_id for each in row.touched.split()}
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
        why = judging.reason(one, Standing(centre_id, realm, book.documents, book.keys, book.staffed, held, taken))
        _store(book, one, why or "", now_us)
        if why:
            held |= one.touched
        else:
            book.append(desk_id, one.first, one.changes, one.effective)
        taken |= {change.change_id for change in one.changes}
        judged.append(Judged(one.first, one.last, "quarantined" if why else "accepted", why or ""))
        last, link = one.last, said.hashes[-1]
    book.flush()
    connection.execute(_ADVANCE, {**mine, "reached": last, "link": link, "now": now_us})
    if waiting and book.entries:
        release(connection, centre_id, realm)
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


def release(connection: Connection, centre_id: str, realm: str) -> int:
    """Judge again what waits and time may have cured; returns how many commits entered the feed.

    Own order is kept: what still waits goes on holding what follows it. The clocks of first receipt stay.
    """
    book = ledger.of(connection, centre_id)
    queue = [(_kept(connection, row), row.reason) for row in connection.execute(_WAITING, {"centre": centre_id}).all()]
    book.load_staff()
    book.load({each for one, _ in queue for each in one.touched | {one.commit.actor}})
    released = 0
    progress = True
    while progress:
        progress = False
        held: dict[str, set[str]] = {}
        for one, was in list(queue):
            behind = held.setdefault(one.desk_id, set())
            standing = Standing(centre_id, realm, book.documents, book.keys, book.staffed, behind, frozenset())
            why = was if was in judging.FOR_A_PERSON else judging.reason(one, standing)
            if why:
                behind |= one.touched
                if why != was:
                    connection.execute(_JUDGE, {**_place(centre_id, one), "said": "quarantined", "why": why})
                continue
            book.append(one.desk_id, one.first, one.changes, one.effective)
            connection.execute(_JUDGE, {**_place(centre_id, one), "said": "accepted", "why": was})
            queue.remove((one, was))
            released, progress = released + 1, True
    book.flush()
    return released


def _place(centre_id: str, one: Proven) -> dict[str, Any]:
    return {"centre": centre_id, "desk": one.desk_id, "at": one.first}


def _kept(connection: Connection, row: Any) -> Proven:
    """A stored commit, read again. Its desk's signature was checked when it came."""
    asked = {"centre": row.centre_id, "desk": row.desk_id, "first": row.first, "last": row.last}
    sealed = tuple(Sealed(*each) for each in connection.execute(_CHANGES, asked))
    changes: list[Change] = [commits.opened(each) for each in sealed]
    commit = Commit(row.message, row.actor, row.desk_signature, row.actor_signature, sealed)
    return Proven(commit, row.desk_id, row.first, row.last, changes, tuple(row.effective.split()))
