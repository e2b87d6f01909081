"""One centre inside one locked transaction: its documents as they change, and the rows to write at the end.

Everything is read in bulk and written in bulk; between the two the fold works in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from desktop.domain import merging
from desktop.domain.changes import Change
from desktop.domain.merging import Document
from server.monitor import counted_day
from server.store import CENTRE_HEAD, CHANGE, DOCUMENT, FEED, SIGNED_COMMIT

_BATCH = 500
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_OF_CENTRE = DOCUMENT.c.centre_id == bindparam("centre")
_SOME = select(DOCUMENT.c.entity_id, DOCUMENT.c.kind, DOCUMENT.c.doc).where(_OF_CENTRE, DOCUMENT.c.entity_id.in_(_IDS))
_STAFF = select(DOCUMENT.c.entity_id, DOCUMENT.c.kind, DOCUMENT.c.doc).where(
    _OF_CENTRE, DOCUMENT.c.kind.in_(["staff", "staff_key"])
)
_TAKEN = select(CHANGE.c.change_id).where(CHANGE.c.centre_id == bindparam("centre"), CHANGE.c.change_id.in_(_IDS))
_HEAD = select(CENTRE_HEAD.c.head).where(CENTRE_HEAD.c.centre_id == bindparam("centre"))
_MOVE_HEAD = update(CENTRE_HEAD).where(CENTRE_HEAD.c.centre_id == bindparam("centre")).values(head=bindparam("reached"))
_CHANGED = ("kind", "household", "doc", "hash", "day")


def _upsert(dialect: Any) -> Any:
    put = dialect.insert(DOCUMENT)
    return put.on_conflict_do_update(
        index_elements=["centre_id", "entity_id"], set_={name: put.excluded[name] for name in _CHANGED}
    )


_KEEP = {"sqlite": _upsert(sqlite), "postgresql": _upsert(postgresql)}
_ENTER, _SIGN, _STORE = insert(FEED), insert(SIGNED_COMMIT), insert(CHANGE)


@dataclass(slots=True)
class Ledger:
    """The documents read so far (None: there is none), and what `flush` will write."""

    connection: Connection
    centre_id: str
    head: int
    documents: dict[str, Document | None] = field(default_factory=dict)
    keys: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)
    entries: list[dict[str, Any]] = field(default_factory=list)
    commits: list[dict[str, Any]] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)

    def load(self, ids: Iterable[str]) -> None:
        """Read the documents of these entities that aren't here yet."""
        missing = sorted(set(ids) - self.documents.keys())
        for at in range(0, len(missing), _BATCH):
            some = missing[at : at + _BATCH]
            self.documents |= dict.fromkeys(some)
            for row in self.connection.execute(_SOME, {"centre": self.centre_id, "ids": some}):
                self.documents[row.entity_id] = merging.loaded(row.kind, row.entity_id, row.doc)

    def load_staff(self) -> None:
        """Read everyone the centre knows: `keys` says whose each key is, and on which desk; later ones are added."""
        for row in self.connection.execute(_STAFF, {"centre": self.centre_id}):
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
            found |= set(self.connection.execute(_TAKEN, {"centre": self.centre_id, "ids": some}).scalars())
        return found

    def append(self, desk_id: str, first: int, changes: Sequence[Change], effective: Sequence[str]) -> None:
        """Give a commit its place in the feed and fold it. Its documents must have been loaded."""
        self.entries.append(
            {
                "centre_id": self.centre_id, "sseq": self.head + 1, "length": len(changes), "desk_id": desk_id,
                "first": first,
            }
        )  # fmt: skip
        self.head += len(changes)
        self.refold(changes, effective)

    def refold(self, changes: Sequence[Change], effective: Sequence[str]) -> None:
        """Fold changes that have their place already."""
        for change, clock in zip(changes, effective, strict=True):
            if folded := merging.fold(self.documents.get(change.entity_id), change, clock):
                self._keep(folded)
                self.changed.add(change.entity_id)

    def flush(self) -> None:
        """Write all of it."""
        documents = [self._row(kept) for each in sorted(self.changed) if (kept := self.documents[each])]
        rows = (
            (_SIGN, self.commits), (_STORE, self.changes), (_ENTER, self.entries),
            (_KEEP[self.connection.dialect.name], documents),
        )  # fmt: skip
        for statement, values in rows:
            if values:
                self.connection.execute(statement, values)
        if self.entries:
            self.connection.execute(_MOVE_HEAD, {"centre": self.centre_id, "reached": self.head})

    def _row(self, document: Document) -> dict[str, Any]:
        text = merging.dumped(document)
        return {
            "centre_id": self.centre_id, "entity_id": document.entity_id, "kind": document.kind,
            "household": document.household, "doc": text,
            "hash": merging.document_hash(document.kind, document.entity_id, text), "day": counted_day(document),
        }  # fmt: skip


def of(connection: Connection, centre_id: str) -> Ledger:
    """The ledger of a centre whose lock this transaction holds."""
    return Ledger(connection, centre_id, connection.execute(_HEAD, {"centre": centre_id}).scalar_one())
