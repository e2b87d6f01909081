"""The centre's feed arriving at this desk: verified, stored, folded, shown; and the province's word on own commits."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, exists, func, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from db import journal, origin, scope
from db.base import Row
from db.models.journal import PENDING, ChangeRow, CommitRow, LeftPlace, NoticeRow
from db.models.local import Watermark
from db.origin import Listing
from desktop.domain import hlc, merging, transfers
from desktop.domain.changed import Changed
from desktop.domain.merging import Document
from desktop.seal import commits, notices
from desktop.seal.commits import Commit
from desktop.seal.refused import Refused

_CHANGE, _COMMIT = (Row.metadata.tables[kind.__tablename__] for kind in (ChangeRow, CommitRow))
_put = insert(Watermark)
_MARK = _put.on_conflict_do_update(index_elements=["name"], set_={"value": _put.excluded.value})
_JUDGE = (
    update(_COMMIT)
    .where(_COMMIT.c.desk == bindparam("of"), _COMMIT.c.first == bindparam("at"))
    .values(verdict=bindparam("said"), reason=bindparam("why"))
)
_UNKNOWN = select(func.min(_CHANGE.c.sseq)).where(_CHANGE.c.standing == "unknown")
ENDED = frozenset({"discarded", "rerouted"})
"""Verdicts after which a commit is shown no more."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A commit at its place in the feed: consecutive sseq from `sseq`, one effective clock a change that is here."""

    sseq: int
    effective: tuple[str, ...]
    commit: Commit


@dataclass(frozen=True, slots=True)
class Notice:
    """A word of the province at its place: `said` was believed already (`seal.notices.opened`)."""

    sseq: int
    said: Mapping[str, Any]
    message: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Judged:
    """The province's verdict on one own commit."""

    first: int
    last: int
    verdict: str
    reason: str


@dataclass(frozen=True, slots=True)
class Position:
    """How far this desk is: `cursor` last sseq folded, `acked_seq` last own seq stored, `durable_seq` in a backup.

    `base`: the place of the snapshot it began from, 0 where it folded everything.
    """

    cursor: int
    acked_seq: int
    durable_seq: int
    base: int = 0


@dataclass(slots=True)
class _Page:
    """What one call of `apply` gathers on its way."""

    session: Session
    realm: str
    desk: str
    listing: Listing
    not_after: str
    cursor: int
    documents: dict[str, Document | None] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    stored: list[journal.Stored] = field(default_factory=list)
    own_gone: list[str] = field(default_factory=list)
    told: set[str] = field(default_factory=set)
    households: set[str] = field(default_factory=set)


def position(session: Session) -> Position:
    """Where this desk stands; zeros before the first sync."""
    marks = {name: value for name, value in session.execute(select(Watermark.name, Watermark.value))}  # noqa: C416
    return Position(*(marks.get(name, 0) for name in ("cursor", "acked_seq", "durable_seq", "base")))


def unsent(session: Session, desk: str, hidden: Collection[str] = ()) -> int:
    """How many own commits the province hasn't said it holds, less those in which there is a change of a `hidden`
    kind."""
    waiting = [CommitRow.desk == desk, CommitRow.first > position(session).acked_seq]
    if hidden:
        inside = ChangeRow.desk == desk, ChangeRow.seq.between(CommitRow.first, CommitRow.last)
        waiting.append(~exists().where(*inside, ChangeRow.kind.in_(hidden)))
    return session.scalar(select(func.count()).select_from(CommitRow).where(*waiting)) or 0


def acked(session: Session, acked_seq: int, durable_seq: int) -> None:
    """The province holds own changes up to `acked_seq`."""
    mark(session, "acked_seq", acked_seq)
    mark(session, "durable_seq", durable_seq)


def mark(session: Session, name: str, value: int) -> None:
    """Move a watermark: cursor, acked_seq, durable_seq, base."""
    session.connection().execute(_MARK, {"name": name, "value": value})


def apply(
    session: Session,
    rows: Sequence[Entry | Notice],
    realm: str,
    listing: Listing,
    not_after: str = "f" * 16,
    *,
    desk: str = "",
) -> Changed:
    """Fold one page of the feed: whole commits and notices, verified, in order, in the caller's transaction.

    `not_after` is the latest clock that is believed, `desk` this one's id. A commit under a key nobody listed is kept
    and
    not folded. Raises Refused, and nothing is kept, for a gap, a broken signature, a stub without its order, a change
    that
    is here already in other bytes or at another place, and a clock later than its author's own.
    """
    page = _Page(session, realm, desk, listing, not_after, position(session).cursor)
    for row in rows:
        if row.sseq != page.cursor + 1:
            raise Refused(f"the feed goes from {page.cursor} to {row.sseq}")
        if isinstance(row, Notice):
            _fold(page)
            _hear(page, row)
            page.cursor += 1
        else:
            _read(page, row)
            page.cursor += len(row.effective)
    if not rows:
        return Changed(frozenset(), frozenset())
    _fold(page)
    origin.keep(session, listing)
    mark(session, "cursor", page.cursor)
    return Changed(frozenset(page.told), frozenset(page.households))


def _read(page: _Page, entry: Entry) -> None:
    """Prove a commit and fold it in memory; one under an unknown key is only kept."""
    stored = believed(page.session, entry, page.realm, page.listing, page.not_after, page.documents)
    changes = stored.changes
    page.stored.append(stored)
    page.own_gone += [change.change_id for change in changes if not change.has_body and change.desk == page.desk]
    if stored.standing == "unknown":
        return
    _load(page, {change.entity_id for change in changes})
    for change, clock in zip(changes, entry.effective, strict=True):
        page.documents[change.entity_id] = merging.fold(page.documents[change.entity_id], change, clock)
        page.kinds[change.entity_id] = change.kind
        page.households |= {change.household} if change.household else set()


def believed(
    session: Session,
    entry: Entry,
    realm: str,
    listing: Listing,
    not_after: str = "f" * 16,
    documents: Mapping[str, Document | None] | None = None,
) -> journal.Stored:
    """A commit of the feed, proven, as it is to be stored: `unknown` under a key nobody listed. Raises Refused."""
    if len(entry.effective) != len(entry.commit.changes) or not entry.effective:
        raise Refused("a commit without one clock a change")
    standing: journal.Standing = "placed"
    try:
        changes = origin.proven(session, entry.commit, realm, listing, documents)
    except origin.Unlisted:
        changes, standing = [commits.opened(each) for each in entry.commit.changes], "unknown"
    for change, sealed, clock in zip(changes, entry.commit.changes, entry.effective, strict=True):
        if not hlc.readable(clock) or clock > min(change.hlc, not_after):
            raise Refused("a clock that is later than its author's")
        if not change.has_body and change.kind in transfers.STAYS:
            raise Refused(f"a {change.kind} without its body: it leaves with no household")
        if sealed.body is not None and sealed.salt is None and change.change_id not in listing.redacted:
            raise Refused(f"change {change.change_id} is a stub no order names")
    return journal.Stored(entry.commit, changes, entry.sseq, entry.effective, standing)


def _load(page: _Page, ids: set[str]) -> None:
    new = ids - page.documents.keys()
    page.documents |= {**dict.fromkeys(new), **journal.confirmed(page.session, new)}


def _fold(page: _Page) -> None:
    """Write what was read so far."""
    session = page.session
    if page.stored:
        _new_or_same(session, page.stored)
        scope.come_back(
            session, {change.entity_id for each in page.stored for change in each.changes if change.has_body}
        )
        journal.store(session, page.stored)
        if page.kinds:
            journal.keep(session, page.documents)
            journal.refresh(session, page.kinds, page.documents)
        page.told |= set(page.kinds.values())
    if page.own_gone:
        page.told |= scope.leave_households(session, page.desk, page.own_gone)
    page.documents, page.kinds, page.stored, page.own_gone = {}, {}, [], []


def _hear(page: _Page, notice: Notice) -> None:
    """Keep a notice and do what it says."""
    session, said = page.session, notice.said
    if str(said["at"]) > page.not_after:
        raise Refused("a notice of a later day")
    row = {"sseq": notice.sseq, "at": said["at"], "message": notice.message, "signature": notice.signature}
    session.connection().execute(insert(NoticeRow), row)
    match said["type"]:
        case notices.SCOPE_REMOVE:
            gone = [*said["entities"], said["household"]]
            page.told |= scope.leave(session, page.desk, gone)
            scope.noticed(session, gone)
            page.households.add(str(said["household"]))
        case notices.REROUTED if said["desk"] == page.desk:
            judge(session, page.desk, [Judged(said["first"], said["last"], "rerouted", str(said["target"]))])
        case notices.REDACTION:
            page.told |= scope.redact(session, said["changes"])


def _new_or_same(session: Session, stored: Sequence[journal.Stored]) -> None:
    """A change comes once, as its author wrote it: refuse one whose id stands for other bytes or has its place.

    What left with its household may come back, to another place.
    """
    coming = {
        change.change_id: (change.desk, change.seq, sealed.header)
        for each in stored
        for change, sealed in zip(each.changes, each.commit.changes, strict=True)
    }
    if len(coming) < sum(len(each.changes) for each in stored):
        raise Refused("a change comes twice")
    here = list(journal.here(session, coming))
    gone = scope.left(session, {row.entity_id for row in here if row.sseq is not None})
    for row in here:
        returns = row.sseq is not None and (
            row.entity_id in gone or row.body is None or scope.left_after(session, row.entity_id, row.sseq)
        )
        if (row.sseq is not None and not returns) or (row.desk, row.seq, row.header) != coming[row.change_id]:
            raise Refused(f"change {row.change_id} is here already")
        if returns:
            session.connection().execute(insert(LeftPlace).on_conflict_do_nothing(), {"sseq": row.sseq})


def unknown(session: Session) -> int | None:
    """The first place of the feed whose author's key nobody has listed yet; None where there is none."""
    found: int | None = session.scalar(_UNKNOWN)
    return found


def recognise(session: Session, realm: str, listing: Listing) -> bool:
    """Prove again what waits for a key, from the first on; where something is proven now, everything is folded again.

    Returns whether it was. Raises Refused where a listed key proves a forgery.
    """
    found = False
    places = select(_CHANGE.c.desk, _CHANGE.c.seq).where(_CHANGE.c.standing == "unknown").order_by(_CHANGE.c.sseq)
    for desk, seq in session.execute(places).all():
        commit = journal.commit_of(session, desk, seq)
        if commit is None:
            continue
        try:
            changes = origin.proven(session, commit, realm, listing)
        except origin.Unlisted:
            continue
        ids = [change.change_id for change in changes]
        session.execute(update(_CHANGE).where(_CHANGE.c.change_id.in_(ids)).values(standing="placed"))
        found = True
    if found:
        origin.keep(session, listing)
        journal.refold(session)
    return found


def judge(session: Session, desk: str, judged: Sequence[Judged]) -> None:
    """Note the verdicts on own commits; a discarded or rerouted one stops being shown, its record stays."""
    if judged:
        said = [{"of": desk, "at": one.first, "said": one.verdict, "why": one.reason} for one in judged]
        session.connection().execute(_JUDGE, said)
    for one in judged:
        if one.verdict not in ENDED:
            continue
        mine = (_CHANGE.c.desk == desk, _CHANGE.c.seq.between(one.first, one.last), PENDING)
        kinds = {
            row.entity_id: row.kind for row in session.execute(select(_CHANGE.c.entity_id, _CHANGE.c.kind).where(*mine))
        }
        if kinds:
            session.execute(update(_CHANGE).where(*mine).values(standing="ended"))
            if one.verdict == "rerouted":
                scope.made_elsewhere(session, kinds)
            journal.refresh(session, kinds)
