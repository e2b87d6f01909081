"""The one doorway for every change to shared data, and the documents it leaves.

`write` records one transaction and shows it; `db.feed` brings the centre's. What a screen reads is the confirmed
document with own pending changes re-applied, projected into typed rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import BindParameter, bindparam, delete, exists, func, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from db import project, search, settings
from db.base import Row
from db.models.journal import PENDING, ChangeRow, CommitRow, DocumentRow, NoticeRow
from db.models.local import Setting, Watermark
from db.models.snapshot import BaseDocument
from desktop.domain import hlc, identifiers, merging, roles
from desktop.domain.changed import Changed
from desktop.domain.changes import Change, Draft
from desktop.domain.faults import Known
from desktop.domain.merging import Document
from desktop.domain.staffing import DESK
from desktop.seal import commits
from desktop.seal.commits import NO_HASH, Commit, Sealed, Signer

_CHANGE, _COMMIT, _DOCUMENT = (Row.metadata.tables[kind.__tablename__] for kind in (ChangeRow, CommitRow, DocumentRow))
_BATCH = 500

_LAST_OWN = (
    select(_CHANGE.c.seq, _CHANGE.c.header, _CHANGE.c.hlc)
    .where(_CHANGE.c.desk == bindparam("desk"))
    .order_by(_CHANGE.c.seq.desc())
    .limit(1)
)
_OWN_COUNT = select(func.count()).select_from(_CHANGE).where(_CHANGE.c.desk == bindparam("desk"))
_NEWEST = select(func.max(_CHANGE.c.effective))
_TOLD = select(func.max(NoticeRow.at))
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_ALL_DOCUMENTS = select(_DOCUMENT.c.entity_id, _DOCUMENT.c.kind, _DOCUMENT.c.doc)
_SOME_DOCUMENTS = _ALL_DOCUMENTS.where(_DOCUMENT.c.entity_id.in_(_IDS))
_PENDING = select(_CHANGE.c.header, _CHANGE.c.body, _CHANGE.c.salt).where(
    PENDING, _CHANGE.c.entity_id.in_(_IDS)
)
_FEED = (
    select(_CHANGE.c.header, _CHANGE.c.body, _CHANGE.c.salt, _CHANGE.c.effective)
    .where(
        _CHANGE.c.sseq > bindparam("base"), _CHANGE.c.standing == "placed",
        ~exists().where(Row.metadata.tables["left_entity"].c.entity_id == _CHANGE.c.entity_id),
    )
    .order_by(_CHANGE.c.sseq)
)  # fmt: skip
_FEED_OF = _FEED.where(_CHANGE.c.entity_id.in_(_IDS))
OFFSET, ANCHOR, SEEN = "clock_offset", "anchor", "clock_seen"
"""Settings: the province's clock less this PC's, µs; the newest countersignature no commit has carried yet; the latest
clock of the snapshot this desk began from."""
_TOLD_BY_PROVINCE = select(Setting.name, Setting.value).where(Setting.name.in_([OFFSET, ANCHOR, SEEN]))
_BASE = select(Watermark.value).where(Watermark.name == "base")
_BEGUN = select(BaseDocument.entity_id, BaseDocument.kind, BaseDocument.doc).where(BaseDocument.doc != "")
_BEGUN_SOME = _BEGUN.where(BaseDocument.entity_id.in_(_IDS))
_STATE = "state"
_STATE_NOW = select(func.json_extract(Setting.value, "$")).where(Setting.name == _STATE)
_WAITING = select(_CHANGE.c.entity_id).where(PENDING).distinct()
_OWN_COMMITS = (
    select(_COMMIT)
    .where(_COMMIT.c.desk == bindparam("desk"), _COMMIT.c.first > bindparam("after"))
    .order_by(_COMMIT.c.first)
    .limit(_BATCH)
)
_CHANGES_OF = (
    select(_CHANGE.c.seq, _CHANGE.c.header, _CHANGE.c.body, _CHANGE.c.salt)
    .where(_CHANGE.c.desk == bindparam("desk"), _CHANGE.c.seq.between(bindparam("first"), bindparam("last")))
    .order_by(_CHANGE.c.seq)
)
_ENDING = select(_CHANGE.c.header).where(
    _CHANGE.c.desk == bindparam("desk"),
    _CHANGE.c.seq == bindparam("seq"),
    exists().where(_COMMIT.c.desk == _CHANGE.c.desk, _COMMIT.c.last == _CHANGE.c.seq),
)
_HERE = select(
    _CHANGE.c.change_id, _CHANGE.c.desk, _CHANGE.c.seq, _CHANGE.c.header, _CHANGE.c.sseq, _CHANGE.c.entity_id,
    _CHANGE.c.body,
).where(_CHANGE.c.change_id.in_(_IDS))  # fmt: skip
_AROUND = select(_COMMIT).where(
    _COMMIT.c.desk == bindparam("desk"), bindparam("seq").between(_COMMIT.c.first, _COMMIT.c.last)
)
_put = insert(_CHANGE)
_STORE = _put.on_conflict_do_update(
    index_elements=["change_id"],
    set_={
        **{name: _put.excluded[name] for name in ("sseq", "effective", "standing")},
        # Bytes once kept stay; a body comes where there was none, when a household comes back.
        **{name: func.coalesce(_CHANGE.c[name], _put.excluded[name]) for name in ("body", "salt", "household")},
    },
)
_SIGN = insert(_COMMIT).on_conflict_do_nothing()
_put = insert(_DOCUMENT)
_KEEP = _put.on_conflict_do_update(
    index_elements=["entity_id"], set_={name: _put.excluded[name] for name in ("doc", "household", "hash")}
)
_HASHES = select(_DOCUMENT.c.entity_id, _DOCUMENT.c.kind, _DOCUMENT.c.hash).where(_DOCUMENT.c.entity_id.in_(_IDS))
_FORGET = delete(_DOCUMENT).where(_DOCUMENT.c.entity_id == bindparam("gone"))


@dataclass(frozen=True, slots=True)
class Pen:
    """What the journal needs of the writer: their keys, the time in µs UTC, and their roles (none for the desk)."""

    signer: Signer
    now: Callable[[], int]
    roles: tuple[str, ...]


Standing = Literal["placed", "unknown"]


@dataclass(frozen=True, slots=True)
class Stored:
    """A commit with its changes read; its place in the feed where it has one."""

    commit: Commit
    changes: Sequence[Change]
    sseq: int | None = None
    effective: tuple[str, ...] = ()
    standing: Standing = "placed"


def write(session: Session, pen: Pen, drafts: Sequence[Draft]) -> Changed:
    """Record one transaction and show it. The only way to alter shared data; the caller commits.

    Seq, chain and clock are read inside this transaction, so one that is rolled back leaves no gap. The clock is the
    province's where this desk has heard it. Raises
    Known("not-allowed") for a kind the author's roles don't reach: the province would not take it.
    """
    if not all(_may(pen, draft.kind) for draft in drafts):
        raise Known("not-allowed")
    last = session.connection().execute(_LAST_OWN, {"desk": pen.signer.desk}).one_or_none()
    told = {row.name: row.value for row in session.connection().execute(_TOLD_BY_PROVINCE)}
    heard = session.scalar(_NEWEST), session.scalar(_TOLD), last.hlc if last else None, told.get(SEEN)
    clock = hlc.Clock(max((hlc.parse(each) for each in heard if each), default=0))
    seq, prev = (last.seq + 1, Sealed(last.header, None, None).hash) if last else (1, NO_HASH)
    ids = [identifiers.new() for _ in drafts]
    at, anchor = clock.tick(pen.now() + (told.get(OFFSET) or 0)), told.get(ANCHOR)
    commit = commits.seal(drafts, ids, pen.signer, hlc=hlc.text(at), seq=seq, prev=prev, anchor=anchor)
    if anchor:
        settings.put(session, ANCHOR, None)
    changes = [commits.opened(each) for each in commit.changes]
    store(session, [Stored(commit, changes)])
    refresh(session, {draft.entity_id: draft.kind for draft in drafts})
    return Changed(
        frozenset(draft.kind for draft in drafts), frozenset(draft.household for draft in drafts if draft.household)
    )


def _may(pen: Pen, kind: str) -> bool:
    return kind in roles.DESK_WRITES if pen.signer.actor == DESK else roles.may_write(pen.roles, kind)


def store(session: Session, stored: Iterable[Stored]) -> None:
    """Keep the exact bytes; a change already here gets the place the feed gives it."""
    changes: list[dict[str, Any]] = []
    signed: list[dict[str, Any]] = []
    for each in stored:
        said = commits.span(each.commit.message)
        signed.append(
            {
                "desk": said.desk, "first": said.first, "last": said.last, "message": each.commit.message,
                "actor": each.commit.actor, "desk_signature": each.commit.desk_signature,
                "actor_signature": each.commit.actor_signature, "verdict": None, "reason": None,
            }
        )  # fmt: skip
        for place, (sealed, change) in enumerate(zip(each.commit.changes, each.changes, strict=True)):
            changes.append(
                {
                    "change_id": change.change_id, "desk": change.desk, "seq": change.seq, "kind": change.kind,
                    "entity_id": change.entity_id, "household": change.household, "hlc": change.hlc,
                    "header": sealed.header, "body": sealed.body, "salt": sealed.salt,
                    "sseq": None if each.sseq is None else each.sseq + place,
                    "effective": each.effective[place] if each.effective else None,
                    "standing": "pending" if each.sseq is None else each.standing,
                }
            )  # fmt: skip
    session.connection().execute(_STORE, changes)
    session.connection().execute(_SIGN, signed)


def confirmed(session: Session, ids: Iterable[str] | None = None) -> dict[str, Document]:
    """Documents as the feed made them; all of the centre where `ids` is None."""
    if ids is None:
        rows = session.connection().execute(_ALL_DOCUMENTS).all()
    else:
        rows = [row for some in _batches(ids) for row in session.connection().execute(_SOME_DOCUMENTS, {"ids": some})]
    return {entity_id: merging.loaded(kind, entity_id, doc) for entity_id, kind, doc in rows}


def _batches(ids: Iterable[str]) -> Iterable[list[str]]:
    whole = list(ids)
    return (whole[at : at + _BATCH] for at in range(0, len(whole), _BATCH))


def pending(session: Session, ids: Iterable[str]) -> list[Change]:
    """Own changes to these entities that aren't in the feed, in own order."""
    rows = [row for some in _batches(ids) for row in session.connection().execute(_PENDING, {"ids": some})]
    return sorted((commits.opened(Sealed(*row)) for row in rows), key=lambda change: change.seq)


def shown(
    session: Session, ids: Sequence[str], known: Mapping[str, Document | None] | None = None
) -> dict[str, Document | None]:
    """What the desk shows of these entities: confirmed, with own pending changes re-applied. `known` saves a read."""
    documents: dict[str, Document | None] = dict.fromkeys(ids)
    documents |= confirmed(session, ids) if known is None else {each: known[each] for each in ids}
    for change in pending(session, ids):
        documents[change.entity_id] = merging.fold(documents[change.entity_id], change, change.hlc)
    return documents


def document(session: Session, entity_id: str) -> Document | None:
    """One entity as it is shown."""
    return shown(session, [entity_id])[entity_id]


def keep(session: Session, documents: Mapping[str, Document | None]) -> None:
    """Store confirmed documents, and what they make of the state; None forgets one."""
    connection = session.connection()
    total = _state(session)
    for some in _batches(documents):
        for entity_id, kind, digest in connection.execute(_HASHES, {"ids": some}):
            total -= merging.weight(kind, entity_id, digest)
    rows = [_document_row(doc) for doc in documents.values() if doc]
    total += sum(merging.weight(row["kind"], row["entity_id"], row["hash"]) for row in rows)
    if rows:
        connection.execute(_KEEP, rows)
    if gone := [{"gone": key} for key, doc in documents.items() if doc is None]:
        connection.execute(_FORGET, gone)
    settings.put(session, _STATE, merging.state_hash(total))


def _document_row(document: Document) -> dict[str, Any]:
    text = merging.dumped(document)
    return {
        "entity_id": document.entity_id, "kind": document.kind, "household": document.household, "doc": text,
        "hash": merging.document_hash(document.kind, document.entity_id, text),
    }  # fmt: skip


def state(session: Session) -> str:
    """The state hash of the confirmed documents here: the province's at the same place of the feed is the same."""
    return merging.state_hash(_state(session))


def _state(session: Session) -> int:
    return int(session.connection().execute(_STATE_NOW).scalar() or "0", 16)


def refresh(session: Session, kinds: Mapping[str, str], known: Mapping[str, Document | None] | None = None) -> None:
    """Make typed rows and the search index of these entities (id → kind) equal what is shown."""
    now = shown(session, list(kinds), known)
    project.project(session, now, kinds)
    search.refresh(session, now, kinds)


def rebuild(session: Session) -> None:
    """Empty the typed tables and the index, and project every shown document again."""
    project.clear(session)
    search.clear(session)
    documents: dict[str, Document | None] = dict(confirmed(session))
    documents |= shown(session, session.scalars(_WAITING).all())
    kinds = {key: doc.kind for key, doc in documents.items() if doc}
    project.project(session, {key: documents[key] for key in kinds}, kinds)
    search.refresh(session, {key: documents[key] for key in kinds}, kinds)


def refold(session: Session) -> None:
    """Make every confirmed document again from the stored feed: after this program folds by other rules."""
    connection = session.connection()
    connection.execute(delete(_DOCUMENT))
    settings.put(session, _STATE, "0")
    keep(session, _folded(connection.execute(_FEED, {"base": _base(session)}), begun_from(session)))
    rebuild(session)


def begun_from(session: Session, ids: Iterable[str] | None = None) -> dict[str, Document | None]:
    """The documents of the snapshot this desk began from, those that didn't leave since; none where it folded all."""
    connection = session.connection()
    if ids is None:
        rows = connection.execute(_BEGUN).all()
    else:
        rows = [row for some in _batches(ids) for row in connection.execute(_BEGUN_SOME, {"ids": some})]
    return {row.entity_id: merging.loaded(row.kind, row.entity_id, row.doc) for row in rows}


def _base(session: Session) -> int:
    return session.scalar(_BASE) or 0


def replayed(session: Session) -> str:
    """The state hash that everything stored gives from the first place of the feed on, whatever this desk began
    from."""
    documents = _folded(session.connection().execute(_FEED, {"base": 0}), {})
    rows = [_document_row(each) for each in documents.values() if each]
    return merging.state_hash(sum(merging.weight(row["kind"], row["entity_id"], row["hash"]) for row in rows))


def refold_some(session: Session, kinds: Mapping[str, str]) -> None:
    """Make the documents of these entities (id → kind) again, after something of their past was taken away."""
    documents: dict[str, Document | None] = dict.fromkeys(kinds)
    documents |= begun_from(session, kinds)
    for some in _batches(kinds):
        rows = session.connection().execute(_FEED_OF, {"ids": some, "base": _base(session)})
        documents |= _folded(rows, {each: documents[each] for each in some})
    keep(session, documents)
    refresh(session, kinds, documents)


def _folded(rows: Iterable[Any], begun: Mapping[str, Document | None]) -> dict[str, Document | None]:
    documents = dict(begun)
    for row in rows:
        change = commits.opened(Sealed(row.header, row.body, row.salt))
        clock = row.effective or change.hlc
        documents[change.entity_id] = merging.fold(documents.get(change.entity_id), change, clock)
    return documents


def unsent(session: Session, desk: str, after: int, most_changes: int) -> list[Commit]:
    """Own commits beginning after seq `after`, whole and contiguous, at least one and about `most_changes` changes."""
    rows = session.connection().execute(_OWN_COMMITS, {"desk": desk, "after": after}).all()
    some = [row for row in rows if row is rows[0] or row.last - rows[0].first < most_changes]
    if not some:
        return []
    span = {"desk": desk, "first": some[0].first, "last": some[-1].last}
    parts = session.connection().execute(_CHANGES_OF, span).all()
    found, at = list[Commit](), 0
    for row in some:
        begins = at
        while at < len(parts) and parts[at].seq <= row.last:
            at += 1
        found.append(_sealed(row, parts[begins:at]))
    return found


def all_commits(session: Session) -> Iterable[tuple[Any, Commit]]:
    """Every commit kept here, own and received, in chain order, with its row."""
    for row in session.connection().execute(select(_COMMIT).order_by(_COMMIT.c.desk, _COMMIT.c.first)).all():
        yield row, _commit(session, row)


def _commit(session: Session, row: Any) -> Commit:
    parts = session.connection().execute(_CHANGES_OF, {"desk": row.desk, "first": row.first, "last": row.last})
    return _sealed(row, parts)


def _sealed(row: Any, parts: Iterable[Any]) -> Commit:
    changes = tuple(Sealed(each.header, each.body, each.salt) for each in parts)
    return Commit(row.message, row.actor, row.desk_signature, row.actor_signature, changes)


def commit_of(session: Session, desk: str, seq: int) -> Commit | None:
    """The commit a change is of, with those of its changes that are here."""
    row = session.connection().execute(_AROUND, {"desk": desk, "seq": seq}).one_or_none()
    return _commit(session, row) if row else None


def here(session: Session, ids: Iterable[str]) -> Iterable[Any]:
    """Rows of these change ids that are kept already: change_id, desk, seq, header, sseq, entity_id, body."""
    return (row for some in _batches(ids) for row in session.connection().execute(_HERE, {"ids": some}))


def tip(session: Session, desk: str) -> tuple[int, str]:
    """Seq and hash of the desk's last change; (0, NO_HASH) before the first."""
    last = session.connection().execute(_LAST_OWN, {"desk": desk}).one_or_none()
    return (last.seq, Sealed(last.header, None, None).hash) if last else (0, NO_HASH)


def ended_by(session: Session, desk: str, seq: int) -> str | None:
    """The hash of the desk's change `seq` where a commit ends with it, else None."""
    row = session.connection().execute(_ENDING, {"desk": desk, "seq": seq}).one_or_none()
    return Sealed(row.header, None, None).hash if row else None


def gapless(session: Session, desk: str) -> bool:
    """Whether all of the desk's own changes, first to last, are here: cheap, at every opening; `db.verify` proves more.

    An old file joined by a newer log, as after a careless restore, has holes no checksum shows.
    """
    there = session.scalar(_OWN_COUNT, {"desk": desk})
    return there == tip(session, desk)[0]


def actor_of(sealed: Sealed) -> str:
    """The staff id a stored header names."""
    return commits.opened(Sealed(sealed.header, None, None)).actor
