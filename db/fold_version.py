"""By which rules this database's documents were folded; folded again where this program has others (design §11)."""

from __future__ import annotations

from sqlalchemy.orm import Session

from db import journal, settings
from desktop.domain import merging

SETTING = "fold_version"


def current(session: Session) -> bool:
    """Whether the documents here were folded by this program's rules."""
    return bool(settings.get(session, SETTING) == merging.fold_version())


def bring_up(session: Session) -> None:
    """Fold everything again from the stored bytes, and note by which rules."""
    journal.refold(session)
    settings.put(session, SETTING, merging.fold_version())
