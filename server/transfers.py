"""Moving a household between centres: its changes are appended again, as signed, to the target's feed (security 22).

In the source's feed they become header-only; what comes for it later is `server.late`'s.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, select, update

from desktop.domain import merging, transfers
from desktop.domain.changes import Change
from desktop.seal import commits, notices
from desktop.seal.commits import Sealed
from server import late, ledger
from server.books import Books
from server.judging import Proven
from server.store import CHANGE, DOCUMENT, FEED, ORDER, REDACTED

_BATCH = 500
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_LEAVING = select(DOCUMENT.c.entity_id, DOCUMENT.c.kind).where(
    DOCUMENT.c.centre_id == bindparam("centre"), DOCUMENT.c.household == bindparam("home")
)
_ALONE = select(DOCUMENT.c.entity_id).where(
    DOCUMENT.c.centre_id == bindparam("centre"), DOCUMENT.c.household.is_(None), DOCUMENT.c.kind != "transfer",
    DOCUMENT.c.doc.like(bindparam("named")),
)  # fmt: skip
_MEMBERSHIPS = select(DOCUMENT.c.entity_id, DOCUMENT.c.doc).where(
    DOCUMENT.c.centre_id == bindparam("centre"), DOCUMENT.c.kind == "membership",
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
_EMPTY_PLACE = (
    update(FEED)
    .where(FEED.c.centre_id == bindparam("centre"), FEED.c.sseq == bindparam("at"))
    .values(gone=bindparam("without"))
)
_ORDERED = (
    select(REDACTED.c.change_id, REDACTED.c.order_id, ORDER.c.message, ORDER.c.signature)
    .join(ORDER, ORDER.c.order_id == REDACTED.c.order_id)
    .where(REDACTED.c.centre_id == bindparam("centre"), REDACTED.c.change_id.in_(_IDS))
)


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
    books.flush()  # its rows are read again below
    row = books.commit(here, one.desk_id, one.first)
    books.copy(there, row, [(change, one.commit.changes[at])])
    book = books.of(there)
    book.load([change.entity_id])
    book.append(one.desk_id, one.first, one.last, [change], [one.effective[at]])
    books.arrived.setdefault(there, set()).add(change.entity_id)


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
    books.left(gone)
    books.came_back(target, leaving | {household})
    books.arrived.setdefault(target, set()).update(leaving)
    late.follow(books, source, target, leaving | {household})


def _leaving(connection: Connection, centre_id: str, household: str) -> set[str]:
    """Every entity of the household: those that name it, the people of its memberships, and what is theirs alone."""
    found = {row.entity_id: row.kind for row in connection.execute(_LEAVING, {"centre": centre_id, "home": household})}
    book = ledger.of(connection, centre_id)
    book.load([household, *(each for each, kind in found.items() if kind == "membership")])
    members = [doc.value("person") for doc in book.documents.values() if doc and doc.kind == "membership"]
    people = {each for each in members if isinstance(each, str)} | {
        each for each, kind in found.items() if kind == "person"
    }
    book.load(people)
    for person in sorted(people):
        document = book.documents.get(person)
        if document is None or document.household not in (None, household):
            continue
        if document.household is None and _lives_elsewhere(connection, centre_id, household, person):
            continue
        found[person] = document.kind
        alone = connection.execute(_ALONE, {"centre": centre_id, "named": f"%{person}%"})
        found |= dict.fromkeys(alone.scalars(), "")
    if book.documents.get(household):
        found[household] = "household"
    return set(found)


def _lives_elsewhere(connection: Connection, centre_id: str, household: str, person: str) -> bool:
    """Whether somebody whose household isn't said is a member of another one today, and of this one no more."""
    asked = {"centre": centre_id, "named": f"%{person}%"}
    rows = connection.execute(_MEMBERSHIPS, asked).all()
    found = [merging.loaded("membership", row.entity_id, row.doc) for row in rows]
    today = {
        each.value("household")
        for each in found
        if each.value("person") == person and each.value("until") is None and each.value(merging.VOID) is None
    }
    return bool(today) and household not in today


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
    commit = books.commit(source, place.desk_id, place.first)
    sealed = [Sealed(row.header, row.body, row.salt) for row in chosen]
    changes = [commits.opened(each) for each in sealed]
    books.copy(target, commit, zip(changes, sealed, strict=True))
    clocks = commit.effective.split()
    effective = [clocks[change.seq - place.first] for change in changes]
    books.of(target).append(place.desk_id, place.first, place.last, changes, effective)
    without = sorted(gone | {row.seq for row in chosen})
    books.connection.execute(_EMPTY_PLACE, {"centre": source, "at": place.sseq, "without": " ".join(map(str, without))})
    books.empty(source, place.desk_id, (row.seq for row in chosen))
    return {row.change_id for row in chosen}


def _bring_orders(books: Books, source: str, target: str, moved: set[str]) -> None:
    """A stub is only believed beside the order that made it: it comes along."""
    wanted, orders = sorted(moved), dict[str, tuple[bytes, bytes]]()
    for at in range(0, len(wanted), _BATCH):
        rows = books.connection.execute(_ORDERED, {"centre": source, "ids": wanted[at : at + _BATCH]}).all()
        for row in rows:
            books.put_redacted(target, [row.change_id], row.order_id)
        orders |= {row.order_id: (row.message, row.signature) for row in rows}
    for _, (message, signature) in sorted(orders.items()):
        books.of(target).say(message, signature)
