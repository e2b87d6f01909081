"""The centre's feed to this desk: page by page, each verified and folded in one transaction."""

from __future__ import annotations

from sqlalchemy.orm import Session

from db import feed, journal, origin, scope, settings
from desktop import wire
from desktop.domain import hlc, merging
from desktop.domain.changed import Changed
from desktop.domain.faults import Known
from desktop.seal import keys, notices, signing
from desktop.seal.commits import Signer
from desktop.seal.refused import Refused
from desktop.sync import shapes, sizes
from desktop.sync.link import Caller, Desk, Link
from desktop.sync.push import judged

FEED_ID = "feed_id"
"""Setting: which telling of the feed the places here are of."""
_DAY_US = 86_400_000_000


class Diverged(Exception):
    """The same feed made another state here than at the province, or is told anew: this desk begins again from a
    snapshot."""


def pull(desk: Desk, caller: Caller, tie: Link, page: int = wire.MOST_CHANGES) -> tuple[int, Changed]:
    """Fold everything up to the feed's head, or to where this desk finds that it must begin from a snapshot: how many
    changes came, and what they changed.

    Raises Known: what `Caller.call` does; province-garbled for a page that doesn't hold, of which nothing is kept.
    Raises
    Diverged where a state hash differs.
    """
    came, kinds, households = 0, frozenset[str](), frozenset[str]()
    while True:
        with desk.reading() as session:
            cursor, most = feed.position(session).cursor, sizes.size(session, "pull", page)
        try:
            reply = caller.call("GET", f"/pull?after={cursor}&limit={most}", wire.PullReply)
        except Known as fault:
            sizes.note(desk, caller.tally, "pull", page, fault)
            raise
        count = sum(len(each.effective) for each in reply.entries) + len(reply.notices)
        with desk.writing() as session:
            if feed.position(session).cursor != cursor:
                continue  # another sync of this desk folded meanwhile: asked again from there
            changed = fold(session, desk.signer, reply, tie, latest(desk.now() + caller.offset))
            sizes.went(session, "pull", page, more=cursor + count < reply.head)
            anew = bool(settings.get(session, scope.WANTED))
        caller.tally.pulled += count
        came, kinds, households = came + count, kinds | changed.kinds, households | changed.households
        if anew or cursor + count >= reply.head:
            return came, Changed(kinds, households)
        if not count:
            raise Known("province-garbled")  # it says there is more and gives nothing


def fold(session: Session, signer: Signer, reply: wire.PullReply, tie: Link, not_after: str) -> Changed:
    """Fold one page that follows the desk's cursor, however it came. Raises Known("province-garbled"): roll back.

    Raises Diverged where the page is of another telling of the feed, for its places mean nothing here; and, rolling
    nothing back by itself, where the state is another than the province's at that place.
    """
    if (known := settings.get(session, FEED_ID)) and known != reply.feed_id:
        raise Diverged
    settings.put(session, FEED_ID, reply.feed_id)
    try:
        rows, listing = opened(reply, signer.realm, tie)
        changed = feed.apply(session, rows, signer.realm, listing, not_after, desk=signer.desk)
    except (Refused, wire.Garbled) as error:
        raise Known("province-garbled") from error
    feed.judge(session, signer.desk, judged(reply.judged))
    feed.mark(session, "durable_seq", min(reply.durable_seq, feed.position(session).acked_seq))
    scope.durable(session, signer.desk, feed.position(session).durable_seq)
    held_whole = feed.unknown(session) is None and not settings.get(session, scope.WANTED)
    if reply.fold_version == merging.fold_version() and held_whole:
        cursor = feed.position(session).cursor
        if any(mark.sseq == cursor and mark.state != journal.state(session) for mark in reply.marks):
            raise Diverged
    return changed


def opened(reply: wire.PullReply, realm: str, tie: Link) -> tuple[list[feed.Entry | feed.Notice], origin.Listing]:
    """The rows of a page in order, its notices believed, and whose keys count for it. Raises Refused, Garbled."""
    signing.verify(tie.sign_key, "directory", realm, reply.directory, reply.directory_signature)
    listed = wire.directory(reply.directory)
    root = keys.sign_public(tie.root_key)
    redacted: set[str] = set()
    for order in reply.orders:
        redacted |= set(notices.opened(order.message, order.signature, realm, tie.sign_key, root)["changes"])
    rows: list[feed.Entry | feed.Notice] = [
        feed.Entry(each.sseq, each.effective, shapes.commit(each.commit)) for each in reply.entries
    ]
    for each in reply.notices:
        said = notices.opened(each.message, each.signature, realm, tie.sign_key, root)
        rows.append(feed.Notice(each.sseq, said, each.message, each.signature))
    actors: dict[tuple[str, str], list[bytes]] = {}
    for key in listed:
        if key.actor:
            actors.setdefault((key.desk, key.actor), []).append(key.sign_key)
    listing = origin.Listing(
        {key.desk: keys.sign_public(key.sign_key) for key in listed if not key.actor},
        actors,
        {key.desk: key.instead_of for key in listed if key.instead_of},
        {key.desk: key.through for key in listed if key.through is not None},
        frozenset(redacted),
    )
    return sorted(rows, key=lambda row: row.sseq), listing


def latest(province_us: int) -> str:
    """The latest clock that is believed: a day past the province's time. A later one would hold this desk's clock."""
    return hlc.text(hlc.pack(province_us + _DAY_US))
