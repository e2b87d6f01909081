"""The tables as the models say, from an empty database and from an older one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from db.engine import close, open_database, reading, writing
from db.migrations import run
from db.migrations.differences import differences, full_text_steps
from desktop.domain.faults import Known


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(tmp_path / "desk.db", b"k" * 32, db_id="d", generation=1, create=True)
    yield engine
    close(engine)


def _revisions(monkeypatch: pytest.MonkeyPatch, folder: Path, *steps: str) -> None:
    versions = folder / "versions"
    versions.mkdir()
    for number, step in enumerate(steps, 1):
        before = f"{number - 1:04d}" if number > 1 else None
        head = f"from alembic import op\nrevision = '{number:04d}'\ndown_revision = {before!r}\n"
        (versions / f"{number:04d}_step.py").write_text(f"{head}\ndef upgrade():\n    op.execute({step!r})\n")
    monkeypatch.setattr(run, "VERSIONS", versions)


def _standing(engine: Engine) -> str:
    with reading(engine) as session:
        return str(session.scalar(text("SELECT version_num FROM alembic_version")))


def test_the_migrations_make_the_tables_of_the_models(engine: Engine) -> None:
    assert run.upgrade(engine)
    with engine.connect() as connection:
        steps = differences(connection).upgrade_ops
        assert full_text_steps(connection) == []
    assert steps is not None
    missing = [step.to_diff_tuple() for step in steps.ops]  # type: ignore[attr-defined, unused-ignore]
    assert missing == [], 'a model has no migration: python -m db.migrations.new "what changes"'


def test_a_database_of_this_version_is_left_alone(engine: Engine) -> None:
    assert run.upgrade(engine)
    assert not run.upgrade(engine)


def test_one_of_a_later_version_is_not_touched(engine: Engine) -> None:
    run.upgrade(engine)
    with writing(engine) as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Known) as fault:
        run.upgrade(engine)
    assert fault.value.code == "data-newer"
    assert _standing(engine) == "9999"


CHILDREN = "SELECT count(*) FROM child"


def _family(engine: Engine) -> None:
    with writing(engine) as session:
        session.execute(text("CREATE TABLE parent (id INTEGER PRIMARY KEY)"))
        session.execute(text("CREATE TABLE child (parent INTEGER REFERENCES parent ON DELETE CASCADE)"))
        session.execute(text("INSERT INTO parent VALUES (1), (2)"))
        session.execute(text("INSERT INTO child VALUES (1), (1), (2)"))


def test_rebuilding_a_table_keeps_the_rows_that_point_at_it(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _family(engine)
    _revisions(
        monkeypatch,
        tmp_path,
        "CREATE TABLE larger (id INTEGER PRIMARY KEY, name TEXT)",
        "INSERT INTO larger (id) SELECT id FROM parent",
        "DROP TABLE parent",
        "ALTER TABLE larger RENAME TO parent",
    )
    assert run.upgrade(engine)
    with writing(engine) as session:
        assert session.scalar(text(CHILDREN)) == 3
        assert session.scalar(text("PRAGMA foreign_keys")) == 1


@pytest.mark.parametrize(
    ("bad", "reason"), [("DELETE FROM child WHERE parent = 1", "lost rows"), ("DELETE FROM parent", "foreign key")]
)
def test_a_bad_revision_undoes_all_of_them(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bad: str, reason: str
) -> None:
    _family(engine)
    _revisions(monkeypatch, tmp_path, "CREATE TABLE good (id INTEGER)", bad)
    with pytest.raises(RuntimeError, match=reason):
        run.upgrade(engine)
    with writing(engine) as session:
        assert session.scalar(text(CHILDREN)) == 3
        assert session.scalar(text("SELECT count(*) FROM sqlite_schema WHERE name = 'good'")) == 0
        assert session.scalar(text("PRAGMA foreign_keys")) == 1
