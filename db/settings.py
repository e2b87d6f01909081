"""Settings kept behind the password, by name: whose desk this is, its province."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from db.models.local import Setting

_put = insert(Setting)
_PUT = _put.on_conflict_do_update(index_elements=["name"], set_={"value": _put.excluded.value})


def get(session: Session, name: str) -> Any:
    """The value, None where it was never put."""
    row = session.get(Setting, name)
    return row.value if row else None


def put(session: Session, name: str, value: Any) -> None:
    """Keep a JSON value under a name."""
    session.connection().execute(_PUT, {"name": name, "value": value})
