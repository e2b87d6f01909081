"""The province's database: its tables, and transactions that lock before they read.

SQLite with no set-up, PostgreSQL for a province: the same statements, `centre_id` in every key, no sequence, advisory
lock or trigger, so that a nation's rows can be spread by centre. Whoever writes takes the row of `centre_head` first:
state read before that lock once lost an update (fault runs on PostgreSQL; SQLite hid it).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    bindparam,
    create_engine,
    event,
    select,
)

_BUSY_SECONDS = 30

metadata = MetaData(
    naming_convention={"pk": "pk_%(table_name)s", "ix": "ix_%(table_name)s_%(column_0_N_name)s"},
)

PROVINCE = Table(
    "province",
    metadata,
    Column("realm", Text, primary_key=True),
    Column("fold_version", Text, nullable=False),
)
"""One row: whose database this is, and by which rules its documents were folded."""

CENTRE = Table(
    "centre",
    metadata,
    Column("centre_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("added_at", BigInteger, nullable=False),
)
"""A centre by its code, the id every desk knows before it ever meets the province."""

CENTRE_HEAD = Table(
    "centre_head",
    metadata,
    Column("centre_id", Text, primary_key=True),
    Column("head", BigInteger, nullable=False),
    Column("next_series", Integer, nullable=False),
)
"""The row whose lock orders everything of a centre. `head` is the last sseq given."""

DESK = Table(
    "desk",
    metadata,
    Column("centre_id", Text, primary_key=True),
    Column("desk_id", Text, primary_key=True),
    Column("sign_key", LargeBinary, nullable=False),
    Column("box_key", LargeBinary, nullable=False),
    Column("enrolled_at", BigInteger, nullable=False),
    Column("last_seq", BigInteger, nullable=False),
    Column("last_hash", Text, nullable=False),
    Column("last_sync", BigInteger),
)
"""An enrolled desk: its keys, the last change of its chain, and when it last synced (µs UTC)."""

ENROL_CODE = Table(
    "enrol_code",
    metadata,
    Column("centre_id", Text, primary_key=True),
    Column("code_key", LargeBinary, primary_key=True),
    Column("expires_at", BigInteger, nullable=False),
    Column("tries_left", Integer, nullable=False),
    Column("used_by", Text),
)
"""A code as the key derived from it; the code itself is nowhere."""

PAPER_SERIES = Table(
    "paper_series",
    metadata,
    Column("centre_id", Text, primary_key=True),
    Column("series", Integer, primary_key=True),
    Column("desk_id", Text, nullable=False),
)

SIGNED_COMMIT = Table(
    "signed_commit",
    metadata,
    Column("centre_id", Text, primary_key=True),
    Column("desk_id", Text, primary_key=True),
    Column("first", BigInteger, primary_key=True),
    Column("last", BigInteger, nullable=False),
    Column("message", LargeBinary, nullable=False),
    Column("actor", Text, nullable=False),
    Column("desk_signature", LargeBinary, nullable=False),
    Column("actor_signature", LargeBinary, nullable=False),
    Column("effective", Text, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("touched", Text, nullable=False),
    Index("ix_signed_commit_verdict", "centre_id", "verdict", "desk_id", "first"),
)
"""Every commit ever received, as signed. `effective`: one clock a change, by blanks. `touched`: ids, while it waits."""

CHANGE = Table(
    "change",
    metadata,
    Column("centre_id", Text, primary_key=True),
    Column("desk_id", Text, primary_key=True),
    Column("seq", BigInteger, primary_key=True),
    Column("change_id", Text, nullable=False),
    Column("header", LargeBinary, nullable=False),
    Column("body", LargeBinary),
    Column("salt", LargeBinary),
    Column("hash", Text, nullable=False),
    Index("ix_change_change_id", "centre_id", "change_id"),
)

FEED = Table(
    "feed",
    metadata,
    Column("centre_id", Text, primary_key=True),
    Column("sseq", BigInteger, primary_key=True),
    Column("length", Integer, nullable=False),
    Column("desk_id", Text, nullable=False),
    Column("first", BigInteger, nullable=False),
)
"""A commit at its place: its changes have `sseq` … `sseq + length - 1`; the next row begins right after."""

DOCUMENT = Table(
    "document",
    metadata,
    Column("centre_id", Text, primary_key=True),
    Column("entity_id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("household", Text),
    Column("doc", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Column("day", Text),
    Index("ix_document_kind", "centre_id", "kind", "day"),
)
"""The fold of a centre's feed. `day` is a roll-up: the day of a visit that counts."""

_LOCK = select(CENTRE_HEAD.c.head).where(CENTRE_HEAD.c.centre_id == bindparam("centre")).with_for_update()


def opened(url: str) -> Engine:
    """The database at `url` (`sqlite:///…` or `postgresql+psycopg://…`)."""
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": _BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def _connected(driver: Any, _record: Any) -> None:
        driver.isolation_level = None  # transactions begin where _begin says, not where the driver guesses
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "trusted_schema=OFF"):
            driver.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


@contextmanager
def writing(engine: Engine, centre_id: str | None = None) -> Iterator[Connection]:
    """One transaction; with a centre, holding that centre's lock from its first statement (KeyError: unknown)."""
    with engine.connect() as connection:
        connection.execution_options(writes=True)
        with connection.begin():
            if centre_id is not None and connection.execute(_LOCK, {"centre": centre_id}).first() is None:
                raise KeyError(centre_id)
            yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One consistent view."""
    with engine.connect() as connection:
        if connection.dialect.name != "sqlite":
            connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection
