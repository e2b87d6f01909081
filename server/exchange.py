"""What a desk and its province exchange, whatever carried it: the wire or a courier's stick."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, bindparam, select, update

from desktop import wire
from desktop.domain import merging
from desktop.domain.changes import SCHEMA
from desktop.seal import anchors
from desktop.seal.commits import Commit
from desktop.seal.keys import SignPublic, sign_public
from desktop.seal.refused import Refused
from server import config, directory, enrol, feed, inbox, look_up, orders, reports, shapes, store
from server.books import Books
from server.config import Province
from server.feed import Page
from server.store import DESK

_ONCE = (
    update(DESK)
    .where(
        DESK.c.centre_id == bindparam("centre"), DESK.c.desk_id == bindparam("desk"), DESK.c.lost_at.is_not(None)
    )
    .values(last_push="made")
)  # fmt: skip


_CHAINS = select(DESK.c.desk_id, DESK.c.last_seq, DESK.c.last_hash).where(DESK.c.centre_id == bindparam("centre"))
_KEY = select(DESK.c.sign_key).where(DESK.c.centre_id == bindparam("centre"), DESK.c.desk_id == bindparam("desk"))


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, by the key that signed: the only place a centre comes from."""

    centre_id: str
    desk_id: str
    key: SignPublic


def hello(
    province: Province, caller: Caller, ask: wire.HelloAsk, open_elsewhere: dict[str, str] | None = None
) -> wire.HelloReply:
    """Where the province stands with a desk. `open_elsewhere`: household → the other desk that has it open."""
    if ask.report is not None:
        reports.keep(province.engine, caller.centre_id, caller.desk_id, ask.report, province.now())
    if ask.series and ask.spare < enrol.SPARE:
        with store.writing(province.engine, caller.centre_id) as connection:
            enrol.top_up(connection, caller.centre_id, caller.desk_id, ask.series, ask.spare)
    found = dict[str, bool]()
    if ask.intakes:
        key = look_up.key_of(province.identity.sign_key)
        asked = caller.centre_id, caller.desk_id, ask.intakes[: 2 * look_up.A_DAY]
        with store.writing(province.engine, caller.centre_id) as connection:
            found = look_up.answer(connection, key, *asked, province.now())
    with store.reading(province.engine) as connection:
        stands = feed.standing(connection, caller.centre_id, caller.desk_id)
        series = enrol.series_of(connection, caller.centre_id, caller.desk_id)
        feed_id = config.feed_id(connection)
    return wire.HelloReply(
        wire.PROTOCOL, SCHEMA, merging.fold_version(), province.now(), stands.last_seq, stands.last_hash, stands.head,
        series, feed_id, stands.durable_seq, "", bool(stands.begin_again), open_elsewhere or {}, found,
        province.identity.recovery_public, province.identity.recovery_proof,
    )  # fmt: skip


def push(province: Province, caller: Caller, sent: Sequence[Commit]) -> wire.PushReply:
    """Take a desk's commits. Raises Refused for what can't be believed, Expected and Forked."""
    return take(province, caller, sent)


def take(province: Province, caller: Caller, sent: Sequence[Commit], *, relayed: bool = False) -> wire.PushReply:
    """Take commits of the desk that is `caller`, from itself or `relayed` by another of its centre. Raises as `push`.

    What is relayed was written before this telling of the feeds began, and doesn't count as that desk's own word.
    """
    now, identity = province.now(), province.identity
    with store.reading(province.engine) as connection:
        before = inbox.predecessors(connection, caller.centre_id, caller.desk_id)
        since = config.told_since(connection)

    def redacted(ids: Sequence[str]) -> set[str]:
        with store.reading(province.engine) as connection:
            return orders.named(connection, caller.centre_id, ids)

    proven = inbox.prove(sent, identity.realm, caller.desk_id, caller.key, now, before, redacted, since)
    if relayed and not all(inbox.older(change, since) for one in proven for change in one.changes):
        raise Refused("only what a restored province lost is relayed")
    mine = {"centre": caller.centre_id, "desk": caller.desk_id}

    def stored(connection: Connection) -> tuple[list[inbox.Judged], feed.Standing]:
        books = Books(connection, identity.realm, identity.sign_key, now)
        _, judged = inbox.accept(books, caller.centre_id, caller.desk_id, proven, relayed=relayed)
        if not relayed:
            connection.execute(_ONCE, mine)
        return judged, feed.standing(connection, caller.centre_id, caller.desk_id)

    judged, stands = store.locked(province.engine, caller.centre_id, stored)
    verdicts = tuple(wire.Judged(one.first, one.last, verdict(one.verdict), one.reason) for one in judged)
    seen, signature = countersigned(province, caller, stands, now)
    return wire.PushReply(stands.last_seq, stands.durable_seq, now, verdicts, seen, signature)


def chains(province: Province, caller: Caller) -> wire.ChainsReply:
    """How far the province has the chains of the other desks of the caller's centre."""
    with store.reading(province.engine) as connection:
        rows = connection.execute(_CHAINS, {"centre": caller.centre_id}).all()
    return wire.ChainsReply(tuple(wire.Chain(*row) for row in rows if row.desk_id != caller.desk_id))


def relay(province: Province, caller: Caller, desk_id: str, sent: Sequence[Commit]) -> wire.PushReply | None:
    """Take commits of another desk of the caller's centre; None where there is none of this id. Raises as `push`."""
    with store.reading(province.engine) as connection:
        key = connection.execute(_KEY, {"centre": caller.centre_id, "desk": desk_id}).scalar()
    if key is None:
        return None
    return take(province, Caller(caller.centre_id, desk_id, sign_public(key)), sent, relayed=True)


def countersigned(province: Province, caller: Caller, stands: feed.Standing, now_us: int) -> tuple[bytes, bytes]:
    """What the province saw of a desk's chain at this moment, signed: later entries can't be dated before it."""
    identity = province.identity
    seen = anchors.Anchor(caller.desk_id, stands.last_seq, stands.last_hash, stands.head, now_us)
    return anchors.countersign(identity.sign_key, identity.realm, seen)


def pull(province: Province, caller: Caller, after: int, most: int) -> wire.PullReply:
    """What follows place `after` of the caller's centre."""
    with store.reading(province.engine) as connection:
        page = feed.pull(connection, caller.centre_id, caller.desk_id, after, most)
        feed_id = config.feed_id(connection)
    now = province.now()
    with store.writing(province.engine, caller.centre_id) as connection:
        feed.reached(connection, caller.centre_id, caller.desk_id, min(after, page.stands.head))
        if after + sum(row.length for row in page.rows) >= page.stands.head:
            feed.seen(connection, caller.centre_id, caller.desk_id, now)
    return _reply(province, page, feed_id)


def history(province: Province, caller: Caller, before: int, most: int) -> wire.PullReply:
    """What leads up to place `before`."""
    with store.reading(province.engine) as connection:
        page = feed.history(connection, caller.centre_id, caller.desk_id, before, most)
        return _reply(province, page, config.feed_id(connection))


def _reply(province: Province, page: Page, feed_id: str) -> wire.PullReply:
    listed, signature = directory.signed(province.identity, page.listed)
    return wire.PullReply(
        page.stands.head,
        province.now(),
        page.stands.last_seq,
        tuple(wire.Entry(each.sseq, each.effective, shapes.transaction(each.commit)) for each in page.entries),
        tuple(wire.Notice(each.sseq, each.message, each.signature) for each in page.notices),
        tuple(wire.Judged(first, last, verdict(said), why) for first, last, said, why in page.judged),
        listed,
        signature,
        tuple(wire.Order(*each) for each in page.orders),
        tuple(wire.Mark(*each) for each in page.marks),
        page.stands.durable_seq,
        feed_id,
        merging.fold_version(),
    )


def verdict(text: str) -> wire.Verdict:
    """A stored verdict as the wire knows it."""
    found: wire.Verdict = msgspec.convert(text, wire.Verdict)
    return found
