"""The centre's feed to this desk: page by page, each verified and folded in one transaction."""

from __future__ import annotations

from sqlalchemy.orm import Session

from db import feed
from desktop import wire
from desktop.domain import hlc
from desktop.domain.changed import Changed
from desktop.domain.faults import Known
from desktop.seal import keys, signing
from desktop.seal.commits import Signer
from desktop.seal.keys import SignPublic
from desktop.seal.refused import Refused
from desktop.sync import shapes, sizes
from desktop.sync.link import Caller, Desk
from desktop.sync.push import judged

_DAY_US = 86_400_000_000


def pull(desk: Desk, caller: Caller, province: SignPublic, page: int = wire.MOST_CHANGES) -> tuple[int, Changed]:
    """Fold everything up to the feed's head: how many changes came, and what they changed.

    Raises Known: what `Caller.call` does; province-garbled for a page that doesn't hold, of which nothing is kept.
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
        count = sum(len(each.effective) for each in reply.entries)
        with desk.writing() as session:
            if feed.position(session).cursor != cursor:
                continue  # another sync of this desk folded meanwhile: asked again from there
            changed = fold(session, desk.signer, reply, province, latest(desk.now() + caller.offset))
            sizes.went(session, "pull", page, more=cursor + count < reply.head)
        caller.tally.pulled += count
        came, kinds, households = came + count, kinds | changed.kinds, households | changed.households
        if cursor + count >= reply.head:
            return came, Changed(kinds, households)
        if not count:
            raise Known("province-garbled")  # it says there is more and gives nothing


def fold(session: Session, signer: Signer, reply: wire.PullReply, province: SignPublic, not_after: str) -> Changed:
    """Fold one page that follows the desk's cursor, however it came. Raises Known("province-garbled"): roll back."""
    entries = [feed.Entry(each.sseq, each.effective, shapes.commit(each.commit)) for each in reply.entries]
    try:
        changed = feed.apply(session, entries, signer.realm, _keys(reply, signer.realm, province), not_after)
    except Refused as error:
        raise Known("province-garbled") from error
    feed.judge(session, signer.desk, judged(reply.judged))
    return changed


def latest(province_us: int) -> str:
    """The latest clock that is believed: a day past the province's time. A later one would hold this desk's clock."""
    return hlc.text(hlc.pack(province_us + _DAY_US))


def _keys(reply: wire.PullReply, realm: str, province: SignPublic) -> dict[str, SignPublic]:
    """The desks' keys as the province signed them. Raises Refused."""
    signing.verify(province, "directory", realm, wire.key_list(reply.keys), reply.keys_signature)
    return {desk: keys.sign_public(raw) for desk, raw in reply.keys.items()}
