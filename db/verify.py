"""Proof that this database is what its people signed: chains, signatures, replay through fold and projection.

An old page under the right key passes both integrity checks, so only a replay finds it (security item 7).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select, text
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from db import engine as engines
from db import feed, journal, project
from db.base import Row
from db.models.journal import ChangeRow, DeskKey, DocumentRow
from desktop.domain import merging
from desktop.domain.faults import Known
from desktop.domain.merging import Document
from desktop.seal import commits
from desktop.seal.commits import NO_HASH, Commit, Sealed
from desktop.seal.keys import sign_public
from desktop.seal.refused import Refused

_CHANGE, _DOCUMENT = (Row.metadata.tables[kind.__tablename__] for kind in (ChangeRow, DocumentRow))


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

    @property
    def clean(self) -> bool:
        return (
            all((self.chain, self.signatures, self.integrity, self.foreign_keys))
            and not self.state_differs
            and not self.missing
        )


def verify(engine: Engine, desk: str, realm: str, acks: Mapping[str, str] | None = None) -> Found:
    """Everything, from the stored bytes. `acks` maps visit ids to the record hashes a desk once acknowledged."""
    found = Found(integrity=not engines.integrity(engine))
    try:
        with engines.reading(engine) as session:
            _chains(session, desk, found)
            _signatures(session, realm, found)
            _state(session, found)
            found.foreign_keys = not session.execute(text("PRAGMA foreign_key_check")).all()
            _visits(session, acks or {}, found)
    except (Refused, ValueError, TypeError):  # a raw edit may leave text where bytes belong
        found.chain = found.signatures = False
    except Known as fault:
        if fault.code != "database-damaged":
            raise
        found.integrity = found.chain = found.signatures = found.foreign_keys = False  # what can't be read isn't proven
    return found


def _chains(session: Session, desk: str, found: Found) -> None:
    """Every change in exactly one commit whose message names its hash; own commits without a gap from the first."""
    rows = select(_CHANGE.c.desk, _CHANGE.c.seq, _CHANGE.c.header).order_by(_CHANGE.c.desk, _CHANGE.c.seq)
    stored = {(row.desk, row.seq): Sealed(row.header, None, None).hash for row in session.execute(rows)}
    named: dict[tuple[str, int], str] = {}
    ends: dict[str, tuple[int, str]] = {}
    for commit in journal.all_commits(session):
        said = commits.span(commit.message)
        last, link = ends.get(said.desk, (0, NO_HASH))
        if said.desk == desk and (said.first, said.prev) != (last + 1, link):
            found.chain = False
        ends[said.desk] = (said.last, said.hashes[-1])
        named |= {(said.desk, said.first + at): digest for at, digest in enumerate(said.hashes)}
    mine = {key for key in named if key[0] == desk}
    if any(named.get(key) != digest for key, digest in stored.items()) or not mine <= stored.keys():
        found.chain = False


def _signatures(session: Session, realm: str, found: Found) -> None:
    keys = {row.desk: sign_public(row.sign_key) for row in session.scalars(select(DeskKey))}
    for commit in journal.all_commits(session):
        if not _holds(session, commit, realm, keys):
            found.signatures = False


def _holds(session: Session, commit: Commit, realm: str, keys: Mapping[str, Ed25519PublicKey]) -> bool:
    try:
        desk = commits.span(commit.message).desk
        key = keys.get(desk)
        if key is None:
            return False
        commits.verified(commit, realm, key, feed.actor_key(session, commit, desk))
    except (Refused, TypeError):
        return False
    return True


def _state(session: Session, found: Found) -> None:
    """Replay: the feed gives the confirmed documents, own pending changes on top the shown ones, those the rows."""
    confirmed: dict[str, Document | None] = {}
    shown: dict[str, Document | None] = {}
    rows = session.execute(
        select(_CHANGE.c.header, _CHANGE.c.body, _CHANGE.c.salt, _CHANGE.c.effective, _CHANGE.c.sseq, _CHANGE.c.dropped)
        .order_by(_CHANGE.c.sseq.is_(None), _CHANGE.c.sseq, _CHANGE.c.seq)
    ).all()  # fmt: skip
    for row in rows:
        try:
            change = commits.opened(Sealed(row.header, row.body, row.salt))
        except (Refused, TypeError):
            found.signatures = False
            continue
        if row.sseq is not None:
            clock = row.effective or change.hlc
            confirmed[change.entity_id] = merging.fold(confirmed.get(change.entity_id), change, clock)
    shown |= confirmed
    for row in rows:
        if row.sseq is None and not row.dropped:
            change = commits.opened(Sealed(row.header, row.body, row.salt))
            shown[change.entity_id] = merging.fold(shown.get(change.entity_id), change, change.hlc)
    found.state_differs += _documents_differ(session, confirmed)
    found.state_differs += _rows_differ(session, shown)
    found.state_differs.sort()


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
