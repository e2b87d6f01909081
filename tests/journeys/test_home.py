"""Home as a day sheet: who is next, what was left half done, and nothing that isn't there."""

from __future__ import annotations

import pytest

from desktop.actions import incidents, queue
from desktop.desk import Desk
from desktop.domain.incidents import Report
from desktop.domain.queue import Need
from tests.actions.working import mother_and_child, sit
from tests.desk.fits import cut, every_look
from tests.desk.sitting import Sitting, settle, sitting
from ui.access.walk import faults
from ui.screens.home import HomeScreen, SectionPart
from ui.screens.incidents import IncidentsScreen
from ui.screens.intake import IntakeScreen
from ui.theme.look import Look


def home(at: Sitting) -> HomeScreen:
    at.window.go("home")
    settle()
    screen = at.screen()
    assert isinstance(screen, HomeScreen)
    return screen


def seen(screen: HomeScreen) -> dict[str, SectionPart]:
    return {name: each for name, each in screen.sections.items() if not each.isHidden()}


def take(desk: Desk, *needs: Need) -> None:
    with desk.writing() as session:
        queue.take(session, desk.pen, desk.actor, desk.now(), needs=needs)


def happened(desk: Desk) -> None:
    with desk.writing() as session:
        report = Report("incident", "کسی بلند حرف زد.", harmed="nobody")
        incidents.record(session, desk.pen, desk.actor, report, desk.now())



def test_an_empty_day_is_quiet(desk: Desk, look: Look) -> None:
    with sitting(desk, look) as at:
        screen = home(at)
        assert seen(screen) == {}
        assert screen.next.isHidden()
        assert at.focused() is screen.search_button


def test_who_is_next_stands_there_large_and_f5_calls_them(desk: Desk, look: Look) -> None:
    take(desk)
    take(desk, "wheelchair")
    with sitting(desk, look) as at:
        screen = home(at)
        assert screen.next.isVisible()
        assert at.focused() is screen.next.call
        words = [each.text() for each in (screen.next._number, screen.next._who)]
        assert words == ["۰۰۲", "نفر بعدی، با ویلچر"], "who needs it comes first"
        at.press("F5")
        assert screen.next._number.text() == "۰۰۱", "the next one, without a look elsewhere"
        assert at.places
        current = at.places.queue.read().current
        assert current is not None
        assert current.number == "002"
        at.places.queue._writing(queue.came, current.id, desk.now())
        settle()
        at.press("Return")  # the keyboard stayed on the button
        assert at.places.queue.read().waiting == ()
        assert screen.next.isHidden()
        assert at.focused() is screen.search_button


def test_a_draft_waits_on_the_sheet_and_enter_goes_on_with_it(desk: Desk, look: Look) -> None:
    with sitting(desk, look) as at:
        at.press("F3")
        at.press("F6")
        at.go_to("نام")
        at.type("مهتاب")
        screen = at.screen()
        assert isinstance(screen, IntakeScreen)
        screen.keeper.keep_now()
        settle()
    with sitting(desk, look) as at:
        part = seen(home(at))["drafts"]
        (draft,) = part.rows.results()
        assert draft.spoken().startswith("پذیرش، مهتاب، از ساعت")
        part.rows.setFocus()
        at.press("Return")
        screen = at.screen()
        assert isinstance(screen, IntakeScreen)
        assert screen.form.entries[0].given_name == "مهتاب"
        screen.start_again()
        screen.view.take()
        screen._aside.clear()
        screen.keeper.keep_now()
        settle()
        assert "drafts" not in seen(home(at)), "what is done goes without a word"


def test_incidents_of_today_are_told_to_those_who_may_know(desk: Desk, look: Look) -> None:
    happened(desk)
    with sitting(desk, look) as at:
        part = seen(home(at))["incidents"]
        assert part.rows.results() == (), "how many, and not what: home stands open before clients"
        part.act.click()
        settle()
        assert isinstance(at.screen(), IncidentsScreen)
    sit(desk, "receptionist")
    with sitting(desk, look) as at:
        screen = home(at)
        assert "incidents" not in screen.sections
        assert not any("رویداد" in each.accessibleName() for each in screen.findChildren(SectionPart))


@pytest.mark.parametrize("waits", [True, False])
def test_a_full_sheet_fits_and_is_named(desk: Desk, look: Look, waits: bool) -> None:
    mother_and_child(desk)
    happened(desk)
    if waits:
        take(desk, "blind", "with_child")
    with sitting(desk, look) as at:
        at.press("F3")
        at.press("F6")
        at.go_to("نام")
        at.type("گلنار")
        screen = at.screen()
        assert isinstance(screen, IntakeScreen)
        screen.keeper.keep_now()
        settle()
        assert set(seen(home(at))) >= {"drafts", "incidents"}
        assert faults(at.window) == []
        found = {(theme, zoom): wrong for theme, zoom in every_look(look) if (wrong := cut(at.window))}
        assert found == {}
