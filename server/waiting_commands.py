"""`waiting`, `release`, `discard`: what the province keeps out of a centre's feed, and an officer's decision on it."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Engine, and_, bindparam, select

from desktop.domain import jalali
from desktop.domain.faults import Known
from desktop.seal import commits
from desktop.seal.commits import Sealed
from server import config, inbox, judging, store
from server.books import Books
from server.keys import Identity
from server.order_commands import Ready, Say
from server.store import CENTRE, CHANGE, SIGNED_COMMIT

_KNOWN = select(CENTRE.c.centre_id).where(CENTRE.c.centre_id == bindparam("centre"))
_WAITING = (
    select(
        SIGNED_COMMIT.c.desk_id, SIGNED_COMMIT.c.first, SIGNED_COMMIT.c.last, SIGNED_COMMIT.c.reason,
        SIGNED_COMMIT.c.actor, SIGNED_COMMIT.c.received_at, CHANGE.c.header, CHANGE.c.body, CHANGE.c.salt,
    )
    .join(
        CHANGE,
        and_(
            CHANGE.c.centre_id == SIGNED_COMMIT.c.centre_id, CHANGE.c.desk_id == SIGNED_COMMIT.c.desk_id,
            CHANGE.c.seq.between(SIGNED_COMMIT.c.first, SIGNED_COMMIT.c.last),
        ),
    )
    .where(SIGNED_COMMIT.c.centre_id == bindparam("centre"), SIGNED_COMMIT.c.verdict == "quarantined")
    .order_by(SIGNED_COMMIT.c.received_at, SIGNED_COMMIT.c.desk_id, SIGNED_COMMIT.c.first, CHANGE.c.seq)
)  # fmt: skip


def waiting(connection: Connection, centre_id: str) -> list[dict[str, Any]]:
    """Every commit that waits at a centre, the oldest first: whose, why, since which Jalali day, and what it is about.

    Entities are told by their ids, not by what is said of them.
    """
    rows = connection.execute(_WAITING, {"centre": centre_id}).all()
    return [
        _told(key, [commits.opened(Sealed(row.header, row.body, row.salt)) for row in changes])
        for key, changes in groupby(rows, key=lambda row: row[:6])
    ]


def _told(key: Any, changes: list[Any]) -> dict[str, Any]:
    desk_id, first, last, reason, actor, received_at = key
    return {
        "desk": desk_id, "first": first, "last": last, "reason": reason, "actor": actor, "received_at": received_at,
        "since": str(jalali.today(received_at)), "for_a_person": reason in judging.FOR_A_PERSON,
        "written_in": changes[0].centre, "households": sorted({each.household for each in changes if each.household}),
        "changes": [{"kind": each.kind, "verb": each.verb, "id": each.entity_id} for each in changes],
    }  # fmt: skip


class Commands:
    """The three commands over whatever opens the province and prints."""

    def __init__(self, ready: Ready, say: Say) -> None:
        self._ready, self._say = ready, say

    def add_to(self, command: Callable[[str, Any, str], argparse.ArgumentParser]) -> None:
        """Make them known to the parser."""
        command("waiting", self.waiting, "what waits at a centre, why, and since when").add_argument("centre")
        decisions = (
            ("release", inbox.release_by_hand, "let a commit that waits into the feed"),
            ("discard", inbox.discard, "keep a commit out of the feed for good; its record stays"),
        )
        for name, act, about in decisions:
            parser = command(name, self._deciding(name, act), about)
            parser.add_argument("centre")
            parser.add_argument("desk")
            parser.add_argument("first", type=int, help="the number of its first change, as `waiting` tells it")

    def waiting(self, asked: argparse.Namespace) -> None:
        with self._ready(asked) as (engine, _):
            _must_know(engine, asked.centre)
            with store.reading(engine) as connection:
                found = waiting(connection, asked.centre)
        self._say({"centre": asked.centre, "waiting": found})

    def _deciding(self, name: str, act: Callable[[Books, str, str, int], None]) -> Callable[[argparse.Namespace], None]:
        def decide(asked: argparse.Namespace) -> None:
            with self._ready(asked) as (engine, identity):
                _must_know(engine, asked.centre)
                store.locked(engine, asked.centre, lambda connection: _decide(connection, identity, asked, act))
            self._say({"centre": asked.centre, "desk": asked.desk, "first": asked.first, "done": name})

        return decide


def _must_know(engine: Engine, centre_id: str) -> None:
    with store.reading(engine) as connection:
        if connection.execute(_KNOWN, {"centre": centre_id}).first() is None:
            raise Known("server-centre-unknown", centre=centre_id)


def _decide(
    connection: Connection,
    identity: Identity,
    asked: argparse.Namespace,
    act: Callable[[Books, str, str, int], None],
) -> None:
    books = Books(connection, identity.realm, identity.sign_key, config.now_us())
    try:
        act(books, asked.centre, asked.desk, asked.first)
    except KeyError as error:
        raise Known("server-not-waiting", centre=asked.centre, desk=asked.desk, first=asked.first) from error
    except inbox.NotToRelease as error:
        raise Known("server-not-to-release") from error
