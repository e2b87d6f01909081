"""Who of the people taken in here is to be asked about at the province, and of whom it said that another centre has a
file (security 23)."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, aliased

from db import settings
from db.models.intake import Visit
from db.models.journal import ChangeRow
from db.models.people import Person

MOST = 50
"""Asked in one greeting: as many as the province allows in a day."""
_UP_TO, _FOUND = "looked_up_to", "files_elsewhere"
_ITS = aliased(ChangeRow)
_FIRST = (
    select(_ITS.desk).where(_ITS.entity_id == Visit.person, _ITS.sseq.is_not(None)).order_by(_ITS.sseq).limit(1)
).scalar_subquery()  # whoever first wrote of somebody took them in
_DUE = (
    select(ChangeRow.seq, Visit.id)
    .join(Visit, Visit.id == ChangeRow.entity_id)
    .join(Person, Person.id == Visit.person)
    .where(
        ChangeRow.desk == bindparam("mine"), ChangeRow.seq > bindparam("after"), ChangeRow.kind == "visit",
        ChangeRow.standing == "placed", Person.national_id.is_not(None), bindparam("mine") == _FIRST,
    )
    .order_by(ChangeRow.seq)
    .limit(MOST)
)  # fmt: skip
_CLIENT = select(Visit.person).where(Visit.id == bindparam("visit"))
_SEQ = select(func.max(ChangeRow.seq)).where(
    ChangeRow.desk == bindparam("mine"), ChangeRow.entity_id == bindparam("visit")
)

_PLACED = select(func.max(ChangeRow.seq)).where(ChangeRow.desk == bindparam("mine"), ChangeRow.standing == "placed")


def due(session: Session, desk: str) -> tuple[str, ...]:
    """Visits the province took in since it was last asked, of people first written of here; the oldest first."""
    rows = session.execute(_DUE, {"mine": desk, "after": settings.get(session, _UP_TO) or 0}).all()
    return tuple(dict.fromkeys(row.id for row in rows))


def heard(session: Session, desk: str, answers: Mapping[str, bool]) -> None:
    """Keep what the province answered, by visit; what it left out is asked again."""
    before = upto = settings.get(session, _UP_TO) or 0
    found = dict(settings.get(session, _FOUND) or {})
    for visit, elsewhere in answers.items():
        upto = max(upto, session.scalar(_SEQ, {"mine": desk, "visit": visit}) or 0)
        person = session.scalar(_CLIENT, {"visit": visit})
        if elsewhere and person:
            found[person] = visit
    if not answers and not due(session, desk):
        upto = session.scalar(_PLACED, {"mine": desk}) or 0  # so that nobody looks through the same rows again
    if upto != before:
        settings.put(session, _UP_TO, upto)
        settings.put(session, _FOUND, found)


def found(session: Session) -> list[str]:
    """People here of whom another centre has a file, and nobody has looked yet."""
    known = settings.get(session, _FOUND) or {}
    return [person for person in known if session.get(Person, person) is not None]


def looked(session: Session, person: str) -> None:
    """Somebody opened their file and was told."""
    known = settings.get(session, _FOUND) or {}
    settings.put(session, _FOUND, {each: visit for each, visit in known.items() if each != person})
