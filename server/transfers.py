"""Moving a household between centres: its changes are appended again, as signed, to the target's feed (security 22).

In the source's feed they become header-only; what comes for it later is kept for the target, where a person decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from desktop.domain import hlc, transfers
from desktop.domain.changes import Change
from desktop.seal import commits, notices
from desktop.seal.commits import Sealed
from desktop.seal.keys import SignKey
from server import ledger
from server.judging import Proven
from server.ledger import Ledger
from server.store import CENTRE, CHANGE, DOCUMENT, FEED, MOVED, ORDER, REDACTED, SIGNED_COMMIT

_BATCH = 500
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_LEAVING = select(DOCUMENT.c.entity_id, DOCUMENT.c.kind).where(
    DOCUMENT.c.centre_id == bindparam("centre"), DOCUMENT.c.household == bindparam("home")
)
_ALONE = select(DOCUMENT.c.entity_id).where(
    DOCUMENT.c.centre_id == bindparam("centre"), DOCUMENT.c.household.is_(None), DOCUMENT.c.kind != "transfer",
    DOCUMENT.c.doc.like(bindparam("named")),
)  # fmt: skip
_OF_ENTITIES = (
    select(CHANGE)
    .where(CHANGE.c.centre_id == bindparam("centre"), CHANGE.c.entity_id.in_(_IDS))
    .order_by(CHANGE.c.desk_id, CHANGE.c.seq)
)
_PLACES = select(FEED.c.sseq, FEED.c.desk_id, FEED.c.first, FEED.c.last, FEED.c.seqs, FEED.c.gone).where(
    FEED.c.centre_id == bindparam("centre"), FEED.c.desk_id == bindparam("desk"), FEED.c.last >= bindparam("low"),
    FEED.c.first <= bindparam("high"),
)  # fmt: skip
_COMMIT = select(SIGNED_COMMIT).where(
    SIGNED_COMMIT.c.centre_id == bindparam("centre"), SIGNED_COMMIT.c.desk_id == bindparam("desk"),
    SIGNED_COMMIT.c.first == bindparam("first"),
)  # fmt: skip
_EMPTY_PLACE = (
    update(FEED)
    .where(FEED.c.centre_id == bindparam("centre"), FEED.c.sseq == bindparam("at"))
    .values(gone=bindparam("without"))
)
_EMPTY = (
    update(CHANGE)
    .where(
        CHANGE.c.centre_id == bindparam("centre"), CHANGE.c.desk_id == bindparam("desk"),
        CHANGE.c.seq == bindparam("at"),
    )
    .values(body=None, salt=None)
)  # fmt: skip
_MOVED = select(MOVED).where(MOVED.c.centre_id == bindparam("centre"), MOVED.c.entity_id.in_(_IDS))
_BACK = delete(MOVED).where(MOVED.c.centre_id == bindparam("centre"), MOVED.c.entity_id.in_(_IDS))
_KNOWN = select(CENTRE.c.centre_id).where(CENTRE.c.centre_id == bindparam("centre"))
_ORDERED = (
    select(REDACTED.c.change_id, REDACTED.c.order_id, ORDER.c.message, ORDER.c.signature)
    .join(ORDER, ORDER.c.order_id == REDACTED.c.order_id)
    .where(REDACTED.c.centre_id == bindparam("centre"), REDACTED.c.change_id.in_(_IDS))
)
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
_SETTLED = (
    update(SIGNED_COMMIT)
    .where(
        SIGNED_COMMIT.c.centre_id == bindparam("centre"), SIGNED_COMMIT.c.desk_id == bindparam("desk"),
        SIGNED_COMMIT.c.first == bindparam("at"),
    )
    .values(verdict=bindparam("said"), reason=bindparam("why"), touched="")
)  # fmt: skip


def _again(dialect: Any, table: Any, keys: Sequence[str], changed: Sequence[str]) -> Any:
    put = dialect.insert(table)
    if not changed:
        return put.on_conflict_do_nothing(index_elements=keys)
    return put.on_conflict_do_update(index_elements=keys, set_={name: put.excluded[name] for name in changed})


_TO_COMMITS, _TO_CHANGES, _TO_MOVED, _TO_FOLLOW, _TO_REDACTED = (
    {name: _again(dialect, table, keys, changed) for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))}
    for table, keys, changed in (
        (SIGNED_COMMIT, ("centre_id", "desk_id", "first"), ()),
        (CHANGE, ("centre_id", "desk_id", "seq"), ("body", "salt")),
        (MOVED, ("centre_id", "entity_id"), ("to_centre", "sseq", "clock")),
        (MOVED, ("centre_id", "entity_id"), ()),
        (REDACTED, ("centre_id", "change_id"), ()),
    )
)


@dataclass(frozen=True, slots=True)
class Moved:
    """Where an entity went, and the notice that told its old centre."""

    to: str
    sseq: int
    clock: str


@dataclass(slots=True)
class Books:
    """The ledgers of one transaction, and what it needs to speak for the province."""

    connection: Connection
    realm: str
    sign_key: SignKey
    now_us: int
    ledgers: dict[str, Ledger] = field(default_factory=dict)

    def of(self, centre_id: str) -> Ledger:
        """The centre's ledger. Raises NotLocked."""
        if centre_id not in self.ledgers:
            self.ledgers[centre_id] = ledger.of(self.connection, centre_id)
        return self.ledgers[centre_id]

    def flush(self) -> None:
        """Write them all."""
        for each in self.ledgers.values():
            each.flush()

    def knows(self, centre_id: str) -> bool:
        """Whether there is such a centre."""
        return self.connection.execute(_KNOWN, {"centre": centre_id}).first() is not None

    def say(self, book: Ledger, said: dict[str, Any]) -> tuple[int, str]:
        """Put a notice into a feed; its place and clock."""
        clock = hlc.text(hlc.pack(self.now_us))
        return book.say(*notices.sign(self.sign_key, self.realm, {"at": clock, **said})), clock

    def moved(self, centre_id: str, ids: Iterable[str]) -> dict[str, Moved]:
        """Those of these entities that left the centre."""
        wanted, found = sorted(ids), dict[str, Moved]()
        for at in range(0, len(wanted), _BATCH):
            for row in self.connection.execute(_MOVED, {"centre": centre_id, "ids": wanted[at : at + _BATCH]}):
                found[row.entity_id] = Moved(row.to_centre, row.sseq, row.clock)
        return found

    def put_redacted(self, centre_id: str, change_ids: Iterable[str], order_id: str) -> None:
        """Note which order took the values of these changes."""
        rows = [{"centre_id": centre_id, "change_id": each, "order_id": order_id} for each in change_ids]
        self.put(_TO_REDACTED, rows)

    def put(self, statements: dict[str, Any], rows: list[dict[str, Any]]) -> None:
        """Insert, where the row isn't there already."""
        if rows:
            self.connection.execute(statements[self.connection.dialect.name], rows)


def entered(books: Books, centre_id: str, one: Proven) -> None:
    """A commit entered the feed of `centre_id`: what it says of transfers is told to the other centre and carried
    out."""
    mine = [change for change in one.changes if change.verb in transfers.VERBS]
    for change in mine:
        offer = books.of(centre_id).documents[change.entity_id]
        assert offer is not None  # it was just folded  # noqa: S101
        source, target = str(offer.value("source")), str(offer.value("target"))
        _tell(books, centre_id, target if centre_id == source else source, one, change)
        if change.verb == transfers.ACCEPT:
            carry_out(books, change.entity_id, str(offer.value("household")), source, target)


def _tell(books: Books, here: str, there: str, one: Proven, change: Change) -> None:
    """Append one change of a commit to another centre's feed, as it was signed."""
    at = one.changes.index(change)
    whole = {"centre": here, "desk": one.desk_id, "first": one.first}
    books.flush()  # its rows are read again below
    row = books.connection.execute(_COMMIT, whole).one()
    sealed = one.commit.changes[at]
    _copy(books, there, row, [(change, sealed.header, sealed.body, sealed.salt, sealed.hash)])
    book = books.of(there)
    book.load([change.entity_id])
    book.append(one.desk_id, one.first, one.last, [change], [one.effective[at]])


def _copy(books: Books, there: str, commit: Any, changes: Iterable[tuple[Change, bytes, Any, Any, str]]) -> None:
    """The rows of a commit and of some of its changes, for another centre."""
    row = {**commit._mapping, "centre_id": there, "verdict": "accepted", "reason": "", "touched": ""}
    books.put(_TO_COMMITS, [row])
    books.put(
        _TO_CHANGES,
        [
            {
                "centre_id": there, "desk_id": commit.desk_id, "seq": change.seq, "change_id": change.change_id,
                "entity_id": change.entity_id, "header": header, "body": body, "salt": salt, "hash": digest,
            }
            for change, header, body, salt, digest in changes
        ],
    )  # fmt: skip


def carry_out(books: Books, transfer_id: str, household: str, source: str, target: str) -> None:
    """Move the household: its commits again in the target's feed, in order; `scope.remove` in the source's."""
    books.flush()
    leaving = _leaving(books.connection, source, household)
    book, there = books.of(source), books.of(target)
    books.say(there, {"type": notices.SCOPE_ADD, "source": source, "household": household, "transfer": transfer_id})
    there.load(leaving)
    moved = _move_rows(books, source, target, leaving)
    _bring_orders(books, source, target, moved)
    book.load(leaving)
    book.forget(leaving)
    book.forget_marks()
    said = {
        "type": notices.SCOPE_REMOVE, "target": target, "household": household, "transfer": transfer_id,
        "entities": sorted(leaving),
    }  # fmt: skip
    sseq, clock = books.say(book, said)
    gone = [
        {"centre_id": source, "entity_id": each, "to_centre": target, "sseq": sseq, "clock": clock}
        for each in sorted(leaving | {household})
    ]
    books.put(_TO_MOVED, gone)
    for at in range(0, len(gone), _BATCH):
        ids = [each["entity_id"] for each in gone[at : at + _BATCH]]
        books.connection.execute(_BACK, {"centre": target, "ids": ids})
    _follow(books, source, target, leaving | {household})


def _leaving(connection: Connection, centre_id: str, household: str) -> set[str]:
    """Every entity of the household: those that name it, the people of its memberships, and what is theirs alone."""
    found = {row.entity_id: row.kind for row in connection.execute(_LEAVING, {"centre": centre_id, "home": household})}
    book = ledger.of(connection, centre_id)
    book.load([household, *(each for each, kind in found.items() if kind == "membership")])
    people = {
        document.value("person") for document in book.documents.values() if document and document.kind == "membership"
    }
    book.load([each for each in people if isinstance(each, str)])
    for person in sorted(each for each in people if isinstance(each, str)):
        document = book.documents.get(person)
        if document is None or document.household not in (None, household):
            continue
        found[person] = document.kind
        alone = connection.execute(_ALONE, {"centre": centre_id, "named": f"%{person}%"})
        found |= dict.fromkeys(alone.scalars(), "")
    if book.documents.get(household):
        found[household] = "household"
    return set(found)


def _move_rows(books: Books, source: str, target: str, leaving: set[str]) -> set[str]:
    """Copy every change of these entities to the target and empty it in the source; the ids of what moved."""
    connection, wanted = books.connection, sorted(leaving)
    rows: dict[tuple[str, int], Any] = {}
    for at in range(0, len(wanted), _BATCH):
        for row in connection.execute(_OF_ENTITIES, {"centre": source, "ids": wanted[at : at + _BATCH]}):
            rows[row.desk_id, row.seq] = row
    places: dict[int, Any] = {}
    by_desk: dict[str, list[int]] = {}
    for desk_id, seq in rows:
        by_desk.setdefault(desk_id, []).append(seq)
    for desk_id, seqs in by_desk.items():
        span = {"centre": source, "desk": desk_id, "low": min(seqs), "high": max(seqs)}
        places |= {row.sseq: row for row in connection.execute(_PLACES, span)}
    moved: set[str] = set()
    for _, place in sorted(places.items()):
        moved |= _move_place(books, source, target, place, rows)
    return moved


def _move_place(books: Books, source: str, target: str, place: Any, rows: dict[tuple[str, int], Any]) -> set[str]:
    """One row of the source's feed: its leaving changes again in the target's, and header-only here."""
    here = [int(seq) for seq in place.seqs.split()] or list(range(place.first, place.last + 1))
    gone = {int(seq) for seq in place.gone.split()}
    chosen = [rows[place.desk_id, seq] for seq in here if (place.desk_id, seq) in rows and seq not in gone]
    if not chosen:
        return set()
    asked = {"centre": source, "desk": place.desk_id, "first": place.first}
    commit = books.connection.execute(_COMMIT, asked).one()
    changes = [commits.opened(Sealed(row.header, row.body, row.salt)) for row in chosen]
    parts = [(change, row.header, row.body, row.salt, row.hash) for change, row in zip(changes, chosen, strict=True)]
    _copy(books, target, commit, parts)
    clocks = commit.effective.split()
    effective = [clocks[change.seq - place.first] for change in changes]
    books.of(target).append(place.desk_id, place.first, place.last, changes, effective)
    without = sorted(gone | {row.seq for row in chosen})
    books.connection.execute(_EMPTY_PLACE, {"centre": source, "at": place.sseq, "without": " ".join(map(str, without))})
    empty = [{"centre": source, "desk": place.desk_id, "at": row.seq} for row in chosen]
    books.connection.execute(_EMPTY, empty)
    return {row.change_id for row in chosen}


def _bring_orders(books: Books, source: str, target: str, moved: set[str]) -> None:
    """A stub is only believed beside the order that made it: it comes along."""
    wanted, orders = sorted(moved), dict[str, tuple[bytes, bytes]]()
    for at in range(0, len(wanted), _BATCH):
        rows = books.connection.execute(_ORDERED, {"centre": source, "ids": wanted[at : at + _BATCH]}).all()
        books.put(
            _TO_REDACTED,
            [{"centre_id": target, "change_id": row.change_id, "order_id": row.order_id} for row in rows],
        )
        orders |= {row.order_id: (row.message, row.signature) for row in rows}
    for _, (message, signature) in sorted(orders.items()):
        books.of(target).say(message, signature)


def _follow(books: Books, source: str, target: str, leaving: set[str]) -> None:
    """What waits at the source for these entities waits at the target from now on."""
    for row in books.connection.execute(_WAITING, {"centre": source}).all():
        if leaving.isdisjoint(row.touched.split()):
            continue
        span = {"centre": source, "desk": row.desk_id, "first": row.first, "last": row.last}
        kept = books.connection.execute(_CHANGES, span).all()
        sealed = [Sealed(each.header, each.body, each.salt) for each in kept]
        _keep_for(books, source, target, row, [commits.opened(each) for each in sealed], sealed)


def reroute(books: Books, source: str, one: Proven, row: dict[str, Any], touched: set[str], to: str) -> None:
    """A commit that came for a household after it left: kept for the centre that has it now, where a person decides.

    `row` is its row at the source, with the verdict given already.
    """
    there = _now_at(books, to, touched)
    late = {**row, "centre_id": there, "verdict": "quarantined", "reason": "late", "touched": " ".join(sorted(touched))}
    books.of(there)
    books.put(_TO_COMMITS, [late])
    rows = zip(one.changes, one.commit.changes, strict=True)
    books.put(
        _TO_CHANGES,
        [
            {
                "centre_id": there, "desk_id": one.desk_id, "seq": change.seq, "change_id": change.change_id,
                "entity_id": change.entity_id, "header": sealed.header, "body": sealed.body, "salt": sealed.salt,
                "hash": sealed.hash,
            }
            for change, sealed in rows
        ],
    )  # fmt: skip
    said = {"type": notices.REROUTED, "target": there, "desk": one.desk_id, "first": one.first, "last": one.last}
    sseq, clock = books.say(books.of(source), said)
    made = (change.entity_id for change in one.changes if books.of(source).documents.get(change.entity_id) is None)
    gone = {"centre_id": source, "to_centre": there, "sseq": sseq, "clock": clock}
    books.put(_TO_FOLLOW, [{**gone, "entity_id": each} for each in sorted(set(made))])


def _now_at(books: Books, centre_id: str, touched: set[str]) -> str:
    """The centre that has it now: it may have gone on from where it went."""
    seen = {centre_id}
    while further := next((each.to for each in books.moved(centre_id, touched).values()), None):
        if further in seen:
            break
        seen.add(further)
        centre_id = further
    return centre_id


def _keep_for(
    books: Books, source: str, target: str, row: Any, changes: Sequence[Change], sealed: Sequence[Sealed]
) -> None:
    commit = commits.Commit(row.message, row.actor, row.desk_signature, row.actor_signature, tuple(sealed))
    one = Proven(commit, row.desk_id, row.first, row.last, changes, tuple(row.effective.split()))
    reroute(books, source, one, dict(row._mapping), set(row.touched.split()), target)
    asked = {"centre": source, "desk": row.desk_id}
    books.connection.execute(_SETTLED, {**asked, "at": row.first, "said": "rerouted", "why": target})
    books.connection.execute(_EMPTY, [{**asked, "at": change.seq} for change in changes])
