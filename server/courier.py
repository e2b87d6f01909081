"""A desk's courier file taken in at the province, and the answer that goes back on the same stick (security 24)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import bindparam, select

from desktop import wire
from desktop.domain.faults import Known
from desktop.seal import courier, keys
from desktop.seal.courier import PROVINCE, Label, Part
from desktop.seal.keys import BoxPublic
from desktop.seal.refused import Refused
from server import exchange, inbox, shapes, store
from server.config import Province
from server.exchange import Caller
from server.store import DESK

_DESK = select(DESK.c.sign_key, DESK.c.box_key, DESK.c.lost_at).where(
    DESK.c.centre_id == bindparam("centre"), DESK.c.desk_id == bindparam("desk")
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a courier came to. `parts` are the files of the answer; `forked`: the desk has two pasts, which it learns by
    the answer."""

    said: Label
    label: Label
    acked_seq: int
    verdicts: dict[str, int]
    forked: bool
    parts: tuple[bytes, ...]


def take(province: Province, files: Sequence[bytes]) -> Answer:
    """Take in the parts of one courier, in any order; taking them again changes nothing and is answered again.

    Raises Known, and nothing is taken: courier-damaged, courier-version, courier-not-ours, courier-sender (a desk that
    isn't enrolled, or was revoked), courier-mixed, courier-parts.
    """
    said, content, caller, box = _opened(province, files)
    try:
        ask = wire.unpack(content, wire.CourierAsk, courier.MOST_CONTENT)
    except wire.Garbled as error:
        raise Known("courier-damaged") from error
    pushed, forked = _pushed(province, caller, ask.pushes)
    hello = exchange.hello(province, caller, ask.hello)
    reply = wire.CourierReply(hello, pushed, _pages(province, caller, ask.hello.cursor))
    end = max([ask.hello.cursor, *map(_end, reply.pages)])
    label = Label(
        said.realm, PROVINCE, courier.desk_name(caller.centre_id, caller.desk_id), ask.hello.cursor + 1, end,
        province.now(),
    )  # fmt: skip
    parts = courier.split(wire.pack(reply), label, province.identity.sign_key)
    sealed = tuple(courier.seal(wire.pack(wire.Parcel(one.label, one.signature, one.share)), box) for one in parts)
    verdicts = Counter[str](one.verdict for one in pushed.judged)
    return Answer(said, label, pushed.acked_seq, dict(verdicts), forked, sealed)


def _opened(province: Province, files: Sequence[bytes]) -> tuple[Label, bytes, Caller, BoxPublic]:
    """The content of parts that one enrolled desk signed for this province."""
    parts: list[tuple[Label, bytes]] = []
    identity = province.identity
    for data in files:
        try:
            parcel = wire.unpack(courier.unseal(data, identity.courier_key), wire.Parcel)
        except wire.Garbled as error:
            raise Known("courier-damaged") from error
        caller, _ = _sender(province, courier.label(parcel.label).sender)
        part = Part(parcel.label, parcel.signature, parcel.share)
        parts.append((courier.believed(part, caller.key, realm=identity.realm, to=PROVINCE), parcel.share))
    said, content = courier.joined(parts)
    return said, content, *_sender(province, said.sender)


def _sender(province: Province, name: str) -> tuple[Caller, BoxPublic]:
    """The desk a label names; by its key alone it is believed."""
    centre_id, _, desk_id = name.partition("/")
    with store.reading(province.engine) as connection:
        row = connection.execute(_DESK, {"centre": centre_id, "desk": desk_id}).one_or_none()
    if row is None or row.lost_at is not None:
        raise Known("courier-sender")
    return Caller(centre_id, desk_id, keys.sign_public(row.sign_key)), keys.box_public(row.box_key)


def _pushed(province: Province, caller: Caller, pushes: Sequence[wire.PushAsk]) -> tuple[wire.PushReply, bool]:
    """Every push as if it had come by the wire. A desk that is ahead, or forked, learns from the answer where it is."""
    judged: list[wire.Judged] = []
    forked = False
    try:
        for push in pushes:
            judged += exchange.push(province, caller, [shapes.commit(each) for each in push.commits]).judged
    except inbox.Expected:
        pass
    except inbox.Forked:
        forked = True
    except Refused as error:
        raise Known("courier-damaged") from error
    last = exchange.push(province, caller, [])
    return msgspec.structs.replace(last, judged=tuple(judged)), forked


def _pages(province: Province, caller: Caller, cursor: int) -> tuple[wire.PullReply, ...]:
    """The feed after `cursor`: to its head, or until there is no more room; one page at least, for its verdicts."""
    pages: list[wire.PullReply] = []
    size = 0
    while True:
        page = exchange.pull(province, caller, cursor, wire.MOST_CHANGES)
        pages.append(page)
        size += sum(_size(each.commit) for each in page.entries)
        end = _end(page)
        if end <= cursor or end >= page.head or size > courier.ROOM:
            return tuple(pages)
        cursor = end


def _end(page: wire.PullReply) -> int:
    """The last place of a page, 0 for an empty one."""
    ends = [each.sseq + len(each.effective) - 1 for each in page.entries]
    return max([0, *ends, *(each.sseq for each in page.notices)])


def _size(commit: wire.Transaction) -> int:
    return len(commit.message) + sum(len(each.header) + len(each.body or b"") for each in commit.changes)
