"""What the encryption costs: the desk's encrypted file beside the same file plain; pragmas and statements the same.

Plain twice: by the same library without a key, which tells the cipher's cost alone, and by Python's own sqlite3.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from functools import partial
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

from sqlcipher3 import dbapi2

from db import engine as engines
from desktop.domain.jalali import of
from desktop.training.people import People
from tests.bench.measure import Figures, figures, ratio, rounds

WAYS = ("encrypted", "same_library_plain", "stdlib_plain")
_SCHEMA = (
    "CREATE TABLE person (id TEXT PRIMARY KEY, given TEXT, family TEXT, national_id TEXT, body BLOB)",
    "CREATE INDEX person_national_id ON person (national_id)",
    "CREATE VIRTUAL TABLE name USING fts5(words, content='', prefix='1 2 3')",
)
_PERSON = "INSERT INTO person VALUES (?, ?, ?, ?, ?)"
_NAME = "INSERT INTO name (rowid, words) VALUES ((SELECT rowid FROM person WHERE id = ?), ?)"
_LOOK = "SELECT given, family, body FROM person WHERE national_id = ?"
_SEARCH = "SELECT p.id FROM name n JOIN person p ON p.rowid = n.rowid WHERE name MATCH ? LIMIT 20"
_STEMS = ("کاج", "آبان", "نخل", "سرو", "مهر", "دیم", "سپید", "گل")
_MIDDLES = ("رود", "بان", "دشت", "ناز")
_ENDS = ("", "پور", "نژاد", "فر", "زاد")
_WORDS = tuple(map("".join, product(_STEMS, _MIDDLES, _ENDS)))
_A_COMMIT, _INSERTS, _BULK, _LOOKUPS, _SEARCHES = 20, 5, 500, 200, 20


class _File:
    """One of the three files; the same people in each, in the same order."""

    def __init__(self, way: str, folder: Path, persons: int) -> None:
        module: Any = sqlite3 if way == "stdlib_plain" else dbapi2
        self._base = module.connect(str(folder / way), isolation_level=None)
        if way == "encrypted":
            self._base.execute(f"PRAGMA key=\"x'{bytes(range(32)).hex()}'\"")
        for name, value in engines._PRAGMAS.items():
            self._base.execute(f"PRAGMA {name}={value}")
        for statement in _SCHEMA:
            self._base.execute(statement)
        self._rng = Random(7)
        self._people = People(self._rng, of("1405-09-03"))
        self._count = 0
        while self._count < persons:
            self._commit(min(500, persons - self._count))

    def _commit(self, count: int) -> None:
        rows, names = [], []
        for _ in range(count):
            given, family = (self._rng.choice(_WORDS) for _ in range(2))
            self._count += 1
            key = f"0198c2f0-0000-7000-8000-{self._count:012x}"
            rows.append((key, given, family, self._people.national_id(), self._rng.randbytes(600)))
            names.append((key, f"{given} {family}"))
        self._base.execute("BEGIN IMMEDIATE")
        self._base.executemany(_PERSON, rows)
        self._base.executemany(_NAME, names)
        self._base.execute("COMMIT")

    def insert(self) -> None:
        for _ in range(_INSERTS):
            self._commit(_A_COMMIT)

    def bulk(self) -> None:
        self._commit(_BULK)

    def lookup(self) -> None:
        for _ in range(_LOOKUPS):
            body = f"999{self._rng.randint(1, self._count):06d}"
            self._base.execute(_LOOK, (self._numbers(body),)).fetchall()

    def _numbers(self, body: str) -> str:
        return People(self._rng, self._people.today, int(body[3:]) - 1).national_id()

    def search(self) -> None:
        for _ in range(_SEARCHES):
            word = self._rng.choice(_WORDS)
            self._base.execute(_SEARCH, (f'"{word[: self._rng.randint(2, 5)]}"*',)).fetchall()

    def close(self) -> None:
        self._base.close()


def run(folder: Path, *, persons: int = 34_470, count: int = 60) -> dict[str, Any]:
    """Medians in ms and the ratio to each plain file.

    `insert` is a commit of 20 persons, `bulk` of 500; `lookup` finds a person anywhere in the file by national ID,
    more pages than the library's cache holds; `search` goes by the first letters of a name.
    """
    files = {way: _File(way, folder, persons) for way in WAYS}
    jobs: dict[str, tuple[int, Callable[[_File], None]]] = {
        "insert": (_INSERTS, _File.insert), "bulk": (1, _File.bulk), "lookup": (_LOOKUPS, _File.lookup),
        "search": (_SEARCHES, _File.search),
    }  # fmt: skip
    versions = {"encrypted": dbapi2.sqlite_version, "stdlib": sqlite3.sqlite_version}
    said: dict[str, Any] = {"persons": persons, "sqlite": versions}
    for name, (each, job) in jobs.items():
        times = rounds({way: partial(job, file) for way, file in files.items()}, count)
        ms: dict[str, Figures] = {way: figures(values, each) for way, values in times.items()}
        said[name] = {"ms": ms, **{f"against_{way}": ratio(times, "encrypted", way) for way in WAYS[1:]}}
    for file in files.values():
        file.close()
    return said
