"""The centre's feed arriving at this desk: verified, stored, folded, shown; and the province's word on own commits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from db import journal
from db.base import Row
from db.models.journal import ChangeRow, CommitRow, DeskKey
from db.models.local import Watermark
from db.models.staffing import StaffKey
from desktop.domain import merging
from desktop.domain.changed import Changed
from desktop.domain.changes import Change
from desktop.domain.merging import Document
from desktop.domain.staffing import DESK
from desktop.seal import commits
from desktop.seal.commits import Commit
from desktop.seal.keys import sign_public
from desktop.seal.refused import Refused

_CHANGE, _COMMIT = (Row.metadata.tables[kind.__tablename__] for kind in (ChangeRow, CommitRow))
_put = insert(Watermark)
_MARK = _put.on_conflict_do_update(index_elements=["name"], set_={"value": _put.excluded.value})
_ACTOR_KEY = select(StaffKey.sign_key).where(
    StaffKey.staff == bindparam("staff"), StaffKey.desk == bindparam("desk"), StaffKey.void.is_(None)
)
_JUDGE = (
    update(_COMMIT)
    .where(_COMMIT.c.desk == bindparam("of"), _COMMIT.c.first == bindparam("at"))
    .values(verdict=bindparam("said"), reason=bindparam("why"))
)
_ENDED = frozenset({"discarded", "rerouted"})


@dataclass(frozen=True, slots=True)
class Entry:
    """A commit at its place in the feed: consecutive sseq from `sseq`, one effective clock a change."""

    sseq: int
    effective: tuple[str, ...]
    commit: Commit


@dataclass(frozen=True, slots=True)
class Judged:
    """The province's verdict on one own commit."""

    first: int
    last: int
    verdict: str
    reason: str


@dataclass(frozen=True, slots=True)
class Position:
    """How far this desk is: `cursor` last sseq folded, `acked_seq` last own seq stored, `durable_seq` in a backup."""

    cursor: int
    acked_seq: int
    durable_seq: int


def position(session: Session) -> Position:
    """Where this desk stands; zeros before the first sync."""
    marks = {name: value for name, value in session.execute(select(Watermark.name, Watermark.value))}  # noqa: C416
    return Position(marks.get("cursor", 0), marks.get("acked_seq", 0), marks.get("durable_seq", 0))


def unsent(session: Session, desk: str) -> int:
    """How many own commits the province hasn't said it holds."""
    waiting = CommitRow.desk == desk, CommitRow.last > position(session).acked_seq
    return session.scalar(select(func.count()).select_from(CommitRow).where(*waiting)) or 0


def acked(session: Session, acked_seq: int, durable_seq: int) -> None:
    """The province holds own changes up to `acked_seq`."""
    for name, value in (("acked_seq", acked_seq), ("durable_seq", durable_seq)):
        session.connection().execute(_MARK, {"name": name, "value": value})


def apply(session: Session, entries: Sequence[Entry], realm: str, desk_keys: Mapping[str, Ed25519PublicKey]) -> Changed:
    """Fold one page of the feed: whole commits, verified, in sseq order, in the caller's transaction.

    Raises Refused for a gap, a broken signature, or an author whose key isn't known; nothing is folded then.
    """
    cursor = position(session).cursor
    documents: dict[str, Document | None] = {}
    kinds: dict[str, str] = {}
    households: set[str] = set()
    stored: list[journal.Stored] = []
    for entry in entries:
        if entry.sseq != cursor + 1 or len(entry.effective) != len(entry.commit.changes):
            raise Refused(f"the feed goes from {cursor} to {entry.sseq}")
        changes = _verified(session, entry, realm, desk_keys, documents)
        stored.append(journal.Stored(entry.commit, changes, entry.sseq, entry.effective))
        new = {change.entity_id for change in changes} - documents.keys()
        documents |= {**dict.fromkeys(new), **journal.confirmed(session, new)}
        for change, clock in zip(changes, entry.effective, strict=True):
            documents[change.entity_id] = merging.fold(documents[change.entity_id], change, clock)
            kinds[change.entity_id] = change.kind
            households |= {change.household} if change.household else set()
        cursor += len(entry.effective)
    if not stored:
        return Changed(frozenset(), frozenset())
    journal.store(session, stored)
    journal.keep(session, documents)
    journal.refresh(session, kinds, documents)
    for desk, key in desk_keys.items():
        row = {"desk": desk, "sign_key": key.public_bytes_raw()}
        session.connection().execute(insert(DeskKey).on_conflict_do_nothing(), row)
    session.connection().execute(_MARK, {"name": "cursor", "value": cursor})
    return Changed(frozenset(kinds.values()), frozenset(households))


def _verified(
    session: Session,
    entry: Entry,
    realm: str,
    desk_keys: Mapping[str, Ed25519PublicKey],
    documents: Mapping[str, Document | None],
) -> list[Change]:
    desk = commits.span(entry.commit.message).desk
    if desk not in desk_keys:
        raise Refused(f"no key is known for desk {desk}")
    key = actor_key(session, entry.commit, desk, documents)
    return commits.verified(entry.commit, realm, desk_keys[desk], key)[1]


def actor_key(
    session: Session, commit: Commit, desk: str, documents: Mapping[str, Document | None] | None = None
) -> Ed25519PublicKey | None:
    """The key this commit's actor signs with on its desk; None for the desk itself or a stranger.

    From the journaled staff keys, or `documents` of the same page, or the commit itself where it founds them.
    """
    if commit.actor == DESK:
        return None
    known: str | None = session.connection().execute(_ACTOR_KEY, {"staff": commit.actor, "desk": desk}).scalar()
    if known is None:
        known = next(_named(commit, desk, documents or {}), None)
    return sign_public(bytes.fromhex(known)) if known else None


def _named(commit: Commit, desk: str, documents: Mapping[str, Document | None]) -> Iterator[str]:
    """Sign keys of the commit's actor on its desk that aren't rows yet."""
    for document in documents.values():
        if document and document.kind == "staff_key":
            cells = {name: document.value(name) for name in ("staff", "desk", "sign_key")}
            if (cells["staff"], cells["desk"]) == (commit.actor, desk):
                yield str(cells["sign_key"])
    for change in map(commits.opened, commit.changes):
        if change.kind == "staff_key" and (change.patch.get("staff"), change.patch.get("desk")) == (commit.actor, desk):
            yield str(change.patch.get("sign_key"))


def judge(session: Session, desk: str, judged: Sequence[Judged]) -> None:
    """Note the verdicts on own commits; a discarded or rerouted one stops being shown, its record stays."""
    for one in judged:
        values = {"of": desk, "at": one.first, "said": one.verdict, "why": one.reason}
        session.connection().execute(_JUDGE, values)
        if one.verdict not in _ENDED:
            continue
        mine = (_CHANGE.c.desk == desk, _CHANGE.c.seq.between(one.first, one.last), _CHANGE.c.sseq.is_(None))
        kinds = {
            row.entity_id: row.kind for row in session.execute(select(_CHANGE.c.entity_id, _CHANGE.c.kind).where(*mine))
        }
        session.execute(update(_CHANGE).where(*mine).values(dropped=True))
        journal.refresh(session, kinds)
