"""`python -m server.migrations.new "what changes"` writes the next revision from what the tables have and it lacks.

Read what it wrote: renames come out as drop and add. To make an unreleased revision anew, delete its file and run this
again. A released one is never edited.
"""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import re
import sys
from pathlib import Path

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.runtime.migration import MigrationContext

import server
from server import store
from server.upgrade import upgrade

VERSIONS = Path(__file__).with_name("versions")
_STEP_LINES = 45
_FILE = '''"""{message}."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = {before}

{steps}

def upgrade() -> None:
{calls}
'''


def main() -> int:
    """Exit 1 if there is nothing to write."""
    parser = argparse.ArgumentParser(prog="python -m server.migrations.new", description=__doc__)
    parser.add_argument("message")
    message = parser.parse_args().message
    for module in pkgutil.iter_modules(server.__path__):  # each table is known once its module was imported
        if not module.name.startswith("__"):
            importlib.import_module(f"server.{module.name}")
    engine = store.opened("sqlite://")
    numbers = sorted(int(path.name[:4]) for path in VERSIONS.glob("[0-9]*.py"))
    with engine.connect() as connection:
        if numbers:
            upgrade(engine)
        found = produce_migrations(MigrationContext.configure(connection), store.metadata).upgrade_ops
    engine.dispose()
    if found is None or found.is_empty():
        sys.stderr.write("the tables and the migrations agree\n")
        return 1
    lines = [line.strip("\n") for line in render_python_code(found, migration_context=None).splitlines()]
    lines = [line for line in lines if line.strip() != "pass" and not line.strip().startswith("# ###")]
    revision = f"{(numbers[-1] if numbers else 0) + 1:04}"
    slug = re.sub(r"\W+", "_", message.lower()).strip("_")[:40]
    path = VERSIONS / f"{revision}_{slug}.py"
    steps, calls = _steps(lines)
    before = f'"{numbers[-1]:04}"' if numbers else "None"
    path.write_text(_FILE.format(message=message, revision=revision, before=before, steps=steps, calls=calls))
    print(path.name)  # noqa: T201
    return 0


def _steps(lines: list[str]) -> tuple[str, str]:
    """The lines in functions no longer than the house allows, and their calls."""
    steps: list[list[str]] = [[]]
    for line in lines:
        if re.match(r"    op\.", line) and len(steps[-1]) >= _STEP_LINES - 20:
            steps.append([])
        steps[-1].append(line)
    bodies = "\n\n".join(f"def _step_{at}() -> None:\n" + "\n".join(step) + "\n" for at, step in enumerate(steps, 1))
    return bodies, "\n".join(f"    _step_{at}()" for at in range(1, len(steps) + 1))


if __name__ == "__main__":
    sys.exit(main())
