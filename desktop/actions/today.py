"""The home screen's day: who came, what was printed, what is not sent yet."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from db import feed, settings
from db.models.intake import Visit
from db.models.journal import ChangeRow
from db.models.papers import IssuedDocument
from db.models.people import Person
from db.models.screening import ScreeningResult
from desktop.actions import cases
from desktop.actions.permission import require
from desktop.domain import digits, jalali
from desktop.domain.roles import hidden
from desktop.domain.staffing import Actor
from desktop.domain.today import PrintState, SyncState, Today, TodayVisit

_PRINTED: dict[str, PrintState] = {
    "issued": "waiting", "accepted": "printed", "failed": "failed", "unknown": "unknown",
}  # fmt: skip
_MOST = 200


def today(session: Session, actor: Actor, desk: str, now: int) -> Today:
    """Today at this centre, newest visit first. `now` in µs UTC; `desk` is this one's id."""
    require(actor, "person.read")
    day = jalali.today(now)
    rows = session.execute(
        select(Visit, Person)
        .join(Person, Person.id == Visit.person)
        .where(Visit.day == str(day), Visit.void.is_(None))
        .order_by(Visit.at.desc())
        .limit(_MOST)
    ).all()
    ids = [visit.id for visit, _ in rows]
    printed, places = _printed(session, ids), _places(session, ids, feed.position(session).acked_seq, desk)
    return Today(
        day=jalali.long(day),
        visits=tuple(
            TodayVisit(
                visit.id, digits.persian(jalali.time_of_day(visit.at or 0)), cases.full_name(person),
                cases.service_name(visit.service), printed.get(visit.id, "none"), places.get(visit.id, "here"),
            )
            for visit, person in rows
        ),
        screenings=_count(
            session, select(ScreeningResult.id).where(ScreeningResult.day == str(day), ScreeningResult.void.is_(None))
        ),
        recorded=_count(session, select(Visit.id).where(Visit.day == str(day), Visit.void.is_(None))),
        unsent=feed.unsent(session, desk, hidden(actor.roles)),
        enrolled=settings.get(session, "province") is not None,
    )  # fmt: skip


def _count(session: Session, query: Select[Any]) -> int:
    return session.scalar(select(func.count()).select_from(query.subquery())) or 0


def _printed(session: Session, visits: list[str]) -> dict[str, PrintState]:
    """What became of the newest paper of each visit."""
    rows = session.execute(
        select(IssuedDocument.visit, IssuedDocument.print_state)
        .where(IssuedDocument.visit.in_(visits), IssuedDocument.void.is_(None))
        .order_by(IssuedDocument.issued_at)
    )
    return {visit or "": _PRINTED.get(state or "issued", "waiting") for visit, state in rows}


def _places(session: Session, visits: list[str], acked: int, desk: str) -> dict[str, SyncState]:
    """Where each visit's creation is: here, sent, or accepted into the feed."""
    rows = session.execute(
        select(ChangeRow.entity_id, ChangeRow.desk, ChangeRow.seq, ChangeRow.sseq).where(
            ChangeRow.entity_id.in_(visits)
        )
    )
    places: dict[str, SyncState] = {}
    for entity_id, author, seq, sseq in rows:
        sent = author != desk or seq <= acked
        places[entity_id] = "accepted" if sseq is not None else "sent" if sent else "here"
    return places
