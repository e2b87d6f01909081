"""Beginning from a snapshot: the province's documents in place of folding the whole feed, own work kept on top.

The documents are kept as they came, so that `verify` and a refold begin from what the province signed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, delete, or_, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from db import feed, incarnation, journal, origin, scope, settings
from db.base import Row
from db.feed import Entry, Judged, Notice
from db.models.journal import ChangeRow, CommitRow, LeftEntity, LeftPlace, NoticeRow
from db.models.local import Watermark
from db.models.snapshot import BaseDocument, SnapshotPiece
from desktop.domain import merging
from desktop.domain.changed import Changed
from desktop.seal import canonical, signing
from desktop.seal.keys import SignPublic
from desktop.seal.refused import Refused

_CHANGE, _COMMIT, _BASE = (Row.metadata.tables[kind.__tablename__] for kind in (ChangeRow, CommitRow, BaseDocument))
_BATCH = 500
MANIFEST = "base_manifest"
"""Setting: the manifest of the snapshot this desk began from, with its signature."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the province signed of a snapshot. `pieces` are SHA-256, hex; `expires_at` µs UTC."""

    snapshot: str
    desk: str
    head: int
    feed_id: str
    fold_version: str
    state: str
    pieces: tuple[str, ...]
    expires_at: int


def opened(message: bytes, signature: bytes, realm: str, desk: str, sign_key: SignPublic) -> Manifest:
    """A manifest, believed. Raises Refused for another signature, or another desk's."""
    signing.verify(sign_key, "snapshot", realm, message, signature)
    match canonical.decode(message):
        case {
            "desk": str(whose), "expires_at": int(expires), "feed_id": str(feed_id), "fold_version": str(version),
            "head": int(head), "pieces": [*pieces], "snapshot": str(which), "state": str(state), **rest,
        } if not rest and whose == desk and all(isinstance(each, str) for each in pieces):  # fmt: skip
            return Manifest(which, whose, head, feed_id, version, state, tuple(pieces), expires)
    raise Refused("not a manifest of this desk")


def put(session: Session, manifest: Manifest, place: int, data: bytes) -> None:
    """Keep a piece. Raises Refused for one that isn't what the manifest says."""
    if not 0 <= place < len(manifest.pieces) or hashlib.sha256(data).hexdigest() != manifest.pieces[place]:
        raise Refused(f"piece {place} is not the one in the manifest")
    session.connection().execute(insert(SnapshotPiece).on_conflict_do_nothing(), {"place": place, "data": data})


def missing(session: Session, manifest: Manifest) -> list[int]:
    """The places of pieces that haven't come yet."""
    there = set(session.scalars(select(SnapshotPiece.place)))
    return [place for place in range(len(manifest.pieces)) if place not in there]


def joined(session: Session) -> bytes:
    """All pieces in order."""
    return b"".join(session.scalars(select(SnapshotPiece.data).order_by(SnapshotPiece.place)))


def drop(session: Session) -> None:
    """Forget the pieces."""
    session.connection().execute(delete(SnapshotPiece))


def begin(
    session: Session,
    desk: str,
    manifest: Manifest,
    documents: Sequence[tuple[str, str, str]],
    judged: Sequence[Judged],
    last_seq: int,
) -> Changed:
    """Make the confirmed documents those of the snapshot; what the province hasn't got of this desk stays on top.

    `documents` are (kind, id, text). Raises Refused, and the caller rolls back, where they aren't what was signed.
    """
    rows = [
        {"kind": kind, "entity_id": key, "doc": doc, "hash": merging.document_hash(kind, key, doc)}
        for kind, key, doc in documents
    ]
    total = sum(merging.weight(row["kind"], row["entity_id"], row["hash"]) for row in rows)
    if merging.state_hash(total) != manifest.state:
        raise Refused("the documents are not those whose state was signed")
    _forget_the_feed(session, desk)
    _own_standing(session, desk, judged, last_seq)
    connection = session.connection()
    connection.execute(delete(_BASE))
    for at in range(0, len(rows), _BATCH):
        connection.execute(insert(_BASE), rows[at : at + _BATCH])
    for name, value in (
        ("cursor", manifest.head),
        ("base", manifest.head),
        ("acked_seq", last_seq),
        ("history", manifest.head + 1),
    ):
        feed.mark(session, name, value)
    connection.execute(delete(LeftEntity).where(LeftEntity.entity_id.in_(select(BaseDocument.entity_id))))
    settings.put(session, scope.WANTED, None)
    journal.refold(session)
    return Changed(frozenset(row["kind"] for row in rows), frozenset())


def _forget_the_feed(session: Session, desk: str) -> None:
    """Places mean something else now: own work keeps its bytes, others' comes again as history."""
    connection = session.connection()
    mine = [desk, *incarnation.before(session, desk)]
    kept = or_(_CHANGE.c.desk == desk, and_(_CHANGE.c.desk.in_(mine), _CHANGE.c.standing != "placed"))
    connection.execute(delete(_CHANGE).where(~kept))
    still = select(_CHANGE.c.desk).where(
        _CHANGE.c.desk == _COMMIT.c.desk, _CHANGE.c.seq.between(_COMMIT.c.first, _COMMIT.c.last)
    )
    connection.execute(delete(_COMMIT).where(~still.exists()))
    connection.execute(update(_CHANGE).values(sseq=None, effective=None))
    for kind in (NoticeRow, LeftPlace):
        connection.execute(delete(kind))


def _own_standing(session: Session, desk: str, judged: Sequence[Judged], last_seq: int) -> None:
    """What the province has of this desk is in the documents, but for what it holds back or ended."""
    connection = session.connection()
    own = _CHANGE.c.desk == desk
    connection.execute(update(_CHANGE).where(own, _CHANGE.c.seq <= last_seq).values(standing="placed"))
    connection.execute(update(_CHANGE).where(own, _CHANGE.c.seq > last_seq).values(standing="pending"))
    connection.execute(update(_COMMIT).where(_COMMIT.c.desk == desk).values(verdict=None, reason=None))
    for one in judged:
        standing = "ended" if one.verdict in feed.ENDED else "pending"
        span = _CHANGE.c.seq.between(one.first, one.last)
        connection.execute(update(_CHANGE).where(own, span).values(standing=standing))
    feed.judge(session, desk, judged)


def lowest(session: Session) -> int:
    """The first place of the feed whose history is here."""
    return session.scalar(select(Watermark.value).where(Watermark.name == "history")) or 1


def keep_history(
    session: Session, realm: str, rows: Sequence[Entry | Notice], listing: origin.Listing, lowest: int
) -> None:
    """Keep what led up to place `lowest`, proven and not folded: it is in the documents already.

    From the first place on the whole feed is here, and this desk is as if it had folded it. Raises Refused.
    """
    for row in reversed(rows):
        length = len(row.effective) if isinstance(row, Entry) else 1
        if row.sseq + length != lowest:
            raise Refused(f"the history goes from {row.sseq} to {lowest}")
        lowest = row.sseq
    for row in rows:
        if isinstance(row, Notice):
            said = {"sseq": row.sseq, "at": row.said["at"], "message": row.message, "signature": row.signature}
            session.connection().execute(insert(NoticeRow).on_conflict_do_nothing(), said)
            continue
        changes = origin.proven(session, row.commit, realm, listing)
        places = [row.sseq + at for at in range(len(changes))]
        again = [change.change_id for change in changes]
        here = {each.change_id: each.sseq for each in journal.here(session, again)}
        if any(here.get(which) is not None for which in again):  # it has a later place: its household came back
            vacated = [{"sseq": place} for place in places]
            session.connection().execute(insert(LeftPlace).on_conflict_do_nothing(), vacated)
            continue
        journal.store(session, [journal.Stored(row.commit, changes, row.sseq, row.effective)])
    origin.keep(session, listing)
    feed.mark(session, "history", lowest)
    if lowest == 1:
        _whole(session)


def _whole(session: Session) -> None:
    """The history is complete: fold it all; the snapshot is needed no more where that gives the same."""
    before = journal.state(session)
    with session.begin_nested() as trial:
        feed.mark(session, "base", 0)
        session.connection().execute(delete(_BASE))
        journal.refold(session)
        if journal.state(session) != before:
            trial.rollback()


def holds(session: Session, realm: str, desk: str, sign_key: SignPublic) -> bool:
    """Whether the kept documents are what the province signed."""
    kept: Mapping[str, Any] | None = settings.get(session, MANIFEST)
    if kept is None:
        return False
    message, signature = bytes.fromhex(kept["message"]), bytes.fromhex(kept["signature"])
    signing.verify(sign_key, "snapshot", realm, message, signature)
    said = canonical.decode(message)
    total = 0
    for row in session.connection().execute(select(_BASE)):
        if row.doc and merging.document_hash(row.kind, row.entity_id, row.doc) != row.hash:
            return False
        total += merging.weight(row.kind, row.entity_id, row.hash)
    mine = {desk, *incarnation.before(session, desk)}
    return said["desk"] in mine and merging.state_hash(total) == said["state"]
