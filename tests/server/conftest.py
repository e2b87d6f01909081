"""A province's database, empty, on each backend."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine, create_engine, text

from server import config, enrol, store
from server.upgrade import upgrade
from tests.desk import postgres
from tests.desk.authors import CENTRE, NOW, PROVINCE_KEY, REALM


@pytest.fixture(scope="session")
def cluster() -> Iterator[str]:
    with postgres.running() as address:
        yield address


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database without tables."""
    if request.param == "sqlite":
        engine = store.opened(f"sqlite:///{tmp_path / 'server.db'}")
        yield engine
        engine.dispose()
        return
    address = request.getfixturevalue("cluster")
    name = f"p{uuid4().hex}"
    above = create_engine(address.format(name="postgres"), isolation_level="AUTOCOMMIT")
    with above.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine = store.opened(address.format(name=name))
    yield engine
    engine.dispose()
    with above.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name}"))
    above.dispose()


@pytest.fixture
def engine(empty: Engine) -> Engine:
    """A province with one centre."""
    upgrade(empty)
    config.prepare(empty, REALM, PROVINCE_KEY)
    with store.writing(empty) as connection:
        enrol.add_centre(connection, CENTRE, "مثبت زندگی مهر", NOW)
    return empty
