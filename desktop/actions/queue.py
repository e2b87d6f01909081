"""The queue at the desk: giving a number, calling, serving, and what becomes of who isn't there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from db import journal, paper_numbers, settings
from db.journal import Pen
from db.models.journal import Conflict
from db.models.people import Person
from db.models.queue import Ticket as Row
from desktop.actions import cases
from desktop.actions.permission import require
from desktop.domain import digits, identifiers, jalali, persian_text, queue, texts
from desktop.domain.changed import Changed
from desktop.domain.changes import Draft, Value
from desktop.domain.faults import Known
from desktop.domain.intake import needs_of
from desktop.domain.queue import AT_A_DESK, NEEDS, OPEN, Board, Need, Status, Ticket, Why
from desktop.domain.roles import may
from desktop.domain.staffing import Actor

_SERIES_EACH = 3
"""How many series the province gives a desk at once."""
_PLACE, _BELL = "queue_place", "queue_bell"
_PLACE_MOST = 24
_TOGETHER = ("status", "desk", "place", "called_at")
_OPEN = tuple(sorted(OPEN))
_TODAY = select(Row, Person).join(Person, Person.id == Row.person, isouter=True).where(Row.void.is_(None))
_CONTESTED = select(Conflict.entity_id).where(Conflict.kind == "ticket")


def board(session: Session, actor: Actor, desk: str, now: int) -> Board:
    """The queue of today as this desk sees it."""
    require(actor, "queue.serve")
    tickets = _today(session, desk, now)
    mine = [each for each in tickets if each.here and each.status in AT_A_DESK]
    current = max(mine, key=lambda each: (each.called_at, each.id), default=None)
    return Board(
        waiting=tuple(queue.in_order(tickets)),
        current=current,
        serving=_by_call(each for each in tickets if each.status in AT_A_DESK and each is not current),
        held=_by_call(each for each in tickets if each.status == "held"),
        gone=sum(each.status in ("left", "done") for each in tickets),
        called=queue.calls(tickets),
        average=queue.average_wait(tickets, now),
        place=place(session),
        bell=settings.get(session, _BELL) is not False,
        now=now,
    )


def take(
    session: Session,
    pen: Pen,
    actor: Actor,
    now: int,
    *,
    needs: Iterable[Need] = (),
    person: str = "",
    service: str = "",
) -> tuple[Ticket, Changed]:
    """Give the next number of this desk, to somebody nobody may know yet. What a known person needs is added to what
    was seen at the desk."""
    require(actor, "queue.serve")
    known = _known_needs(session, person, now) if person else frozenset[Need]()
    wanted = tuple(each for each in NEEDS if each in {*needs, *known})
    day, desk = str(jalali.today(now)), queue.digits_of_desk(paper_numbers.own(session), _SERIES_EACH)
    given = session.scalars(select(Row.number).where(Row.day == day))
    number = queue.number(desk, max((queue.counter_of(desk, each or "") for each in given), default=0) + 1)
    patch: dict[str, Value] = {
        "day": day, "number": number, "taken_at": now, "service": service, "person": person, "needs": list(wanted),
        "turn": queue.first_turn(now, wanted), "absences": 0, "status": "waiting",
    }  # fmt: skip
    ticket_id = identifiers.new()
    changed = journal.write(session, pen, [Draft("ticket", ticket_id, "create", patch)])
    return _one(session, pen.signer.desk, ticket_id), changed


def call_next(session: Session, pen: Pen, actor: Actor, now: int) -> tuple[Ticket, Changed]:
    """Call who is next; whom this desk was serving is done with that. Raises Known: not-allowed, queue-empty, and
    ticket-waited-for while this desk waits for somebody it called: nobody is passed by a second press of a key."""
    require(actor, "queue.serve")
    tickets = _today(session, pen.signer.desk, now)
    _nobody_awaited(tickets)
    line = queue.in_order(tickets)
    if not line:
        raise Known("queue-empty")
    return call(session, pen, actor, line[0].id, now)


def call(session: Session, pen: Pen, actor: Actor, ticket_id: str, now: int) -> tuple[Ticket, Changed]:
    """Call this one to this desk: who waits, whom we hold, or again whom we called. Raises Known as `call_next`, and
    ticket-ended."""
    require(actor, "queue.serve")
    tickets = _today(session, pen.signer.desk, now)
    _nobody_awaited(each for each in tickets if each.id != ticket_id)
    before = [
        _step(session, each.id, {"status": "done", "ended_at": now})
        for each in tickets
        if each.here and each.status == "serving" and each.id != ticket_id
    ]
    step = _step(session, ticket_id, _calling(session, pen.signer.desk, "invited", now), ("waiting", "held", "invited"))
    changed = journal.write(session, pen, [*before, step])
    return _one(session, pen.signer.desk, ticket_id), changed


def came(session: Session, pen: Pen, actor: Actor, ticket_id: str, now: int) -> Changed:
    """Whom we called stands here. Raises Known: not-allowed, ticket-ended."""
    require(actor, "queue.serve")
    return journal.write(
        session, pen, [_step(session, ticket_id, {"status": "serving", "served_at": now}, ("invited",))]
    )


def done(session: Session, pen: Pen, actor: Actor, ticket_id: str, now: int) -> Changed:
    """The service ended. Raises Known: not-allowed, ticket-ended."""
    require(actor, "queue.serve")
    return journal.write(
        session, pen, [_step(session, ticket_id, {"status": "done", "ended_at": now}, ("serving", "invited", "held"))]
    )


def hold(session: Session, pen: Pen, actor: Actor, ticket_id: str) -> Changed:
    """They went to fetch something and come back without waiting again. Raises Known: not-allowed, ticket-ended."""
    require(actor, "queue.serve")
    return journal.write(session, pen, [_step(session, ticket_id, {"status": "held"}, ("invited", "serving"))])


def absent(session: Session, pen: Pen, actor: Actor, ticket_id: str, now: int) -> tuple[Ticket, Changed]:
    """Nobody came: back behind the next few, and after the third time out of the queue. Raises Known: not-allowed,
    ticket-ended."""
    require(actor, "queue.serve")
    tickets = _today(session, pen.signer.desk, now)
    ticket = next((each for each in tickets if each.id == ticket_id), None)
    if ticket is None:
        raise Known("ticket-ended")
    patch: dict[str, Value] = {"absences": ticket.absences + 1}
    if ticket.absences + 1 >= queue.ABSENT_MOST:
        patch |= {"status": "left", "why": "absent", "ended_at": now}
    else:
        patch |= {"status": "waiting", "turn": queue.turn_behind(ticket, tickets)}
    changed = journal.write(session, pen, [_step(session, ticket_id, patch, ("invited",))])
    return _one(session, pen.signer.desk, ticket_id), changed


def gave_up(session: Session, pen: Pen, actor: Actor, ticket_id: str, now: int) -> Changed:
    """They went home. Raises Known: not-allowed, ticket-ended."""
    require(actor, "queue.serve")
    patch: dict[str, Value] = {"status": "left", "why": "gave_up", "ended_at": now}
    return journal.write(session, pen, [_step(session, ticket_id, patch, ("waiting", "held", "invited"))])


def quick(session: Session, pen: Pen, actor: Actor, ticket_id: str, now: int) -> tuple[Ticket, Changed]:
    """Called, served and done in one: only a question. Whom this desk serves stays where they are."""
    require(actor, "queue.serve")
    patch = {**_calling(session, pen.signer.desk, "done", now), "served_at": now, "ended_at": now}
    changed = journal.write(session, pen, [_step(session, ticket_id, patch, ("waiting", "held"))])
    return _one(session, pen.signer.desk, ticket_id), changed


def put_back(session: Session, pen: Pen, actor: Actor, before: Ticket, became: Status, now: int) -> Changed:
    """Undo what was just done to a number: it is again as `before`. Nothing is erased, this is a step of its own.

    Raises Known: not-allowed; undo-late where the number isn't what it `became` any more, or this desk serves another.
    """
    require(actor, "queue.serve")
    tickets = {each.id: each for each in _today(session, pen.signer.desk, now)}
    there, at_desk = tickets.get(before.id), before.status in AT_A_DESK
    others = (each for each in tickets.values() if each.id != before.id)
    busy = at_desk and any(each.here and each.status in AT_A_DESK for each in others)
    if there is None or there.status != became or busy:
        raise Known("undo-late")
    patch: dict[str, Value] = {
        "status": before.status, "turn": before.turn, "absences": before.absences, "place": before.place,
        "called_at": before.called_at, "served_at": before.served_at, "ended_at": before.ended_at, "why": before.why,
        "desk": pen.signer.desk if before.here else "",
    }  # fmt: skip
    kept = journal.document(session, before.id)
    if kept is None:
        raise Known("undo-late")
    return journal.write(session, pen, [Draft("ticket", before.id, "step", patch, kept.base(*patch))])


def link(
    session: Session, pen: Pen, actor: Actor, ticket_id: str, person: str, visit: str, service: str
) -> Changed | None:
    """Who it was, once an intake begun from the number is registered; a number that is gone holds no visit up."""
    require(actor, "queue.serve")
    if session.get(Row, ticket_id) is None:
        return None
    patch: dict[str, Value] = {"person": person, "visit": visit, "service": service}
    return journal.write(session, pen, [Draft("ticket", ticket_id, "set", patch)])


def close_forgotten(session: Session, pen: Pen, actor: Actor, now: int) -> Changed | None:
    """The morning after: numbers of earlier days that nobody ended are ended as forgotten. None where there are none,
    or where this isn't the actor's to do."""
    if not may(actor.roles, "queue.serve"):
        return None
    today = str(jalali.today(now))
    rows = session.scalars(select(Row.id).where(Row.day < today, Row.status.in_(_OPEN), Row.void.is_(None))).all()
    if not rows:
        return None
    patch: dict[str, Value] = {"status": "left", "why": "forgotten"}
    return journal.write(session, pen, [_step(session, each, patch) for each in rows])


def place(session: Session) -> str:
    """What this desk is called on the wall: its people's word for it, else its number."""
    kept = settings.get(session, _PLACE)
    if isinstance(kept, str) and kept:
        return kept
    digit = queue.digits_of_desk(paper_numbers.own(session), _SERIES_EACH)
    return texts.say("queue.place", n=max(int(digit), 1))


def set_place(session: Session, actor: Actor, words: str) -> None:
    """Call this desk something else; "" is its number again. Raises Invalid for more than stands on the wall."""
    require(actor, "queue.serve")
    settings.put(session, _PLACE, persian_text.note(words, _PLACE_MOST))


def set_bell(session: Session, actor: Actor, *, rings: bool) -> None:
    """Whether this desk rings when it calls."""
    require(actor, "queue.serve")
    settings.put(session, _BELL, rings)


def _nobody_awaited(tickets: Iterable[Ticket]) -> None:
    for each in tickets:
        if each.here and each.status == "invited":
            raise Known("ticket-waited-for", number=digits.persian(each.number))


def _calling(session: Session, desk: str, status: Status, now: int) -> dict[str, Value]:
    return {"status": status, "desk": desk, "place": place(session), "called_at": now}


def _step(session: Session, ticket_id: str, patch: dict[str, Value], from_: Sequence[Status] = tuple(OPEN)) -> Draft:
    """A step from what this desk sees; all that is stepped together is settled together, a second call too."""
    kept = journal.document(session, ticket_id)
    if kept is None or kept.value("status") not in from_:
        raise Known("ticket-ended")
    whole = {**{name: kept.value(name) for name in _TOGETHER if kept.value(name) is not None}, **patch}
    return Draft("ticket", ticket_id, "step", whole, kept.base(*whole))


def _known_needs(session: Session, person_id: str, now: int) -> frozenset[Need]:
    """What the record of a person says of how they must be called."""
    row = cases.person(session, person_id)
    kept = cases.needs_row(session, person_id)
    needs = needs_of(vars(kept)) if kept else needs_of({})
    born = jalali.of(row.birth) if row.birth else None
    old = born is not None and jalali.age_months(born, jalali.today(now))[0] >= queue.ELDERLY_FROM * 12
    said: dict[Need, bool] = {
        "wheelchair": needs.wheelchair, "blind": needs.variant == "giant", "deaf": needs.sign_language, "elderly": old,
    }  # fmt: skip
    return frozenset(need for need, so in said.items() if so)


def _today(session: Session, desk: str, now: int) -> list[Ticket]:
    """All numbers of today."""
    contested = set(session.scalars(_CONTESTED))
    rows = session.execute(_TODAY.where(Row.day == str(jalali.today(now)))).all()
    return [_ticket(row, person, desk, contested) for row, person in rows]


def _one(session: Session, desk: str, ticket_id: str) -> Ticket:
    row, person = session.execute(_TODAY.where(Row.id == ticket_id)).one()
    return _ticket(row, person, desk, set(session.scalars(_CONTESTED)))


def _ticket(row: Any, person: Any, desk: str, contested: set[str]) -> Ticket:
    wanted = row.needs if isinstance(row.needs, list) else []
    return Ticket(
        row.id, row.number or "", cast("Status", row.status or "left"), row.taken_at or 0, row.turn or 0,
        cases.full_name(person) if person else "", row.person or "", cases.service_name(row.service),
        tuple(each for each in NEEDS if each in wanted), row.place or "", row.called_at or 0, row.served_at or 0,
        row.ended_at or 0, row.absences or 0, cast("Why", row.why or ""), row.visit or "", row.desk == desk,
        row.id in contested,
    )  # fmt: skip


def _by_call(tickets: Iterable[Ticket]) -> tuple[Ticket, ...]:
    return tuple(sorted(tickets, key=lambda each: (each.called_at, each.id)))
