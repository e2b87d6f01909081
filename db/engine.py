"""The encrypted database of this PC: opening, reading, writing, closing (security 8).

SQLCipher under SQLAlchemy with a raw key that comes from the vault and never stands in an address or a log. What is
committed by `writing` is on disk when the block ends.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool
from sqlcipher3 import dbapi2

from db import durable
from db.storage_faults import named, naming
from desktop.domain.faults import Known

# Before the key nothing may be read; after it these, on every connection.
_PRAGMAS = {
    "journal_mode": "WAL",
    "synchronous": "FULL",  # a printed paper implies its commit is on disk
    "foreign_keys": "ON",
    "recursive_triggers": "ON",  # else INSERT OR REPLACE walks past the guards against deletion
    "busy_timeout": "5000",
    "temp_store": "MEMORY",
    "cache_size": "-32768",  # KiB: a centre's pages stay decrypted; look-ups cost 1.7 times plain SQLite's without
    "secure_delete": "ON",
    "cell_size_check": "ON",
    "trusted_schema": "OFF",
}
_PROMISED = {
    "cipher_status": "1",
    "cipher_page_size": "4096",
    "cipher_use_hmac": "1",
    "cipher_hmac_algorithm": "HMAC_SHA512",
    "cipher_plaintext_header_size": "0",
    "temp_store": "2",
    "journal_mode": "wal",
    "synchronous": "2",
    "foreign_keys": "1",
    "trusted_schema": "0",
}
_PAGE = int(_PROMISED["cipher_page_size"])
_CHECKS = ("cipher_integrity_check", "integrity_check")
_WRITE = {"writes": True}
_READ = {"writes": False}


def open_database(path: Path, dbk: bytes, *, db_id: str, generation: int, create: bool = False) -> Engine:
    """The database at `path`, proven to be the one its vault speaks of; with `create`, a new one without tables.

    Raises `Known`: database-missing, database-damaged, vault-mismatch (another database or generation),
    database-readonly, database-unreachable, disk-full; FileExistsError if `create` finds a file.
    """
    if len(dbk) != 32:
        raise ValueError("a database key is 32 bytes")
    if create:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    elif not path.is_file():
        raise Known("database-missing")
    elif _cut_short(path):
        raise Known("database-damaged")
    engine = _engine(path, dbk)
    try:
        with naming(), _own_connection(engine) as driver:
            _assert_sealed(driver)
            if create:
                _bind(driver, db_id, generation)
            elif _bound(driver) != (db_id, generation):
                raise Known("vault-mismatch")
        if create:
            durable.sync_folder(path.parent)
    except BaseException:
        engine.dispose()
        if create:
            path.unlink()
        raise
    return engine


def _cut_short(path: Path) -> bool:
    """Less than a page SQLite takes for a new database, and writes in it; a torn end without a log it passes over."""
    size, log = path.stat().st_size, path.with_name(f"{path.name}-wal")
    whole = log.is_file() and log.stat().st_size > 0  # a checkpoint may have been cut, and the log has it all
    return size < _PAGE or (size % _PAGE > 0 and not whole)


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """One transaction that holds the write lock from its first moment and is on disk when the block ends.

    Anything raised inside undoes all of it. Raises `Known`: database-busy after five seconds of waiting, disk-full,
    database-readonly, database-unreachable, database-damaged.
    """
    with naming(), Session(engine, expire_on_commit=False) as session, session.begin():
        session.connection(execution_options=_WRITE)
        yield session


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """One consistent view of the database; takes no write lock and waits for no writer.

    Writing in it is a bug and raises SQLAlchemy's OperationalError; storage faults raise `Known` as in `writing`.
    """
    with (
        naming(but="database-readonly"),
        Session(engine, expire_on_commit=False, autoflush=False) as session,
        session.begin(),
    ):
        session.connection(execution_options=_READ)
        yield session


@contextmanager
def moving(engine: Engine, path: Path, dbk: bytes, *, generation: int) -> Iterator[None]:
    """Copy the whole database to `path` under another key and generation, proven the same; inside the block it is
    whole and on disk, and nobody writes to the old one. When the block ends well, the old one takes no change any more:
    whoever still has it open fails loudly instead of writing where nobody will look.

    Raises `Known`: database-damaged where the copy isn't whole, and storage faults. The copy of a failed move stays;
    the next one takes its place.
    """
    for left in path.parent.glob(f"{path.name}*"):
        left.unlink()
    with naming(), _own_connection(engine) as driver, _own_connection(engine) as source:
        driver.execute("PRAGMA query_only=0")
        driver.execute("BEGIN IMMEDIATE")
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
            _copy(source, path, dbk, generation)
            durable.sync_folder(path.parent)
            yield
            driver.execute('ALTER TABLE "change" RENAME TO change_moved')
            driver.execute("COMMIT")
        except BaseException:
            driver.execute("ROLLBACK")
            raise


def _copy(source: Any, path: Path, dbk: bytes, generation: int) -> None:
    copy = _creator(path, dbk)()
    try:
        source.backup(copy)
        copy.execute("UPDATE vault_state SET generation = ?", (generation,))
        copy.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        found = [row for check in _CHECKS for row in copy.execute(f"PRAGMA {check}") if row[0] != "ok"]
        if found or _counts(copy) != _counts(source):
            raise Known("database-damaged")
    finally:
        copy.close()


def _counts(driver: Any) -> list[tuple[str, int]]:
    tables = driver.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
    ).fetchall()
    return [(name, driver.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]) for (name,) in tables]


def checkpoint(engine: Engine) -> bool:
    """Bring the log home into the database file; False if a reader kept part of it back."""
    with naming(), _own_connection(engine) as driver:
        busy, *_ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


def close(engine: Engine) -> None:
    """Checkpoint and close every connection; the files beside the database are gone after it."""
    try:
        checkpoint(engine)
    finally:
        engine.dispose()


def integrity(engine: Engine) -> list[str]:
    """What the two integrity checks found, empty if all is whole: the seal of every page, then SQLite's structure.

    Raises `Known` where the disk lets nothing be checked: disk-full, database-readonly, database-unreachable.
    """
    found: list[str] = []
    with _own_connection(engine) as driver:
        try:
            # The seals are read past the log; after a cut in a checkpoint the log alone has some pages whole.
            driver.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            for check in _CHECKS:
                found += [str(row[0]) for row in driver.execute(f"PRAGMA {check}")]
        except dbapi2.DatabaseError as error:  # too damaged even to be checked to the end
            fault = named(error)
            if fault and fault.code != "database-damaged":
                raise fault from error
            found.append(str(error))
    return [line for line in found if line != "ok"]


@contextmanager
def _own_connection(engine: Engine) -> Iterator[Any]:
    """The driver's connection, outside any transaction: checkpoint and some pragmas do nothing within one."""
    raw = engine.raw_connection()
    try:
        yield raw.driver_connection
    finally:
        raw.close()


def _engine(path: Path, dbk: bytes) -> Engine:
    engine = create_engine("sqlite://", module=dbapi2, creator=_creator(path, dbk), poolclass=QueuePool)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql(f"PRAGMA query_only={0 if writes else 1}")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _creator(path: Path, dbk: bytes) -> Callable[[], Any]:
    address = f"{path.absolute().as_uri()}?mode=rw"

    def connect() -> Any:
        driver = dbapi2.connect(address, uri=True, isolation_level=None, check_same_thread=False)
        try:
            driver.execute("PRAGMA cipher_log_level=NONE")  # SQLCipher would write its errors to stderr
            driver.execute(f"PRAGMA key=\"x'{dbk.hex()}'\"")
            for name, value in _PRAGMAS.items():
                driver.execute(f"PRAGMA {name}={value}")
        except BaseException:
            driver.close()
            raise
        return driver

    return connect


def _assert_sealed(driver: Any) -> None:
    """A library that would keep less than was promised is a fault of the build: RuntimeError."""
    version = driver.execute("PRAGMA cipher_version").fetchone()
    found = {name: str(driver.execute(f"PRAGMA {name}").fetchone()[0]) for name in _PROMISED} if version else {}
    if not version or not str(version[0]).startswith("4.") or found != _PROMISED:
        raise RuntimeError(f"this is not the database that was promised: {version}, {found}")


def _bind(driver: Any, db_id: str, generation: int) -> None:
    """The engine's own table, below the migrations: it is read before any of them may run."""
    driver.execute("BEGIN IMMEDIATE")
    driver.execute("CREATE TABLE vault_state (db_id TEXT NOT NULL, generation INTEGER NOT NULL) STRICT")
    driver.execute("INSERT INTO vault_state VALUES (?, ?)", (db_id, generation))
    driver.execute("COMMIT")


def _bound(driver: Any) -> tuple[str, int] | None:
    try:
        rows = driver.execute("SELECT db_id, generation FROM vault_state").fetchall()
    except dbapi2.OperationalError as error:
        if error.sqlite_errorname == "SQLITE_ERROR":  # no such table: an empty or a foreign database
            return None
        raise
    return rows[0] if len(rows) == 1 else None
