"""What the province sees of its centres. A centre that hasn't synced is never a zero."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, case, func, select

from desktop.domain import conflicts, jalali, merging
from desktop.domain.merging import Document
from server.store import CENTRE, DESK, DOCUMENT, SIGNED_COMMIT

_DESKS = select(
    DESK.c.centre_id, func.count().label("desks"), func.min(DESK.c.last_sync).label("oldest"),
    func.max(DESK.c.last_sync).label("newest"), func.count(DESK.c.last_sync).label("synced"),
    func.sum(DESK.c.outside).label("outside"),
).group_by(DESK.c.centre_id)  # fmt: skip
_WAITING = (
    select(SIGNED_COMMIT.c.centre_id, SIGNED_COMMIT.c.reason, func.count().label("commits"))
    .where(SIGNED_COMMIT.c.verdict == "quarantined")
    .group_by(SIGNED_COMMIT.c.centre_id, SIGNED_COMMIT.c.reason)
    .order_by(SIGNED_COMMIT.c.reason)
)


def counted_day(document: Document) -> str | None:
    """The day a document counts on as a visit (canonical Jalali text, empty where it has none); None for all else and
    for a void visit."""
    if document.kind != "visit" or document.value(merging.VOID) is not None:
        return None
    day = document.value("day")
    try:
        return day if isinstance(day, str) and jalali.parse(day) == day else ""
    except ValueError:  # not a day; whatever it is, it must not get into the index
        return ""


def contested(connection: Connection, now_us: int) -> dict[str, int]:
    """How many documents of each centre have waited too long for somebody to say which of two values is right."""
    late = DOCUMENT.c.contested < now_us - conflicts.ESCALATES
    query = select(DOCUMENT.c.centre_id, func.count()).where(late).group_by(DOCUMENT.c.centre_id)
    return {centre: count for centre, count in connection.execute(query)}  # noqa: C416


@dataclass(frozen=True, slots=True)
class CentreState:
    """One centre. `last_sync` is of the desk longest silent among those that ever synced (µs UTC), None if none did.

    `visits` is None until something was synced, `visits_today` until something was today.
    """

    centre_id: str
    name: str
    desks: int
    silent_desks: int
    last_sync: int | None
    visits_today: int | None
    visits: int | None
    waiting: tuple[tuple[str, int], ...]
    dated_back: int = 0
    """Commits that say they were written before a moment the province had vouched for."""
    contested: int = 0
    """Documents in which two people's values have waited for more than seven days for a decision."""


def centres(connection: Connection, now_us: int) -> list[CentreState]:
    """Every centre, by code."""
    today = str(jalali.today(now_us))
    desks = {row.centre_id: row for row in connection.execute(_DESKS)}
    on_day = func.sum(case((DOCUMENT.c.day == today, 1), else_=0)).label("today")
    visits = {
        row.centre_id: row
        for row in connection.execute(
            select(DOCUMENT.c.centre_id, func.count(DOCUMENT.c.day).label("visits"), on_day)
            .where(DOCUMENT.c.kind == "visit")
            .group_by(DOCUMENT.c.centre_id)
        )
    }
    undecided = contested(connection, now_us)
    waiting: dict[str, list[tuple[str, int]]] = {}
    for row in connection.execute(_WAITING):
        waiting.setdefault(row.centre_id, []).append((row.reason, row.commits))
    found: list[CentreState] = []
    for centre in connection.execute(select(CENTRE).order_by(CENTRE.c.centre_id)):
        desk, seen = desks.get(centre.centre_id), visits.get(centre.centre_id)
        newest = desk.newest if desk else None
        on_today = newest is not None and str(jalali.today(newest)) == today
        found.append(
            CentreState(
                centre.centre_id, centre.name, desk.desks if desk else 0, desk.desks - desk.synced if desk else 0,
                desk.oldest if desk else None,
                (seen.today if seen else 0) if on_today else None,
                (seen.visits if seen else 0) if newest is not None else None,
                tuple(waiting.get(centre.centre_id, ())), int(desk.outside or 0) if desk else 0,
                undecided.get(centre.centre_id, 0),
            )
        )  # fmt: skip
    return found
