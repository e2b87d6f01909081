"""Redaction: two officers approve, the root orders, and the values of the named changes go everywhere (security 15).

An order is a file that travels from hand to hand: asked for, approved by two, signed by whoever keeps the root offline,
carried out here. Orders carried out are kept beside the database, so that a restored backup meets them first.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, Engine, LargeBinary, Table, Text, bindparam, insert, select, update

from desktop.domain import hlc, identifiers
from desktop.seal import canonical, commits, notices, signing
from desktop.seal.commits import Sealed
from desktop.seal.keys import SignKey, sign_public
from desktop.seal.refused import Refused
from server import beside, feed, look_up, store
from server.books import Books
from server.keys import Identity
from server.store import CENTRE, CHANGE, FEED, ORDER, REDACTED, metadata

APPROVALS = 2
FOLDER = "orders"

OFFICER = Table(
    "officer",
    metadata,
    Column("name", Text, primary_key=True),
    Column("sign_key", LargeBinary, nullable=False),
)
"""Who of the province may approve an order; the key is theirs, on their stick."""

_HERE = select(CHANGE.c.centre_id, CHANGE.c.change_id).where(CHANGE.c.change_id.in_(bindparam("ids", expanding=True)))
_BODIES = select(CHANGE).where(
    CHANGE.c.centre_id == bindparam("centre"), CHANGE.c.change_id.in_(bindparam("ids", expanding=True))
)
_STUB = (
    update(CHANGE)
    .where(
        CHANGE.c.centre_id == bindparam("centre"), CHANGE.c.desk_id == bindparam("desk"),
        CHANGE.c.seq == bindparam("at"),
    )
    .values(body=bindparam("kept"), salt=None)
)  # fmt: skip
_NAMED = select(REDACTED.c.change_id).where(
    REDACTED.c.centre_id == bindparam("centre"), REDACTED.c.change_id.in_(bindparam("ids", expanding=True))
)
_BEHIND = (
    select(ORDER.c.message, ORDER.c.signature)
    .join(REDACTED, REDACTED.c.order_id == ORDER.c.order_id)
    .where(REDACTED.c.centre_id == bindparam("centre"), REDACTED.c.change_id.in_(bindparam("ids", expanding=True)))
    .distinct()
)
_SAID = select(FEED.c.sseq).where(FEED.c.centre_id == bindparam("centre"), FEED.c.message == bindparam("said"))
_KNOWN = select(ORDER.c.order_id).where(ORDER.c.order_id == bindparam("order"))


@dataclass(frozen=True, slots=True)
class Asked:
    """An order on its way. `approvals` are (officer, signature) over `message`; `signature` is the root's, at last."""

    message: bytes
    approvals: tuple[tuple[str, bytes], ...] = ()
    signature: bytes = b""


def ask(change_ids: Iterable[str], by: str, reason: str, now_us: int) -> Asked:
    """A new order naming these changes."""
    said = {
        "asked_by": by, "at": hlc.text(hlc.pack(now_us)), "changes": sorted(set(change_ids)),
        "order": identifiers.new(), "reason": reason, "type": notices.REDACTION,
    }  # fmt: skip
    return Asked(canonical.encode(said))


def approve(asked: Asked, officer: str, key: SignKey, realm: str) -> Asked:
    """The order with one more officer behind it; saying it twice counts once."""
    others = tuple(each for each in asked.approvals if each[0] != officer)
    return replace(asked, approvals=(*others, (officer, signing.sign(key, "approval", realm, asked.message))))


def sign(asked: Asked, root: SignKey, realm: str) -> Asked:
    """The order as the root gives it."""
    return replace(asked, signature=signing.sign(root, "order", realm, asked.message))


def dumped(asked: Asked) -> str:
    """An order as a file."""
    said = {
        "approvals": {name: signature.hex() for name, signature in asked.approvals}, "message": asked.message.decode(),
        "signature": asked.signature.hex(),
    }  # fmt: skip
    return json.dumps(said, ensure_ascii=False, sort_keys=True, indent=1)


def loaded(text: str) -> Asked:
    """The order in a file. Raises Refused."""
    try:
        said = json.loads(text)
        approvals = tuple((str(name), bytes.fromhex(hexed)) for name, hexed in said["approvals"].items())
        return Asked(said["message"].encode(), approvals, bytes.fromhex(said["signature"]))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refused("not an order") from error


def add_officer(connection: Connection, name: str, public: bytes) -> None:
    """Make an officer known. Raises ValueError for a name that is taken."""
    if connection.execute(select(OFFICER.c.name).where(OFFICER.c.name == name)).first():
        raise ValueError(name)
    connection.execute(insert(OFFICER).values(name=name, sign_key=public))


def of_the_root(asked: Asked, identity: Identity) -> dict[str, Any]:
    """What the order says. Raises Refused unless the root gave it."""
    root = sign_public(identity.root_key)
    said = notices.opened(asked.message, asked.signature, identity.realm, identity.sign_key.public_key(), root)
    if said["type"] != notices.REDACTION:
        raise Refused("another notice than an order")
    return said


def must_hold(connection: Connection, asked: Asked, identity: Identity) -> dict[str, Any]:
    """What the order says. Raises Refused unless the root gave it and two officers, neither of whom asked, approved."""
    said = of_the_root(asked, identity)
    known = {row.name: row.sign_key for row in connection.execute(select(OFFICER))}
    behind = {
        name
        for name, signature in asked.approvals
        if name in known
        and name != said.get("asked_by")
        and signing.verified(sign_public(known[name]), "approval", identity.realm, asked.message, signature)
    }
    if len({known[name] for name in behind}) < APPROVALS:
        raise Refused("fewer than two officers approved")
    return said


def carry_out(engine: Engine, identity: Identity, asked: Asked, folder: Path, now_us: int) -> list[str]:
    """Take the values of the named changes wherever the province has them; the centres it told. Again changes nothing.

    Raises Refused. Their old bytes are gone from the database's own files when it returns.
    """
    with store.reading(engine) as connection:
        said = must_hold(connection, asked, identity)
    keep(folder, asked, said)

    def work(connection: Connection) -> list[str]:
        return redact(Books(connection, identity.realm, identity.sign_key, now_us), asked, said)

    with store.reading(engine) as connection:
        first = connection.execute(select(CENTRE.c.centre_id).order_by(CENTRE.c.centre_id)).scalars().first()
    told = store.locked(engine, first, work) if first else []
    sweep(engine)
    return told


def redact(books: Books, asked: Asked, said: dict[str, Any]) -> list[str]:
    """Carry an order out in one transaction: bodies become stubs, documents are made again, desks are told.

    What it names and no centre has may come yet, from a desk that fills a restored province: without its values.
    """
    connection = books.connection
    if connection.execute(_KNOWN, {"order": said["order"]}).first():
        return []
    ids: Sequence[str] = said["changes"]
    centres: dict[str, list[str]] = {}
    for row in connection.execute(_HERE, {"ids": list(ids)}):
        centres.setdefault(row.centre_id, []).append(row.change_id)
    for centre_id in sorted(centres):
        store.must_hold(connection, centre_id)
    whole = {"order_id": said["order"], "message": asked.message, "signature": asked.signature}
    connection.execute(insert(ORDER), whole)
    if missing := sorted(set(ids) - {each for some in centres.values() for each in some}):
        for centre_id in connection.execute(select(CENTRE.c.centre_id)).scalars().all():
            books.put_redacted(centre_id, missing, said["order"])
    for centre_id, named in sorted(centres.items()):
        for change in connection.execute(_BODIES, {"centre": centre_id, "ids": named}).all():
            if change.body is not None and change.salt is not None:
                kept = commits.stub(Sealed(change.header, change.body, None)).body
                where = {"centre": centre_id, "desk": change.desk_id, "at": change.seq}
                connection.execute(_STUB, {**where, "kept": kept})
        books.put_redacted(centre_id, named, said["order"])
        feed.refold(connection, centre_id)
        look_up.again(connection, look_up.key_of(books.sign_key), centre_id)
        books.of(centre_id).say(asked.message, asked.signature)
        books.flush()
    return sorted(centres)


def named(connection: Connection, centre_id: str, change_ids: Sequence[str]) -> set[str]:
    """Those of these changes of a centre whose values an order took."""
    return set(connection.execute(_NAMED, {"centre": centre_id, "ids": list(change_ids)}).scalars())


def tell(books: Books, centre_id: str, change_ids: Sequence[str]) -> None:
    """Give the orders that took the values of these changes a place in the centre's feed, where they have none."""
    for order in books.connection.execute(_BEHIND, {"centre": centre_id, "ids": list(change_ids)}).all():
        if not books.connection.execute(_SAID, {"centre": centre_id, "said": order.message}).first():
            books.of(centre_id).say(order.message, order.signature)


def keep(folder: Path, asked: Asked, said: dict[str, Any]) -> None:
    """Lay the order beside the database: a backup from before it doesn't know of it."""
    beside.keep(folder, FOLDER, said["order"], dumped(asked))


def kept(folder: Path) -> list[Asked]:
    """Every order ever carried out here. Raises Refused for a file that is none."""
    return [loaded(text) for text in beside.kept(folder, FOLDER)]


def sweep(engine: Engine) -> None:
    """Take old bytes out of the database's own files: its log on SQLite, dead rows on PostgreSQL."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            for table in ("change", "document"):
                connection.exec_driver_sql(f"VACUUM FULL {table}")
