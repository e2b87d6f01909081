"""Own commits to the province: oldest first, whole, as often as needed. Sending twice changes nothing."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from db import feed, journal, settings
from desktop import wire
from desktop.domain.faults import Known
from desktop.seal import anchors, commits
from desktop.seal.commits import Commit, Signer
from desktop.seal.refused import Refused
from desktop.sync import shapes, sizes
from desktop.sync.link import Caller, Desk, Expected, Link

MOST_CHANGES = 500
_ROOM = wire.MOST_BYTES - 65_536
_REWINDS = 3
_ALL = 1 << 31


def push(desk: Desk, caller: Caller) -> int:
    """Send until the province has all; returns how many changes it took. Verdicts are kept as they come.

    Raises Known: what `Caller.call` does, and commit-too-large.
    """
    took, rewinds = 0, 0
    while True:
        with desk.reading() as session:
            after = feed.position(session).acked_seq
            size = sizes.size(session, "push", MOST_CHANGES)
            batch = fitting(journal.unsent(session, desk.signer.desk, after, size))
            newest, _ = journal.tip(session, desk.signer.desk)
        if not batch:
            return took
        try:
            reply = caller.call("POST", "/push", wire.PushReply, ask(batch))
        except Expected as expected:
            rewinds += 1
            if rewinds > _REWINDS:
                raise Known("province-garbled") from expected
            stand(desk, expected.seq - 1, newest)
            continue
        except Known as fault:
            sizes.note(desk, caller.tally, "push", MOST_CHANGES, fault)
            raise
        if not commits.span(batch[-1].message).last <= reply.acked_seq <= newest:
            raise Known("province-garbled")
        with desk.writing() as session:
            answered(session, desk.signer, reply, caller.tie)
            sizes.went(session, "push", MOST_CHANGES, more=reply.acked_seq < newest)
        count = sum(len(each.changes) for each in batch)
        took += count
        caller.tally.pushed += count


def last(desk: Desk, caller: Caller) -> None:
    """One push of as much as fits, for a desk that has no second. Raises Expected, and Known as `push` does."""
    with desk.reading() as session:
        batch = fitting(journal.unsent(session, desk.signer.desk, feed.position(session).acked_seq, _ALL))
    if batch:
        reply = caller.call("POST", "/push", wire.PushReply, ask(batch))
        with desk.writing() as session:
            answered(session, desk.signer, reply, caller.tie)


def answered(session: Session, signer: Signer, reply: wire.PushReply, tie: Link) -> None:
    """Keep what the province said of a push, however it came. Raises Known("province-garbled")."""
    feed.acked(session, reply.acked_seq, reply.durable_seq)
    feed.judge(session, signer.desk, judged(reply.judged))
    if reply.countersigned:
        try:
            anchor = anchors.believed(reply.countersigned, reply.countersignature, signer.realm, tie.sign_key)
        except Refused as error:
            raise Known("province-garbled") from error
        settings.put(session, journal.ANCHOR, anchor)


def stand(desk: Desk, acked: int, newest: int, digest: str = "") -> None:
    """Note that the province has own changes up to `acked`: fewer after it was restored, and then they go again.

    Raises Known("province-forked") where it has more than there are here, or others: `digest` is the hash it holds.
    """
    if not 0 <= acked <= newest:
        raise Known("province-forked")
    with desk.writing() as session:
        if acked and digest and journal.ended_by(session, desk.signer.desk, acked) != digest:
            raise Known("province-forked")
        feed.acked(session, acked, min(acked, feed.position(session).durable_seq))


def judged(said: Sequence[wire.Judged]) -> list[feed.Judged]:
    """The province's verdicts as the desk keeps them."""
    return [feed.Judged(one.first, one.last, one.verdict, one.reason) for one in said]


def ask(batch: Sequence[Commit]) -> wire.PushAsk:
    """The commits as they are sent."""
    return wire.PushAsk(tuple(shapes.transaction(each) for each in batch))


def fitting(batch: Sequence[Commit]) -> list[Commit]:
    """As many as fit one request. Raises Known("commit-too-large") where the first doesn't."""
    size, kept = 0, list[Commit]()
    for each in batch:
        size += shapes.size(each)
        if size > _ROOM:
            break
        kept.append(each)
    if batch and not kept:
        raise Known("commit-too-large")
    return kept
