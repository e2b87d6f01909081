"""Alembic's entry: the connection is handed over by `server.upgrade`, inside its transaction."""

from __future__ import annotations

from alembic import context

from server.store import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=False)
context.run_migrations()
