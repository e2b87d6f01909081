"""Beginning from a snapshot of the centre, and fetching the history behind it a little at a time."""

from __future__ import annotations

from sqlalchemy.orm import Session

from db import feed, origin, settings
from db import snapshot as kept
from desktop import wire
from desktop.domain.changed import Changed
from desktop.domain.faults import Known
from desktop.seal.refused import Refused
from desktop.sync.link import Caller, Desk, Link
from desktop.sync.pull import opened
from desktop.sync.push import judged

FEED_ID = "feed_id"
_ON_WAY = "snapshot"
_HISTORY_PAGE = 500
_MOST = 256 * 1024 * 1024


def take(desk: Desk, caller: Caller, tie: Link) -> Changed:
    """Begin from a snapshot; unsent work stays on top. Cut anywhere, it goes on from the pieces that came.

    Raises Known: what `Caller.call` does; province-garbled for a manifest or piece that doesn't hold.
    """
    manifest = _manifest(desk, caller, tie)
    with desk.reading() as session:
        missing = kept.missing(session, manifest)
    for place in missing:
        piece = caller.call("GET", f"/snapshot/{manifest.snapshot}/{place}", wire.SnapshotPiece)
        try:
            with desk.writing() as session:
                kept.put(session, manifest, place, piece.data)
        except Refused as error:
            raise Known("province-garbled") from error
    with desk.reading() as session:
        packed = kept.joined(session)
    try:
        whole = wire.unpack(packed, wire.Snapshot, _MOST)
        documents = [(each.kind, each.entity_id, each.text) for each in whole.documents]
        with desk.writing() as session:
            changed = kept.begin(session, desk.signer.desk, manifest, documents, judged(whole.judged), whole.last_seq)
            kept.drop(session)
            settings.put(session, kept.MANIFEST, _said(session))
            settings.put(session, _ON_WAY, None)
            settings.put(session, FEED_ID, manifest.feed_id)
    except (Refused, wire.Garbled, ValueError) as error:
        _give_up(desk)
        raise Known("province-garbled") from error
    return changed


def _said(session: Session) -> dict[str, str]:
    found: dict[str, str] = settings.get(session, _ON_WAY)
    return found


def _manifest(desk: Desk, caller: Caller, tie: Link) -> kept.Manifest:
    """The manifest of the snapshot on its way; a new one where there is none, it expired, or was given up there."""
    reply = caller.call("POST", "/snapshot", wire.SnapshotReply)
    signer = desk.signer
    try:
        manifest = kept.opened(reply.manifest, reply.signature, signer.realm, signer.desk, tie.sign_key)
    except Refused as error:
        raise Known("province-garbled") from error
    said = {"message": reply.manifest.hex(), "signature": reply.signature.hex()}
    with desk.writing() as session:
        if settings.get(session, _ON_WAY) != said:
            kept.drop(session)
            settings.put(session, _ON_WAY, said)
    return manifest


def _give_up(desk: Desk) -> None:
    with desk.writing() as session:
        kept.drop(session)
        settings.put(session, _ON_WAY, None)


def history(desk: Desk, caller: Caller, tie: Link, pages: int = 4) -> bool:
    """Fetch some of what led up to the snapshot; whether more is left. Raises Known as `Caller.call`,
    province-garbled."""
    for _ in range(pages):
        with desk.reading() as session:
            base, lowest = feed.position(session).base, kept.lowest(session)
        if not base or lowest <= 1:
            return False
        reply = caller.call("GET", f"/pull?before={lowest}&limit={_HISTORY_PAGE}", wire.PullReply)
        try:
            rows, listing = opened(reply, desk.signer.realm, tie)
            with desk.writing() as session:
                kept.keep_history(session, desk.signer.realm, rows, listing, lowest)
        except (Refused, origin.Unlisted, wire.Garbled) as error:
            raise Known("province-garbled") from error
        if not rows:
            raise Known("province-garbled")
    return True
