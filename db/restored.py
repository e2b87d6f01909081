"""A database that isn't where this PC left it: restored from a copy, or cloned (security 11).

What was noticed is kept until the province's word on this desk agrees with what is here.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from db import paper_numbers, settings

NOTICED = frozenset({"ahead", "missing", "other-machine", "forged"})
"""What `head.judge` says of such a database."""
_NAME = "restored"


def notice(session: Session, verdict: str) -> None:
    """Keep the verdict; no paper number that a lost or other copy may have printed is used from here on."""
    settings.put(session, _NAME, verdict)
    paper_numbers.leave(session)


def noticed(session: Session) -> str:
    """The verdict that still stands, empty where all is well."""
    return settings.get(session, _NAME) or ""


def agree(session: Session) -> None:
    """The province has the same changes of this desk: nothing is forked."""
    if noticed(session):
        settings.put(session, _NAME, "")
