"""What leaves this desk: a household that moved to another centre, values a root-signed order takes away."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import BindParameter, bindparam, delete, exists, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from db import blobs, journal, search, settings
from db.base import Row
from db.models.journal import PENDING, ChangeRow, DocumentRow, LeftEntity, NoticeRow
from db.models.local import Draft
from db.models.snapshot import BaseDocument
from desktop.domain import transfers
from desktop.domain.changes import Value
from desktop.domain.entities import ENTITIES
from desktop.seal import canonical, commits, notices
from desktop.seal.commits import Sealed
from desktop.seal.refused import Refused

_CHANGE, _DOCUMENT, _LEFT, _BASE = (
    Row.metadata.tables[kind.__tablename__] for kind in (ChangeRow, DocumentRow, LeftEntity, BaseDocument)
)
_BATCH = 500
WANTED = "snapshot_wanted"
"""Setting: why this desk must begin again from a snapshot."""
_EARLY = "left_early"
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_OTHERS_EMPTY = (
    update(_CHANGE)
    .where(_CHANGE.c.entity_id.in_(_IDS), _CHANGE.c.desk != bindparam("mine"))
    .values(body=None, salt=None)
)
_OWN_ENDED = update(_CHANGE).where(_CHANGE.c.entity_id.in_(_IDS), PENDING).values(standing="ended")
_OWN_EMPTY = (
    update(_CHANGE)
    .where(
        _CHANGE.c.desk == bindparam("mine"), _CHANGE.c.seq <= bindparam("durable"), _CHANGE.c.body.is_not(None),
        exists().where(_LEFT.c.entity_id == _CHANGE.c.entity_id),
    )
    .values(body=None, salt=None)
)  # fmt: skip
_BASE_EMPTY = update(_BASE).where(_BASE.c.entity_id.in_(_IDS)).values(doc="")
_KINDS = select(_DOCUMENT.c.entity_id, _DOCUMENT.c.kind).where(_DOCUMENT.c.entity_id.in_(_IDS))
_KINDS_PENDING = select(_CHANGE.c.entity_id, _CHANGE.c.kind).where(_CHANGE.c.entity_id.in_(_IDS), PENDING)
_OF_HOUSEHOLD = select(_DOCUMENT.c.entity_id).where(_DOCUMENT.c.household == bindparam("home"))
_MADE_FOR_HOUSEHOLD = select(_CHANGE.c.entity_id).where(
    _CHANGE.c.household == bindparam("home"), PENDING, ~exists().where(_DOCUMENT.c.entity_id == _CHANGE.c.entity_id)
)  # an own change says where somebody lived as it was written; where they live, their document
_HOUSEHOLDS = (
    select(_CHANGE.c.entity_id, _DOCUMENT.c.household)
    .join(_DOCUMENT, _DOCUMENT.c.entity_id == _CHANGE.c.entity_id, isouter=True)
    .where(_CHANGE.c.change_id.in_(_IDS))
)
_NAMED = select(_CHANGE.c.change_id, _CHANGE.c.entity_id, _CHANGE.c.kind, _CHANGE.c.header, _CHANGE.c.body).where(
    _CHANGE.c.change_id.in_(_IDS), _CHANGE.c.salt.is_not(None)
)
_STUB = update(_CHANGE).where(_CHANGE.c.change_id == bindparam("which")).values(body=bindparam("kept"), salt=None)


def _batches(ids: Iterable[str]) -> Iterator[list[str]]:
    whole = sorted(ids)
    return (whole[at : at + _BATCH] for at in range(0, len(whole), _BATCH))


def leave(session: Session, desk: str, entities: Iterable[str]) -> frozenset[str]:
    """Forget these entities: documents, rows, search, drafts, others' bodies; own bodies once they are durable.

    Own changes not sent yet are still sent: the province keeps them for the centre that has the household now. Returns
    the kinds that were shown. Raises Refused for what goes with no household.
    """
    kinds: dict[str, str] = {}
    named: set[str] = set()
    connection, gone = session.connection(), sorted(set(entities))
    for some in _batches(gone):
        shown = (each for each in journal.shown(session, some).values() if each)
        named |= {person for each in shown if isinstance(person := each.value("person"), str)}
        for statement in (_KINDS, _KINDS_PENDING):
            kinds |= {row.entity_id: row.kind for row in connection.execute(statement, {"ids": some})}
        if not transfers.STAYS.isdisjoint(kinds.values()):
            raise Refused("what belongs to the centre goes with no household")
        connection.execute(insert(_LEFT).on_conflict_do_nothing(), [{"entity_id": each} for each in some])
        connection.execute(_OTHERS_EMPTY, {"ids": some, "mine": desk})
        connection.execute(_OWN_ENDED, {"ids": some})
        connection.execute(_BASE_EMPTY, {"ids": some})
    if kinds:
        journal.keep(session, dict.fromkeys(kinds))
        journal.refresh(session, kinds, dict.fromkeys(kinds))
        search.again(session, named)  # somebody who stays: their number of the household that left
        search.sweep(session)
    blobs.leave(session, gone)
    _forget_drafts(session, gone)
    return frozenset(kinds.values())


def leave_households(session: Session, desk: str, change_ids: Iterable[str]) -> frozenset[str]:
    """An own change came back header-only: its household is another centre's now, and the notice is on its way.

    The household its entity is of now, as far as this desk has heard: `noticed` says when that was another.
    """
    homes: dict[str, set[str]] = {}
    entities: set[str] = set()
    connection = session.connection()
    for some in _batches(change_ids):
        for entity_id, household in connection.execute(_HOUSEHOLDS, {"ids": some}):
            entities.add(entity_id)
            if household:
                homes.setdefault(household, set()).add(entity_id)
    early = settings.get(session, _EARLY) or {}
    for home, known in sorted(homes.items()):
        known |= set(connection.execute(_OF_HOUSEHOLD, {"home": home}).scalars())
        entities |= known | set(connection.execute(_MADE_FOR_HOUSEHOLD, {"home": home}).scalars())
        early[home] = sorted({home, *known, *early.get(home, ())})
    settings.put(session, _EARLY, early)
    return leave(session, desk, entities | homes.keys())


def made_elsewhere(session: Session, kinds: Mapping[str, str]) -> None:
    """Work for a household that had left went after it: whatever it made that was never this centre's (of id → kind)
    is the other's."""
    here = journal.confirmed(session, kinds)
    made = [{"entity_id": each} for each in kinds if each not in here and kinds[each] not in transfers.STAYS]
    if made:
        session.connection().execute(insert(_LEFT).on_conflict_do_nothing(), made)


def noticed(session: Session, entities: Iterable[str]) -> None:
    """What left is told now. What was forgotten early and stays here comes back by a snapshot: a household of which
    only somebody had gone to live in the one that left, or somebody who had gone from it to live in another."""
    gone, early = set(entities), settings.get(session, _EARLY) or {}
    told = {home: ids for home, ids in early.items() if not gone.isdisjoint(ids)}
    if any(not gone.issuperset(ids) for ids in told.values()):
        settings.put(session, WANTED, "diverged")
    if told:
        settings.put(session, _EARLY, {home: ids for home, ids in early.items() if home not in told})


def come_back(session: Session, entities: Iterable[str]) -> None:
    """These entities are this centre's again."""
    for some in _batches(entities):
        session.connection().execute(delete(_LEFT).where(_LEFT.c.entity_id.in_(_IDS)), {"ids": some})


def left(session: Session, entities: Iterable[str]) -> set[str]:
    """Those of these entities that left this centre."""
    found: set[str] = set()
    for some in _batches(entities):
        asked = select(_LEFT.c.entity_id).where(_LEFT.c.entity_id.in_(_IDS))
        found |= set(session.connection().execute(asked, {"ids": some}).scalars())
    return found


def left_after(session: Session, entity_id: str, sseq: int) -> bool:
    """Whether an entity left this centre after a place of the feed: it may have begun to come back since."""
    later = session.scalars(select(NoticeRow.message).where(NoticeRow.sseq > sseq))
    remove = f'"{notices.SCOPE_REMOVE}"'.encode()
    return any(entity_id.encode() in message and remove in message for message in later)


def durable(session: Session, desk: str, durable_seq: int) -> None:
    """Own changes up to `durable_seq` are in a backup of the province: bodies of what left are needed no more."""
    if session.connection().execute(select(_LEFT.c.entity_id).limit(1)).first():
        session.connection().execute(_OWN_EMPTY, {"mine": desk, "durable": durable_seq})


def redact(session: Session, change_ids: Iterable[str]) -> frozenset[str]:
    """Take the values of these changes: bodies become stubs, what was made from them is made again. Returns the
    kinds."""
    kinds = stub(session, change_ids)
    if session.connection().execute(select(_BASE.c.entity_id).limit(1)).first():
        settings.put(session, WANTED, "redaction")  # what it began from may hold those values
    if kinds:
        journal.refold_some(session, kinds)
        search.sweep(session)
    return frozenset(kinds.values())


def stub(session: Session, change_ids: Iterable[str]) -> dict[str, str]:
    """Make stubs of the bodies of these changes and forget drafts that name what they said; entity id → kind of
    those that were whole and of whom they named, under whom the search index holds it. The documents are the caller's
    care."""
    connection = session.connection()
    kinds: dict[str, str] = {}
    words: set[str] = set()
    for some in _batches(change_ids):
        for row in connection.execute(_NAMED, {"ids": some}).all():
            kinds[row.entity_id] = row.kind
            if row.body is None:
                continue
            patch = canonical.decode(row.body)["patch"]
            words |= set(_words(patch))
            kinds |= _named(row.kind, patch)
            kept = commits.stub(Sealed(row.header, row.body, None))
            connection.execute(_STUB, {"which": row.change_id, "kept": kept.body})
    _forget_drafts(session, [*kinds, *words])
    return kinds


def _named(kind: str, patch: Mapping[str, Value]) -> dict[str, str]:
    """Entity id → kind of what a patch refers to."""
    entity = ENTITIES.get(kind)
    named = {patch.get(name): target for name, target in entity.references.items()} if entity else {}
    return {value: target for value, target in named.items() if isinstance(value, str)}


def _words(value: Value) -> Iterator[str]:
    """The texts in a body that say something of a person."""
    if isinstance(value, str) and len(value) > 2:
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _words(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _words(inner)


def _forget_drafts(session: Session, words: Iterable[str]) -> None:
    """Drop every form left half-filled that names one of these."""
    wanted = [word for word in words if word]
    for draft in session.scalars(select(Draft)).all():
        text = json.dumps(draft.fields, ensure_ascii=False)
        if any(word in text for word in wanted):
            session.delete(draft)
    session.flush()
