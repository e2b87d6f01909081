"""A desk whose chain forked goes on under another id; the branch that lost stays here as evidence (security 11)."""

from __future__ import annotations

import msgspec
from sqlalchemy import BigInteger as Big
from sqlalchemy import Column, Connection, LargeBinary, Table, Text, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from desktop import wire
from desktop.domain import identifiers
from desktop.seal import commits, signing
from desktop.seal.commits import Commit, Sealed
from desktop.seal.keys import sign_public
from desktop.seal.refused import Refused
from server import enrol, exchange, shapes, store
from server.config import Province
from server.exchange import Caller
from server.store import CHANGE, DESK, SIGNED_COMMIT, metadata

EVIDENCE = Table(
    "evidence",
    metadata,
    Column("centre_id", Text, primary_key=True),
    Column("desk_id", Text, primary_key=True),
    Column("new_desk", Text, primary_key=True),
    Column("first", Big, primary_key=True),
    Column("received_at", Big, nullable=False),
    Column("signed", LargeBinary, nullable=False),
)
"""A commit of a branch that lost: message, signatures and headers as they were signed; its bodies came again."""

_MOST = 500
_MOST_BYTES = wire.MOST_BYTES // 2
_OWN = (
    select(SIGNED_COMMIT)
    .where(
        SIGNED_COMMIT.c.centre_id == bindparam("centre"), SIGNED_COMMIT.c.desk_id == bindparam("desk"),
        SIGNED_COMMIT.c.first > bindparam("after"),
    )
    .order_by(SIGNED_COMMIT.c.first)
    .limit(_MOST)
)  # fmt: skip
_CHANGES = (
    select(CHANGE.c.header, CHANGE.c.body, CHANGE.c.salt)
    .where(
        CHANGE.c.centre_id == bindparam("centre"), CHANGE.c.desk_id == bindparam("desk"),
        CHANGE.c.seq.between(bindparam("first"), bindparam("last")),
    )
    .order_by(CHANGE.c.seq)
)  # fmt: skip
_LAST = select(DESK.c.last_seq).where(DESK.c.centre_id == bindparam("centre"), DESK.c.desk_id == bindparam("desk"))
_KNOWN = select(DESK.c.instead_of).where(DESK.c.desk_id == bindparam("desk"))
_KEEP = {
    name: dialect.insert(EVIDENCE).on_conflict_do_nothing()
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}
_encoder = msgspec.msgpack.Encoder()


def own(province: Province, caller: Caller, after: int) -> wire.OwnReply:
    """The caller's own commits after `after`, as many as fit: a restored desk holds its chain against them."""
    mine = {"centre": caller.centre_id, "desk": caller.desk_id}
    sent: list[wire.Transaction] = []
    judged: list[wire.Judged] = []
    size = 0
    with store.reading(province.engine) as connection:
        last = connection.execute(_LAST, mine).scalar_one()
        for row in connection.execute(_OWN, {**mine, "after": after}).all():
            span = {**mine, "first": row.first, "last": row.last}
            changes = tuple(Sealed(*each) for each in connection.execute(_CHANGES, span))
            size += len(row.message) + sum(len(each.header) + len(each.body or b"") for each in changes)
            if sent and size > _MOST_BYTES:
                break
            commit = Commit(row.message, row.actor, row.desk_signature, row.actor_signature, changes)
            sent.append(shapes.transaction(commit))
            reason = "" if row.verdict == "accepted" else row.reason
            judged.append(wire.Judged(row.first, row.last, exchange.verdict(row.verdict), reason))
    return wire.OwnReply(tuple(sent), last, tuple(judged))


def join(province: Province, caller: Caller, ask: wire.IncarnationAsk) -> wire.IncarnationReply | None:
    """Make the new desk known in the caller's place, and keep the evidence; None where that can't be.

    Raises Refused for a branch that isn't the caller's own. A desk whose reply was lost may ask again.
    """
    realm, now = province.identity.realm, province.now()
    said = wire.incarnation(caller.desk_id, ask.desk, ask.sign_key, ask.box_key, ask.after)
    try:
        identifiers.parse(ask.desk)
    except ValueError as error:
        raise Refused("a desk without an id") from error
    if len(ask.sign_key) != 32 or len(ask.box_key) != 32:
        raise Refused("a desk without its keys")
    signing.verify(sign_public(ask.sign_key), "incarnation", realm, said, ask.proof)
    rows = [_evidence(caller, realm, ask.desk, each, now) for each in ask.branch]
    with store.writing(province.engine, caller.centre_id) as connection:
        if not _takes_its_place(connection, caller, ask):
            return None
        series = enrol.register(connection, caller.centre_id, ask.desk, (ask.sign_key, ask.box_key), now)
        if series is None:
            return None
        enrol.takes_place_of(connection, caller.centre_id, ask.desk, caller.desk_id)
        if rows:
            connection.execute(_KEEP[connection.dialect.name], rows)
    return wire.IncarnationReply(series, now)


def _takes_its_place(connection: Connection, caller: Caller, ask: wire.IncarnationAsk) -> bool:
    """Whether the id is new, or was given in this desk's place before."""
    known = connection.execute(_KNOWN, {"desk": ask.desk}).one_or_none()
    return ask.desk != caller.desk_id and (known is None or known.instead_of == caller.desk_id)


def _evidence(caller: Caller, realm: str, new: str, sent: wire.Transaction, now_us: int) -> dict[str, object]:
    commit = shapes.commit(sent)
    said = commits.span(commit.message)
    if said.desk != caller.desk_id:
        raise Refused("another desk's commits are no evidence")
    signing.verify(caller.key, "commit", realm, commit.message, commit.desk_signature)
    return {
        "centre_id": caller.centre_id, "desk_id": caller.desk_id, "new_desk": new, "first": said.first,
        "received_at": now_us, "signed": _encoder.encode(sent),
    }  # fmt: skip
