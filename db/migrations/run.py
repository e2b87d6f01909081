"""Bringing the database's tables to this version's shape.

One transaction for all missing revisions, foreign keys off while it runs (SQLite rebuilds a table by dropping the old
one, which with them on deletes every row that points at it), and nothing is kept unless the keys hold and no table
lost a row.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine

from db.storage_faults import naming
from desktop.domain.faults import Known

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory

VERSIONS = Path(__file__).parent / "versions"
# The search index's inner tables and the engine's own are no migration's business.
_COUNTED = r"""
SELECT name FROM pragma_table_list
WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\'
"""


def upgrade(engine: Engine) -> bool:
    """Apply the revisions this database lacks; False if there were none. Make a verified backup before.

    Raises `Known`: data-newer if a later version of the program shaped it, and storage faults. RuntimeError, with
    everything undone, if a revision broke a foreign key or lost rows.
    """
    with naming(), engine.connect() as connection:
        stands = _revision(connection)
        connection.rollback()
        if stands == newest():
            return False
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys=OFF")  # does nothing within a transaction, so before it
        try:
            writer = connection.execution_options(writes=True)
            with writer.begin():
                _apply(writer)
        finally:
            driver.execute("PRAGMA foreign_keys=ON")
    return True


def newest() -> str:
    """The last revision this program knows, from the file names alone: nothing of Alembic is loaded at start."""
    return max(path.name.split("_", 1)[0] for path in VERSIONS.glob("[0-9]*.py"))


def _revision(connection: Connection) -> str | None:
    known = "SELECT 1 FROM sqlite_schema WHERE name = 'alembic_version'"
    if connection.exec_driver_sql(known).first() is None:
        return None
    row = connection.exec_driver_sql("SELECT version_num FROM alembic_version").first()
    return None if row is None else str(row[0])


def _apply(connection: Connection) -> None:
    # Here and not above: only an upgrade needs Alembic, and it costs a twentieth of a second at every start.
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.util import CommandError

    script = scripts()
    before = _rows(connection)

    def missing(revision: Any, _context: object) -> Any:
        return script._upgrade_revs("head", revision)

    with EnvironmentContext(Config(), script, fn=missing) as environment:
        environment.configure(connection=connection, transactional_ddl=True)
        try:
            environment.run_migrations()
        except CommandError as error:
            raise Known("data-newer") from error
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise RuntimeError(f"a migration broke a foreign key of {broken[0]}")
    after = _rows(connection)
    lost = [name for name, count in before.items() if name in after and after[name] < count]
    if lost:
        raise RuntimeError(f"a migration lost rows of {', '.join(lost)}")


def scripts() -> ScriptDirectory:
    """The revisions in this package."""
    from alembic.script import ScriptDirectory  # as in _apply

    return ScriptDirectory(VERSIONS.parent)


def _rows(connection: Connection) -> dict[str, int]:
    names = [str(row[0]) for row in connection.exec_driver_sql(_COUNTED) if row[0] != "alembic_version"]
    quoted = {name: name.replace('"', '""') for name in names}
    return {
        name: int(connection.exec_driver_sql(f'SELECT count(*) FROM "{safe}"').scalar_one())
        for name, safe in quoted.items()
    }
