"""What the tables in code have that the migrations don't make, and the other way round."""

from __future__ import annotations

from alembic.autogenerate import produce_migrations
from alembic.operations.ops import MigrationScript
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection

import db.models
from db import search
from db.base import Row

# Full-text tables have no model; each is made by the one sentence that is kept beside its queries.
_FULL_TEXT = {"search_name": search.FULL_TEXT}


def differences(connection: Connection) -> MigrationScript:
    """The steps from the database's shape to `Row.metadata`'s; `upgrade_ops` is empty if they agree.

    Left out: the engine's own `vault_state`, and full-text tables, which `full_text_steps` compares.
    """
    assert db.models.__all__  # noqa: S101  (importing it is what makes the metadata whole)
    listed = connection.exec_driver_sql("SELECT name, type FROM pragma_table_list WHERE schema = 'main'")
    unmodelled = {str(name) for name, kind in listed if kind in ("virtual", "shadow")} | {"vault_state"}

    def include(name: str | None, kind: str, _parents: object) -> bool:
        return kind != "table" or name not in unmodelled

    context = MigrationContext.configure(connection, opts={"include_name": include, "target_metadata": Row.metadata})
    return produce_migrations(context, Row.metadata)


def full_text_steps(connection: Connection) -> list[str]:
    """The statements that make the full-text tables what the code says; their rows are derived and made again after."""
    steps: list[str] = []
    for name, wanted in _FULL_TEXT.items():
        made = connection.exec_driver_sql("SELECT sql FROM sqlite_schema WHERE name = ?", (name,)).scalar()
        if made != wanted:
            steps += [wanted] if made is None else [f"DROP TABLE {name}", wanted]
    return steps
