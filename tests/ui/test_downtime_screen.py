"""The hours without power, at the window: today's list, numbers laid aside, a slip whose fields are wrong or right."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from desktop.domain import paper_number
from desktop.domain.faults import Known
from desktop.domain.today import Today
from tests.desk.fits import cut, every_look
from tests.desk.opened import NOW
from tests.desk.typing import press, type_text
from tests.ui.conftest import Show
from tests.ui.sample_desk import TODAY
from ui import tasks
from ui.access.walk import faults
from ui.screens.downtime import DowntimeActs, DowntimeScreen
from ui.shell import Place
from ui.theme.look import Look
from ui.window import Window

NUMBER = paper_number.build("124", 1, 17)


class Centre:
    def __init__(self, today: Today = TODAY) -> None:
        self.today, self.asked, self.fault = today, list[object](), Known("slip-used")
        self.used = False

    def unused(self, number: str) -> str:
        self.asked.append(number)
        if self.used:
            raise self.fault
        return number

    def lay_aside(self, count: int) -> tuple[str, ...]:
        return tuple(paper_number.build("124", 1, at) for at in range(1, count + 1))


def opened(look: Look, show: Show, centre: Centre) -> DowntimeScreen:
    window = Window(look, now=lambda: "۱۰:۲۶", training="تمرین؛ به استان وصل نیست")
    acts = DowntimeActs(lambda: centre.today, centre.lay_aside, centre.unused, lambda: NOW)
    places = [Place("downtime", "برگه‌های قطعی", "paper", lambda: DowntimeScreen(look, acts))]
    window.open(places, centre="مرکز نمونهٔ ۱۲۴", who="نرگس آبان‌پور", role="پذیرش", search="downtime")
    show(window)
    tasks.drain()
    screen = window.front()
    assert isinstance(screen, DowntimeScreen)
    return screen


def test_a_slip_leads_to_its_intake(look: Look, show: Show) -> None:
    screen = opened(look, show, Centre())
    slips: list[object] = []
    screen.wanted_intake.connect(slips.append)
    assert screen.number.hasFocus()
    assert screen.day.value() == "1405/09/03"
    type_text(screen.number, NUMBER.replace("/", ""))
    screen.time.setFocus()
    type_text(screen.time, "۰۸۱۵")
    press(screen.time, Qt.Key.Key_F9)
    tasks.drain()
    assert [str(each) for each in slips] == [f"Slip(number='{NUMBER}', at={NOW - 75 * 60_000_000})"]
    assert (screen.number.value(), screen.time.value()) == ("", "")


def test_what_is_wrong_stands_at_its_field_and_the_first_has_the_keyboard(look: Look, show: Show) -> None:
    centre = Centre()
    screen = opened(look, show, centre)
    type_text(screen.number, NUMBER.replace("/", ""))
    screen.day.set_text("1405/09")
    press(screen.number, Qt.Key.Key_F9)
    assert [name for name, field in screen.fields.items() if field.error] == ["day", "time"]
    assert screen.fields["day"].error == "روز را کامل بنویسید: سال، ماه و روز."
    assert screen.day.hasFocus()
    assert centre.asked == []


def test_a_slip_that_was_entered_is_said_and_what_was_typed_stays(look: Look, show: Show) -> None:
    centre = Centre()
    centre.used = True
    screen = opened(look, show, centre)
    type_text(screen.number, NUMBER.replace("/", ""))
    type_text(screen.time, "0815")
    press(screen.number, Qt.Key.Key_F9)
    tasks.drain()
    assert screen.problem()[0] == "این برگه پیش‌تر وارد شده است."
    assert screen.number.value() == NUMBER.replace("/", "")


def test_numbers_are_laid_aside(look: Look, show: Show) -> None:
    screen = opened(look, show, Centre())
    told: list[str] = []
    screen.told.connect(told.append)
    screen.sizes[1].click()
    tasks.drain()
    assert told[0].startswith("۲۰ شماره کنار گذاشته شد: از \u2066۱۲۴/۰۰۱/۰۰۰۰۰۱/")


def test_today_is_one_list(look: Look, show: Show) -> None:
    screen = opened(look, show, Centre())
    assert screen.visits.results()[0].spoken() == "۱۰:۲۵، مهتاب کاج‌نژاد، غربالگری بینایی"


@pytest.mark.parametrize("today", [TODAY, Today("سه‌شنبه ۳ آذر ۱۴۰۵")], ids=["busy", "empty"])
def test_nothing_is_cut_or_nameless(look: Look, show: Show, today: Today) -> None:
    screen = opened(look, show, Centre(today))
    screen.submit()
    screen.sizes[2].click()
    tasks.drain()
    assert {place: wrong for place in every_look(look) if (wrong := cut(screen.window()))} == {}
    assert faults(screen.window()) == []
