"""The queue of one day at one centre: who waits, who is called next, what becomes of a number. Rules only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from desktop.domain.fields import FACT, ORDINARY, STEP, Entity

TICKET = Entity(
    "ticket",
    {
        "day": FACT, "number": FACT, "taken_at": FACT,
        "service": ORDINARY, "person": ORDINARY, "visit": ORDINARY, "needs": ORDINARY,
        "turn": ORDINARY, "absences": ORDINARY,
        "status": STEP, "desk": STEP, "place": STEP, "called_at": STEP,
        "served_at": ORDINARY, "ended_at": ORDINARY, "why": ORDINARY,
    },
)  # fmt: skip
"""A number somebody waits with. It stays with the centre: `person` and `visit` are no references, for it waits for
nobody's file and goes with none. Status, desk, place and time of a call are steps written together: two desks that call
the same number at the same moment are both kept, the first the province took is shown, and the next step ends it."""

Status = Literal["waiting", "invited", "serving", "held", "left", "done"]
Need = Literal["wheelchair", "blind", "deaf", "elderly", "with_child"]
Why = Literal["", "absent", "gave_up", "forgotten"]
STATUSES: tuple[Status, ...] = get_args(Status)
NEEDS: tuple[Need, ...] = get_args(Need)
FETCHED: frozenset[Need] = frozenset({"blind", "deaf"})
"""Who doesn't see or hear a number being called: somebody goes and brings them."""
OPEN: frozenset[Status] = frozenset({"waiting", "invited", "serving", "held"})
AT_A_DESK: frozenset[Status] = frozenset({"invited", "serving"})

MINUTE = 60_000_000
HEAD_START = 20 * MINUTE
"""Whoever has a need counts as if they had come twenty minutes earlier: time for about three to pass, so a mother with
a baby doesn't sit out a full room; and nobody is ever passed by somebody who came more than twenty minutes after them,
so the queue can't starve anyone. A turn is fixed when it is given: it asks no clock, and is the same on every desk."""
BEHIND = 3
"""Who wasn't there when called comes again after three others: back from the yard, not back at the end."""
ABSENT_MOST = 3
"""Called so often without an answer, they have left."""
LONGEST_SERVICE = 90 * MINUTE
"""Served longer than this, somebody forgot to say that it ended."""
ELDERLY_FROM = 65


@dataclass(frozen=True, slots=True)
class Ticket:
    """A number, as the desk sees it. Times in µs UTC, 0 where it didn't come to that.

    `service` is the name others may read; `here`: this desk called it; `contested`: another desk called it too.
    """

    id: str
    number: str
    status: Status
    taken_at: int
    turn: int
    name: str = ""
    person: str = ""
    service: str = ""
    needs: tuple[Need, ...] = ()
    place: str = ""
    called_at: int = 0
    served_at: int = 0
    ended_at: int = 0
    absences: int = 0
    why: Why = ""
    visit: str = ""
    here: bool = False
    contested: bool = False


@dataclass(frozen=True, slots=True)
class Called:
    """What the waiting room may see: a number and where to go."""

    number: str
    place: str
    called_at: int = 0


@dataclass(frozen=True, slots=True)
class Board:
    """The queue now. `waiting` in the order of calling; `current` is whom this desk called or serves; `called` the
    newest call first; `average` whole minutes, None before anybody was served; `place` is this desk's words."""

    waiting: tuple[Ticket, ...] = ()
    current: Ticket | None = None
    serving: tuple[Ticket, ...] = ()
    held: tuple[Ticket, ...] = ()
    gone: int = 0
    called: tuple[Called, ...] = ()
    average: int | None = None
    place: str = ""
    bell: bool = True
    now: int = 0


def first_turn(taken_at: int, needs: Iterable[Need]) -> int:
    """The turn of a new number."""
    return taken_at - (HEAD_START if any(True for _ in needs) else 0)


def key(ticket: Ticket) -> tuple[int, int, str, str]:
    """What the queue is in order of: a total order, whatever order tickets were heard of in."""
    return ticket.turn, ticket.taken_at, ticket.number, ticket.id


def in_order(tickets: Iterable[Ticket]) -> list[Ticket]:
    """Those who wait, the next first."""
    return sorted((each for each in tickets if each.status == "waiting"), key=key)


def place_in_line(ticket: Ticket, tickets: Iterable[Ticket]) -> int:
    """1 for who is called next; 0 for who doesn't wait."""
    ids = [each.id for each in in_order(tickets)]
    return ids.index(ticket.id) + 1 if ticket.id in ids else 0


def turn_behind(ticket: Ticket, tickets: Iterable[Ticket], others: int = BEHIND) -> int:
    """The turn that puts an absent client behind that many others, or behind all where fewer wait; never forward."""
    line = [each for each in in_order(tickets) if each.id != ticket.id]
    if not line:
        return ticket.turn
    last = line[min(others, len(line)) - 1].turn
    return max(ticket.turn, last + 1)


def average_wait(tickets: Iterable[Ticket], now: int) -> int | None:
    """Whole minutes from number to call, of those who came when first called and were served.

    Left out: who didn't answer or left, what nobody closed (the next morning's `forgotten`), and a service so long that
    it was forgotten: their call may be just as wrong.
    """
    waits = [each.called_at - each.taken_at for each in tickets if _counts(each, now)]
    return round(sum(waits) / len(waits) / MINUTE) if waits else None


def _counts(ticket: Ticket, now: int) -> bool:
    if ticket.status not in ("serving", "done", "held") or ticket.absences or not ticket.served_at:
        return False
    until = ticket.ended_at or now
    return ticket.called_at >= ticket.taken_at and until - ticket.served_at <= LONGEST_SERVICE


def calls(tickets: Iterable[Ticket], most: int = 4) -> tuple[Called, ...]:
    """The newest calls first, one a number: what hangs on the wall. Who is called again after an absence is newest
    anew; who went back to wait isn't there."""
    called = [each for each in tickets if each.called_at and each.status not in ("waiting", "left")]
    called.sort(key=lambda each: (each.called_at, each.number, each.id), reverse=True)
    return tuple(Called(each.number, each.place, each.called_at) for each in called[:most])


def digits_of_desk(series: Sequence[int], each: int) -> str:
    """What the numbers of a desk begin with: from the paper series the province gave this desk alone, `each` at a
    time, so that no two desks of a centre ever say the same number, met or not. 0 before the desk is enrolled.

    1 to 8; further desks begin with 9 and two more digits, so that no desk's number can be read as another's.
    """
    if not series:
        return "0"
    place = (min(series) - 1) // each + 1
    return str(place) if place <= _ONE_DIGIT else f"9{place - _ONE_DIGIT:02}"


_ONE_DIGIT = 8


def number(desk: str, counter: int) -> str:
    """The number itself, ASCII digits: 1 and 27 are 127. Two digits of counter at least."""
    return f"{desk}{counter:02}"


def counter_of(desk: str, ticket_number: str) -> int:
    """The counter in a number of this desk; 0 for a number of another."""
    rest = ticket_number.removeprefix(desk)
    return int(rest) if ticket_number.startswith(desk) and rest.isascii() and rest.isdigit() else 0
