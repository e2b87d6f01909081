"""Whether somebody a desk just took in has a file at another centre: yes or no, never where (security 23).

Asked with a greeting, by the visit under which they were taken in: a desk that has no such visit stored here learns
nothing, and no national ID is asked about by itself. Found by a keyed hash, whose key isn't in the database.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Connection, Index, Integer, Table, Text, bindparam, delete, func, insert, select

from desktop.domain import jalali, merging
from desktop.domain.merging import Document
from desktop.seal.keys import SignKey, secret_of
from server.store import CHANGE, DOCUMENT, metadata

A_DAY = 50
"""Visits a desk may ask about in one day of the province."""
_BATCH = 500

IDENTIFIER = Table(
    "identifier",
    metadata,
    Column("centre_id", Text, primary_key=True),
    Column("entity_id", Text, primary_key=True),
    Column("mac", Text, nullable=False),
    Index("ix_identifier_mac", "mac"),
)
"""The keyed hash of each national ID: whoever takes this table away can't try all ten digits."""

LOOK_UP = Table(
    "look_up",
    metadata,
    Column("centre_id", Text, primary_key=True),
    Column("desk_id", Text, primary_key=True),
    Column("day", Text, primary_key=True),
    Column("visit", Text, primary_key=True),
    Column("refused", Integer, nullable=False),
)
"""What was asked, and what was refused because the day's were spent; kept for the day and the one before."""

_MINE = (LOOK_UP.c.centre_id == bindparam("centre"), LOOK_UP.c.desk_id == bindparam("desk"))
_ASKED = select(LOOK_UP.c.visit, LOOK_UP.c.refused).where(*_MINE, LOOK_UP.c.day == bindparam("today"))
_OLD = delete(LOOK_UP).where(*_MINE, LOOK_UP.c.day < bindparam("before"))
_AGAIN = delete(LOOK_UP).where(*_MINE, LOOK_UP.c.day == bindparam("today"), LOOK_UP.c.visit == bindparam("of"))
_REFUSED = (
    select(LOOK_UP.c.centre_id, LOOK_UP.c.desk_id, func.count())
    .where(LOOK_UP.c.refused == 1)
    .group_by(LOOK_UP.c.centre_id, LOOK_UP.c.desk_id)
)
_IDS: Any = bindparam("ids", expanding=True)
_WRITTEN = select(CHANGE.c.entity_id).where(
    CHANGE.c.centre_id == bindparam("centre"), CHANGE.c.desk_id == bindparam("desk"), CHANGE.c.entity_id.in_(_IDS)
)
_DOCUMENTS = select(DOCUMENT.c.entity_id, DOCUMENT.c.kind, DOCUMENT.c.doc).where(
    DOCUMENT.c.centre_id == bindparam("centre"), DOCUMENT.c.entity_id.in_(_IDS)
)
_ELSEWHERE = (
    select(DOCUMENT.c.entity_id, DOCUMENT.c.kind, DOCUMENT.c.doc)
    .join(
        IDENTIFIER,
        (IDENTIFIER.c.centre_id == DOCUMENT.c.centre_id) & (IDENTIFIER.c.entity_id == DOCUMENT.c.entity_id),
    )
    .where(IDENTIFIER.c.mac == bindparam("mac"), IDENTIFIER.c.centre_id != bindparam("centre"))
)
_FORGET = delete(IDENTIFIER).where(IDENTIFIER.c.centre_id == bindparam("centre"), IDENTIFIER.c.entity_id.in_(_IDS))
_PEOPLE = select(DOCUMENT.c.entity_id, DOCUMENT.c.kind, DOCUMENT.c.doc).where(
    DOCUMENT.c.centre_id == bindparam("centre"), DOCUMENT.c.kind == "person"
)


def key_of(sign_key: SignKey) -> bytes:
    """The key of the hashes, of the province's own: it is nowhere in the database or its backups."""
    return hmac.digest(secret_of(sign_key), b"pishkhan look-up", hashlib.sha256)


def keep(connection: Connection, key: bytes, centre_id: str, people: Mapping[str, Document | None]) -> None:
    """Index these people of a centre as they are now; None for whoever is there no more."""
    for at in range(0, len(people), _BATCH):
        some = sorted(people)[at : at + _BATCH]
        connection.execute(_FORGET, {"centre": centre_id, "ids": some})
        rows = [
            {"centre_id": centre_id, "entity_id": each, "mac": _mac(key, number)}
            for each in some
            if (number := _number(people[each]))
        ]
        if rows:
            connection.execute(insert(IDENTIFIER), rows)


def again(connection: Connection, key: bytes, centre_id: str) -> None:
    """Index everybody of a centre anew, after its documents were made again."""
    connection.execute(delete(IDENTIFIER).where(IDENTIFIER.c.centre_id == centre_id))
    rows = connection.execute(_PEOPLE, {"centre": centre_id}).all()
    keep(connection, key, centre_id, {each.entity_id: each for each in _loaded(rows)})


def answer(
    connection: Connection, key: bytes, centre_id: str, desk_id: str, visits: Sequence[str], now_us: int
) -> dict[str, bool]:
    """Visit → whether its client has a file at another centre, for the visits this desk wrote and the day still
    allows. Inside a transaction with the centre's lock."""
    mine = {"centre": centre_id, "desk": desk_id}
    today, before = str(jalali.today(now_us)), str(jalali.today(now_us - 86_400_000_000))
    connection.execute(_OLD, {**mine, "before": before})
    asked = {row.visit: row.refused for row in connection.execute(_ASKED, {**mine, "today": today})}
    spent, found = sum(not refused for refused in asked.values()), dict[str, bool]()
    for visit, number in _clients(connection, mine, visits).items():
        refused = int(asked.get(visit, 1) and spent >= A_DAY)
        if asked.get(visit) != refused:
            connection.execute(_AGAIN, {**mine, "today": today, "of": visit})
            row = {"centre_id": centre_id, "desk_id": desk_id, "day": today, "visit": visit, "refused": refused}
            connection.execute(insert(LOOK_UP), row)
            spent += not refused
        if not refused:
            found[visit] = bool(number) and _elsewhere(connection, key, centre_id, number)
    return found


def refused(connection: Connection) -> dict[tuple[str, str], int]:
    """(centre, desk) → how many look-ups were refused today and yesterday."""
    return {(row[0], row[1]): row[2] for row in connection.execute(_REFUSED)}


def _clients(connection: Connection, mine: dict[str, str], visits: Iterable[str]) -> dict[str, str]:
    """Visit → its client's national ID, "" where they have none, for the visits that this desk wrote here."""
    wanted = sorted(set(visits))
    wrote = set(connection.execute(_WRITTEN, {**mine, "ids": wanted}).scalars())
    there = {"centre": mine["centre"], "ids": sorted(wrote)}
    seen = {each.entity_id: each for each in _loaded(connection.execute(_DOCUMENTS, there)) if each.kind == "visit"}
    whose = {visit: str(each.value("person") or "") for visit, each in seen.items()}
    ids = sorted(set(whose.values()))
    people = {
        each.entity_id: each
        for each in _loaded(connection.execute(_DOCUMENTS, {"centre": mine["centre"], "ids": ids}))
        if each.kind == "person"
    }
    return {visit: _number(people[person]) for visit, person in whose.items() if person in people}


def _elsewhere(connection: Connection, key: bytes, centre_id: str, number: str) -> bool:
    rows = connection.execute(_ELSEWHERE, {"mac": _mac(key, number), "centre": centre_id})
    return any(_number(each) == number and each.value(merging.VOID) is None for each in _loaded(rows))


def _loaded(rows: Iterable[Any]) -> Iterable[Document]:
    return (merging.loaded(row.kind, row.entity_id, row.doc) for row in rows)


def _number(person: Document | None) -> str:
    found = person.value("national_id") if person else None
    return found if isinstance(found, str) else ""


def _mac(key: bytes, number: str) -> str:
    return hmac.digest(key, number.encode(), hashlib.sha256).hex()
