"""A desk's backlog through every check of the province, beside its rows written raw into tables of the same shape.

The push is the desk's own, from its encrypted journal: signed requests over TLS on loopback to `python -m server` in
another process; signatures, roles, the fold, documents, the feed. Raw is the most the database takes: the rows that
push left, keys and indexes the same, in one transaction; COPY into PostgreSQL, executemany into SQLite.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Engine, Table, create_engine, delete, select, text, update

from db import feed
from desktop.desk import Desk
from desktop.sync import enrol, link
from desktop.sync import push as pushing
from desktop.sync.http import Line, Tally, address
from desktop.sync.link import Caller, Link
from server import config, keys, store
from server.store import CENTRE_HEAD, CHANGE, DESK, DOCUMENT, FEED, MARK, SIGNED_COMMIT
from server.upgrade import upgrade
from tests.bench.measure import Times, figures, ratio, taken
from tests.bench.parts import Watch, watched
from tests.day.province import province
from tests.desk import opened, postgres, provinces

BACKENDS = ("sqlite", "postgresql")
_WRITTEN = (SIGNED_COMMIT, CHANGE, FEED, DOCUMENT, MARK)
_Rows = dict[Table, list[tuple[Any, ...]]]


def run(folder: Path, *, changes: int = 4_000, count: int = 5, backends: Sequence[str] = BACKENDS) -> dict[str, Any]:
    """For each database: changes a second both ways, how the push stands to raw (1: as fast), and its parts' shares.

    `against_raw` is to all the rows the push left, `against_raw_changes` to the rows of the changes alone, which raw
    writes quicker: neither documents nor commits. The desk's own work is in the push.
    """
    with opened.opened(opened.found(folder / "desk"), opened.Clock(config.now_us())) as desk:
        work = opened.at_work(desk)
        while desk.tip() < changes:
            work.whole()
        said: dict[str, Any] = {"changes": desk.tip(), "most_a_request": pushing.MOST_CHANGES}
        for backend in backends:
            with _databases(backend, folder / backend) as (ours, raw):
                said[backend] = _measured(desk, folder / backend, ours, raw, count)
    return said


@contextmanager
def _databases(backend: str, folder: Path) -> Iterator[tuple[str, str]]:
    """Addresses of two empty databases."""
    folder.mkdir()
    if backend == "sqlite":
        yield f"sqlite:///{folder / 'ours.db'}", f"sqlite:///{folder / 'raw.db'}"
        return
    with postgres.running() as at:
        above = create_engine(at.format(name="postgres"), isolation_level="AUTOCOMMIT")
        with above.connect() as connection:
            for name in ("ours", "raw"):
                connection.execute(text(f"CREATE DATABASE {name}"))
        above.dispose()
        yield at.format(name="ours"), at.format(name="raw")


def _measured(desk: Desk, folder: Path, ours: str, raw: str, count: int) -> dict[str, Any]:
    engine, beside = store.opened(ours), store.opened(raw)
    upgrade(beside)
    times: Times = {"push": [], "raw": [], "raw_changes": []}
    try:
        with province(folder / "province", centres={opened.CENTRE: "مرکز"}, database=ours) as serving:
            enrol.enrol(desk, serving.url, serving.command("enrol-code", opened.CENTRE)["code"])
            with desk.reading() as session:
                tie = link.load(session)
            for number in range(count + 1):
                took, tally = _pushed(desk, engine, tie)
                rows = _left(engine)
                all_of_it = _raw(beside, rows)
                changes_alone = _raw(beside, {CHANGE: rows[CHANGE]})
                if number:  # the first warms both
                    for name, value in zip(times, (took, all_of_it, changes_alone), strict=True):
                        times[name].append(value)
        watch = _parts(desk, engine, folder / "province", tie)
    finally:
        engine.dispose()
        beside.dispose()
    total = sum(watch.ms.values())
    return {
        "changes_a_second": {name: figures([desk.tip() * 1000 / each for each in times[name]]) for name in times},
        "against_raw": ratio(times, "raw", "push"), "against_raw_changes": ratio(times, "raw_changes", "push"),
        "requests": tally.round_trips, "bytes_up": tally.bytes_up,
        "rows": {table.name: len(some) for table, some in rows.items()},
        "parts_share": {name: round(value / total, 3) for name, value in watch.ms.items()},
    }  # fmt: skip


def _pushed(desk: Desk, engine: Engine, tie: Link, watch: Watch | None = None) -> tuple[float, Tally]:
    """Milliseconds of the whole backlog, begun at a province that has nothing of it."""
    _emptied(engine)
    with engine.begin() as connection:
        connection.execution_options(writes=True)
        connection.execute(update(CENTRE_HEAD).values(head=0, state="0"))
        connection.execute(update(DESK).values(last_seq=0, last_hash="0" * 64, cursor=0, anchored_at=0, outside=0))
    with desk.writing() as session:
        feed.acked(session, 0, 0)
    tally = Tally()

    def push() -> None:
        with Line(tie.server, tie.pins, tally) as line:
            pushing.push(desk, Caller(line, tie, desk.signer, desk.now))

    took = taken(watch.around("desk", push) if watch else push)
    if tally.pushed != desk.tip():
        raise RuntimeError(f"{tally.pushed} of {desk.tip()} changes went")
    return took, tally


def _emptied(engine: Engine) -> None:
    with store.writing(engine) as connection:
        for table in _WRITTEN:
            quick = connection.dialect.name == "postgresql"
            connection.execute(text(f'TRUNCATE "{table.name}"') if quick else delete(table))


def _left(engine: Engine) -> _Rows:
    with store.reading(engine) as connection:
        return {table: [tuple(row) for row in connection.execute(select(table))] for table in _WRITTEN}


def _raw(engine: Engine, rows: _Rows) -> float:
    """Milliseconds of writing the rows into empty tables, in one transaction."""
    _emptied(engine)
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        return taken(lambda: (_copied if isinstance(driver, psycopg.Connection) else _inserted)(driver, rows))


def _copied(driver: psycopg.Connection[Any], rows: _Rows) -> None:
    with driver.cursor() as cursor:
        for table, some in rows.items():
            with cursor.copy(f'COPY "{table.name}" FROM STDIN'.encode()) as out:
                for row in some:
                    out.write_row(row)
    driver.commit()


def _inserted(driver: sqlite3.Connection, rows: _Rows) -> None:
    driver.execute("BEGIN IMMEDIATE")
    for table, some in rows.items():
        driver.executemany(f"INSERT INTO {table.name} VALUES ({', '.join('?' * len(table.columns))})", some)
    driver.execute("COMMIT")


def _parts(desk: Desk, engine: Engine, folder: Path, tie: Link) -> Watch:
    """The same push with the province in this process, where its parts can be told."""
    here = provinces.Province(folder, engine, keys.load(folder))
    with watched(engine) as watch, here.serving() as url:
        at_home = replace(tie, server=address(url))
        _pushed(desk, engine, at_home, watch)
    return watch
