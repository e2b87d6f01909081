"""Syncing by a stick, for a centre without a link: what waits goes out as a courier file, the answer comes in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy.orm import Session

from db import feed, journal, settings
from desktop import wire
from desktop.domain.changed import Changed
from desktop.domain.faults import Known
from desktop.seal import commits, courier
from desktop.seal.courier import PROVINCE, Label, Part
from desktop.sync import link, round_trip
from desktop.sync.enrol import box_key
from desktop.sync.link import Desk, Link
from desktop.sync.pull import Diverged, fold, latest
from desktop.sync.push import MOST_CHANGES, answered, ask, fitting, stand


@dataclass(frozen=True, slots=True)
class Taken:
    """What an answer came to. `news`: it is younger than all this desk heard before; an older one changes nothing.

    `more`: the province has more than one answer holds: write and read another.
    """

    news: bool
    acked_seq: int
    cursor: int
    pulled: int
    more: bool
    changed: Changed


def write(desk: Desk) -> tuple[Label, list[bytes]]:
    """The parts of a courier that takes all that waits to the province, and asks for what is new there.

    Nothing changes here: what was sent counts once the answer was read. Raises Known: not-enrolled, commit-too-large,
    courier-too-large.
    """
    signer = desk.signer
    with desk.reading() as session:
        tie = link.load(session)
        first = feed.position(session).acked_seq + 1
        pushes = _waiting(session, signer.desk, first - 1)
        content = wire.pack(wire.CourierAsk(round_trip.greeting(session), pushes))
    last = commits.span(pushes[-1].commits[-1].message).last if pushes else first - 1
    name = courier.desk_name(signer.centre, signer.desk)
    label = Label(signer.realm, name, PROVINCE, first, last, desk.now() + tie.offset)
    try:
        parts = courier.split(content, label, signer.desk_key)
    except ValueError as error:
        raise Known("courier-too-large") from error
    return label, [_sealed(each, tie) for each in parts]


def read(desk: Desk, files: Sequence[bytes]) -> Taken:
    """Take the parts of an answer, in any order; taking them again, or an older one, changes nothing.

    Raises Known, and nothing is taken: not-enrolled, courier-damaged, courier-version, courier-not-ours, courier-mixed,
    courier-parts, courier-gap, province-forked; and for a page that doesn't hold, after those before it:
    province-garbled, courier-diverged.
    """
    with desk.reading() as session:
        tie = link.load(session)
    said, reply = _opened(desk, tie, files)
    at = said.issued_at - tie.offset
    with desk.reading() as session:
        cursor, news = feed.position(session).cursor, at > (settings.get(session, round_trip.LAST_SYNC) or 0)
        newest, _ = journal.tip(session, desk.signer.desk)
    if news and said.first > cursor + 1:
        raise Known("courier-gap")
    changed = Changed(frozenset(), frozenset())
    if news:
        try:
            stand(desk, reply.hello.seq, newest, reply.hello.hash)
        except Known as fault:
            round_trip.forked(desk, fault)
            raise
        for page in reply.pages:
            one = _folded(desk, tie, page, said.issued_at)
            changed = Changed(changed.kinds | one.kinds, changed.households | one.households)
        with desk.writing() as session:
            answered(session, desk.signer, reply.pushed, tie)
            round_trip.heard(session, reply.hello, at)
            link.learn(session, tie, desk.signer.realm, reply.hello.recovery_key, reply.hello.recovery_proof)
    with desk.reading() as session:
        now = feed.position(session)
    return Taken(news, now.acked_seq, now.cursor, now.cursor - cursor, news and now.cursor < reply.hello.head, changed)


def _waiting(session: Session, desk: str, after: int) -> tuple[wire.PushAsk, ...]:
    """Whole commits after `after` as pushes of the size of the wire's, until there is no more room."""
    pushes: list[wire.PushAsk] = []
    size = 0
    while size <= courier.ROOM and (batch := fitting(journal.unsent(session, desk, after, MOST_CHANGES))):
        pushes.append(ask(batch))
        after = commits.span(batch[-1].message).last
        size += sum(len(each.header) + len(each.body or b"") for commit in batch for each in commit.changes)
    return tuple(pushes)


def _sealed(part: Part, tie: Link) -> bytes:
    return courier.seal(wire.pack(wire.Parcel(part.label, part.signature, part.share)), tie.courier_key)


def _opened(desk: Desk, tie: Link, files: Sequence[bytes]) -> tuple[Label, wire.CourierReply]:
    """The answer, once the province signed every part of it for this desk."""
    signer = desk.signer
    name = courier.desk_name(signer.centre, signer.desk)
    with desk.reading() as session:
        box = box_key(session)
    parts: list[tuple[Label, bytes]] = []
    try:
        for data in files:
            parcel = wire.unpack(courier.unseal(data, box), wire.Parcel)
            part = Part(parcel.label, parcel.signature, parcel.share)
            parts.append((courier.believed(part, tie.sign_key, realm=signer.realm, to=name), parcel.share))
        said, content = courier.joined(parts)
        return said, wire.unpack(content, wire.CourierReply, courier.MOST_CONTENT)
    except wire.Garbled as error:
        raise Known("courier-damaged") from error


def _folded(desk: Desk, tie: Link, page: wire.PullReply, issued_at: int) -> Changed:
    """Fold what of a page this desk doesn't have yet: the wire may have brought some since it asked."""
    with desk.writing() as session:
        cursor = feed.position(session).cursor
        entries = tuple(each for each in page.entries if each.sseq + len(each.effective) - 1 > cursor)
        notices = tuple(each for each in page.notices if each.sseq > cursor)
        rest = msgspec.structs.replace(page, entries=entries, notices=notices)
        try:
            return fold(session, desk.signer, rest, tie, latest(issued_at))
        except Diverged as error:
            raise Known("courier-diverged") from error
