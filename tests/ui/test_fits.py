"""Every screen, three themes, three zooms, the smallest screen: nothing cut, nothing sideways, everything named."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from desktop.domain.faults import Known
from desktop.domain.sync_truth import SyncTruth
from desktop.domain.today import Today
from tests.desk.fits import cut, every_look
from tests.ui.conftest import Show
from tests.ui.sample_desk import TODAY, TRUTH, desk
from tests.ui.scenes import SCENES
from tests.ui.sheets import SIZES
from ui import tasks
from ui.access.walk import faults
from ui.screens.login import LoginScreen, LoginUser
from ui.screens.sync_item import ItemPart
from ui.theme.look import Look
from ui.widgets import Button, Label, PersianEdit, column, holder, row
from ui.window import Window


def login(look: Look) -> QWidget:
    def unlock(_user: str, _password: str) -> object:
        raise Known("wrong-password")

    window = Window(look, now=lambda: "۱۰:۲۶", training="تمرین؛ به استان وصل نیست")
    users = [LoginUser(str(n), name) for n, name in enumerate(("نرگس آبان‌پور", "بهار سروستان", "سلیم رودبارک"))]
    screen = LoginScreen(look, users, unlock, centre="مرکز مثبت زندگی نمونهٔ ۱۲۴")
    window.show_alone(screen)
    screen.who.choose("1")
    screen.password.set_text("گذرواژه")
    screen.submit()
    return window


def at(place: str, look: Look, today: Today, truth: SyncTruth) -> QWidget:
    window = desk(look, lambda: today, lambda: truth, training="تمرین؛ به استان وصل نیست")
    window.show_sync("۳ ثبت در راه استان", "warn", "send")
    window.set_badge("sync", 12)
    window.go(place)
    return window


NEW_DAY, NEW_DESK = Today("چهارشنبه ۳۰ اردیبهشت ۱۴۰۵", enrolled=False), SyncTruth(enrolled=False)
SCREENS: dict[str, Callable[[Look], QWidget]] = {
    "login": login,
    "home": lambda look: at("home", look, TODAY, TRUTH),
    "home, nothing yet": lambda look: at("home", look, NEW_DAY, NEW_DESK),
    "sync": lambda look: at("sync", look, TODAY, TRUTH),
    "sync, not enrolled": lambda look: at("sync", look, NEW_DAY, NEW_DESK),
}


@pytest.mark.parametrize("name", SCREENS)
def test_nothing_is_cut_at_any_zoom_in_any_theme(look: Look, show: Show, name: str) -> None:
    window = show(SCREENS[name](look))
    tasks.drain()
    found = {(theme, zoom): wrong for theme, zoom in every_look(look) if (wrong := cut(window))}
    assert found == {}


@pytest.mark.parametrize("name", SCENES)
def test_every_screen_fits_in_the_whole_window_at_both_sizes(look: Look, show: Show, name: str) -> None:
    window = SCENES[name](look, show)
    found = {}
    for kind in every_look(look):
        for size in SIZES:
            window.resize(*size)
            for _round in range(3):
                QApplication.processEvents()
            wrong = cut(window)
            if window.size().toTuple() != size:
                wrong.append(f"the window would be {window.size().toTuple()}")
            if wrong:
                found[kind, size] = wrong
    assert found == {}


def test_what_is_read_out_on_the_telephone_fits_too(look: Look, show: Show) -> None:
    window = show(at("sync", look, TODAY, TRUTH))
    tasks.drain()
    (item,) = window.findChildren(ItemPart)
    item.button.click()
    found = {(theme, zoom): wrong for theme, zoom in every_look(look) if (wrong := cut(window))}
    assert found == {}
    assert len(item.words()) == 7
    assert faults(window) == []


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_reader_finds_every_control_by_its_label(look: Look, show: Show, name: str) -> None:
    window = show(SCREENS[name](look))
    tasks.drain()
    assert faults(window) == []


def test_the_measure_of_cut_words_catches_them(look: Look, show: Show) -> None:
    button = Button(look, "ثبت و چاپ رسید پذیرش")
    window = show(holder(column(look, row(look, button, 1), 1)))
    assert cut(window) == []
    button.setFixedWidth(60)
    QApplication.processEvents()
    assert any("ثبت و چاپ" in wrong for wrong in cut(window))
    label = Label(look, "خیلی بلند " * 60)
    wide = show(holder(column(look, label, 1)))
    wide.setMinimumSize(0, 0)
    assert any("pixels" in wrong or "needs" in wrong for wrong in cut(wide)) or wide.width() > 1366


def test_the_walk_catches_what_a_screen_reader_would_trip_over(look: Look, show: Show) -> None:
    nameless, once, twice = PersianEdit(), Button(look, "پرونده"), Button(look, "پرونده")
    misnamed, english = Button(look, "ثبت"), QPushButton("Save")
    misnamed.setAccessibleName("چاپ")
    window = show(holder(column(look, nameless, once, twice, misnamed, english)))
    found = "\n".join(faults(window))
    assert "PersianEdit has no Persian name" in found
    assert "2 controls are called 'پرونده'" in found
    assert "shows 'ثبت' and is called 'چاپ'" in found
    assert "QPushButton has no Persian name: 'Save'" in found
    assert len(faults(window)) == 4
