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
from db.models.journal import PENDING, ChangeRow, CommitRow, DeskKey
from db.models.local import Watermark
from db.models.staffing import StaffKey
from desktop.domain import hlc, merging, roles
from desktop.domain.changed import Changed
from desktop.domain.changes import Change
from desktop.domain.merging import Document
from desktop.domain.staffing import DESK
from desktop.seal import commits
from desktop.seal.commits import Commit, Span
from desktop.seal.keys import sign_public
from desktop.seal.refused import Refused

_CHANGE, _COMMIT = (Row.metadata.tables[kind.__tablename__] for kind in (ChangeRow, CommitRow))
_put = insert(Watermark)
_MARK = _put.on_conflict_do_update(index_elements=["name"], set_={"value": _put.excluded.value})
_ACTOR_KEYS = select(StaffKey.sign_key).where(StaffKey.staff == bindparam("staff"), StaffKey.desk == bindparam("desk"))
_JUDGE = (
    update(_COMMIT)
    .where(_COMMIT.c.desk == bindparam("of"), _COMMIT.c.first == bindparam("at"))
    .values(verdict=bindparam("said"), reason=bindparam("why"))
)
ENDED = frozenset({"discarded", "rerouted"})
"""Verdicts after which a commit is shown no more."""


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
    waiting = CommitRow.desk == desk, CommitRow.first > position(session).acked_seq
    return session.scalar(select(func.count()).select_from(CommitRow).where(*waiting)) or 0


def acked(session: Session, acked_seq: int, durable_seq: int) -> None:
    """The province holds own changes up to `acked_seq`."""
    for name, value in (("acked_seq", acked_seq), ("durable_seq", durable_seq)):
        session.connection().execute(_MARK, {"name": name, "value": value})


def apply(
    session: Session,
    entries: Sequence[Entry],
    realm: str,
    desk_keys: Mapping[str, Ed25519PublicKey],
    not_after: str = "f" * 16,
) -> Changed:
    """Fold one page of the feed: whole commits, verified, in sseq order, in the caller's transaction.

    `not_after` is the latest clock that is believed. Raises Refused, and nothing is folded, for a gap, a broken
    signature, an author whose key isn't known, a change without its body, one that is here already in other bytes or at
    another place, and a clock later than its author's own.
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
        if any(not hlc.readable(at) or at > min(change.hlc, not_after) for change, at in _clocked(changes, entry)):
            raise Refused("a clock that is later than its author's")
        stored.append(journal.Stored(entry.commit, changes, entry.sseq, entry.effective))
        new = {change.entity_id for change in changes} - documents.keys()
        documents |= {**dict.fromkeys(new), **journal.confirmed(session, new)}
        for change, clock in _clocked(changes, entry):
            documents[change.entity_id] = merging.fold(documents[change.entity_id], change, clock)
            kinds[change.entity_id] = change.kind
            households |= {change.household} if change.household else set()
        cursor += len(entry.effective)
    if not stored:
        return Changed(frozenset(), frozenset())
    _new_or_same(session, stored)
    journal.store(session, stored)
    journal.keep(session, documents)
    journal.refresh(session, kinds, documents)
    for desk, key in desk_keys.items():
        row = {"desk": desk, "sign_key": key.public_bytes_raw()}
        session.connection().execute(insert(DeskKey).on_conflict_do_nothing(), row)
    session.connection().execute(_MARK, {"name": "cursor", "value": cursor})
    return Changed(frozenset(kinds.values()), frozenset(households))


def _clocked(changes: Sequence[Change], entry: Entry) -> Iterator[tuple[Change, str]]:
    return zip(changes, entry.effective, strict=True)


def _new_or_same(session: Session, stored: Sequence[journal.Stored]) -> None:
    """A change comes once, and as its author wrote it: refuse one whose id stands for other bytes or has its place."""
    coming = {
        change.change_id: (change.desk, change.seq, sealed.header)
        for each in stored
        for change, sealed in zip(each.changes, each.commit.changes, strict=True)
    }
    if len(coming) < sum(len(each.changes) for each in stored):
        raise Refused("a change comes twice")
    for row in journal.here(session, coming):
        if row.sseq is not None or (row.desk, row.seq, row.header) != coming[row.change_id]:
            raise Refused(f"change {row.change_id} is here already")


def _verified(
    session: Session,
    entry: Entry,
    realm: str,
    desk_keys: Mapping[str, Ed25519PublicKey],
    documents: Mapping[str, Document | None],
) -> list[Change]:
    desk = commits.span(entry.commit.message).desk
    key = desk_keys.get(desk)
    known = session.get(DeskKey, desk)
    if key is None or (known is not None and known.sign_key != key.public_bytes_raw()):
        raise Refused(f"desk {desk} is listed under no key, or under another than before")
    if any(sealed.body is None or sealed.salt is None for sealed in entry.commit.changes):
        raise Refused("a change without its body: nothing that takes one away exists yet")
    said, changes = commits.proven_by_desk(entry.commit, realm, key)
    prove_actor(session, entry.commit, realm, said, changes, documents)
    return changes


def prove_actor(
    session: Session,
    commit: Commit,
    realm: str,
    said: Span,
    changes: Sequence[Change],
    documents: Mapping[str, Document | None] | None = None,
) -> None:
    """Raises Refused unless one of the actor's keys on that desk signed; the desk itself may write only what it may.

    Keys come from the journaled ones, ended or not (which held when, the province judged), from `documents` of the
    same page, and from a desk's very first commit, which brings its founder's.
    """
    if commit.actor == DESK:
        if not all(change.kind in roles.DESK_WRITES for change in changes):
            raise Refused("a desk wrote what only a person may")
        commits.prove_actor(commit, realm, None)
        return
    rows = session.connection().execute(_ACTOR_KEYS, {"staff": commit.actor, "desk": said.desk}).scalars()
    patches = [
        {name: doc.value(name) for name in ("staff", "desk", "sign_key")}
        for doc in (documents or {}).values()
        if doc and doc.kind == "staff_key"
    ]
    if said.first == 1:
        patches += [dict(change.patch) for change in changes if change.kind == "staff_key"]
    mine = (each for each in patches if (each.get("staff"), each.get("desk")) == (commit.actor, said.desk))
    for raw in dict.fromkeys([*rows, *(each.get("sign_key") for each in mine)]):
        if isinstance(raw, str) and _signed_by(commit, realm, raw):
            return
    raise Refused(f"no key of actor {commit.actor} signed")


def _signed_by(commit: Commit, realm: str, raw: str) -> bool:
    try:
        commits.prove_actor(commit, realm, sign_public(bytes.fromhex(raw)))
    except ValueError:  # Refused is one: another key's signature, or no key at all
        return False
    return True


def judge(session: Session, desk: str, judged: Sequence[Judged]) -> None:
    """Note the verdicts on own commits; a discarded or rerouted one stops being shown, its record stays."""
    for one in judged:
        values = {"of": desk, "at": one.first, "said": one.verdict, "why": one.reason}
        session.connection().execute(_JUDGE, values)
        if one.verdict not in ENDED:
            continue
        mine = (_CHANGE.c.desk == desk, _CHANGE.c.seq.between(one.first, one.last), PENDING)
        kinds = {
            row.entity_id: row.kind for row in session.execute(select(_CHANGE.c.entity_id, _CHANGE.c.kind).where(*mine))
        }
        session.execute(update(_CHANGE).where(*mine).values(standing="ended"))
        journal.refresh(session, kinds)
