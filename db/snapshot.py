"""Beginning from a snapshot: the province's documents in place of folding the whole feed, own work kept on top.

The documents are kept as they came, so that `verify` and a refold begin from what the province signed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import and_, delete, or_, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from db import feed, incarnation, journal, origin, project, scope, settings
from db.base import Row
from db.feed import Entry, Judged, Notice
from db.models.journal import PENDING, ChangeRow, CommitRow, DocumentRow, LeftEntity, LeftPlace, NoticeRow
from db.models.local import Watermark
from db.models.snapshot import BaseDocument, BaseOrder, SnapshotPiece
from desktop.domain import merging
from desktop.domain.changed import Changed
from desktop.seal import canonical, notices, signing
from desktop.seal.keys import SignPublic
from desktop.seal.refused import Refused

_CHANGE, _COMMIT, _BASE, _ORDER = (
    Row.metadata.tables[kind.__tablename__] for kind in (ChangeRow, CommitRow, BaseDocument, BaseOrder)
)
_BEGUN = select(_BASE.c.entity_id)
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


@dataclass(frozen=True, slots=True)
class Order:
    """A redaction in force, believed already; `changes` are those it names."""

    order_id: str
    message: bytes
    signature: bytes
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """What a snapshot holds: documents (kind, id, text), and of the desk's own chain the verdicts other than accepted
    and the last seq the province had stored."""

    documents: Sequence[tuple[str, str, str]]
    judged: Sequence[Judged]
    last_seq: int
    orders: Sequence[Order] = ()


def opened(message: bytes, signature: bytes, realm: str, sign_key: SignPublic) -> Manifest:
    """A manifest, believed. Raises Refused for another signature or another shape."""
    signing.verify(sign_key, "snapshot", realm, message, signature)
    match canonical.decode(message):
        case {
            "desk": str(whose), "expires_at": int(expires), "feed_id": str(feed_id), "fold_version": str(version),
            "head": int(head), "pieces": [*pieces], "snapshot": str(which), "state": str(state), **rest,
        } if not rest and all(isinstance(each, str) for each in pieces):  # fmt: skip
            return Manifest(which, whose, head, feed_id, version, state, tuple(pieces), expires)
    raise Refused("not a manifest")


def order(message: bytes, signature: bytes, realm: str, sign_key: SignPublic, root_key: SignPublic) -> Order:
    """A redaction, believed. Raises Refused unless the root gave it."""
    said = notices.opened(message, signature, realm, sign_key, root_key)
    if said["type"] != notices.REDACTION:
        raise Refused("another notice than an order")
    return Order(said["order"], message, signature, tuple(said["changes"]))


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


def begin(session: Session, desk: str, manifest: Manifest, taken: Taken) -> Changed:
    """Make the confirmed documents those of the snapshot; what the province hasn't got of this desk stays on top.

    Raises Refused, and the caller rolls back, where they aren't what was signed.
    """
    rows = [
        {"kind": kind, "entity_id": key, "doc": doc, "hash": merging.document_hash(kind, key, doc)}
        for kind, key, doc in taken.documents
    ]
    total = sum(merging.weight(row["kind"], row["entity_id"], row["hash"]) for row in rows)
    if merging.state_hash(total) != manifest.state:
        raise Refused("the documents are not those whose state was signed")
    _forget_the_feed(session, desk)
    _put_base(session, rows, taken.orders)
    _own_standing(session, desk, taken.judged, taken.last_seq)
    for name, value in (
        ("cursor", manifest.head),
        ("base", manifest.head),
        ("acked_seq", taken.last_seq),
        ("durable_seq", min(taken.last_seq, feed.position(session).durable_seq)),
        ("history", manifest.head + 1),
    ):
        feed.mark(session, name, value)
    settings.put(session, scope.WANTED, None)
    journal.refold(session)
    clocks = (
        head.hlc for doc in journal.begun_from(session).values() if doc for each in doc.cells.values() for head in each
    )
    settings.put(session, journal.SEEN, max(clocks, default=None))
    scope.leave(session, desk, _gone(session, desk))
    return Changed(frozenset(project.TABLES), frozenset())


def _put_base(session: Session, rows: Sequence[Mapping[str, Any]], orders: Sequence[Order]) -> None:
    """Keep what this desk begins from. What an order names among own changes is taken here too."""
    connection = session.connection()
    for table in (_BASE, _ORDER):
        connection.execute(delete(table))
    for at in range(0, len(rows), _BATCH):
        connection.execute(insert(_BASE), rows[at : at + _BATCH])
    connection.execute(delete(LeftEntity).where(LeftEntity.entity_id.in_(select(BaseDocument.entity_id))))
    for order in orders:
        row = {"order_id": order.order_id, "message": order.message, "signature": order.signature}
        connection.execute(insert(_ORDER).on_conflict_do_nothing(), row)
        scope.stub(session, order.changes)


def _gone(session: Session, desk: str) -> set[str]:
    """Entities of own accepted changes that the snapshot hasn't: their household is another centre's by now."""
    mine = _CHANGE.c.desk == desk, _CHANGE.c.standing == "placed"
    return set(session.scalars(select(_CHANGE.c.entity_id).where(*mine, _CHANGE.c.entity_id.not_in(_BEGUN))))


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
    left = _CHANGE.c.entity_id.in_(select(LeftEntity.entity_id))
    connection.execute(update(_CHANGE).where(own, left, PENDING).values(standing="ended"))
    for one in judged:
        standing = "ended" if one.verdict in feed.ENDED else "pending"
        span = _CHANGE.c.seq.between(one.first, one.last)
        connection.execute(update(_CHANGE).where(own, span).values(standing=standing))
    feed.judge(session, desk, judged)


def lowest(session: Session) -> int:
    """The first place of the feed whose history is here."""
    return session.scalar(select(Watermark.value).where(Watermark.name == "history")) or 1


def keep_history(
    session: Session, desk: str, realm: str, rows: Sequence[Entry | Notice], listing: origin.Listing
) -> None:
    """Keep the rows that lead up to what is here, in order, proven and not folded: the documents have it already.

    From the first place on the whole feed is here, and this desk is as if it had folded it. Raises Refused.
    """
    place = lowest(session)
    for row in reversed(rows):
        length = len(row.effective) if isinstance(row, Entry) else 1
        if row.sseq + length != place:
            raise Refused(f"the history goes from {row.sseq} to {place}")
        place = row.sseq
    for row in reversed(rows):  # as the pages come: the later of two places of one change is the one it has
        if isinstance(row, Notice):
            _keep_notice(session, desk, row)
        else:
            _keep_entry(session, feed.believed(session, row, realm, listing), row.sseq)
    origin.keep(session, listing)
    feed.mark(session, "history", place)
    if place == 1 and journal.replayed(session) == journal.state(session):
        _whole(session)


def _keep_notice(session: Session, desk: str, row: Notice) -> None:
    """Keep a notice; a household that left and isn't here again leaves nothing of what this desk had of it."""
    said = {"sseq": row.sseq, "at": row.said["at"], "message": row.message, "signature": row.signature}
    session.connection().execute(insert(NoticeRow).on_conflict_do_nothing(), said)
    if row.said["type"] == notices.SCOPE_REMOVE:
        left = {*row.said["entities"], row.said["household"]}
        back = {key for key in left if session.get(DocumentRow, key) is not None}
        scope.leave(session, desk, left - back)


def _keep_entry(session: Session, stored: journal.Stored, sseq: int) -> None:
    """Keep a commit at its place. A change that has a later one left with its household and came back."""
    here = {row.change_id: row for row in journal.here(session, [each.change_id for each in stored.changes])}
    alone: list[journal.Stored] = []
    for at, (change, sealed) in enumerate(zip(stored.changes, stored.commit.changes, strict=True)):
        known = here.get(change.change_id)
        if known is not None and (known.desk, known.seq, known.header) != (change.desk, change.seq, sealed.header):
            raise Refused(f"change {change.change_id} is here already, in other bytes")
        if known is not None and known.sseq is not None:
            session.connection().execute(insert(LeftPlace).on_conflict_do_nothing(), {"sseq": sseq + at})
            continue
        commit, clock = replace(stored.commit, changes=(sealed,)), (stored.effective[at],)
        alone.append(journal.Stored(commit, [change], sseq + at, clock, stored.standing))
    if alone:
        journal.store(session, [stored] if len(alone) == len(stored.changes) else alone)


def _whole(session: Session) -> None:
    """The history is complete and gives the same: the snapshot is needed no more."""
    feed.mark(session, "base", 0)
    for table in (_BASE, _ORDER):
        session.connection().execute(delete(table))
    settings.put(session, MANIFEST, None)


def begun(session: Session) -> dict[str, Any] | None:
    """What the manifest of the snapshot this desk began from says; None where it has the whole feed."""
    kept = settings.get(session, MANIFEST)
    return None if kept is None else dict(canonical.decode(bytes.fromhex(kept["message"])))


def holds(session: Session, realm: str, desk: str, sign_key: SignPublic) -> bool:
    """Whether the kept documents are what the province signed."""
    kept: Mapping[str, Any] | None = settings.get(session, MANIFEST)
    if kept is None:
        return False
    manifest = opened(bytes.fromhex(kept["message"]), bytes.fromhex(kept["signature"]), realm, sign_key)
    total = 0
    for row in session.connection().execute(select(_BASE)):
        if row.doc and merging.document_hash(row.kind, row.entity_id, row.doc) != row.hash:
            return False
        total += merging.weight(row.kind, row.entity_id, row.hash)
    mine = {desk, *incarnation.before(session, desk)}
    there = manifest.head == feed.position(session).base
    return there and manifest.desk in mine and merging.state_hash(total) == manifest.state
