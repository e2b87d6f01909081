"""The next paper number of this desk, taken inside the transaction that uses it: none is given twice.

Local and unjournaled. Before enrolment the series is 000; a desk then uses one of the series its province gave it.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from db.models.local import PaperSeries
from desktop.domain import paper_number
from desktop.domain.faults import Known

IN_USE, SPARE, SPENT = "in-use", "spare", "spent"
_MOST = 999_999


def add(session: Session, series: Iterable[int]) -> None:
    """Keep series the province gave; ones already here stay as they are."""
    for each in series:
        row = {"series": f"{each:03}", "state": SPARE, "next": 1}
        session.connection().execute(insert(PaperSeries).on_conflict_do_nothing(), row)


def spare(session: Session) -> int:
    """How many series are untouched: fewer than two are topped up at the next sync."""
    return session.scalar(select(func.count()).select_from(PaperSeries).where(PaperSeries.state == SPARE)) or 0


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


def _current(session: Session) -> PaperSeries:
    """The series in use; the lowest spare one is taken up where the province gave any, 000 where it gave none yet."""
    rows = {row.series: row for row in session.scalars(select(PaperSeries).order_by(PaperSeries.series))}
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
    return rows["000"]


def _mark(session: Session, series: str, state: str) -> None:
    session.connection().execute(update(PaperSeries).where(PaperSeries.series == series).values(state=state))
