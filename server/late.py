"""What comes for a household after it left: kept for the centre that has it, where a person decides (security 22)."""

from __future__ import annotations

from collections.abc import Set
from typing import Any

from sqlalchemy import bindparam, select, update

from desktop.domain import transfers
from desktop.domain.changes import Change
from desktop.domain.staffing import DESK
from desktop.seal import commits, notices
from desktop.seal.commits import Commit, Sealed
from server.books import Books, Moved
from server.judging import Proven, references
from server.store import CHANGE, SIGNED_COMMIT

_WAITING = select(SIGNED_COMMIT).where(
    SIGNED_COMMIT.c.centre_id == bindparam("centre"), SIGNED_COMMIT.c.verdict == "quarantined"
)
_CHANGES = (
    select(CHANGE)
    .where(
        CHANGE.c.centre_id == bindparam("centre"), CHANGE.c.desk_id == bindparam("desk"),
        CHANGE.c.seq.between(bindparam("first"), bindparam("last")),
    )
    .order_by(CHANGE.c.seq)
)  # fmt: skip
_PLAIN = frozenset({"late", "role", "held", "missing_reference"})
_SETTLED = (
    update(SIGNED_COMMIT)
    .where(
        SIGNED_COMMIT.c.centre_id == bindparam("centre"), SIGNED_COMMIT.c.desk_id == bindparam("desk"),
        SIGNED_COMMIT.c.first == bindparam("at"),
    )
    .values(verdict=bindparam("said"), reason=bindparam("why"), touched="")
)  # fmt: skip


def follow(books: Books, source: str, target: str, leaving: set[str]) -> None:
    """What waits at the source for these entities waits at the target from now on."""
    for row in books.connection.execute(_WAITING, {"centre": source}).all():
        if leaving.isdisjoint(row.touched.split()):
            continue
        span = {"centre": source, "desk": row.desk_id, "first": row.first, "last": row.last}
        kept = books.connection.execute(_CHANGES, span).all()
        sealed = tuple(Sealed(each.header, each.body, each.salt) for each in kept)
        commit = Commit(row.message, row.actor, row.desk_signature, row.actor_signature, sealed)
        changes = [commits.opened(each) for each in sealed]
        one = Proven(commit, row.desk_id, row.first, row.last, changes, tuple(row.effective.split()))
        if leaving.isdisjoint(one.placed):
            continue  # it only speaks of the household, as an offer does
        reroute(books, source, one, dict(row._mapping), set(row.touched.split()), target, _still(row))
        settled = {"centre": source, "desk": row.desk_id, "at": row.first, "said": "rerouted", "why": target}
        books.connection.execute(_SETTLED, settled)
        books.empty(source, row.desk_id, (change.seq for change in changes))


def _still(row: Any) -> str:
    """Why it waits from now on: as late, unless nobody proved who wrote it or it is of a kind to be looked at first."""
    return "late" if row.reason in _PLAIN and (row.actor_key is not None or row.actor == DESK) else str(row.reason)


def reroute(
    books: Books, source: str, one: Proven, row: dict[str, Any], touched: Set[str], to: str, why: str = "late"
) -> None:
    """A commit that came for a household after it left: kept for the centre that has it now, where a person decides.

    `row` is its row at the source, with the verdict given already.
    """
    books.of(to)  # locked before anything is written
    late = {**row, "verdict": "quarantined", "reason": why, "touched": " ".join(sorted(touched))}
    books.keep_waiting(to, late, zip(one.changes, one.commit.changes, strict=True))
    said = {"type": notices.REROUTED, "target": to, "desk": one.desk_id, "first": one.first, "last": one.last}
    sseq, clock = books.say(books.of(source), said)
    mine = {change.entity_id for change in one.changes if change.kind not in transfers.STAYS}
    books.of(source).load(mine)
    made = [each for each in sorted(mine) if books.of(source).documents[each] is None]
    gone = {"centre_id": source, "to_centre": to, "sseq": sseq, "clock": clock}
    books.left([{**gone, "entity_id": each} for each in made], again=False)


def now_at(books: Books, centre_id: str, entity_id: str) -> str:
    """The centre that has it now: it may have gone on from where it went.

    One thing's way at a time: of two households of a commit one may have gone where the other came from.
    """
    seen = {centre_id}
    while further := books.moved(centre_id, [entity_id]).get(entity_id):
        if further.to in seen:
            break
        seen.add(further.to)
        centre_id = further.to
    return centre_id


def apart(books: Books, centre_id: str, one: Proven) -> dict[str, list[Change]]:
    """Which centre has what each change of a commit is about; nothing where all of it is this centre's.

    Work on several households that came after some had left waits as a whole in one place.
    """
    home = one.changes[0].centre
    ids = {each for change in one.changes for each in _about(change)}
    for each in {home, centre_id} if ids else ():
        books.of(each).load(ids)
    moved = books.moved(home, ids)
    made: dict[str, str] = {}
    parted: dict[str, list[Change]] = {}
    for change in one.changes:
        known = (made.get(each) or _owner(books, home, each, moved) for each in _about(change))
        owner = next((where for where in known if where), centre_id)
        made[change.entity_id] = owner
        parted.setdefault(owner, []).append(change)
    return {} if set(parted) == {centre_id} else parted


def _about(change: Change) -> list[str]:
    """What says where a change belongs, the surest first: what it alters, its household, what it refers to."""
    named = [value for _, value in references(change) if isinstance(value, str)]
    return [each for each in (change.entity_id, change.household, *named) if each]


def _owner(books: Books, home: str, entity_id: str, moved: dict[str, Moved]) -> str | None:
    """The centre that has this entity now, None where nobody has."""
    if books.of(home).documents.get(entity_id) is not None:
        return home
    if entity_id not in moved:
        return None
    there = now_at(books, moved[entity_id].to, entity_id)
    book = books.of(there)
    book.load([entity_id])
    return there if book.documents.get(entity_id) is not None else None


def enter_some(books: Books, waited_at: str, owner: str, one: Proven, changes: list[Change]) -> None:
    """Give some changes of a commit that waited at one centre their place in the feed of the centre they are about."""
    sealed = [one.commit.changes[change.seq - one.first] for change in changes]
    book = books.of(owner)
    book.load({each for change in changes for each in _about(change)})
    if owner != waited_at:
        books.copy(owner, books.commit(waited_at, one.desk_id, one.first), zip(changes, sealed, strict=True))
        books.empty(waited_at, one.desk_id, (change.seq for change in changes))
        books.came_back(owner, {change.entity_id for change in changes})
    clocks = [one.effective[change.seq - one.first] for change in changes]
    book.append(one.desk_id, one.first, one.last, changes, clocks)
