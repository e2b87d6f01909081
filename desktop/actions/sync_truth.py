"""Where each record is now, for the sync screen and the `status` command."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from db import feed, restored, settings
from db.models.journal import PENDING, ChangeRow, CommitRow
from desktop.actions.permission import require
from desktop.domain import digits, hlc, jalali, texts
from desktop.domain.staffing import Actor
from desktop.domain.sync_truth import SyncItem, SyncTruth

_MOST = 50
_PAGE = 500
_HELD = "quarantined"
_COMMITS = select(CommitRow.first, CommitRow.last, CommitRow.verdict, CommitRow.reason).order_by(CommitRow.first)
# Pending changes and verdicts are a desk's own alone, so neither names the desk: each has its own small index then.
_ON_WAY = (
    _COMMITS.join(ChangeRow, (ChangeRow.desk == CommitRow.desk) & (ChangeRow.seq == CommitRow.first))
    .where(PENDING, CommitRow.verdict.is_distinct_from(_HELD))
)  # fmt: skip
_NEEDING = _COMMITS.where(CommitRow.verdict.in_((_HELD, "discarded", "rerouted")))
_TOLD_ORDER = (
    "screening_result", "visit", "issued_document", "person", "contact", "needs", "household", "staff", "centre",
)  # fmt: skip


def truth(session: Session, actor: Actor, desk: str, now: int) -> SyncTruth:
    """The four stages of today's records. `fault` is the caller's: it knows how the last attempt ended."""
    require(actor, "sync.run")
    acked = feed.position(session).acked_seq
    first_today = _first_seq_of(session, desk, jalali.today(now))
    todays = session.execute(_COMMITS.where(CommitRow.desk == desk, CommitRow.first >= first_today)).all()
    placed = set(
        session.scalars(
            select(ChangeRow.seq).where(
                ChangeRow.desk == desk, ChangeRow.seq >= first_today, ChangeRow.standing == "placed"
            )
        )
    )
    last = settings.get(session, "last_sync")
    return SyncTruth(
        enrolled=enrolled(session),
        saved=len(todays),
        sent=sum(row.last <= acked for row in todays),
        accepted=sum(row.first in placed for row in todays),
        on_way=tuple(_item(session, desk, row) for row in session.execute(_ON_WAY.limit(_MOST))),
        needs_you=tuple(_needing(session, desk, row) for row in session.execute(_NEEDING.limit(_MOST))),
        on_way_count=_count(session, _ON_WAY),
        needs_you_count=_count(session, _NEEDING),
        last_success=_when(last) if isinstance(last, int) else "",
    )


def enrolled(session: Session) -> bool:
    """Whether this desk has joined a province."""
    return settings.get(session, "province") is not None


def counts(session: Session, desk: str) -> dict[str, Any]:
    """What `status` says: the same truth in numbers."""
    position = feed.position(session)
    last = session.scalar(select(ChangeRow.seq).where(ChangeRow.desk == desk).order_by(ChangeRow.seq.desc()).limit(1))
    held = select(func.count()).select_from(CommitRow).where(CommitRow.verdict == _HELD)
    return {
        "seq": last or 0, "acked_seq": position.acked_seq, "durable_seq": position.durable_seq,
        "cursor": position.cursor, "unsent": feed.unsent(session, desk),
        "quarantined": session.scalar(held) or 0,
        "last_sync": settings.get(session, "last_sync"), "restored": restored.noticed(session),
    }  # fmt: skip


def _count(session: Session, query: Select[Any, Any, Any, Any]) -> int:
    return session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0


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


def _item(session: Session, desk: str, row: Any) -> SyncItem:
    changes = session.execute(
        select(ChangeRow.kind, ChangeRow.hlc).where(ChangeRow.desk == desk, ChangeRow.seq.between(row.first, row.last))
    ).all()
    kinds = {change.kind for change in changes}
    told = next((kind for kind in _TOLD_ORDER if kind in kinds), "other")
    at = hlc.microseconds(hlc.parse(changes[0].hlc)) if changes else 0
    return SyncItem(f"{desk}/{row.first}", texts.say(f"sync.kind.{told}"), _when(at))


def _needing(session: Session, desk: str, row: Any) -> SyncItem:
    item = _item(session, desk, row)
    return SyncItem(item.id, texts.say(f"sync.verdict.{row.verdict}", what=item.words), item.since)


def _when(at: int) -> str:
    return digits.persian(jalali.time_of_day(at))
