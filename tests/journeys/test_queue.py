"""A morning with fourteen waiting, at the real window, with the keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from sqlalchemy import select

from db.models.intake import Request, Visit
from db.models.queue import Ticket as Row
from desktop.desk import Desk
from desktop.domain import digits, jalali
from desktop.domain.intake import HouseholdEntry, WalkIn
from desktop.domain.people import Needs
from tests.actions.working import entry, register
from tests.desk import opened
from tests.desk.sitting import Sitting, sitting
from ui.screens.downtime import DowntimeScreen
from ui.screens.intake import IntakeScreen
from ui.screens.queue import QueueScreen
from ui.theme.look import Look
from ui.widgets import Note

MINUTE = 60_000_000


@pytest.fixture
def desk(folder: Path) -> Iterator[Desk]:
    """A desk whose morning begins at half past nine, whenever the test runs."""
    with opened.opened(folder) as desk:
        yield desk


@pytest.fixture
def bells(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    rung: list[int] = []
    monkeypatch.setattr(QApplication, "beep", staticmethod(lambda: rung.append(1)))
    return rung


def at_queue(at: Sitting) -> QueueScreen:
    at.press("Ctrl+2")
    screen = at.screen()
    assert isinstance(screen, QueueScreen)
    return screen


def waiting(screen: QueueScreen) -> list[str]:
    return [each.ticket.number for each in screen.waiting.rows()]


def pass_time(desk: Desk, minutes: int) -> None:
    assert isinstance(desk.now, opened.Clock)
    desk.now.at += minutes * MINUTE


def go(at: Sitting, words: str) -> None:
    """Put the keyboard on the visible button or tile with these words."""
    (button,) = [each for each in at.window.findChildren(QPushButton) if each.text() == words and each.isVisible()]
    button.setFocus()


def begun(screen: IntakeScreen) -> str:
    """What the intake says it was begun from."""
    notes = [each for each in screen.view._begun.findChildren(Note) if each.isVisible()]
    return " ".join(said for each in notes for said in each.sentences())


def test_a_morning_with_fourteen_waiting(desk: Desk, look: Look, bells: list[int]) -> None:
    with sitting(desk, look) as at:
        screen = at_queue(at)
        for number in range(1, 15):  # fourteen come in; the ninth with a wheelchair, the twelfth with a baby
            if number in (9, 12):
                go(at, "با ویلچر" if number == 9 else "با کودک")
                at.press("Space")
            at.press("F9")
            pass_time(desk, 2)
        assert waiting(screen) == [f"{n:03}" for n in (9, 1, 2, 12, 3, 4, 5, 6, 7, 8, 10, 11, 13, 14)]
        at.press("Ctrl+1")
        at.press("F5")  # from home: the toast says who is called
        assert at.window.toast.text() == "نوبت ۰۰۹ صدا زده شد: باجهٔ ۱."
        assert len(bells) == 1
        at.press("F5")  # a second press passes nobody
        assert at.window.toast.text().startswith("نوبت ۰۰۹ صدا زده شده و هنوز نگفته‌اید آمد یا نه.")
        at_queue(at)
        at.press("F6")  # came
        at.press("F5")
        assert screen.current.number.text() == "۰۰۱"  # and the first is done
        at.press("F8")  # not there: back behind three others
        assert waiting(screen)[:5] == ["002", "012", "003", "001", "004"]
        at.press("F5")
        at.press("F6")
        at.press("F7")  # held, to fetch a paper from home
        assert [each.name for each in screen.others.results()] == ["۰۰۲"]
        at.go_to("در انتظار")
        at.press("Down")
        at.press("F10")  # a short question of the second in line
        assert waiting(screen)[:2] == ["012", "001"]
        at.press("F11")
        assert at.places is not None
        wall = at.places.queue.wall
        assert wall is not None
        assert [each.number for each in wall.calls()] == ["003", "002", "009"]
        at.press("F5")
        assert [each.number for each in wall.calls()] == ["012", "003", "002", "009"]
        at.press("F11")
        assert not wall.isVisible()
    with desk.reading() as session:
        rows = session.scalars(select(Row)).all()
    assert sorted(row.status or "" for row in rows) == ["done"] * 2 + ["held", "invited"] + ["waiting"] * 10


def test_a_number_leads_into_intake_and_back(desk: Desk, look: Look) -> None:
    register(desk, WalkIn(person=entry(3), household=HouseholdEntry(), service="INTAKE_FILE"))
    with sitting(desk, look) as at:
        at_queue(at)
        at.press("F9")
        at.press("F5")
        at.press("F6")  # came
        at.press("F6")  # to intake
        screen = at.screen()
        assert isinstance(screen, IntakeScreen)
        assert "نوبت ۰۰۱" in begun(screen)
        assert at.focused() is screen.view.finder.box
        at.type("کاج‌نژاد")
        at.press("Return")
        at.press("Return")
        at.press("2")
        at.press("F10")  # registered without a paper
        assert begun(screen) == ""
        assert at.places is not None
        with desk.reading() as session:
            assert at.places.queue.begun(session).words() == ()  # the next visit isn't this number's
        queue = at_queue(at)
        assert queue.current.words()[1:3] == ("۰۰۱", "مهتاب کاج‌نژاد")
        at.press("F8")
        assert queue.current.number.text() == ""
    with desk.reading() as session:
        ticket = session.scalars(select(Row)).one()
        visits = session.scalars(select(Visit.id).order_by(Visit.at)).all()
    assert (ticket.visit, ticket.status, ticket.service) == (visits[-1], "done", "INTAKE_FILE")


def test_the_desk_that_called_second_is_told_and_a_covered_window_calls_nobody(desk: Desk, look: Look) -> None:
    """What the province's word does to the board is `tests/sync/test_queue.py`; here the window hears it."""
    with sitting(desk, look) as at:
        screen = at_queue(at)
        at.press("F9")
        at.press("F9")
        at.press("F5")
        assert at.places is not None
        queue = at.places.queue
        board = queue.read()
        assert board.current is not None
        taken = replace(board.current, place="باجهٔ ۲", here=False, contested=True)
        queue._show(replace(board, current=None, serving=(taken,)))
        said = "نوبت ۰۰۱ را باجهٔ ۲ هم‌زمان صدا زده بود و با او ماند. نفر بعد را صدا بزنید."
        assert at.window.toast.text() == said
        at.press("F8")
        assert len(waiting(screen)) == 2
        before = desk.tip()
        at.window.show_alone(QWidget())
        at.press("F5")
        assert desk.tip() == before


def test_who_is_known_gets_a_number_with_what_their_file_says(desk: Desk, look: Look) -> None:
    needs = Needs(wheelchair=True)
    register(desk, WalkIn(person=entry(3), household=HouseholdEntry(), service="INTAKE_FILE", needs=needs))
    with sitting(desk, look) as at:
        queue = at_queue(at)
        at.press("F9")
        at.press("F3")
        at.type("کاج‌نژاد")
        at.press("Return")
        at.press("Return")
        go(at, "نوبت برای این فرد")
        at.press("Return")
        assert at.window.toast.text() == "نوبت ۰۰۲ داده شد؛ نفر ۱ در صف."
        at_queue(at)
        assert queue.waiting.rows()[0].spoken() == "نوبت ۰۰۲، مهتاب کاج‌نژاد، نفر ۱، همین حالا منتظر، با ویلچر"


def test_a_desk_left_open_overnight_has_its_morning_too(desk: Desk, look: Look) -> None:
    with sitting(desk, look) as at:
        queue = at_queue(at)
        at.press("F9")
        pass_time(desk, 24 * 60)
        at.press("F9")
        assert waiting(queue) == ["001"]
    with desk.reading() as session:
        assert sorted(row.why or "" for row in session.scalars(select(Row))) == ["", "forgotten"]


def test_the_queue_is_there_after_a_power_cut_and_so_is_what_the_intake_was_for(folder: Path, look: Look) -> None:
    clock = opened.Clock()
    with opened.opened(folder, clock) as desk, sitting(desk, look) as at:
        at_queue(at)
        for _ in range(4):
            at.press("F9")
        at.press("F5")
        at.press("F6")
        at.press("F6")
        with opened.opened(folder, clock) as again, sitting(again, look) as later:  # the first was never closed
            screen = at_queue(later)
            assert waiting(screen) == ["002", "003", "004"]
            assert screen.current.number.text() == "۰۰۱"
            later.press("Ctrl+3")
            front = later.screen()
            assert isinstance(front, IntakeScreen)
            assert "نوبت ۰۰۱" in begun(front)
            go(later, "جدا از این ثبت شود")
            later.press("Return")
            assert begun(front) == ""


def test_a_slip_of_the_dark_hours_is_entered(desk: Desk, look: Look) -> None:
    """Numbers are laid aside in the morning; in the evening a slip is entered with its number and its hour."""
    register(desk, WalkIn(person=entry(3), household=HouseholdEntry(), service="INTAKE_FILE"))
    with sitting(desk, look) as at:
        at.press("Ctrl+9")
        screen = at.screen()
        assert isinstance(screen, DowntimeScreen)
        go(at, "۱۰ برگه")
        at.press("Return")
        assert "۱۰ شماره کنار گذاشته شد" in at.window.toast.text()
        pass_time(desk, 5 * 60)
        at.go_to("شمارهٔ برگه")
        at.type("124000000004")
        at.press("F9")
        assert screen.fields["number"].error
        number = "124/000/000004/" + _check("124000000004")
        at.go_to("شمارهٔ برگه")
        at.press("Ctrl+A")
        at.type(digits.persian(number.replace("/", "")))
        at.go_to("ساعت مراجعه")
        at.type("۱۱۴۵")
        at.press("F9")
        front = at.screen()
        assert isinstance(front, IntakeScreen)
        assert "ساعت ۱۱:۴۵" in begun(front)
        at.type("کاج‌نژاد")
        at.press("Return")
        at.press("Return")
        at.press("2")
        at.press("F10")
        assert begun(front) == ""
    with desk.reading() as session:
        request = session.scalars(select(Request).where(Request.tracking_code == number)).one()
        visit = session.scalars(select(Visit).where(Visit.request == request.id)).one()
    assert visit.entered_after_outage is True
    assert jalali.time_of_day(visit.at or 0) == "11:45"


def _check(number: str) -> str:
    from desktop.domain import paper_number

    return paper_number.check_digit(number)
