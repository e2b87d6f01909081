"""`python -m db.migrations.new "what changes"` writes the next revision from what the models have and it lacks.

Read what it wrote: renames come out as drop and add, and triggers have no model and aren't seen.
To make an unreleased revision anew, delete its file and run this again. A released one is never edited.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence

from alembic.autogenerate import render_python_code
from sqlalchemy import create_engine, event
from sqlalchemy.pool import StaticPool
from sqlcipher3 import dbapi2

from db.migrations.differences import differences, full_text_steps
from db.migrations.run import VERSIONS, newest, upgrade

_FILE = '''"""{message}"""

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = {before!r}
branch_labels = None
depends_on = None

{steps}

def upgrade() -> None:
{calls}
'''
_STEP_LINES = 45


def main() -> int:
    """Exit 1 if there is nothing to write."""
    parser = argparse.ArgumentParser(prog="python -m db.migrations.new", description=__doc__)
    parser.add_argument("message")
    message = parser.parse_args().message
    engine = create_engine("sqlite://", module=dbapi2, poolclass=StaticPool, connect_args={"isolation_level": None})
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    before = newest() if any(VERSIONS.glob("[0-9]*.py")) else None
    if before:
        upgrade(engine)
    with engine.connect() as connection:
        steps, full_text = differences(connection).upgrade_ops, full_text_steps(connection)
    engine.dispose()
    if (steps is None or steps.is_empty()) and not full_text:
        sys.stderr.write("the models and the migrations agree\n")
        return 1
    revision = f"{int(before or 0) + 1:04d}"
    slug = re.sub(r"\W+", "_", message.lower()).strip("_")[:40]
    lines = render_python_code(steps, migration_context=None).splitlines() if steps else []
    lines = [line.strip("\n") for line in lines if line.strip() != "pass" and not line.strip().startswith("# ###")]
    lines += [f"    op.execute({statement!r})" for statement in full_text]
    parts = _steps(lines)
    path = VERSIONS / f"{revision}_{slug}.py"
    code = "".join(f"\ndef _step_{at}() -> None:\n{body}\n\n" for at, body in enumerate(parts, 1))
    calls = "\n".join(f"    _step_{at}()" for at in range(1, len(parts) + 1))
    path.write_text(_FILE.format(message=message, revision=revision, before=before, steps=code, calls=calls), "utf-8")
    sys.stderr.write(f"{path.name}\n")
    return 0


def _steps(lines: Sequence[str]) -> list[str]:
    """The operations as bodies of functions no longer than the house allows; one operation is never split."""
    bodies: list[list[str]] = [[]]
    for line in lines:
        if line.startswith("    op.") and len(bodies[-1]) >= _STEP_LINES:
            bodies.append([])
        bodies[-1].append(line)
    return ["\n".join(body) for body in bodies if body]


if __name__ == "__main__":
    sys.exit(main())
