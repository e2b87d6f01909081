"""Slips written by hand: which paper numbers were laid aside for them, and whether one was entered already."""

from __future__ import annotations

from sqlalchemy import bindparam, exists, or_, select
from sqlalchemy.orm import Session

from db.models.downtime import SlipBlock
from db.models.intake import Request
from db.models.papers import IssuedDocument
from desktop.domain import paper_number
from desktop.domain.faults import Known

_LAID_ASIDE = select(SlipBlock.id).where(
    SlipBlock.series == bindparam("series"), SlipBlock.first <= bindparam("counter"),
    SlipBlock.last >= bindparam("counter"), SlipBlock.void.is_(None),
)  # fmt: skip
_USED = select(
    or_(
        exists().where(Request.tracking_code == bindparam("number")),
        exists().where(IssuedDocument.number == bindparam("number")),
    )
)


def claim(session: Session, centre_code: str, number: str) -> str:
    """The canonical number of a slip of this centre that wasn't entered yet. Raises Known: "slip-unknown" for one no
    slip has, "slip-used"."""
    parts = paper_number.parts(number)
    named = {"series": parts.series, "counter": parts.counter}
    if parts.centre != centre_code or session.execute(_LAID_ASIDE, named).first() is None:
        raise Known("slip-unknown")
    if session.scalar(_USED, {"number": number}):
        raise Known("slip-used")
    return number
