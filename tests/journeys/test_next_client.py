"""The next client begins with nothing of the one before: no service, no need, no number."""

from __future__ import annotations

import pytest

from desktop.desk import Desk
from desktop.domain.intake import PersonEntry
from desktop.domain.people import Needs
from tests.desk.sitting import settle, sitting, until
from tests.journeys.test_main_job import fill, intake_screen, returning
from ui.theme.look import Look


@pytest.mark.parametrize("service", ["1", "2", "3"])
@pytest.mark.parametrize("needs", ["", "Left"])
def test_nothing_of_a_client_goes_to_the_next(desk: Desk, look: Look, service: str, needs: str) -> None:
    returning(desk)
    with sitting(desk, look) as at:
        at.press("F3")
        screen = intake_screen(at)
        at.type("7788")
        until(lambda: screen.view.finder.results.model().rowCount(), "the one found")
        at.press("Return")
        until(lambda: screen.form.card, "the open file")
        screen.view.picker.focus()
        at.press(service)
        if needs:
            screen.view.needs.setFocus()
            at.press(needs)
            at.press("Space")
        assert screen.form.service
        at.press("F10")
        until(lambda: screen.form.card is None, "the saved visit")
        settle()
        at.press("F6")
        screen.view.take()
        assert screen.form.service == ""
        assert screen.form.needs == Needs()
        assert screen.form.entries == [PersonEntry()]
        fill(at, screen, given_name="گل‌محمد")
        assert screen.form.service == ""
