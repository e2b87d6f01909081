"""Centres inside one locked transaction: their documents as they change, and the rows to write at the end.

Everything is read in bulk and written in bulk; between the two the fold works in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from desktop.domain import conflicts, merging
from desktop.domain.changes import Change
from desktop.domain.merging import Document
from desktop.seal.commits import Commit
from server import store
from server.monitor import counted_day
from server.store import CENTRE_HEAD, CHANGE, DOCUMENT, FEED, MARK, SIGNED_COMMIT, SNAPSHOT, SNAPSHOT_PIECE

_BATCH = 500
_MARK_EVERY = 1_000
_OF_CENTRE = DOCUMENT.c.centre_id == bindparam("centre")
_DOCUMENTS = select(DOCUMENT.c.entity_id, DOCUMENT.c.kind, DOCUMENT.c.doc, DOCUMENT.c.hash).where(_OF_CENTRE)
_SOME = store.among(_DOCUMENTS, DOCUMENT.c.entity_id)
_STAFF = _DOCUMENTS.where(DOCUMENT.c.kind.in_(["staff", "staff_key"]))
_TAKEN = store.among(
    select(CHANGE.c.change_id).where(CHANGE.c.centre_id == bindparam("centre")), CHANGE.c.change_id
)  # fmt: skip
_HEAD = select(CENTRE_HEAD.c.head, CENTRE_HEAD.c.state).where(CENTRE_HEAD.c.centre_id == bindparam("centre"))
_MOVE_HEAD = (
    update(CENTRE_HEAD)
    .where(CENTRE_HEAD.c.centre_id == bindparam("centre"))
    .values(head=bindparam("reached"), state=bindparam("sum"))
)
_CHANGED = ("kind", "household", "doc", "hash", "day", "contested")
_REMOVE = delete(DOCUMENT).where(_OF_CENTRE, DOCUMENT.c.entity_id == bindparam("gone"))
_NO_MARKS = [
    delete(table).where(table.c.centre_id == bindparam("centre")) for table in (MARK, SNAPSHOT, SNAPSHOT_PIECE)
]


def _upsert(dialect: Any) -> Any:
    put = dialect.insert(DOCUMENT)
    return put.on_conflict_do_update(
        index_elements=["centre_id", "entity_id"], set_={name: put.excluded[name] for name in _CHANGED}
    )


_KEEP = {"sqlite": _upsert(sqlite), "postgresql": _upsert(postgresql)}


@dataclass(slots=True)
class Ledger:
    """The documents of a centre read so far (None: there is none), and what `flush` will write.

    `state` is the sum of all its documents' weights, changed ones not counted until they are settled.
    """

    connection: Connection
    centre_id: str
    head: int
    state: int
    documents: dict[str, Document | None] = field(default_factory=dict)
    keys: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)
    entries: list[dict[str, Any]] = field(default_factory=list)
    commits: list[dict[str, Any]] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)
    marks: list[dict[str, Any]] = field(default_factory=list)
    _hashes: dict[str, tuple[str, str]] = field(default_factory=dict)
    _rows: dict[str, dict[str, Any] | None] = field(default_factory=dict)
    _there: set[str] = field(default_factory=set)
    _moved: bool = False

    def people(self) -> dict[str, Document | None]:
        """The persons that `flush` will write as they are now; None for one who is this centre's no more."""
        changed = self.changed | self._rows.keys()
        there = {each: self.documents[each] for each in changed}
        return {each: found for each, found in there.items() if found is None or found.kind == "person"}

    def load(self, ids: Iterable[str]) -> None:
        """Read the documents of these entities that aren't here yet."""
        missing = sorted(set(ids) - self.documents.keys())
        for at in range(0, len(missing), _BATCH):
            some = missing[at : at + _BATCH]
            self.documents |= dict.fromkeys(some)
            self._read(
                self.connection.execute(_SOME[self.connection.dialect.name], {"centre": self.centre_id, "ids": some})
            )

    def load_staff(self) -> None:
        """Read everyone the centre knows: `keys` says whose each key is, and on which desk; later ones are added."""
        self._read(self.connection.execute(_STAFF, {"centre": self.centre_id}))

    def _read(self, rows: Iterable[Any]) -> None:
        for row in rows:
            self._there.add(row.entity_id)
            if row.entity_id not in self.changed and row.entity_id not in self._rows:
                self._hashes[row.entity_id] = row.kind, row.hash
                self._keep(merging.loaded(row.kind, row.entity_id, row.doc))

    def _keep(self, document: Document) -> None:
        self.documents[document.entity_id] = document
        whose, desk_id = document.value("staff"), document.value("desk")
        if document.kind == "staff_key" and isinstance(whose, str) and isinstance(desk_id, str):
            self.keys.setdefault((whose, desk_id), set()).add(document.entity_id)

    def taken(self, change_ids: Sequence[str]) -> set[str]:
        """Those of these change ids that the centre holds already."""
        found: set[str] = set()
        for at in range(0, len(change_ids), _BATCH):
            some = list(change_ids[at : at + _BATCH])
            asked = {"centre": self.centre_id, "ids": some}
            found |= set(self.connection.execute(_TAKEN[self.connection.dialect.name], asked).scalars())
        return found

    def append(self, desk_id: str, first: int, last: int, changes: Sequence[Change], effective: Sequence[str]) -> None:
        """Give a commit its place in the feed and fold it; fewer `changes` than it has where they came by transfer.

        Its documents must have been loaded. `first` and `last` are the whole commit's.
        """
        whole = len(changes) == last - first + 1
        seqs = "" if whole else " ".join(str(change.seq) for change in changes)
        gone = " ".join(str(change.seq) for change in changes if not change.has_body)
        row = {"length": len(changes), "desk_id": desk_id, "first": first, "last": last, "seqs": seqs, "gone": gone}
        self._enter(row)
        self.refold(changes, effective)
        self._passed(len(changes))

    def say(self, message: bytes, signature: bytes) -> int:
        """Give a notice its place in the feed, and say which."""
        notice = {"length": 1, "desk_id": "", "first": 0, "last": 0, "seqs": ""}
        self._enter({**notice, "message": message, "signature": signature})
        self._passed(1)
        return self.head

    def _enter(self, row: dict[str, Any]) -> None:
        unsigned = {"message": None, "signature": None, "gone": ""}
        self.entries.append({"centre_id": self.centre_id, "sseq": self.head + 1, **unsigned, **row})

    def _passed(self, places: int) -> None:
        """The head moved on; at every thousandth place or just after it the state is written down."""
        before, self.head, self._moved = self.head, self.head + places, True
        if before // _MARK_EVERY != self.head // _MARK_EVERY:
            self._settle()
            state = merging.state_hash(self.state)
            self.marks.append({"centre_id": self.centre_id, "sseq": self.head, "state": state})

    def refold(self, changes: Sequence[Change], effective: Sequence[str]) -> None:
        """Fold changes that have their place already."""
        for change, clock in zip(changes, effective, strict=True):
            if folded := merging.fold(self.documents.get(change.entity_id), change, clock):
                self._keep(folded)
                self.changed.add(change.entity_id)

    def forget(self, ids: Iterable[str]) -> None:
        """These entities are of this centre no more. They must have been loaded."""
        for each in ids:
            self.documents[each] = None
            self.changed.add(each)

    def forget_marks(self) -> None:
        """The past was changed: what was written down of the state there, and snapshots of it, tell it wrongly now."""
        self.marks.clear()
        for statement in _NO_MARKS:
            self.connection.execute(statement, {"centre": self.centre_id})

    def _settle(self) -> None:
        """Bring the sum up to the documents."""
        for each in sorted(self.changed):
            if before := self._hashes.pop(each, None):
                self.state -= merging.weight(before[0], each, before[1])
            document = self.documents[each]
            self._rows[each] = row = self._row(document) if document else None
            if row:
                self._hashes[each] = row["kind"], row["hash"]
                self.state += merging.weight(row["kind"], each, row["hash"])
        self.changed.clear()

    def flush(self) -> None:
        """Write all of it."""
        self._settle()
        kept = {each: row for each, row in sorted(self._rows.items()) if row}
        gone = sorted(self._rows.keys() - kept.keys())
        new = [row for each, row in kept.items() if each not in self._there]
        rows = (
            (SIGNED_COMMIT, self.commits), (CHANGE, self.changes), (FEED, self.entries), (MARK, self.marks),
            (DOCUMENT, new),
        )  # fmt: skip
        for table, values in rows:
            if values:
                store.put(self.connection, table, values)
        again = [row for each, row in kept.items() if each in self._there]
        if again:
            self.connection.execute(_KEEP[self.connection.dialect.name], again)
        if gone:
            self.connection.execute(_REMOVE, [{"centre": self.centre_id, "gone": each} for each in gone])
        self._there = (self._there | kept.keys()) - set(gone)
        if self._moved or self._rows:
            moved = {"centre": self.centre_id, "reached": self.head, "sum": merging.state_hash(self.state)}
            self.connection.execute(_MOVE_HEAD, moved)
        for written in (self.commits, self.changes, self.entries, self.marks):
            written.clear()
        self._rows.clear()

    def _row(self, document: Document) -> dict[str, Any]:
        text = merging.dumped(document)
        return {
            "centre_id": self.centre_id, "entity_id": document.entity_id, "kind": document.kind,
            "household": document.household, "doc": text,
            "hash": merging.document_hash(document.kind, document.entity_id, text), "day": counted_day(document),
            "contested": conflicts.since(document),
        }  # fmt: skip


def of(connection: Connection, centre_id: str) -> Ledger:
    """The ledger of a centre. Raises NotLocked unless this transaction holds its lock."""
    store.must_hold(connection, centre_id)
    row = connection.execute(_HEAD, {"centre": centre_id}).one()
    return Ledger(connection, centre_id, row.head, int(row.state, 16))


def commit_row(
    centre_id: str, commit: Commit, place: tuple[str, int, int], effective: Sequence[str], now_us: int
) -> dict[str, Any]:
    """The row of an accepted commit; `place` is its desk, first and last seq. What differs is put over it."""
    desk_id, first, last = place
    return {
        "centre_id": centre_id, "desk_id": desk_id, "first": first, "last": last, "message": commit.message,
        "actor": commit.actor, "desk_signature": commit.desk_signature, "actor_signature": commit.actor_signature,
        "actor_key": None, "effective": " ".join(effective), "received_at": now_us, "verdict": "accepted",
        "reason": "", "touched": "",
    }  # fmt: skip
