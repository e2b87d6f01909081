"""Beginning from a snapshot of the centre, and fetching the history behind it a little at a time."""

from __future__ import annotations

from sqlalchemy.orm import Session

from db import feed, scope, settings
from db import snapshot as kept
from desktop import wire
from desktop.domain import merging
from desktop.domain.changed import Changed
from desktop.domain.faults import Known
from desktop.seal import keys
from desktop.seal.refused import Refused
from desktop.sync.link import Caller, Desk, Link
from desktop.sync.pull import FEED_ID, opened
from desktop.sync.push import judged

FROM = 1_000
"""A desk that has folded nothing takes a snapshot of a feed longer than this; a shorter one is quicker pulled."""
_ON_WAY = "snapshot"
_HISTORY_PAGE = 500
_MOST = 256 * 1024 * 1024
_AGAIN = 3


def wanted(session: Session, hello: wire.HelloReply) -> str:
    """Why this desk must begin from a snapshot now: `first`, `restored`, `asked`, `redaction`, `rules`; else empty.

    `rules`: it began from one that was folded by others than this program's and the province's.
    """
    known = settings.get(session, FEED_ID)
    if known and known != hello.feed_id:
        return "restored"
    if not known and feed.position(session).cursor == 0 and hello.head > FROM:
        return "first"
    if why := settings.get(session, scope.WANTED):
        return str(why)
    begun = kept.begun(session)
    mine = merging.fold_version()
    if begun is not None and begun["fold_version"] != mine == hello.fold_version:
        return "rules"
    return ""


def take(desk: Desk, caller: Caller, tie: Link) -> Changed:
    """Begin from a snapshot; unsent work stays on top. Cut anywhere, it goes on from the pieces that came.

    Raises Known: what `Caller.call` does; province-garbled for a manifest or piece that doesn't hold.
    """
    manifest = _fetched(desk, caller, tie)
    try:
        with desk.reading() as session:
            whole = wire.unpack(kept.joined(session), wire.Snapshot, _MOST)
        taken = _taken(whole, desk.signer.realm, tie)
        with desk.writing() as session:
            changed = kept.begin(session, desk.signer.desk, manifest, taken)
            kept.drop(session)
            settings.put(session, kept.MANIFEST, settings.get(session, _ON_WAY))
            settings.put(session, _ON_WAY, None)
            settings.put(session, FEED_ID, manifest.feed_id)
    except (Refused, ValueError) as error:  # wire.Garbled is one
        with desk.writing() as session:
            _begin_way(session, None)
        raise Known("province-garbled") from error
    return changed


def _fetched(desk: Desk, caller: Caller, tie: Link) -> kept.Manifest:
    """The manifest of a snapshot all of whose pieces are here.

    The province drops one when its time is over or the past was changed, and then knows its pieces no more: this desk
    asks for a new one.
    """
    manifest = _manifest(desk, caller, tie)
    for _ in range(_AGAIN):
        try:
            _fetch(desk, caller, manifest)
            return manifest
        except Known as fault:
            if fault.code != "province-unknown-desk":
                raise
            before, manifest = manifest, _manifest(desk, caller, tie)
            if manifest == before:
                raise
    raise Known("province-trouble")


def _fetch(desk: Desk, caller: Caller, manifest: kept.Manifest) -> None:
    with desk.reading() as session:
        missing = kept.missing(session, manifest)
    for place in missing:
        piece = caller.call("GET", f"/snapshot/{manifest.snapshot}/{place}", wire.SnapshotPiece)
        try:
            with desk.writing() as session:
                kept.put(session, manifest, place, piece.data)
        except Refused as error:
            raise Known("province-garbled") from error


def _manifest(desk: Desk, caller: Caller, tie: Link) -> kept.Manifest:
    """The manifest of the snapshot on its way; a new one where there is none, it expired, or was given up there."""
    reply = caller.call("POST", "/snapshot", wire.SnapshotReply)
    try:
        manifest = kept.opened(reply.manifest, reply.signature, desk.signer.realm, tie.sign_key)
    except Refused as error:
        raise Known("province-garbled") from error
    if manifest.desk != desk.signer.desk or manifest.expires_at <= desk.now() + caller.offset:
        raise Known("province-garbled")
    said = {"message": reply.manifest.hex(), "signature": reply.signature.hex()}
    with desk.writing() as session:
        if settings.get(session, _ON_WAY) != said:
            _begin_way(session, said)
    return manifest


def _begin_way(session: Session, said: dict[str, str] | None) -> None:
    kept.drop(session)
    settings.put(session, _ON_WAY, said)


def _taken(whole: wire.Snapshot, realm: str, tie: Link) -> kept.Taken:
    """What the pieces say. Raises Refused for an order the root didn't give."""
    root = keys.sign_public(tie.root_key)
    orders = [kept.order(each.message, each.signature, realm, tie.sign_key, root) for each in whole.orders]
    documents = [(each.kind, each.entity_id, each.text) for each in whole.documents]
    return kept.Taken(documents, judged(whole.judged), whole.last_seq, orders)


def history(desk: Desk, caller: Caller, tie: Link, pages: int = 4) -> bool:
    """Fetch some of what led up to the snapshot; whether more is left. Raises Known as `Caller.call`,
    province-garbled."""
    for _ in range(pages):
        with desk.reading() as session:
            base, lowest = feed.position(session).base, kept.lowest(session)
        if not base or lowest <= 1:
            return False
        reply = caller.call("GET", f"/pull?before={lowest}&limit={_HISTORY_PAGE}", wire.PullReply)
        if not reply.entries and not reply.notices:
            raise Known("province-garbled")
        try:
            rows, listing = opened(reply, desk.signer.realm, tie)
            with desk.writing() as session:
                kept.keep_history(session, desk.signer.desk, desk.signer.realm, rows, listing)
        except (Refused, wire.Garbled) as error:
            raise Known("province-garbled") from error
    return True
