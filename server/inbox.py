"""What a desk sends: proven, judged, given its place in the feed. Idempotent by (desk, seq); nothing blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from desktop.domain import hlc, transfers
from desktop.domain.changes import Change
from desktop.seal import anchors, commits
from desktop.seal.commits import Commit, Sealed, Span
from desktop.seal.keys import SignPublic
from desktop.seal.refused import Refused
from server import judging, ledger, orders
from server.books import Books, Moved
from server.judging import Proven, Standing
from server.late import apart, enter_some, now_at, reroute
from server.ledger import Ledger
from server.store import CHANGE, DESK, SIGNED_COMMIT
from server.transfers import entered
from server.waiting import Queue, Waiting

_MINE = (SIGNED_COMMIT.c.centre_id == bindparam("centre"), SIGNED_COMMIT.c.desk_id == bindparam("desk"))
_DESK = select(
    DESK.c.last_seq,
    DESK.c.last_hash,
    DESK.c.cursor,
    DESK.c.lost_at,
    DESK.c.valid_through,
    DESK.c.anchored_at,
    DESK.c.outside,
    DESK.c.last_sync,
).where(DESK.c.centre_id == bindparam("centre"), DESK.c.desk_id == bindparam("desk"))
_ADVANCE = (
    update(DESK)
    .where(DESK.c.centre_id == bindparam("centre"), DESK.c.desk_id == bindparam("desk"))
    .values(
        last_seq=bindparam("reached"),
        last_hash=bindparam("link"),
        last_sync=bindparam("now"),
        anchored_at=bindparam("anchored"),
        outside=bindparam("dated_back"),
    )
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
_THAT = update(SIGNED_COMMIT).where(*_MINE, SIGNED_COMMIT.c.first == bindparam("at"))
_JUDGE = _THAT.values(verdict=bindparam("said"), reason=bindparam("why"), actor_key=bindparam("key"))
_LET_IN = _THAT.values(verdict=bindparam("said"), reason=bindparam("why"), touched="")
_NAMED = _THAT.values(actor_key=bindparam("key"))
_BELIEVED = (
    update(DESK)
    .where(DESK.c.desk_id == bindparam("of"), DESK.c.valid_through < bindparam("last"))
    .values(valid_through=bindparam("last"))
)
_STAYS_HERE = frozenset({"other_centre", "revoked"})
"""What waits where it came, whatever it is about."""
_BEFORE = select(DESK.c.instead_of).where(DESK.c.centre_id == bindparam("centre"), DESK.c.desk_id == bindparam("desk"))


class Expected(Exception):
    """The desk is ahead of what is stored: it goes back to `seq` and sends from there."""

    def __init__(self, seq: int) -> None:
        super().__init__(f"expected {seq}")
        self.seq = seq


class NotToRelease(Exception):
    """No officer may let this in: desks would refuse it, or a transfer isn't its centre's to decide. It can be
    discarded."""


class Forked(Exception):
    """The desk has two pasts: a restored backup or a copied PC. Nothing was stored."""


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdict on a commit: accepted; quarantined with its reason; discarded with why; rerouted, with where to."""

    first: int
    last: int
    verdict: str
    reason: str


def predecessors(connection: Connection, centre_id: str, desk_id: str) -> tuple[str, ...]:
    """The desks this one was before its chain forked, newest first."""
    found: list[str] = []
    while before := connection.execute(_BEFORE, {"centre": centre_id, "desk": desk_id}).scalar():
        found.append(before)
        desk_id = before
    return tuple(found)


def prove(
    sent: Iterable[Commit],
    realm: str,
    desk_id: str,
    desk_key: SignPublic,
    now_us: int,
    before: tuple[str, ...] = (),
    redacted: Callable[[Sequence[str]], Set[str]] = lambda _ids: frozenset(),
    told_since: int = 0,
) -> list[Proven]:
    """Read commits whose desk signature holds; the slow part, done before any lock. Raises Refused.

    `now_us` is when the province first hears of them: an edit keeps the time it was made, never a later one. `before`
    are the desk's `predecessors`. `redacted` tells which changes an order took the values of: only those may come
    without their salt, and a whole one becomes a stub, for its desk hadn't heard and the province lost it once. A body
    may be missing where its household left before `told_since`: its desk forgot it once a backup had it, and this
    province was restored from an older one.
    """
    ceiling = hlc.text(hlc.pack(now_us))
    read: list[tuple[Commit, Span, list[Change]]] = []
    for commit in sent:
        said, changes = commits.proven_by_desk(commit, realm, desk_key)
        if said.desk != desk_id:
            raise Refused(f"desk {desk_id} sent a commit of {said.desk}")
        empty = (change for change in changes if not change.has_body)
        if len(changes) != len(said.hashes) or not all(_forgotten(change, told_since) for change in empty):
            raise Refused("a commit came without all of its changes")
        read.append((commit, said, changes))
    named = redacted([change.change_id for _, _, changes in read for change in changes])
    proven: list[Proven] = []
    for commit, said, changes in read:
        whole, kept = _without(commit, changes, named)
        effective = tuple(min(change.hlc, ceiling) for change in changes)
        proven.append(Proven(whole, desk_id, said.first, said.last, kept, effective, before))
    return proven


def _without(commit: Commit, changes: list[Change], named: Set[str]) -> tuple[Commit, list[Change]]:
    """The commit with stubs for all an order names. Raises Refused for a stub that none does."""
    pairs = list(zip(changes, commit.changes, strict=True))
    if any(each.body is not None and each.salt is None and change.change_id not in named for change, each in pairs):
        raise Refused("a stub no order names")
    if named.isdisjoint(change.change_id for change in changes):
        return commit, changes
    sealed = tuple(commits.stub(each) if change.change_id in named and each.body else each for change, each in pairs)
    return replace(commit, changes=sealed), [commits.opened(each) for each in sealed]


def _forgotten(change: Change, told_since: int) -> bool:
    """Whether a change may come without its body: of a household, and older than what this province knows."""
    return change.kind not in transfers.STAYS and older(change, told_since)


def older(change: Change, told_since: int) -> bool:
    """Whether a change says it was written before this telling of the feeds began."""
    return hlc.microseconds(hlc.parse(change.hlc)) < told_since


@dataclass(slots=True)
class _Push:
    """One push inside its transaction: who sends, what of theirs waits, and what is decided on the way."""

    books: Books
    centre_id: str
    desk_id: str
    row: Any
    held: set[str]
    taken: set[str]
    moved: dict[str, Moved]
    anchored: int
    outside: int
    entered: set[str] = field(default_factory=set)

    @property
    def book(self) -> Ledger:
        return self.books.of(self.centre_id)

    def standing(self, held: Set[str]) -> Standing:
        book = self.book
        return Standing(self.centre_id, self.books.realm, book.documents, book.keys, held, self.taken, self.books)


def accept(
    books: Books, centre_id: str, desk_id: str, sent: Sequence[Proven], *, relayed: bool = False
) -> tuple[int, list[Judged]]:
    """Take a push inside a transaction that holds the centre's lock: the last seq stored, and a verdict a commit.

    `relayed`: another desk sent it, so this one wasn't heard of.

    Raises Expected or Forked, and NotLocked where another centre's lock is needed too; the caller rolls back.
    """
    mine = {"centre": centre_id, "desk": desk_id}
    connection = books.connection
    row = connection.execute(_DESK, mine).one()
    last, link = row.last_seq, row.last_hash
    book = books.of(centre_id)
    held = {each for touched in connection.execute(_HELD, mine).scalars() for each in touched.split()}
    new = [one for one in sent if one.last > last]
    book.load_staff()
    book.load({each for one in new for each in one.touched | {one.commit.actor}})
    taken = book.taken([change.change_id for one in new for change in one.changes])
    moved = books.moved(centre_id, {each for one in new for each in one.placed})
    push = _Push(books, centre_id, desk_id, row, held, taken, moved, row.anchored_at, row.outside)
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
        judged.append(_judged(push, one))
        _date(push, one, said.anchor)
        push.taken |= {change.change_id for change in one.changes}
        last, link = one.last, said.hashes[-1]
    books.flush()
    if stubs := [change_id for one in new for change_id in one.stubs]:
        orders.tell(books, centre_id, stubs)
        books.flush()
    dated = {"anchored": push.anchored, "dated_back": push.outside}
    heard = row.last_sync if relayed else books.now_us
    connection.execute(_ADVANCE, {**mine, **dated, "reached": last, "link": link, "now": heard})
    if books.arrived or (push.entered and _cures(connection, centre_id, push.entered)):
        release(books, centre_id, push.entered)
    return last, judged


def _judged(push: _Push, one: Proven) -> Judged:
    """The verdict on a commit that continues its desk's chain; what follows from it is done."""
    gone = next((each for each in sorted(one.placed) if each in push.moved), None)
    standing = push.standing(push.held)
    why: str | None
    if push.row.lost_at is not None and one.last > (push.row.valid_through or 0):
        why = "revoked"
    else:
        why = judging.reason(one, standing if gone is None else push.standing(frozenset()))
    if gone is not None and why not in _STAYS_HERE:
        return _gone(push, one, gone, "late" if why in (None, "missing_reference") else str(why))
    _store(push, one, "quarantined" if why else "accepted", why or "", judging.proven_by(one, standing))
    if why:
        push.held |= one.touched
        return Judged(one.first, one.last, "quarantined", why)
    enter(push.books, push.centre_id, one)
    push.entered |= one.touched
    return Judged(one.first, one.last, "accepted", "")


def _date(push: _Push, one: Proven, text: str | None) -> None:
    """Count a commit that says it was written before a moment the province had vouched for already (security 13)."""
    if text is not None:
        try:
            anchor = anchors.opened(text, push.books.realm, push.books.sign_key.public_key())
        except Refused:
            push.outside += 1  # an anchor of its own making
            return
        push.anchored = max(push.anchored, anchor.received_at)
    if hlc.microseconds(hlc.parse(one.changes[0].hlc)) < push.anchored - anchors.SLACK_US:
        push.outside += 1


def _gone(push: _Push, one: Proven, left: str, waits: str) -> Judged:
    """What comes for a household that left: refused where its desk had been told, else kept for the centre that has
    it, where it waits as late or for what else was wrong with it. `left` is what of it went."""
    gone = push.moved[left]
    to = now_at(push.books, gone.to, left)
    told = push.row.cursor >= gone.sseq and all(change.hlc > gone.clock for change in one.changes)
    verdict, why = ("discarded", "moved_away") if told else ("rerouted", to)
    key = judging.proven_by(one, push.standing(frozenset()))
    row = _store(push, one, verdict, why, key, bodies=told)
    if not told:
        push.books.flush()
        reroute(push.books, push.centre_id, one, row, one.touched, to, waits)
        for change in one.changes:  # what it would have made here is there too
            if push.book.documents.get(change.entity_id) is None:
                push.moved[change.entity_id] = gone
    return Judged(one.first, one.last, verdict, why)


def enter(books: Books, centre_id: str, one: Proven) -> None:
    """Give a commit its place in the feed, with what it says of transfers carried out."""
    books.of(centre_id).append(one.desk_id, one.first, one.last, one.changes, one.effective)
    if any(change.verb in transfers.VERBS for change in one.changes):
        entered(books, centre_id, one)


def _again(connection: Connection, mine: dict[str, str], one: Proven) -> Judged:
    """What was said of a commit that came before. Another commit in its place is a fork."""
    row = connection.execute(_STORED, {**mine, "first": one.first}).one_or_none()
    if row is None or row.message != one.commit.message:
        raise Forked
    return Judged(row.first, row.last, row.verdict, row.reason if row.verdict != "accepted" else "")


def _store(
    push: _Push, one: Proven, verdict: str, why: str, key: bytes | None, *, bodies: bool = True
) -> dict[str, Any]:
    """Keep a commit as it was signed; without `bodies` where they are kept for another centre."""
    book, place = push.book, (one.desk_id, one.first, one.last)
    waits = verdict == "quarantined"
    row = ledger.commit_row(push.centre_id, one.commit, place, one.effective, push.books.now_us)
    row |= {
        "actor_key": key, "verdict": verdict, "reason": why, "touched": " ".join(sorted(one.touched)) if waits else "",
    }  # fmt: skip
    book.commits.append(row)
    book.changes += [
        {
            "centre_id": push.centre_id, "desk_id": one.desk_id, "seq": change.seq, "change_id": change.change_id,
            "entity_id": change.entity_id, "header": sealed.header, "body": sealed.body if bodies else None,
            "salt": sealed.salt if bodies else None, "hash": sealed.hash,
        }
        for sealed, change in zip(one.commit.changes, one.changes, strict=True)
    ]  # fmt: skip
    return row


def _cures(connection: Connection, centre_id: str, entered: Set[str]) -> bool:
    """Whether anything waits for just what entered the feed. Cheap: asked at every push."""
    rows = connection.execute(_CURABLE, {"centre": centre_id}).all()
    return any(row.actor in entered or not entered.isdisjoint(row.touched.split()) for row in rows)


def release(books: Books, centre_id: str, entered: Set[str] | None = None) -> int:
    """Judge again what waits for, or behind, these entities; None: all that time and upgrades may have cured.

    Returns how many commits entered the feed, at this centre and where a transfer brought something. Own order is kept:
    what still waits goes on holding what follows it. The clocks of first receipt stay.
    """
    released = _release(books, centre_id, entered)
    while books.arrived:
        there, ids = books.arrived.popitem()
        released += _release(books, there, ids)
    return released


def _release(books: Books, centre_id: str, entered: Set[str] | None) -> int:
    connection = books.connection
    rows = connection.execute(_WAITING, {"centre": centre_id})
    queue = Queue(Waiting(*row[:4], frozenset(row.touched.split())) for row in rows)
    queue.wake(entered)
    book = books.of(centre_id)
    book.load_staff()
    released = 0
    while row := queue.next():
        here = {"centre": centre_id, "desk": row.desk_id, "at": row.first}
        one, taken = _kept(connection, centre_id, row.desk_id, row.first)
        book.load(one.touched | {one.commit.actor})
        standing = Standing(centre_id, books.realm, book.documents, book.keys, frozenset(), taken, books)
        why = judging.reason(one, standing)
        if why is None:
            key = judging.proven_by(one, standing)
            connection.execute(_JUDGE, {**here, "said": "accepted", "why": row.reason, "key": key})
            enter(books, centre_id, one)
            queue.free(row)
            released += 1
        elif why != row.reason:
            connection.execute(_JUDGE, {**here, "said": "quarantined", "why": why, "key": None})
    books.flush()
    return released


def release_by_hand(books: Books, centre_id: str, desk_id: str, first: int) -> None:
    """An officer lets a commit that waits for a person into the feed, whatever kept it out; what waited for it follows.

    What came late for several centres enters the feed of each. Raises KeyError where no such commit waits, NotToRelease
    where nobody may.
    """
    here = {"centre": centre_id, "desk": desk_id, "at": first}
    reason = _waiting_for(books.connection, here)
    one, taken = _kept(books.connection, centre_id, desk_id, first)
    book = books.of(centre_id)
    book.load_staff()
    book.load(one.touched | {one.commit.actor})
    standing = Standing(centre_id, books.realm, book.documents, book.keys, frozenset(), taken, books)
    key = books.commit(centre_id, desk_id, first).actor_key or judging.proven_by(one, standing)
    if judging.never(one, standing, key):
        raise NotToRelease
    books.connection.execute(_LET_IN, {**here, "said": "accepted", "why": reason})
    books.connection.execute(_NAMED, {**here, "key": key})
    books.connection.execute(_BELIEVED, {"of": desk_id, "last": one.last})
    if parted := apart(books, centre_id, one):
        for each, changes in parted.items():
            enter_some(books, centre_id, each, one, changes)
    else:
        enter(books, centre_id, one)
    books.flush()
    release(books, centre_id, one.touched)


def discard(books: Books, centre_id: str, desk_id: str, first: int) -> None:
    """An officer decides that a commit never enters the feed; its record stays, what it held is judged again.

    Raises KeyError where no such commit waits.
    """
    here = {"centre": centre_id, "desk": desk_id, "at": first}
    reason = _waiting_for(books.connection, here)
    one, _ = _kept(books.connection, centre_id, desk_id, first)
    books.connection.execute(_LET_IN, {**here, "said": "discarded", "why": reason})
    release(books, centre_id, one.touched)


def _waiting_for(connection: Connection, here: Mapping[str, Any]) -> str:
    row = connection.execute(_STORED, {**here, "first": here["at"]}).one_or_none()
    if row is None or row.verdict != "quarantined":
        raise KeyError(here["at"])
    return str(row.reason)


def _kept(connection: Connection, centre_id: str, desk_id: str, first: int) -> tuple[Proven, set[str]]:
    """A stored commit, read again, and its ids that were used before. Its desk's signature was checked when it came."""
    asked = {"centre": centre_id, "desk": desk_id, "first": first}
    row = connection.execute(_WHOLE, asked).one()
    sealed = tuple(Sealed(*each) for each in connection.execute(_CHANGES, {**asked, "last": row.last}))
    changes: list[Change] = [commits.opened(each) for each in sealed]
    commit = Commit(row.message, row.actor, row.desk_signature, row.actor_signature, sealed)
    before = predecessors(connection, centre_id, desk_id)
    one = Proven(commit, row.desk_id, row.first, row.last, changes, tuple(row.effective.split()), before)
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
