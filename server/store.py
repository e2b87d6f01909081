"""The province's database: its tables, and transactions that lock before they read.

SQLite with no set-up, PostgreSQL for a province: the same statements, `centre_id` in every key, no sequence, advisory
lock or trigger, so that a nation's rows can be spread by centre. Whoever writes takes the row of `centre_head` first:
state read before that lock once lost an update (fault runs on PostgreSQL; SQLite hid it).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import (
    ARRAY,
    BigInteger,
    BindParameter,
    Column,
    Connection,
    Engine,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Select,
    Table,
    Text,
    any_,
    bindparam,
    create_engine,
    event,
    select,
)

_BUSY_SECONDS = 30
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "trusted_schema=OFF", "secure_delete=ON")
_Result = TypeVar("_Result")

metadata = MetaData(
    naming_convention={"pk": "pk_%(table_name)s", "ix": "ix_%(table_name)s_%(column_0_N_name)s"},
)

PROVINCE = Table(
    "province",
    metadata,
    Column("realm", Text, primary_key=True),
    Column("fold_version", Text, nullable=False),
    Column("feed_id", Text, nullable=False),
    Column("told_since", BigInteger, nullable=False),
)
"""One row: whose database this is, by which rules its documents were folded, and which telling of its feeds this is,
since when (µs UTC): another `feed_id` after a restore tells desks that places they know may now hold something else."""

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
    Column("state", Text, nullable=False),
)
"""The row whose lock orders everything of a centre. `head` is the last sseq given, `state` the state hash there."""

MARK = Table(
    "mark",
    metadata,
    Column("centre_id", Text, primary_key=True),
    Column("sseq", BigInteger, primary_key=True),
    Column("state", Text, nullable=False),
)
"""The state hash at a place of the feed, about every thousand changes. Gone where the past was changed: by a transfer
or
a redaction."""

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
    Column("cursor", BigInteger, nullable=False, default=0),
    Column("durable_seq", BigInteger, nullable=False, default=0),
    Column("instead_of", Text),
    Column("lost_at", BigInteger),
    Column("valid_through", BigInteger),
    Column("last_push", Text),
    Column("anchored_at", BigInteger, nullable=False, default=0),
    Column("outside", Integer, nullable=False, default=0),
    Column("report", Text),
    Column("reported_at", BigInteger),
    Column("begin_again", Integer, nullable=False, default=0, server_default="0"),
    Index("ix_desk_desk_id", "desk_id"),
)
"""An enrolled desk: its keys, the last change of its chain, when it last synced (µs UTC), how far it has folded the
feed.

`durable_seq`: its changes up to there are in a verified backup. `instead_of`: the desk it was before its chain forked.
`lost_at`: it was revoked, and since when it was not in good hands; `valid_through` the last seq still believed;
`last_push` says that it has made the one push a revoked desk has. `anchored_at`: the newest countersignature its chain
carries; `outside` how many of its commits say they were written before one they follow. `report` is what it last said
of its health, JSON."""

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
    Column("actor_key", LargeBinary),
    Column("effective", Text, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("touched", Text, nullable=False),
    Index("ix_signed_commit_verdict", "centre_id", "verdict", "desk_id", "first"),
)
"""Every commit ever received, as signed; and those of other centres whose household came here, or would.

`effective`: one clock a change of the whole commit, by blanks. `touched`: ids, while it waits. `actor_key`: the key its
actor's signature was proven by, null until then."""

CHANGE = Table(
    "change",
    metadata,
    Column("centre_id", Text, primary_key=True),
    Column("desk_id", Text, primary_key=True),
    Column("seq", BigInteger, primary_key=True),
    Column("change_id", Text, nullable=False),
    Column("entity_id", Text, nullable=False),
    Column("header", LargeBinary, nullable=False),
    Column("body", LargeBinary),
    Column("salt", LargeBinary),
    Column("hash", Text, nullable=False),
    Index("ix_change_change_id", "centre_id", "change_id"),
    Index("ix_change_entity_id", "centre_id", "entity_id"),
)
"""No body: its household is of another centre now. No salt beside a body: redacted."""

FEED = Table(
    "feed",
    metadata,
    Column("centre_id", Text, primary_key=True),
    Column("sseq", BigInteger, primary_key=True),
    Column("length", Integer, nullable=False),
    Column("desk_id", Text, nullable=False),
    Column("first", BigInteger, nullable=False),
    Column("last", BigInteger, nullable=False),
    Column("seqs", Text, nullable=False, default=""),
    Column("gone", Text, nullable=False, default=""),
    Column("message", LargeBinary),
    Column("signature", LargeBinary),
    Index("ix_feed_desk_id", "centre_id", "desk_id", "first"),
)
"""A commit at its place: its changes have `sseq` … `sseq + length - 1`; the next row begins right after.

`seqs`: which of its changes are here, by blanks, where not all are; `gone`: those whose body left with its household. A
notice has a message and a signature instead, and takes one place."""

MOVED = Table(
    "moved",
    metadata,
    Column("centre_id", Text, primary_key=True),
    Column("entity_id", Text, primary_key=True),
    Column("to_centre", Text, nullable=False),
    Column("sseq", BigInteger, nullable=False),
    Column("clock", Text, nullable=False),
)
"""What left a centre, where to, and the notice that said so: its place and clock."""

ORDER = Table(
    "root_order",
    metadata,
    Column("order_id", Text, primary_key=True),
    Column("message", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
)
"""A redaction the root ordered, as signed."""

REDACTED = Table(
    "redacted",
    metadata,
    Column("centre_id", Text, primary_key=True),
    Column("change_id", Text, primary_key=True),
    Column("order_id", Text, nullable=False),
)
"""Which order took the values of a change this centre has or had."""

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
    Column("contested", BigInteger),
    Index("ix_document_kind", "centre_id", "kind", "day"),
    Index("ix_document_household", "centre_id", "household"),
)
"""The fold of a centre's feed. Roll-ups: `day` of a visit that counts; `contested`, since when (µs UTC) its fields
are in conflict, null where they agree."""

SNAPSHOT = Table(
    "snapshot",
    metadata,
    Column("centre_id", Text, primary_key=True),
    Column("desk_id", Text, primary_key=True),
    Column("snapshot_id", Text, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("manifest", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    info={"passing": True},
)
SNAPSHOT_PIECE = Table(
    "snapshot_piece",
    metadata,
    Column("centre_id", Text, primary_key=True),
    Column("desk_id", Text, primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("data", LargeBinary, nullable=False),
    info={"passing": True},
)
"""What a desk begins from, frozen for it alone until it expires or the past changes. In no backup: it is made anew."""

_LOCK = select(CENTRE_HEAD.c.head).where(CENTRE_HEAD.c.centre_id == bindparam("centre")).with_for_update()


def opened(url: str) -> Engine:
    """The database at `url` (`sqlite:///…` or `postgresql+psycopg://…`)."""
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": _BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def _connected(driver: Any, _record: Any) -> None:
        driver.isolation_level = None  # transactions begin where _begin says, not where the driver guesses
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "trusted_schema=OFF",
            "secure_delete=ON",
        ):
            driver.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


class NotLocked(Exception):
    """A transaction needs a centre's lock it doesn't hold: `locked` begins again with it."""

    def __init__(self, centre_id: str) -> None:
        super().__init__(centre_id)
        self.centre_id = centre_id


@contextmanager
def writing(engine: Engine, *centres: str) -> Iterator[Connection]:
    """One transaction, holding the locks of these centres from its first statements (KeyError: unknown).

    Always in the order of their codes, so that two transactions can't wait for each other.
    """
    with engine.connect() as connection:
        connection.execution_options(writes=True, centres=frozenset(centres))
        with connection.begin():
            for centre_id in sorted(set(centres)):
                if connection.execute(_LOCK, {"centre": centre_id}).first() is None:
                    raise KeyError(centre_id)
            yield connection


def locked(engine: Engine, centre_id: str, work: Callable[[Connection], _Result]) -> _Result:
    """What `work` returns, done in one transaction that holds every centre's lock it turns out to need.

    `work` may be begun several times, each time on a fresh view; only the last is kept.
    """
    centres = {centre_id}
    while True:
        try:
            with writing(engine, *centres) as connection:
                return work(connection)
        except NotLocked as more:
            centres.add(more.centre_id)


def must_hold(connection: Connection, centre_id: str) -> None:
    """Raises NotLocked unless this transaction holds the centre's lock."""
    if centre_id not in connection.get_execution_options().get("centres", ()):
        raise NotLocked(centre_id)


def among(statement: Select[Any], column: Column[Any]) -> dict[str, Select[Any]]:
    """`statement` where `column` is one of `ids`, by dialect: PostgreSQL takes them as one value, not as a new text."""
    one_of: BindParameter[Any] = bindparam("ids", expanding=True)
    whole: BindParameter[Any] = bindparam("ids", type_=ARRAY(Text))
    return {"sqlite": statement.where(column.in_(one_of)), "postgresql": statement.where(column == any_(whole))}


def put(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert many new rows, past what a statement costs a row: COPY on PostgreSQL, else the driver's own executemany.

    Every row names every column.
    """
    names = [column.name for column in table.columns]
    values = [tuple(row[name] for name in names) for row in rows]
    quoted = ", ".join(f'"{name}"' for name in names)
    if connection.dialect.name != "postgresql":
        places = ", ".join("?" * len(names))
        connection.exec_driver_sql(f'INSERT INTO "{table.name}" ({quoted}) VALUES ({places})', values)
        return
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({quoted}) FROM STDIN') as out:
        for row in values:
            out.write_row(row)


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One consistent view."""
    with engine.connect() as connection:
        if connection.dialect.name != "sqlite":
            connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection
