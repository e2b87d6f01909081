"""Proof that this database is what its people signed: chains, signatures, replay through fold and projection.

An old page under the right key passes both integrity checks, so only a replay finds it (security item 7).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from db import engine as engines
from db import feed, incarnation, journal, origin, project, settings, snapshot
from db.base import Row
from db.models.journal import ChangeRow, CommitRow, DocumentRow, LeftEntity, LeftPlace, NoticeRow
from db.models.snapshot import BaseOrder
from db.models.transfers import Transfer
from desktop.domain import hlc, merging
from desktop.domain.changes import Change
from desktop.domain.entities import ENTITIES
from desktop.domain.faults import Known
from desktop.domain.merging import Document
from desktop.domain.transfers import ACCEPTED
from desktop.seal import anchors, canonical, commits, notices
from desktop.seal.commits import NO_HASH, Sealed
from desktop.seal.keys import sign_public
from desktop.seal.refused import Refused

_OF_HEADER = ("change_id", "desk", "seq", "kind", "entity_id", "hlc")
_COPIED = (*_OF_HEADER, "household")
_CHANGE, _DOCUMENT = (Row.metadata.tables[kind.__tablename__] for kind in (ChangeRow, DocumentRow))

_REROUTED = select(ChangeRow.entity_id).join(
    CommitRow, (CommitRow.desk == ChangeRow.desk) & ChangeRow.seq.between(CommitRow.first, CommitRow.last)
).where(CommitRow.verdict == "rerouted")  # fmt: skip


@dataclass(slots=True)
class Found:
    """What verifying found. `state_differs` lists (kind, id, field); `missing` visits acknowledged but not here."""

    chain: bool = True
    signatures: bool = True
    integrity: bool = True
    foreign_keys: bool = True
    state_differs: list[tuple[str, str, str]] = field(default_factory=list)
    visits: int = 0
    missing: list[str] = field(default_factory=list)
    dated_back: list[int] = field(default_factory=list)
    """First seqs of own commits that say they were written before an anchor they follow. Told, not held against it."""
    anchored_at: int = 0
    """When the province last vouched for this chain inside it (µs UTC); later entries have only this PC's word."""

    @property
    def clean(self) -> bool:
        return (
            all((self.chain, self.signatures, self.integrity, self.foreign_keys))
            and not self.state_differs
            and not self.missing
        )


def verify(engine: Engine, desk: str, realm: str, acks: Mapping[str, str] | None = None, *, head: str = "ok") -> Found:
    """Everything, from the stored bytes. `acks` maps visit ids to the record hashes a desk once acknowledged.

    `head` is what the head beside the database said of it: one that knows more than the database breaks the chain.
    """
    found = Found(integrity=not engines.integrity(engine), chain=head not in ("ahead", "forged"))
    try:
        with engines.reading(engine) as session:
            read = _read(session, desk, realm, found)
            _chains(session, desk, read, found)
            _signatures(session, realm, found)
            _dated(session, desk, realm, read, found)
            _begun(session, desk, realm, found)
            _state(session, read, found)
            found.foreign_keys = _referred(session, read)
            _visits(session, acks or {}, found)
    except (Refused, ValueError, TypeError, LookupError):  # a raw edit leaves text for bytes, or a document cut short
        found.chain = found.signatures = False
    except Known as fault:
        if fault.code != "database-damaged":
            raise
        found.integrity = found.chain = found.signatures = found.foreign_keys = False  # what can't be read isn't proven
    return found


@dataclass(frozen=True, slots=True)
class _Read:
    """One stored change: its row, and what its bytes say."""

    row: Any
    change: Change
    hash: str

    @property
    def ended(self) -> bool:
        return bool(self.row.standing == "ended")

    def stands(self, own: set[str]) -> bool:
        """Whether its standing can be: only own changes wait, and what waits or ended has no place."""
        if self.row.standing in ("pending", "ended"):
            return self.row.sseq is None and self.row.desk in own
        return self.row.standing in ("placed", "unknown")


def _read(session: Session, desk: str, realm: str, found: Found) -> list[_Read]:
    """Every stored change in feed order, own pending ones after. Its columns must say what its bytes do.

    Only an order that names it excuses a change without salt, and only a household that left one without body; of own
    work that was put aside and is in a backup of the province, nobody knows any more with which household it left.
    """
    read: list[_Read] = []
    away, redacted, once = _away(session), _redacted(session, realm), _once_away(session)
    durable = feed.position(session).durable_seq
    ordered = select(_CHANGE).order_by(_CHANGE.c.sseq.is_(None), _CHANGE.c.sseq, _CHANGE.c.desk, _CHANGE.c.seq)
    for row in session.execute(ordered).all():
        sealed = Sealed(row.header, row.body, row.salt)
        try:
            change = commits.opened(sealed)
        except (Refused, TypeError):
            found.signatures = False
            continue
        aside = row.standing == "ended"
        kept_there = aside and row.desk == desk and row.seq <= durable
        excused = kept_there or row.entity_id in (away | once if aside else away)
        if row.salt is None and row.change_id not in redacted and not excused:
            found.signatures = False
        told = _COPIED if change.has_body else _OF_HEADER
        if any(getattr(row, name) != getattr(change, name) for name in told):
            found.chain = False
        read.append(_Read(row, change, sealed.hash))
    return read


def _redacted(session: Session, realm: str) -> set[str]:
    """Changes named by the orders in the feed, and by those that came with the snapshot. Raises Refused for one the
    root didn't give."""
    tie = settings.get(session, "province")
    if not isinstance(tie, dict):
        return set()
    by, root = (sign_public(bytes.fromhex(tie[name])) for name in ("sign_key", "root_key"))
    rows = [row for kind in (NoticeRow, BaseOrder) for row in session.execute(select(kind.message, kind.signature))]
    read = (notices.opened(row.message, row.signature, realm, by, root) for row in rows)
    return {each for said in read if said["type"] == notices.REDACTION for each in said["changes"]}


def _chains(session: Session, desk: str, read: Sequence[_Read], found: Found) -> None:
    """Each change in one commit whose message names its hash, own ones from the first on, the feed without a gap.

    Nothing is put aside but by the province's verdict, and nothing is missing that it holds.
    """
    named: dict[tuple[str, int], str] = {}
    ended: set[tuple[str, int]] = set()
    ends: dict[str, tuple[int, str]] = {desk: (0, NO_HASH)}
    for row, commit in journal.all_commits(session):
        said = commits.span(commit.message)
        last, link = ends.get(said.desk, (0, NO_HASH))
        if said.desk == desk and (said.first, said.prev) != (last + 1, link):
            found.chain = False
        ends[said.desk] = (said.last, said.hashes[-1])
        places = {(said.desk, said.first + at): digest for at, digest in enumerate(said.hashes)}
        named |= places
        ended |= set(places) if row.verdict in feed.ENDED else set()
    stored = {(each.change.desk, each.change.seq): each for each in read}
    own = {key for key in named if key[0] == desk}
    position = feed.position(session)
    away = _away(session) | _once_away(session)
    whole = (
        own <= stored.keys()
        and all(named.get(key) == each.hash for key, each in stored.items())
        and all(key in ended or each.row.entity_id in away for key, each in stored.items() if each.ended)
        and all(each.stands({desk, *incarnation.before(session, desk)}) for each in read)
        and _places(session, read, position.base) == list(range(position.base + 1, position.cursor + 1))
        and ends[desk][0] >= position.acked_seq
    )
    found.chain = found.chain and whole


def _places(session: Session, read: Sequence[_Read], base: int) -> list[int]:
    """Every place of the feed that is accounted for, beyond the snapshot this desk began from."""
    found = [each.row.sseq for each in read if each.row.sseq is not None]
    found += session.scalars(select(NoticeRow.sseq)).all()
    found += session.scalars(select(LeftPlace.sseq)).all()
    return sorted(place for place in found if place > base)


def _away(session: Session) -> set[str]:
    """Entities that went to another centre with their household."""
    return set(session.scalars(select(LeftEntity.entity_id)))


def _once_away(session: Session) -> set[str]:
    """Entities that are, or were once, another centre's: own work on them that was put aside stays so when they come
    back, and has no body once it was durable."""
    said = (canonical.decode(message) for message in session.scalars(select(NoticeRow.message)))
    left = (each for each in said if each["type"] == notices.SCOPE_REMOVE)
    found = {entity for each in left for entity in (*each["entities"], each["household"])}
    return found | set(session.scalars(_REROUTED))


def _signatures(session: Session, realm: str, found: Found) -> None:
    listing = origin.kept(session)
    for _, commit in journal.all_commits(session):
        try:
            origin.proven(session, commit, realm, listing)
        except (origin.Unlisted, Refused, TypeError):
            found.signatures = False


def _dated(session: Session, desk: str, realm: str, read: Sequence[_Read], found: Found) -> None:
    """Hold the anchors of the own chain against it and against what its commits say of their time (security 13).

    An anchor the province didn't sign vouches for nothing: its commit counts as dated back.
    """
    tie = settings.get(session, "province")
    if not isinstance(tie, dict):
        return
    key = sign_public(bytes.fromhex(tie["sign_key"]))
    own = {each.change.seq: each for each in read if each.change.desk == desk}
    chain: list[anchors.Dated] = []
    for _, commit in journal.all_commits(session):
        said = commits.span(commit.message)
        if said.desk != desk:
            continue
        anchor: anchors.Anchor | None = None
        try:
            anchor = anchors.opened(said.anchor, realm, key) if said.anchor else None
        except Refused:
            found.dated_back.append(said.first)
        if anchor is not None and anchor.desk == desk and anchor.seq:
            there = own.get(anchor.seq)
            if there is None or there.hash != anchor.hash or anchor.seq >= said.first:
                found.chain = False
        written = hlc.microseconds(hlc.parse(own[said.first].change.hlc)) if said.first in own else 0
        chain.append(anchors.Dated(said.first, written, anchor))
        found.anchored_at = max(found.anchored_at, anchor.received_at if anchor else 0)
    found.dated_back += anchors.outside(chain)


def _begun(session: Session, desk: str, realm: str, found: Found) -> None:
    """What this desk began from must be what the province signed."""
    if not feed.position(session).base:
        return
    tie = settings.get(session, "province")
    key = sign_public(bytes.fromhex(tie["sign_key"])) if isinstance(tie, dict) else None
    if key is None or not snapshot.holds(session, realm, desk, key):
        found.signatures = False


def _state(session: Session, read: Sequence[_Read], found: Found) -> None:
    """Replay: the feed gives the confirmed documents, own pending changes on top the shown ones, those the rows."""
    confirmed: dict[str, Document | None] = {**journal.begun_from(session)}
    base = feed.position(session).base
    away = _away(session)
    for each in read:
        if each.row.standing == "placed" and (each.row.sseq or 0) > base and each.row.entity_id not in away:
            entity, clock = each.change.entity_id, each.row.effective or each.change.hlc
            confirmed[entity] = merging.fold(confirmed.get(entity), each.change, clock)
    shown = dict(confirmed)
    for each in read:
        if each.row.standing == "pending":
            entity = each.change.entity_id
            shown[entity] = merging.fold(shown.get(entity), each.change, each.change.hlc)
    found.state_differs += _documents_differ(session, confirmed)
    found.state_differs += _rows_differ(session, shown)
    found.state_differs.sort()


def _referred(session: Session, read: Sequence[_Read]) -> bool:
    """No reference dangles, unless something was put aside: then its target may be what was."""
    if session.execute(text("PRAGMA foreign_key_check")).all():
        return False
    away = _away(session)
    if any(each.ended or each.row.entity_id in away for each in read):
        return True
    if session.scalars(select(Transfer.id).where(Transfer.state == ACCEPTED)).first():
        return True  # somebody named in a household that moved may live in another
    for kind, entity in ENTITIES.items():
        for name, target in entity.references.items():
            table, there = project.TABLES[kind], project.TABLES[target]
            missing = select(table.c.id).where(table.c[name].is_not(None), ~table.c[name].in_(select(there.c.id)))
            if session.execute(missing.limit(1)).first() and name != merging.MERGED_INTO:
                return False
    return True


def _documents_differ(session: Session, replayed: Mapping[str, Document | None]) -> Iterable[tuple[str, str, str]]:
    kept = {row.entity_id: row for row in session.execute(select(_DOCUMENT))}
    for entity_id in kept.keys() | {key for key, doc in replayed.items() if doc}:
        doc, row = replayed.get(entity_id), kept.get(entity_id)
        if doc is None or row is None:
            yield (row.kind if row is not None else doc.kind if doc else ""), entity_id, "document"
        elif merging.dumped(doc) != row.doc or doc.kind != row.kind:
            yield doc.kind, entity_id, "document"


def _rows_differ(session: Session, shown: Mapping[str, Document | None]) -> Iterable[tuple[str, str, str]]:
    wanted: dict[str, dict[str, dict[str, Any]]] = {kind: {} for kind in project.TABLES}
    for document in shown.values():
        if document and document.kind in wanted:
            wanted[document.kind][document.entity_id] = project.row(document)
    for kind, table in project.TABLES.items():
        there = {row.id: dict(row._mapping) for row in session.execute(select(table))}
        for entity_id in there.keys() | wanted[kind].keys():
            real, right = there.get(entity_id), wanted[kind].get(entity_id)
            if real is None or right is None:
                yield kind, entity_id, "row"
                continue
            yield from ((kind, entity_id, name) for name, value in right.items() if real[name] != value)


def _visits(session: Session, acks: Mapping[str, str], found: Found) -> None:
    hashes = record_hashes(session, "visit")
    found.visits = len(hashes)
    found.missing = sorted(visit for visit, digest in acks.items() if hashes.get(visit) != digest)


def record_hashes(session: Session, kind: str) -> dict[str, str]:
    """Id → hash of the canonical record of every shown entity of a kind, read from its typed row."""
    rows = session.execute(select(project.TABLES[kind])).all()
    return {row.id: merging.record_hash(kind, dict(row._mapping)) for row in rows}


def record_hash(session: Session, kind: str, entity_id: str) -> str:
    """The hash of one entity's canonical record; raises KeyError where it isn't here."""
    row = session.execute(select(project.TABLES[kind]).where(project.TABLES[kind].c.id == entity_id)).one_or_none()
    if row is None:
        raise KeyError(entity_id)
    return merging.record_hash(kind, dict(row._mapping))
