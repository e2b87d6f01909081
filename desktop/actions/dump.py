"""Everything this desk holds, in the shape both sides print: what `dump` of desk and province are compared by."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db import journal
from db.models.journal import ChangeRow
from desktop.domain import dump as shape
from desktop.domain.dump import Kept
from desktop.seal.commits import Sealed


def dump(session: Session) -> dict[str, Any]:
    """The whole state of this desk: every change it holds, every document as it is shown, the state hash."""
    rows = session.execute(
        select(ChangeRow.change_id, ChangeRow.header, ChangeRow.entity_id, ChangeRow.standing)
    ).all()
    waiting = {row.entity_id for row in rows if row.standing == "pending"}
    confirmed = journal.confirmed(session)
    shown = {**confirmed, **journal.shown(session, sorted(waiting))}
    kept = [Kept(confirmed.get(key), doc, key in waiting) for key, doc in shown.items() if doc]
    return shape.dump([(row.change_id, Sealed(row.header, None, None).hash) for row in rows], kept)
