"""Where each record is now, and what asks for a person, for the sync screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Select, bindparam, exists, func, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session, aliased

from db import feed, look_up, settings, sync_history
from db.models.journal import PENDING, ChangeRow, CommitRow
from db.models.local import SeenVerdict
from db.models.people import Household
from desktop.actions.permission import require
from desktop.domain import digits, hlc, jalali, texts
from desktop.domain.changes import Change
from desktop.domain.entities import ENTITIES
from desktop.domain.faults import Known
from desktop.domain.roles import hidden, may
from desktop.domain.staffing import Actor
from desktop.domain.sync_truth import (
    SyncItem,
    SyncTruth,
    act_of,
    clock_item,
    clock_words,
    coming,
    moment,
    number_of,
    reason_of,
    span,
)
from desktop.domain.transfers import OFFER
from desktop.seal import commits
from desktop.seal.commits import Sealed

_MOST = 50
_PAGE = 500
_ELSEWHERE = "elsewhere/"
_HELD = "quarantined"
_COMMITS = select(CommitRow.desk, CommitRow.first, CommitRow.last, CommitRow.verdict, CommitRow.reason).order_by(
    CommitRow.first
)
# Pending changes and verdicts are a desk's own alone, so neither names the desk: each has its own small index then.
_ON_WAY = (
    _COMMITS.join(ChangeRow, (ChangeRow.desk == CommitRow.desk) & (ChangeRow.seq == CommitRow.first))
    .where(PENDING, CommitRow.verdict.is_distinct_from(_HELD))
)  # fmt: skip
_INSIDE = aliased(ChangeRow)
_OF_HIDDEN = exists().where(
    _INSIDE.desk == CommitRow.desk, _INSIDE.seq.between(CommitRow.first, CommitRow.last),
    _INSIDE.kind.in_(bindparam("hidden", expanding=True)),
)  # fmt: skip
_SAID = CommitRow.verdict + "/" + func.coalesce(CommitRow.reason, "")
_NEEDING = _COMMITS.where(
    CommitRow.verdict.in_((_HELD, "discarded", "rerouted")),
    ~exists().where(
        SeenVerdict.desk == CommitRow.desk, SeenVerdict.first == CommitRow.first, SeenVerdict.verdict == _SAID
    ),
)
_HELD_BACK = _COMMITS.where(CommitRow.verdict == _HELD)
_SEALED = select(ChangeRow.header, ChangeRow.body, ChangeRow.salt).order_by(ChangeRow.seq)
_TOLD_ORDER = (
    "transfer", "incident", "screening_result", "visit", "issued_document", "person", "contact", "needs", "caution",
    "household", "staff", "centre",
)  # fmt: skip


def truth(session: Session, actor: Actor, desk: str, now: int, next_at: int | None = None) -> SyncTruth:
    """The four stages of today's records, `now` in µs UTC. The caller knows of attempts: `fault`, `next_at`.

    Of what `actor` may not know of nothing is listed, counted or named.
    """
    require(actor, "sync.run")
    kept = _Kept(session, actor)
    acked = feed.position(session).acked_seq
    first_today = _first_seq_of(session, desk, jalali.today(now))
    todays = kept.all(_COMMITS.where(CommitRow.desk == desk, CommitRow.first >= first_today))
    placed = set(
        session.scalars(
            select(ChangeRow.seq).where(
                ChangeRow.desk == desk, ChangeRow.seq >= first_today, ChangeRow.standing == "placed"
            )
        )
    )
    last, offset = settings.get(session, "last_sync"), _offset(session)
    needing = _Needing(session, actor, kept, now)
    listed = tuple(needing.item(row) for row in kept.all(_NEEDING.limit(_MOST)))
    others = tuple(each for each in (clock_item(offset), needing.unknown(desk)) if each is not None)
    others += needing.elsewhere()
    on_way = tuple(_item(session, row, now) for row in kept.all(_ON_WAY.limit(_MOST)))
    return SyncTruth(
        enrolled=enrolled(session),
        saved=len(todays),
        sent=sum(row.last <= acked for row in todays),
        accepted=sum(row.first in placed for row in todays),
        on_way=on_way,
        needs_you=others + listed,
        on_way_count=kept.count(_ON_WAY),
        needs_you_count=kept.count(_NEEDING) + len(others),
        oldest=span(now - oldest) if (oldest := _oldest(kept)) is not None else "",
        last_success=moment(last, now) if isinstance(last, int) else "",
        next_attempt=coming(next_at, now),
        clock=clock_words(offset),
    )


class _Kept:
    """Reads commits, less those in which there is anything that whoever asks may not know of."""

    def __init__(self, session: Session, actor: Actor) -> None:
        self._session, self._hidden = session, sorted(hidden(actor.roles))

    def all(self, query: Select[Any, Any, Any, Any, Any]) -> Sequence[Any]:
        return self._session.execute(self._less(query), {"hidden": self._hidden}).all()

    def count(self, query: Select[Any, Any, Any, Any, Any]) -> int:
        counted = select(func.count()).select_from(self._less(query).order_by(None).subquery())
        return self._session.scalar(counted, {"hidden": self._hidden}) or 0

    def _less(self, query: Select[Any, Any, Any, Any, Any]) -> Select[Any, Any, Any, Any, Any]:
        return query.where(~_OF_HIDDEN) if self._hidden else query


def _oldest(kept: _Kept) -> int | None:
    """When the oldest commit on its way was made, µs UTC by this PC's clock."""
    rows = kept.all(_ON_WAY.add_columns(ChangeRow.hlc).limit(1))
    return hlc.microseconds(hlc.parse(rows[0].hlc)) if rows else None


def _offset(session: Session) -> int:
    """The province's clock less this PC's, µs, when last heard, were it in an attempt that failed; 0 before."""
    for each in sync_history.attempts(session, 20):
        if each.clock_offset is not None:
            return each.clock_offset
    tie = settings.get(session, "province")
    return int(tie["offset"]) if tie else 0


def enrolled(session: Session) -> bool:
    """Whether this desk has joined a province."""
    return settings.get(session, "province") is not None


def require_begun(session: Session, desk: str) -> None:
    """Before its first save a further PC has what its centre has: else one person would be written twice.

    Raises Known("first-sync") on a desk that joined, never synced, and has written nothing but its founding; whoever
    worked before joining works on.
    """
    if not enrolled(session) or settings.get(session, "last_sync") is not None:
        return
    if len(session.execute(_COMMITS.where(CommitRow.desk == desk).limit(2)).all()) == 1:
        raise Known("first-sync")


def seen(session: Session, actor: Actor, item: str) -> None:
    """Somebody read the verdict on an own commit: it asks no more, unless the province says something else of it.

    `item` is the id of a `SyncItem`; one that is neither a commit's nor of a file elsewhere is left alone.
    """
    require(actor, "sync.run")
    if item.startswith(_ELSEWHERE):
        look_up.looked(session, item.removeprefix(_ELSEWHERE))
        return
    desk, _, first = item.partition("/")
    row = session.get(CommitRow, (desk, int(first))) if first.isdigit() else None
    if row is not None and row.verdict:
        values = {"desk": desk, "first": row.first, "verdict": _said(row.verdict, row.reason)}
        session.execute(insert(SeenVerdict).values(values).on_conflict_do_nothing())


def _first_seq_of(session: Session, desk: str, day: jalali.Jalali) -> int:
    """The first own seq written on `day` in Tehran, by its clock; far beyond the last where there is none."""
    rows = session.execute(
        select(ChangeRow.seq, ChangeRow.hlc).where(ChangeRow.desk == desk).order_by(ChangeRow.seq.desc()),
        execution_options={"yield_per": _PAGE},  # a year of rows isn't read to find this morning
    )
    first = 1 << 62
    for seq, clock in rows:
        if jalali.today(hlc.microseconds(hlc.parse(clock))) < day:
            break
        first = seq
    return first


def _item(session: Session, row: Any, now: int) -> SyncItem:
    changes = session.execute(
        select(ChangeRow.kind, ChangeRow.hlc).where(
            ChangeRow.desk == row.desk, ChangeRow.seq.between(row.first, row.last)
        )
    ).all()
    kinds = {change.kind for change in changes}
    told = next((kind for kind in _TOLD_ORDER if kind in kinds), "other")
    at = hlc.microseconds(hlc.parse(changes[0].hlc)) if changes else 0
    return SyncItem(f"{row.desk}/{row.first}", texts.say(f"sync.kind.{told}"), moment(at, now))


class _Needing:
    """Makes the items that ask for a person; what some of them wait behind is read once."""

    def __init__(self, session: Session, actor: Actor, kept: _Kept, now: int) -> None:
        self._session, self._kept, self._now = session, kept, now
        self._opens = may(actor.roles, "person.read")
        self._ahead: list[tuple[Any, frozenset[str]]] | None = None

    def item(self, row: Any) -> SyncItem:
        reason = reason_of(row.reason or "")
        why = [texts.say(f"sync.verdict.{row.verdict}")] + ([texts.say(f"sync.reason.{reason}")] if row.reason else [])
        waits = texts.say(f"sync.waits.{reason}") if row.reason else texts.say("sync.verdict.safe")
        if row.verdict == "rerouted" and row.reason:  # where to
            why = [texts.say("sync.verdict.rerouted-to", centre=digits.persian(row.reason))]
            waits = texts.say("sync.waits.late")
        act, target = act_of(row.verdict, row.reason or ""), ""
        if act == "behind":
            target, waits = self._behind(row) or ("", waits)
        elif act == "open":
            target = self._person(row) if self._opens else ""
        if act in ("behind", "open") and not target:
            act = "send" if act == "behind" else "tell"
        plain = _item(self._session, row, self._now)
        read_out = self._read_out(row.desk, row.first, row.reason or "") if act == "tell" else ()
        return replace(plain, reason=" ".join(why), waits=waits, act=act, target=target, read_out=read_out)

    def unknown(self, desk: str) -> SyncItem | None:
        """What came in the feed under a key nobody listed."""
        place = feed.unknown(self._session)
        if place is None:
            return None
        why, waits = texts.say("sync.reason.unknown_key"), texts.say("sync.waits.unknown_key")
        return SyncItem(
            "unknown-key", texts.say("sync.unknown-key"), reason=why, waits=waits, act="tell",
            read_out=self._read_out(desk, place, "unknown_key"),
        )  # fmt: skip

    def elsewhere(self) -> tuple[SyncItem, ...]:
        """People of whom another centre has a file; each once, until somebody looked at the file here."""
        why, waits = texts.say("sync.reason.file_elsewhere"), texts.say("sync.waits.file_elsewhere")
        return tuple(
            SyncItem(f"{_ELSEWHERE}{person}", texts.say("sync.elsewhere"), reason=why, waits=waits, act="look",
                     target=person)
            for person in (look_up.found(self._session) if self._opens else ())
        )  # fmt: skip

    def _behind(self, row: Any) -> tuple[str, str] | None:
        """The earliest item that touches what this one does: what came between is held too."""
        if self._ahead is None:
            rows = self._kept.all(_HELD_BACK.limit(_PAGE))
            self._ahead = [(each, self._touched(each)) for each in rows]
        mine = self._touched(row)
        before = (each for each, touched in self._ahead if _earlier(each, row) and not mine.isdisjoint(touched))
        if (first := next(before, None)) is None:
            return None
        item = _item(self._session, first, self._now)
        return item.id, texts.say("sync.waits.behind", what=item.words, time=item.since)

    def _changes(self, row: Any) -> list[Change]:
        rows = self._session.execute(
            _SEALED.where(ChangeRow.desk == row.desk, ChangeRow.seq.between(row.first, row.last))
        )
        return [commits.opened(Sealed(*each)) for each in rows]

    def _touched(self, row: Any) -> frozenset[str]:
        """Every entity it alters or refers to: what the province holds later ones by."""
        found: set[str] = set()
        for change in self._changes(row):
            fields = ENTITIES[change.kind].references if change.kind in ENTITIES else {}
            named = (change.entity_id, change.household, *(change.patch.get(name) for name in fields))
            found |= {each for each in named if isinstance(each, str) and each}
        return frozenset(found)

    def _person(self, row: Any) -> str:
        """Somebody of the file it is about: whom it names, else the head of its household."""
        for change in self._changes(row):
            if change.kind == "person":
                return change.entity_id
            if isinstance(named := change.patch.get("person"), str):
                return named
            named = change.patch.get("household") if change.verb == OFFER else change.household
            home = self._session.get(Household, named) if isinstance(named, str) else None
            if home is not None and home.head:
                return home.head
        return ""

    def _read_out(self, desk: str, number: int, reason: str) -> tuple[str, ...]:
        """Enough for the province to find it: never a word about a person."""
        known = settings.get(self._session, "desk") or {}
        short = desk.replace("-", "")[-8:].upper()
        fields: dict[str, dict[str, object]] = {
            "centre": {"code": digits.persian(known.get("centre", ""))},
            "desk": {"desk": f"\u2066{short[:4]} {short[4:]}\u2069"},
            "number": {"number": number},
            "code": {"code": number_of(reason)},
        }
        return tuple(texts.say(f"sync.read-{name}", **values) for name, values in fields.items())


def _said(verdict: str, reason: str | None) -> str:
    return f"{verdict}/{reason or ''}"


def _earlier(one: Any, other: Any) -> bool:
    """Whether one commit comes before another in the chain of the desk that made both."""
    return bool(one.desk == other.desk and one.first < other.first)
