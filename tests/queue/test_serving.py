"""A morning at the desk, number by number, in the real database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from db import paper_numbers
from db.models.intake import Visit
from db.models.journal import ChangeRow
from db.models.queue import Ticket as Row
from desktop.actions import queue
from desktop.desk import Desk
from desktop.domain.faults import Known
from desktop.domain.intake import HouseholdEntry, WalkIn
from desktop.domain.people import Needs
from desktop.domain.queue import MINUTE, Board, Need, Ticket
from tests.actions.working import entry, register, sit
from tests.desk import opened

DAY = 24 * 60 * MINUTE


def do(desk: Desk, act: Callable[..., Any], *given: Any, **named: Any) -> Any:
    with desk.writing() as session:
        done = act(session, desk.pen, desk.actor, *given, **named)
    return done[0] if isinstance(done, tuple) else done


def take(desk: Desk, *needs: Need, person: str = "", service: str = "") -> Ticket:
    given: Ticket = do(desk, queue.take, desk.now(), needs=needs, person=person, service=service)
    return given


def board(desk: Desk) -> Board:
    with desk.reading() as session:
        return queue.board(session, desk.actor, desk.signer.desk, desk.now())


def line(desk: Desk) -> list[str]:
    return [each.number for each in board(desk).waiting]


def wait(desk: Desk, minutes: int) -> None:
    assert isinstance(desk.now, opened.Clock)
    desk.now.at += minutes * MINUTE


def call_next(desk: Desk) -> Ticket:
    called: Ticket = do(desk, queue.call_next, desk.now())
    return called


def test_a_number_is_given_before_anybody_knows_who_it_is(desk: Desk) -> None:
    assert [take(desk).number for _ in range(3)] == ["001", "002", "003"]
    first = board(desk).waiting[0]
    assert (first.name, first.service, first.person, first.status) == ("", "", "", "waiting")


def test_called_came_served_done(desk: Desk) -> None:
    one, two = take(desk), take(desk)
    wait(desk, 12)
    called = call_next(desk)
    assert (called.id, called.status, called.place) == (one.id, "invited", "باجهٔ ۱")
    assert board(desk).called[0].number == "001"
    do(desk, queue.came, one.id, desk.now())
    current = board(desk).current
    assert current is not None
    assert current.status == "serving"
    wait(desk, 5)
    assert call_next(desk).id == two.id  # the next is called: the one before is done
    with desk.reading() as session:
        assert session.get_one(Row, one.id).status == "done"
    assert board(desk).gone == 1


def test_the_average_is_of_those_who_were_served(desk: Desk) -> None:
    one, two = take(desk), take(desk)
    assert board(desk).average is None
    wait(desk, 10)
    call_next(desk)
    do(desk, queue.came, one.id, desk.now())
    wait(desk, 10)
    call_next(desk)
    assert board(desk).average == 10
    do(desk, queue.came, two.id, desk.now())
    assert board(desk).average == 15


def test_a_second_press_passes_nobody(desk: Desk) -> None:
    take(desk), take(desk)
    call_next(desk)
    with pytest.raises(Known, match="ticket-waited-for"):
        call_next(desk)
    assert line(desk) == ["002"]


def test_who_is_not_there_comes_again_after_three_and_the_third_time_is_out(desk: Desk) -> None:
    first = take(desk)
    for _ in range(5):
        take(desk)
    for turn, expected in enumerate((["002", "003", "004", "001", "005", "006"], ["001", "006"], [])):
        while call_next(desk).id != first.id:
            current = board(desk).current
            assert current is not None
            do(desk, queue.came, current.id, desk.now())
        back = do(desk, queue.absent, first.id, desk.now())
        assert back.absences == turn + 1
        if turn == 0:
            assert line(desk) == expected
    assert back.status == "left"
    assert back.why == "absent"


def test_held_comes_back_without_waiting_and_quick_is_one_act(desk: Desk) -> None:
    held, asks, waits = take(desk), take(desk), take(desk)
    call_next(desk)
    do(desk, queue.came, held.id, desk.now())
    do(desk, queue.hold, held.id)
    quick = do(desk, queue.quick, asks.id, desk.now())
    assert (quick.status, quick.served_at > 0) == ("done", True)
    assert board(desk).called[0].number == asks.number  # the room is told where to come
    again = do(desk, queue.call, held.id, desk.now())
    assert again.status == "invited"
    assert line(desk) == [waits.number]


def test_who_goes_home_is_out(desk: Desk) -> None:
    one = take(desk)
    do(desk, queue.gave_up, one.id, desk.now())
    assert line(desk) == []
    with pytest.raises(Known, match="ticket-ended"):
        do(desk, queue.call, one.id, desk.now())
    with pytest.raises(Known, match="queue-empty"):
        call_next(desk)


def test_what_the_file_says_of_a_person_is_known_at_the_desk(desk: Desk) -> None:
    needs = Needs(variant="giant", sign_language=True, wheelchair=True)
    old = register(
        desk, WalkIn(person=entry(5, birth="1330"), household=HouseholdEntry(), service="INTAKE_FILE", needs=needs)
    )
    take(desk)
    first = take(desk, "with_child", person=old.person_id)
    assert first.needs == ("wheelchair", "blind", "deaf", "elderly", "with_child")
    assert first.name == "مهتاب کاج‌نژاد"
    assert line(desk)[0] == first.number


def test_a_restricted_service_is_never_named(desk: Desk) -> None:
    from desktop.domain import catalogue, jalali

    hidden = next(each for each in catalogue.services(jalali.today(opened.NOW)) if each.restricted)
    assert take(desk, service=hidden.code).service == hidden.neutral


def test_the_next_morning_closes_what_was_left_over_and_counts_afresh(desk: Desk) -> None:
    left, called = take(desk), take(desk)
    do(desk, queue.call, called.id, desk.now())
    assert isinstance(desk.now, opened.Clock)
    desk.now.at += DAY
    assert take(desk).number == "001"
    assert line(desk) == ["001"]
    assert do(desk, queue.close_forgotten, desk.now()) is not None
    assert do(desk, queue.close_forgotten, desk.now()) is None
    with desk.reading() as session:
        rows = session.scalars(select(Row).where(Row.id.in_([left.id, called.id])))
        assert {(row.status, row.why) for row in rows} == {("left", "forgotten")}
    assert line(desk) == ["001"]


def test_todays_queue_is_there_in_order_after_a_power_cut(folder: Path) -> None:
    """The file is opened again without having been closed: nothing was kept in the window's memory."""
    clock = opened.Clock()
    with opened.opened(folder, clock) as cut:
        for needs in ((), ("wheelchair",), (), ("blind",)):
            take(cut, *needs)
        call_next(cut)
        before = board(cut)
        with opened.opened(folder, clock) as again:
            after = board(again)
            assert [each.number for each in after.waiting] == ["004", "001", "003"]
            assert after.waiting == before.waiting
            assert after.current == before.current
            assert take(again).number == "005"


def test_an_enrolled_desk_numbers_by_the_series_that_are_its_own(desk: Desk) -> None:
    with desk.writing() as session:
        paper_numbers.add(session, (4, 5, 6))
    assert take(desk).number == "201"
    assert board(desk).place == "باجهٔ ۲"
    with desk.writing() as session:
        paper_numbers.leave_all(session)  # a copy of this database holds them too
        paper_numbers.add(session, (7, 8, 9))
    assert take(desk).number == "301"


def test_a_desk_may_be_called_what_it_is(desk: Desk) -> None:
    with desk.writing() as session:
        queue.set_place(session, desk.actor, " اتاق  غربالگری ")
    take(desk)
    assert call_next(desk).place == "اتاق غربالگری"
    with desk.writing() as session:
        queue.set_place(session, desk.actor, "")
    assert board(desk).place == "باجهٔ ۱"


def test_the_number_leads_to_its_visit(desk: Desk) -> None:
    waits = take(desk)
    done = register(desk, WalkIn(person=entry(9), service="INTAKE_FILE"))
    do(desk, queue.link, waits.id, done.person_id, done.visit_id, "INTAKE_FILE")
    first = board(desk).waiting[0]
    assert (first.name, first.visit) == ("مهتاب کاج‌نژاد", done.visit_id)
    with desk.reading() as session:
        assert session.get_one(Visit, first.visit).entered_after_outage is None


@pytest.mark.parametrize("role", ["receptionist", "social_worker", "screener", "manager"])
def test_who_serves_the_queue(desk: Desk, role: Any) -> None:
    sit(desk, role)
    take(desk)
    call_next(desk)
    with desk.reading() as session:
        kinds = session.scalars(select(ChangeRow.kind).where(ChangeRow.kind == "ticket")).all()
    assert len(kinds) == 2


def test_a_technician_sees_no_queue(desk: Desk) -> None:
    sit(desk, "technician")
    before = desk.tip()
    for act in (queue.take, queue.call_next):
        with pytest.raises(Known, match="not-allowed"):
            do(desk, act, desk.now())
    with pytest.raises(Known, match="not-allowed"):
        board(desk)
    assert do(desk, queue.close_forgotten, desk.now()) is None
    assert desk.tip() == before
