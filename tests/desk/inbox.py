"""A desk's push without the wire, and what the province then holds."""

from __future__ import annotations

from sqlalchemy import Connection, Engine, insert, select

from desktop.domain import merging
from desktop.domain.merging import Document
from desktop.seal import keys
from desktop.seal.commits import NO_HASH, Commit
from server import inbox, store
from server.books import Books
from server.store import DESK, DOCUMENT, FEED
from tests.desk.authors import NOW, PROVINCE_KEY, REALM, Author


def enrolled(engine: Engine, author: Author) -> Author:
    """The desk is known to the province."""
    with store.writing(engine) as connection:
        connection.execute(
            insert(DESK).values(
                centre_id=author.centre, desk_id=author.desk, sign_key=keys.public_of(author.desk_key),
                box_key=bytes(32), enrolled_at=NOW, last_seq=0, last_hash=NO_HASH,
            )
        )  # fmt: skip
    return author


def push(engine: Engine, author: Author, *sent: Commit, now_us: int = NOW) -> list[tuple[str, str]]:
    """Verdict and reason of each commit."""
    with store.reading(engine) as connection:
        before = inbox.predecessors(connection, author.centre, author.desk)
    proven = inbox.prove(sent, REALM, author.desk, author.public, now_us, before)

    def take(connection: Connection) -> list[inbox.Judged]:
        books = Books(connection, REALM, PROVINCE_KEY, now_us)
        return inbox.accept(books, author.centre, author.desk, proven)[1]

    return [(one.verdict, one.reason) for one in store.locked(engine, author.centre, take)]


def joined(engine: Engine, by: Author) -> Author:
    """A second desk of the centre, of a colleague whom `by` made known there first."""
    author = enrolled(engine, Author())
    person, key = author.founding()
    push(engine, by, by.write(person))
    push(engine, author, author.write(key))
    return author


def document(engine: Engine, entity_id: str) -> Document | None:
    """The province's document of an entity."""
    with store.reading(engine) as connection:
        row = connection.execute(select(DOCUMENT).where(DOCUMENT.c.entity_id == entity_id)).one_or_none()
    return merging.loaded(row.kind, row.entity_id, row.doc) if row else None


def hashes(engine: Engine) -> dict[str, str]:
    """Every document's hash."""
    with store.reading(engine) as connection:
        return {row.entity_id: row.hash for row in connection.execute(select(DOCUMENT.c.entity_id, DOCUMENT.c.hash))}


def places(engine: Engine) -> list[tuple[int, int]]:
    """(sseq, length) of each commit in the feed."""
    with store.reading(engine) as connection:
        rows = connection.execute(select(FEED.c.sseq, FEED.c.length).order_by(FEED.c.sseq))
        return [(row.sseq, row.length) for row in rows]


def gapless(engine: Engine) -> bool:
    """Whether the feed runs 1, 2, 3 … without a hole."""
    after = 1
    for sseq, length in places(engine):
        if sseq != after:
            return False
        after += length
    return True
