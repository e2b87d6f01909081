"""A desk's backlog through every check of the province, beside its rows written raw into tables of the same shape.

The push is the desk's own, from its encrypted journal: signed requests over TLS on loopback to `python -m server` in
another process; signatures, roles, the fold, documents, the feed. Raw is the most the database takes: the rows that
push left, keys and indexes the same, in one transaction; COPY into PostgreSQL, executemany into SQLite.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from unittest import mock

import psycopg
from sqlalchemy import Engine, Table, create_engine, delete, select, text, update

from db import feed
from desktop.desk import Desk
from desktop.seal.commits import NO_HASH
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

CENTRES = (opened.CENTRE, "125")
BACKENDS = ("sqlite", "postgresql")
_WRITTEN = (SIGNED_COMMIT, CHANGE, FEED, DOCUMENT, MARK)
_Rows = dict[Table, list[tuple[Any, ...]]]


def run(folder: Path, *, changes: int = 4_000, count: int = 5, backends: Sequence[str] = BACKENDS) -> dict[str, Any]:
    """For each database: changes a second both ways, how the push stands to raw (1: as fast), and its parts' shares.

    `push` is of two desks of two centres at the same time, `in_turn` one after the other, when the province waits while
    a desk works. `against_raw` is to all the rows the push left, `raw_changes` only the rows of the changes, without
    commits, feed and documents. The desks' own work is in the push.
    """
    with ExitStack() as stack:
        desks = []
        for centre in CENTRES:
            made = opened.found(folder / centre, centre)
            desks.append(stack.enter_context(opened.opened(made, opened.Clock(config.now_us()))))
            work = opened.at_work(desks[-1])
            while desks[-1].tip() < changes // len(CENTRES):
                work.whole()
        said: dict[str, Any] = {"changes": _tips(desks), "most_a_request": pushing.MOST_CHANGES}
        for backend in backends:
            with _databases(backend, folder / backend) as (ours, raw):
                said[backend] = _measured(desks, folder / backend, ours, raw, count)
    return said


def _tips(desks: Sequence[Desk]) -> int:
    return sum(desk.tip() for desk in desks)


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


def _measured(desks: Sequence[Desk], folder: Path, ours: str, raw: str, count: int) -> dict[str, Any]:
    engine, beside = store.opened(ours), store.opened(raw)
    upgrade(beside)
    times: Times = {"push": [], "in_turn": [], "raw": [], "raw_changes": []}
    try:
        with province(folder / "province", centres=dict.fromkeys(CENTRES, "مرکز"), database=ours) as serving:
            ties = []
            for desk in desks:
                enrol.enrol(desk, serving.url, serving.command("enrol-code", desk.signer.centre)["code"])
                with desk.reading() as session:
                    ties.append(link.load(session))
            for number in range(count + 1):
                pushes = [_Push(desk, tie) for desk, tie in zip(desks, ties, strict=True)]
                in_turn = _pushed(engine, pushes, at_once=False)
                at_once = _pushed(engine, pushes, at_once=True)
                rows = _left(engine)
                told = at_once, in_turn, _raw(beside, rows), _raw(beside, {CHANGE: rows[CHANGE]})
                if number:  # the first warms all
                    for name, value in zip(times, told, strict=True):
                        times[name].append(value)
        watch = _parts(engine, folder / "province", desks[0], ties[0])
    finally:
        engine.dispose()
        beside.dispose()
    total = sum(watch.ms.values())
    return {
        "changes_a_second": {name: figures([_tips(desks) * 1000 / each for each in times[name]]) for name in times},
        "against_raw": ratio(times, "raw", "push"), "in_turn_against_raw": ratio(times, "raw", "in_turn"),
        "against_raw_changes": ratio(times, "raw_changes", "push"),
        "requests": sum(each.tally.round_trips for each in pushes),
        "bytes_up": sum(each.tally.bytes_up for each in pushes),
        "rows": {table.name: len(some) for table, some in rows.items()},
        "parts_share": {name: round(value / total, 3) for name, value in watch.ms.items()},
    }  # fmt: skip


@dataclass
class _Push:
    """One desk's backlog to the province it is tied to."""

    desk: Desk
    tie: Link
    tally: Tally = field(default_factory=Tally)

    def begin_again(self) -> None:
        self.tally = Tally()
        with self.desk.writing() as session:
            feed.acked(session, 0, 0)

    def __call__(self) -> None:
        with Line(self.tie.server, self.tie.pins, self.tally) as line:
            pushing.push(self.desk, Caller(line, self.tie, self.desk.signer, self.desk.now))
        if self.tally.pushed != self.desk.tip():
            raise RuntimeError(f"{self.tally.pushed} of {self.desk.tip()} changes went")


def _pushed(engine: Engine, pushes: Sequence[_Push], *, at_once: bool) -> float:
    """Milliseconds of the whole backlogs, begun at a province that has nothing of them."""
    _emptied(engine)
    with store.writing(engine) as connection:
        connection.execute(update(CENTRE_HEAD).values(head=0, state="0"))
        connection.execute(update(DESK).values(last_seq=0, last_hash=NO_HASH, cursor=0, anchored_at=0, outside=0))
    for each in pushes:
        each.begin_again()
    if not at_once:
        return sum(taken(each) for each in pushes)
    with ThreadPoolExecutor(len(pushes)) as pool:
        return taken(lambda: [done.result() for done in [pool.submit(each) for each in pushes]])


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


def _parts(engine: Engine, folder: Path, desk: Desk, tie: Link) -> Watch:
    """One desk's push with the province in this process, where its parts can be told."""
    here = provinces.Province(folder, engine, keys.load(folder))
    with watched(engine) as watch, here.serving() as url:
        push = _Push(desk, replace(tie, server=address(url)))
        with mock.patch.object(_Push, "__call__", watch.around("desk", _Push.__call__)):
            _pushed(engine, [push], at_once=False)
    return watch
