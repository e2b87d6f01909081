"""Typed rows from shown documents, by table: column = field. No rules live here.

Statements are built once: building one costs more than running it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import JSON, Table, bindparam, delete
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from db.base import Row
from db.models import journal
from desktop.domain.changes import Value
from desktop.domain.entities import ENTITIES
from desktop.domain.merging import Document

__all__ = ["TABLES", "clear", "project", "row"]

TABLES: dict[str, Table] = {kind: Row.metadata.tables[kind] for kind in ENTITIES}
_TYPES: dict[str, dict[str, type | None]] = {
    kind: {
        column.name: None if isinstance(column.type, JSON) else column.type.python_type
        for column in table.columns
        if column.name != "id"
    }
    for kind, table in TABLES.items()
}
COLUMNS = {kind: [column.name for column in table.columns if column.name != "id"] for kind, table in TABLES.items()}


def _upsert(table: Table, columns: Iterable[str]) -> Any:
    put = insert(table)
    return put.on_conflict_do_update(index_elements=["id"], set_={name: put.excluded[name] for name in columns})


_PUT = {kind: _upsert(table, COLUMNS[kind]) for kind, table in TABLES.items()}
_REMOVE = {kind: delete(table).where(table.c.id == bindparam("gone")) for kind, table in TABLES.items()}
_CONFLICT = Row.metadata.tables[journal.Conflict.__tablename__]
_CONTEST = insert(_CONFLICT)
_SETTLE = delete(_CONFLICT).where(_CONFLICT.c.entity_id == bindparam("gone"))


def row(document: Document) -> dict[str, Any]:
    """The typed row of a shown document of a known kind; a value its column can't hold is shown as unknown."""
    values = {name: _held(document.value(name), kind) for name, kind in _TYPES[document.kind].items()}
    return {"id": document.entity_id, **values}


def _held(value: Value, kind: type | None) -> Value:
    """`value` where it is of its column's type (None: any); a bool is no int."""
    return value if kind is None or type(value) is kind else None


def project(session: Session, shown: Mapping[str, Document | None], kinds: Mapping[str, str]) -> None:
    """Make the typed rows and conflict rows of these entities equal `shown`; None removes, an unknown kind is left."""
    connection = session.connection()
    rows: dict[str, list[dict[str, Any]]] = {}
    gone: dict[str, list[dict[str, str]]] = {}
    contested: list[dict[str, str]] = []
    for entity_id, document in shown.items():
        kind = kinds[entity_id]
        if kind not in TABLES:
            continue
        if document is None:
            gone.setdefault(kind, []).append({"gone": entity_id})
            continue
        rows.setdefault(kind, []).append(row(document))
        contested += [{"entity_id": entity_id, "field": name, "kind": kind} for name in document.conflicts()]
    connection.execute(_SETTLE, [{"gone": entity_id} for entity_id in shown])
    for kind, values in rows.items():
        connection.execute(_PUT[kind], values)
    for kind, ids in gone.items():
        connection.execute(_REMOVE[kind], ids)
    if contested:
        connection.execute(_CONTEST, contested)


def clear(session: Session) -> None:
    """Empty every projected table."""
    for table in [*TABLES.values(), _CONFLICT]:
        session.connection().execute(table.delete())
