"""The next paper number of this desk, taken inside the transaction that uses it: none is given twice.

Local and unjournaled. Before enrolment the series is 000; a desk then uses one of the series its province gave it.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from sqlalchemy import func, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from db.models.local import PaperSeries
from desktop.domain import paper_number
from desktop.domain.faults import Known

IN_USE, SPARE, SPENT = "in-use", "spare", "spent"
_MOST = 999_999
_SERIES = range(1, 1_000)
_BLOCK, _LAST_BLOCK = 1_000, 990_000


def add(session: Session, series: Iterable[int], *, used: bool = False) -> None:
    """Keep series the province gave; ones already here stay, ones that can't stand on a paper are left out.

    `used`: a lost copy of this database may have given numbers of those that aren't here, so none ever will.
    """
    for each in series:
        if each not in _SERIES:
            continue
        row = {"series": f"{each:03}", "state": SPENT if used else SPARE, "next": 1}
        session.connection().execute(insert(PaperSeries).on_conflict_do_nothing(), row)


def held(session: Session) -> tuple[int, ...]:
    """Every series the province gave this desk, spent ones too."""
    rows = session.scalars(select(PaperSeries.series).where(PaperSeries.series != "000").order_by(PaperSeries.series))
    return tuple(int(series) for series in rows)


def spare(session: Session) -> int:
    """How many series are untouched: fewer than two are topped up at the next sync."""
    return session.scalar(select(func.count()).select_from(PaperSeries).where(PaperSeries.state == SPARE)) or 0


def leave(session: Session) -> None:
    """Never again use a number that a lost or cloned copy of this database may have given.

    The series in use is spent and the next spare taken up; where there is none, the same goes on. Either way its
    counter jumps to a random far block: the same old copy may be restored twice, and nothing in it knows of the first.
    """
    try:
        current = _current(session)
    except Known:
        return
    if current.series != "000" and spare(session):
        _mark(session, current.series, SPENT)
        current = _current(session)
    blocks = range(-(-current.next // _BLOCK) * _BLOCK, _LAST_BLOCK, _BLOCK)
    ahead = secrets.choice(blocks) + 1 if blocks else _MOST + 1
    session.connection().execute(update(PaperSeries).where(PaperSeries.series == current.series).values(next=ahead))


def leave_all(session: Session) -> None:
    """Never again use any series this desk was given: a copy of it holds them all."""
    session.connection().execute(update(PaperSeries).where(PaperSeries.series != "000").values(state=SPENT))


def take(session: Session, centre_code: str) -> str:
    """The next number, canonical text. Raises Known("paper-numbers-spent") when every series is used up."""
    current = _current(session)
    if current.next > _MOST:
        _mark(session, current.series, SPENT)
        current = _current(session)
    session.connection().execute(
        update(PaperSeries).where(PaperSeries.series == current.series).values(next=current.next + 1)
    )
    return paper_number.build(centre_code, int(current.series), current.next)


def reserve(session: Session, count: int) -> tuple[int, int, int]:
    """Lay `count` numbers aside for papers written by hand: series, first and last counter. They are never given
    again. A series with fewer left is left behind for the next. Raises Known("paper-numbers-spent")."""
    current = _current(session)
    if current.next + count - 1 > _MOST:
        _mark(session, current.series, SPENT)
        current = _current(session)
    session.connection().execute(
        update(PaperSeries).where(PaperSeries.series == current.series).values(next=current.next + count)
    )
    return int(current.series), current.next, current.next + count - 1


def own(session: Session) -> tuple[int, ...]:
    """The series that are this desk's to use, none before it is enrolled: not those a copy of it may hold too."""
    asked = select(PaperSeries.series).where(PaperSeries.series != "000", PaperSeries.state != SPENT)
    return tuple(sorted(int(series) for series in session.scalars(asked)))


def _current(session: Session) -> PaperSeries:
    """The series in use; the lowest spare one is taken up where the province gave any, 000 where it gave none yet."""
    found = session.scalars(select(PaperSeries).order_by(PaperSeries.series).execution_options(populate_existing=True))
    rows = {row.series: row for row in found}
    given = [row for row in rows.values() if row.series != "000"]
    for state in (IN_USE, SPARE):
        for row in given:
            if row.state == state:
                if state == SPARE:
                    _mark(session, row.series, IN_USE)
                return row
    if given:
        raise Known("paper-numbers-spent")
    if "000" not in rows:
        first = {"series": "000", "state": IN_USE, "next": 1}
        session.connection().execute(insert(PaperSeries), first)
        return PaperSeries(**first)
    if rows["000"].state == SPENT:
        raise Known("paper-numbers-spent")
    return rows["000"]


def _mark(session: Session, series: str, state: str) -> None:
    session.connection().execute(update(PaperSeries).where(PaperSeries.series == series).values(state=state))
