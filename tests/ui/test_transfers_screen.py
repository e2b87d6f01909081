"""A household goes to another centre, at the window: offered, answered by one key, taken back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt

from desktop.domain.faults import Known
from desktop.domain.intake import NO_NEEDS
from desktop.domain.people import Found, Member, PersonCard
from desktop.domain.transfers import ACCEPTED, CANCELLED, OFFERED, Listed
from tests.desk.fits import cut, every_look
from tests.desk.typing import press, type_text
from tests.ui.conftest import Show
from ui import tasks
from ui.access.walk import faults
from ui.screens.transfers import TransferActs, TransfersScreen
from ui.shell import Place
from ui.theme.look import Look
from ui.window import Window

Key = Qt.Key
LISTED = (
    Listed("a", "ha", False, "125", "17", 4, "1405-09-03", "نقل مکان خانواده", OFFERED),
    Listed("b", "hb", True, "130", "1122", 1, "1405-09-02", "", OFFERED),
    Listed("c", "hc", True, "130", "9", 3, "1405-08-30", "", ACCEPTED),
    Listed("d", "hd", False, "125", "", 2, "1405-08-11", "", ACCEPTED),
    Listed("e", "he", True, "125", "40", 6, "1405-07-01", "", CANCELLED),
)
GOLNAR = Found("p", "گلنار سپیدرود", "حبیب", "1370", "", "یزد", "covered", "intake.matched.name")
CARD = PersonCard(
    "p", "گلنار سپیدرود", "حبیب", "1370", "female", "", "covered", "", "home", "12", "", NO_NEEDS,
    (Member("q", "آوا کاج‌نژاد", "1399", "child"), Member("r", "یونس کاج‌نژاد", "1395", "child")), "", "",
)  # fmt: skip


class Centre:
    """What the screen is given: it answers from these lists and remembers what was asked."""

    def __init__(self, listed: tuple[Listed, ...] = LISTED, card: PersonCard = CARD) -> None:
        self.listed, self.card_shown, self.done = listed, card, list[tuple[str, ...]]()
        self.fault: Known | None = None
        self.decides = True

    def act(self, *said: str) -> None:
        if self.fault:
            raise self.fault
        self.done.append(said)

    def acts(self) -> TransferActs:
        def doing(what: str) -> Callable[..., None]:
            return lambda *given: self.act(what, *given)

        return TransferActs(
            read=lambda: self.listed, find=lambda _typed: [GOLNAR], card=lambda _person: self.card_shown,
            offer=doing("offer"), accept=doing("accept"), cancel=doing("cancel"), today=lambda: "1405-09-03",
            may_decide=self.decides,
        )  # fmt: skip


def opened(look: Look, show: Show, centre: Centre) -> TransfersScreen:
    window = Window(look, now=lambda: "۱۰:۲۶", training="تمرین؛ به استان وصل نیست")
    places = [Place("transfers", "جابه‌جایی", "house", lambda: TransfersScreen(look, centre.acts()))]
    window.open(places, centre="مرکز نمونهٔ ۱۲۴", who="نرگس آبان‌پور", role="مسئول مرکز", search="transfers")
    window.set_badge("transfers", 1)
    show(window)
    tasks.drain()
    screen = window.front()
    assert isinstance(screen, TransfersScreen)
    return screen


def test_what_is_offered_to_us_is_answered_by_one_key(look: Look, show: Show) -> None:
    centre = Centre()
    screen = opened(look, show, centre)
    told: list[str] = []
    screen.told.connect(told.append)
    assert [each.spoken() for each in screen.open.results()] == [
        "۱۴۰۵/۰۹/۰۳، پروندهٔ ۱۷، ۴ نفر، از مرکز ۱۲۵، پاسخ شما را می‌خواهد",
        "۱۴۰۵/۰۹/۰۲، پروندهٔ ۱۱۲۲، ۱ نفر، به مرکز ۱۳۰، پاسخ آن مرکز مانده",
    ]
    assert [(each.name, each.chip) for each in screen.past.results()] == [
        ("پروندهٔ ۹", "رفت"), ("پروندهٔ بی‌شماره", "آمد"), ("پروندهٔ ۴۰", "به سرانجام نرسید"),
    ]  # fmt: skip
    assert screen.offer.words()[1] == "نقل مکان خانواده"
    assert not screen.offer.take_back.isVisible()
    press(screen.open, Key.Key_F7)
    tasks.drain()
    press(screen.open, Key.Key_F10)
    tasks.drain()
    assert centre.done == [("accept", "a"), ("cancel", "a")]
    assert told[0] == "پذیرفتید. پرونده با همگام‌سازی از مرکز ۱۲۵ می‌آید."


def test_what_we_offered_is_taken_back(look: Look, show: Show) -> None:
    centre = Centre()
    screen = opened(look, show, centre)
    screen.open.setFocus()
    press(screen.open, Key.Key_F8)
    press(screen.open, Key.Key_Down)
    assert not screen.offer.accept.isVisible()
    press(screen.open, Key.Key_F7)
    press(screen.open, Key.Key_Return)
    assert screen.offer.take_back.hasFocus()
    press(screen.offer.take_back, Key.Key_Return)
    tasks.drain()
    assert centre.done == [("cancel", "b")], "each key is for what stands there"


def test_a_household_is_found_and_offered(look: Look, show: Show, announced: list[str]) -> None:
    centre = Centre(())
    screen = opened(look, show, centre)
    assert not screen.send.isEnabled()
    press(screen, Key.Key_F6)
    box = screen.form.finder.box
    assert box.hasFocus()
    type_text(box, "گلنار")
    box.search_now()
    tasks.drain()
    press(box, Key.Key_Return)
    tasks.drain()
    assert screen.form.words() == (
        "پروندهٔ ۱۲، گلنار سپیدرود", "همراه او: آوا کاج‌نژاد، یونس کاج‌نژاد",
    )  # fmt: skip
    assert screen.form.target.hasFocus()
    press(screen, Key.Key_F9)
    assert centre.done == []
    assert any("کد مرکز مقصد را بنویسید" in each for each in announced)
    type_text(screen.form.target, "۱۲۵")
    type_text(screen.form.note, "نقل مکان")
    centre.fault = Known("transfer-target")
    press(screen.form.note, Key.Key_F9)
    tasks.drain()
    assert screen.problem() == Known("transfer-target").parts()
    assert screen.form.target.value() == "125", "nothing typed is lost"
    centre.fault = None
    press(screen.form.note, Key.Key_F9)
    tasks.drain()
    assert centre.done == [("offer", "home", "125", "نقل مکان")]
    assert screen.problem() == ()
    assert not screen.form.target.isVisible()
    assert not screen.send.isEnabled()


def test_who_lives_in_no_household_is_not_offered(look: Look, show: Show) -> None:
    alone = PersonCard("p", "گلنار", "", "", "", "", "", "", "", "", "", NO_NEEDS, (), "", "")
    screen = opened(look, show, Centre((), alone))
    screen.open_person("p")
    tasks.drain()
    assert not screen.send.isEnabled()
    assert not screen.form.target.isVisible()


def test_who_may_not_decide_sees_why(look: Look, show: Show) -> None:
    centre = Centre()
    centre.decides = False
    screen = opened(look, show, centre)
    press(screen.open, Key.Key_F7)
    press(screen.open, Key.Key_F10)
    tasks.drain()
    assert centre.done == []
    assert screen.offer.accept.accessibleDescription() == "پاسخ دادن در اختیار مسئول مرکز است."
    assert cut(screen.window()) == []


@pytest.mark.parametrize("filled", [True, False])
def test_it_fits_at_any_zoom_in_any_theme_and_is_read_aloud(look: Look, show: Show, filled: bool) -> None:
    screen = opened(look, show, Centre() if filled else Centre(()))
    if filled:
        screen.open_person("p")
        tasks.drain()
        screen.submit()
    window = screen.window()
    assert {each: wrong for each in every_look(look) if (wrong := cut(window))} == {}
    assert faults(window) == []
