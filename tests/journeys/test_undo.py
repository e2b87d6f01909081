"""What was pressed a moment too soon is taken back by one key, and what is signed never is."""

from __future__ import annotations

import pytest

from db import verify
from desktop.actions import queue
from desktop.desk import Desk
from desktop.domain.queue import Board, Need, Ticket
from tests.desk.sitting import Sitting, settle, sitting
from ui.screens.intake import IntakeScreen
from ui.screens.queue import QueueScreen
from ui.theme.look import Look


def take(desk: Desk, *needs: Need) -> Ticket:
    with desk.writing() as session:
        return queue.take(session, desk.pen, desk.actor, desk.now(), needs=needs)[0]


def board(desk: Desk) -> Board:
    with desk.reading() as session:
        return queue.board(session, desk.actor, desk.signer.desk, desk.now())


def shape(desk: Desk) -> tuple[list[str], list[tuple[str, str]], list[str]]:
    """Who waits in which order, who is at this desk, who is held."""
    now = board(desk)
    current = [(now.current.number, str(now.current.status))] if now.current else []
    return [each.number for each in now.waiting], current, [each.number for each in now.held]


def at_queue(at: Sitting) -> QueueScreen:
    screen = at.window.go("queue")
    settle()
    assert isinstance(screen, QueueScreen)
    return screen


@pytest.mark.parametrize(
    ("before", "key"),
    [((), "F10"), (("F5",), "F8"), (("F5",), "F6"), (("F5", "F6"), "F7"), (("F5", "F6"), "F8")],
    ids=["only a question", "did not come", "came", "held", "done"],
)
def test_a_number_goes_back_to_where_it_was(desk: Desk, look: Look, before: tuple[str, ...], key: str) -> None:
    take(desk)
    take(desk, "wheelchair")
    take(desk)
    with sitting(desk, look) as at:
        at_queue(at)
        for each in before:
            at.press(each)
        was = shape(desk)
        at_queue(at)
        at.press(key)
        assert shape(desk) != was
        assert "برگردان" in at.window.toast.text()
        at.press("Shift+F8")
        assert shape(desk) == was
        assert "مثل قبل" in at.window.toast.text()
        at.press("Shift+F8")
        assert shape(desk) == was, "it is offered once"
    seen = verify.verify(desk.engine, desk.signer.desk, desk.signer.realm)
    assert seen.clean, "nothing was erased: the step back is a step"


def test_it_is_too_late_once_somebody_else_stands_here(desk: Desk, look: Look) -> None:
    take(desk)
    take(desk)
    with sitting(desk, look) as at:
        screen = at_queue(at)
        at.press("F5")
        at.press("F8")
        undo = at.window.toast.take_undo()
        assert undo is not None
        at.press("F5")
        was = shape(desk)
        undo.act()
        settle()
        assert shape(desk) == was
        assert "دیگر نمی‌شود برگرداند" in at.window.toast.text()
        assert screen.isVisible()


def test_what_was_said_later_ends_the_offer_and_so_does_the_lock(desk: Desk, look: Look) -> None:
    take(desk)
    with sitting(desk, look) as at:
        at_queue(at)
        at.press("F10")
        at.window.toast.say("چیز دیگری")
        at.press("Shift+F8")
        assert shape(desk) == ([], [], [])
        take(desk)
        at.window.go("home")
        at_queue(at)
        at.press("F10")
        at.window.toast.hold()
        at.window.toast.release()
        at.press("Shift+F8")
        assert shape(desk) == ([], [], [])


def test_a_form_that_was_put_away_comes_back_whole(desk: Desk, look: Look) -> None:
    with sitting(desk, look) as at:
        at.press("F3")
        at.press("F6")
        at.go_to("نام")
        at.type("مهتاب")
        screen = at.screen()
        assert isinstance(screen, IntakeScreen)
        screen.view.again.click()
        settle()
        assert screen.form.entries == []
        at.press("Shift+F8")
        assert screen.form.entries[0].given_name == "مهتاب"
