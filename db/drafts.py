"""Forms as people left them, so that nothing typed is lost to a crash. Local to this PC, encrypted with the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from db.models.local import Draft


@dataclass(frozen=True, slots=True)
class Saved:
    """The fields as they stood in the form at `saved_at` (µs UTC)."""

    fields: dict[str, Any]
    saved_at: int


_insert = insert(Draft)
_upsert = _insert.on_conflict_do_update(
    index_elements=[Draft.user_id, Draft.form],
    set_={"fields": _insert.excluded.fields, "saved_at": _insert.excluded.saved_at},
)
_mine = (Draft.user_id == bindparam("whose"), Draft.form == bindparam("which"))
_load = select(Draft.fields, Draft.saved_at).where(*_mine)
_drop = delete(Draft).where(*_mine)
_of_person = select(Draft.form, Draft.fields, Draft.saved_at).where(_mine[0]).order_by(Draft.saved_at.desc())


def save(session: Session, user_id: str, form: str, fields: dict[str, Any], saved_at: int) -> None:
    """Keep the form as it stands; the same person's earlier draft of it is replaced. `saved_at` in µs UTC."""
    row = {"user_id": user_id, "form": form, "fields": fields, "saved_at": saved_at}
    session.connection().execute(_upsert, row)


def load(session: Session, user_id: str, form: str) -> Saved | None:
    """The draft this person left in this form, or None."""
    row = session.connection().execute(_load, {"whose": user_id, "which": form}).one_or_none()
    return None if row is None else Saved(row.fields, row.saved_at)


def of_person(session: Session, user_id: str) -> dict[str, Saved]:
    """Every form this person left something in, by its name, the newest first."""
    rows = session.connection().execute(_of_person, {"whose": user_id})
    return {row.form: Saved(row.fields, row.saved_at) for row in rows}


def drop(session: Session, user_id: str, form: str) -> None:
    """Forget the draft: the form was saved for good, or given up."""
    session.connection().execute(_drop, {"whose": user_id, "which": form})
