"""What one transaction of the province writes in: the ledgers of the centres it touches, and its own signed word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from desktop.domain import hlc, transfers
from desktop.domain.changes import Change
from desktop.seal import notices
from desktop.seal.commits import Sealed
from desktop.seal.keys import SignKey
from server import ledger, look_up, store
from server.ledger import Ledger
from server.store import CENTRE, CHANGE, DOCUMENT, MOVED, REDACTED, SIGNED_COMMIT

_BATCH = 500
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_COMMIT = select(SIGNED_COMMIT).where(
    SIGNED_COMMIT.c.centre_id == bindparam("centre"), SIGNED_COMMIT.c.desk_id == bindparam("desk"),
    SIGNED_COMMIT.c.first == bindparam("first"),
)  # fmt: skip
_EMPTY = (
    update(CHANGE)
    .where(
        CHANGE.c.centre_id == bindparam("centre"), CHANGE.c.desk_id == bindparam("desk"),
        CHANGE.c.seq == bindparam("at"),
    )
    .values(body=None, salt=None)
)  # fmt: skip
_MOVED = store.among(select(MOVED).where(MOVED.c.centre_id == bindparam("centre")), MOVED.c.entity_id)
_BACK = delete(MOVED).where(MOVED.c.centre_id == bindparam("centre"), MOVED.c.entity_id.in_(_IDS))
_OFFERS = select(DOCUMENT.c.entity_id).where(
    DOCUMENT.c.centre_id == bindparam("centre"), DOCUMENT.c.kind == transfers.TRANSFER.kind,
    DOCUMENT.c.doc.like(bindparam("named")),
)  # fmt: skip
_KNOWN = select(CENTRE.c.centre_id).where(CENTRE.c.centre_id == bindparam("centre"))


def _again(dialect: Any, table: Any, keys: Sequence[str], changed: Sequence[str]) -> Any:
    put = dialect.insert(table)
    if not changed:
        return put.on_conflict_do_nothing(index_elements=keys)
    return put.on_conflict_do_update(index_elements=keys, set_={name: put.excluded[name] for name in changed})


_TO_COMMITS, _TO_WAITING, _TO_CHANGES, _TO_MOVED, _TO_FOLLOW, _TO_REDACTED = (
    {name: _again(dialect, table, keys, changed) for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))}
    for table, keys, changed in (
        (SIGNED_COMMIT, ("centre_id", "desk_id", "first"), ()),
        (SIGNED_COMMIT, ("centre_id", "desk_id", "first"), ("verdict", "reason", "touched")),
        (CHANGE, ("centre_id", "desk_id", "seq"), ("body", "salt")),
        (MOVED, ("centre_id", "entity_id"), ("to_centre", "sseq", "clock")),
        (MOVED, ("centre_id", "entity_id"), ()),
        (REDACTED, ("centre_id", "change_id"), ()),
    )
)


Part = tuple[Change, Sealed]
"""A change, read, and its bytes."""


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
    arrived: dict[str, set[str]] = field(default_factory=dict)
    """Entities that came to a centre from another one, by centre: what waited for them there is judged again."""

    def of(self, centre_id: str) -> Ledger:
        """The centre's ledger. Raises NotLocked."""
        if centre_id not in self.ledgers:
            self.ledgers[centre_id] = ledger.of(self.connection, centre_id)
        return self.ledgers[centre_id]

    def flush(self) -> None:
        """Write them all."""
        for each in self.ledgers.values():
            people = each.people()
            each.flush()
            if people:
                look_up.keep(self.connection, look_up.key_of(self.sign_key), each.centre_id, people)

    def knows(self, centre_id: str) -> bool:
        """Whether there is such a centre."""
        return self.connection.execute(_KNOWN, {"centre": centre_id}).first() is not None

    def offered(self, centre_id: str, household: str) -> bool:
        """Whether an offer of this household by the centre stands open."""
        book = self.of(centre_id)
        book.load(self.connection.execute(_OFFERS, {"centre": centre_id, "named": f"%{household}%"}).scalars())
        said = {"source": centre_id, "household": household, "state": transfers.OFFERED}
        known = (each for each in book.documents.values() if each and each.kind == transfers.TRANSFER.kind)
        return any(all(each.value(name) == value for name, value in said.items()) for each in known)

    def has(self, centre_id: str, household: str) -> bool:
        """Whether the household is this centre's now. Raises NotLocked."""
        if not self.knows(centre_id):
            return False
        book = self.of(centre_id)
        book.load([household])
        return book.documents[household] is not None

    def say(self, book: Ledger, said: dict[str, Any]) -> tuple[int, str]:
        """Put a notice into a feed; its place and clock."""
        clock = hlc.text(hlc.pack(self.now_us))
        return book.say(*notices.sign(self.sign_key, self.realm, {"at": clock, **said})), clock

    def moved(self, centre_id: str, ids: Iterable[str]) -> dict[str, Moved]:
        """Those of these entities that left the centre."""
        wanted, found = sorted(ids), dict[str, Moved]()
        for at in range(0, len(wanted), _BATCH):
            asked = {"centre": centre_id, "ids": wanted[at : at + _BATCH]}
            for row in self.connection.execute(_MOVED[self.connection.dialect.name], asked):
                found[row.entity_id] = Moved(row.to_centre, row.sseq, row.clock)
        return found

    def left(self, rows: list[dict[str, Any]], *, again: bool = True) -> None:
        """Note what left; where that was noted before, it stays unless `again`."""
        self._put(_TO_MOVED if again else _TO_FOLLOW, rows)

    def came_back(self, centre_id: str, ids: Iterable[str]) -> None:
        """These entities are the centre's again."""
        wanted = sorted(ids)
        for at in range(0, len(wanted), _BATCH):
            self.connection.execute(_BACK, {"centre": centre_id, "ids": wanted[at : at + _BATCH]})

    def put_redacted(self, centre_id: str, change_ids: Iterable[str], order_id: str) -> None:
        """Note which order took the values of these changes."""
        rows = [{"centre_id": centre_id, "change_id": each, "order_id": order_id} for each in change_ids]
        self._put(_TO_REDACTED, rows)

    def commit(self, centre_id: str, desk_id: str, first: int) -> Any:
        """A commit's row as it is written now; what is still in a ledger must be flushed before."""
        return self.connection.execute(_COMMIT, {"centre": centre_id, "desk": desk_id, "first": first}).one()

    def copy(self, there: str, commit: Any, parts: Iterable[Part]) -> None:
        """The row of a commit and those of some of its changes, for another centre's feed."""
        row = {**commit._mapping, "centre_id": there, "verdict": "accepted", "reason": "", "touched": ""}
        self._put(_TO_COMMITS, [row])
        self._put_changes(there, commit.desk_id, parts)

    def keep_waiting(self, there: str, row: dict[str, Any], parts: Iterable[Part]) -> None:
        """A commit that waits at a centre from now on; it may have gone on from there once, and come back."""
        self._put(_TO_WAITING, [{**row, "centre_id": there}])
        self._put_changes(there, row["desk_id"], parts)

    def empty(self, centre_id: str, desk_id: str, seqs: Iterable[int]) -> None:
        """Keep no body of these changes at this centre."""
        rows = [{"centre": centre_id, "desk": desk_id, "at": seq} for seq in seqs]
        if rows:
            self.connection.execute(_EMPTY, rows)

    def _put_changes(self, there: str, desk_id: str, parts: Iterable[Part]) -> None:
        rows = [
            {
                "centre_id": there, "desk_id": desk_id, "seq": change.seq, "change_id": change.change_id,
                "entity_id": change.entity_id, "header": sealed.header, "body": sealed.body, "salt": sealed.salt,
                "hash": sealed.hash,
            }
            for change, sealed in parts
        ]  # fmt: skip
        self._put(_TO_CHANGES, rows)

    def _put(self, statements: dict[str, Any], rows: list[dict[str, Any]]) -> None:
        if rows:
            self.connection.execute(statements[self.connection.dialect.name], rows)
