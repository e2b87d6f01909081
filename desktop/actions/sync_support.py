"""How syncing goes, in numbers: for the `status` command and for those who support a desk. Never a word of a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import asdict
from typing import Any, get_args

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from db import feed, restored, settings, sync_history
from db.models.journal import PENDING, ChangeRow, CommitRow
from desktop.actions.permission import require
from desktop.domain import hlc, merging
from desktop.domain.changes import SCHEMA
from desktop.domain.entities import ENTITIES
from desktop.domain.pace import Cause
from desktop.domain.roles import RESTRICTED
from desktop.domain.staffing import Actor
from desktop.domain.sync_truth import reason_of

_VERDICTS = ("accepted", "quarantined", "discarded", "rerouted")
_OTHER = "other"
_KINDS = select(ChangeRow.kind, func.count()).where(PENDING).group_by(ChangeRow.kind)
_SAID = (
    select(CommitRow.verdict, CommitRow.reason, func.count())
    .where(CommitRow.verdict.is_not(None))
    .group_by(CommitRow.verdict, CommitRow.reason)
)


def counts(session: Session, desk: str, hidden: Collection[str] = ()) -> dict[str, Any]:
    """Where the desk stands; times in µs UTC by this PC's clock. Nothing of `hidden` kinds is counted.

    `unsent` and `quarantined` are commits, `pending` changes by kind. What the province or a newer program named and
    this one doesn't know is counted as `other`, so that no foreign word gets out.
    """
    position = feed.position(session)
    told = ChangeRow.kind.not_in(hidden)
    newest = select(ChangeRow.seq).where(ChangeRow.desk == desk, told).order_by(ChangeRow.seq.desc()).limit(1)
    last = session.scalar(newest) or 0
    most = last if hidden else position.acked_seq  # the distance between the two would tell
    oldest = session.scalar(select(func.min(ChangeRow.hlc)).where(PENDING, told))
    pending, reasons, verdicts = Counter[str](), Counter[str](), Counter[str]()
    for kind, count in session.execute(_KINDS.where(told)):
        pending[kind if kind in ENTITIES else _OTHER] += count
    inside = ChangeRow.desk == CommitRow.desk, ChangeRow.seq.between(CommitRow.first, CommitRow.last)
    for verdict, reason, count in session.execute(_SAID.where(~exists().where(*inside, ~told))):
        verdicts[verdict if verdict in _VERDICTS else _OTHER] += count
        if verdict == "quarantined":
            reasons[reason_of(reason or "")] += count
    return {
        "seq": last, "acked_seq": min(position.acked_seq, most), "durable_seq": min(position.durable_seq, most),
        "cursor": position.cursor, "unsent": feed.unsent(session, desk, hidden),
        "quarantined": verdicts["quarantined"], "quarantined_by_reason": dict(reasons), "verdicts": dict(verdicts),
        "pending": dict(pending), "oldest_pending": hlc.microseconds(hlc.parse(oldest)) if oldest else None,
        "last_sync": settings.get(session, "last_sync"), "restored": restored.noticed(session),
    }  # fmt: skip


def report(
    session: Session, actor: Actor, *, desk: str, centre: str, realm: str, now: int, versions: Mapping[str, str | int]
) -> dict[str, Any]:
    """What support is sent: counts, versions and every attempt that is kept, newest first.

    Ids of the desk and the centre's code are in it; no name, number, address or id of any person, and nothing of a
    restricted kind, whoever makes it: it leaves the centre.
    """
    require(actor, "sync.run")
    return {
        "made_at": now, "desk": desk, "centre": centre, "realm": realm,
        "versions": {**versions, "schema": SCHEMA, "fold": merging.fold_version()},
        "counts": counts(session, desk, RESTRICTED),
        "attempts": [_attempt(each) for each in sync_history.attempts(session)],
    }  # fmt: skip


def _attempt(kept: sync_history.Attempt) -> dict[str, Any]:
    values = asdict(kept)
    cause = values.pop("cause")
    return {**values, "trigger": cause if cause in get_args(Cause) else _OTHER}
