"""The hours without power: slips with numbers of their own, entered afterwards with the time the visit really was."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from db.models.intake import Request, Visit
from db.models.journal import ChangeRow
from desktop.actions import downtime, intake
from desktop.desk import Desk
from desktop.domain import downtime as rules
from desktop.domain import hlc, jalali, paper_number
from desktop.domain.downtime import Slip
from desktop.domain.faults import Known
from desktop.domain.intake import Registered, WalkIn
from tests.actions.working import entry, register
from tests.desk.opened import NOW

MINUTE = 60_000_000


def lay_aside(desk: Desk, count: int = 10) -> tuple[str, ...]:
    with desk.writing() as session:
        return downtime.reserve(session, desk.pen, desk.actor, desk.centre, count, desk.now())[0]


def enter(desk: Desk, number: str, serial: int, at: int = NOW - 90 * MINUTE) -> Registered:
    walk_in = WalkIn(person=entry(serial), service="INTAKE_FILE")
    given = (desk.pen, desk.actor, desk.centre, walk_in, desk.now())
    with desk.writing() as session:
        return intake.register(session, *given, slip=Slip(number, at))[0]


def test_a_number_laid_aside_is_given_to_nothing_else(desk: Desk) -> None:
    before = register(desk, WalkIn(person=entry(1), service="INTAKE_FILE")).tracking_code
    slips = lay_aside(desk, 20)
    after = register(desk, WalkIn(person=entry(2), service="INTAKE_FILE")).tracking_code
    counters = [paper_number.parts(each).counter for each in (before, *slips, after)]
    assert counters == list(range(1, 23))


def test_a_slip_becomes_a_visit_with_its_number_and_its_time(desk: Desk) -> None:
    slips = lay_aside(desk)
    at = NOW - 26 * 60 * MINUTE  # yesterday
    done = enter(desk, slips[3], 1, at)
    assert done.tracking_code == slips[3]
    with desk.reading() as session:
        visit, request = session.get_one(Visit, done.visit_id), session.get_one(Request, done.request_id)
        clock = session.scalars(select(ChangeRow.hlc).where(ChangeRow.entity_id == done.visit_id)).one()
    assert (visit.at, visit.day, visit.entered_after_outage) == (at, str(jalali.today(at)), True)
    assert request.registered_on == visit.day
    assert hlc.parse(clock) >> 16 >= NOW // 1_000 - 120_000  # the journal's clock is the true one, of the entering


def test_an_ordinary_visit_says_nothing_of_an_outage(desk: Desk) -> None:
    done = register(desk, WalkIn(person=entry(1), service="INTAKE_FILE"))
    with desk.reading() as session:
        assert session.get_one(Visit, done.visit_id).entered_after_outage is None


def test_a_slip_is_entered_once_and_only_a_slip(desk: Desk) -> None:
    slips = lay_aside(desk)
    given = register(desk, WalkIn(person=entry(1), service="INTAKE_FILE")).tracking_code
    enter(desk, slips[0], 2)
    tip = desk.tip()
    elsewhere = paper_number.build("125", 0, 2)
    for number, fault in ((slips[0], "slip-used"), (given, "slip-unknown"), (elsewhere, "slip-unknown")):
        with pytest.raises(Known, match=fault):
            enter(desk, number, 3)
    with desk.reading() as session:
        assert downtime.unused(session, desk.actor, desk.centre, slips[1]) == slips[1]
    assert desk.tip() == tip


def test_a_block_that_does_not_fit_begins_the_next_series(desk: Desk) -> None:
    from sqlalchemy import update

    from db import paper_numbers
    from db.models.local import PaperSeries

    with desk.writing() as session:
        paper_numbers.add(session, (1, 2))
        paper_numbers.take(session, "124")
        session.connection().execute(update(PaperSeries).where(PaperSeries.series == "001").values(next=999_995))
    slips = lay_aside(desk)
    assert {paper_number.parts(each).series for each in slips} == {2}
    assert len(set(slips)) == 10


NUMBER = "124/000/000001/" + paper_number.check_digit("124000000001")


@pytest.mark.parametrize(
    ("number", "day", "time", "fault"),
    [
        (NUMBER, "1405-09", "0930", ("day", "downtime.day-whole")),
        (NUMBER, "1405-09-03", "", ("time", "downtime.time")),
        (NUMBER, "1405-09-03", "2460", ("time", "downtime.time")),
        (NUMBER, "1405-09-03", "1760", ("time", "downtime.time")),
        (NUMBER, "1405-09-03", "2330", ("time", "downtime.future")),
        (NUMBER, "1405-09-04", "0930", ("day", "downtime.future-day")),
        (NUMBER, "1405-07-01", "0930", ("day", "downtime.old")),
        (NUMBER[:-1] + "0", "1405-09-03", "0800", ("number", "value.paper-number-check")),
    ],
)
def test_what_cannot_be_is_said_at_its_field(number: str, day: str, time: str, fault: tuple[str, str]) -> None:
    slip, faults = rules.slip(number, day, time, NOW)
    assert slip is None
    assert [(name, each.key) for name, each in faults.items()] == [fault]


@pytest.mark.parametrize("time", ["0815", "8:15", "۰۸۱۵", "۸:۱۵", "٠٨١٥"])
def test_a_time_is_read_as_it_is_written(time: str) -> None:
    slip, faults = rules.slip(NUMBER.replace("/", ""), "1405/09/03", time, NOW)
    assert faults == {}
    assert slip is not None
    assert (slip.number, jalali.time_of_day(slip.at), str(jalali.today(slip.at))) == (NUMBER, "08:15", "1405-09-03")
