"""What is done for the client in front, at the keyboard: a sentence, a code, an incident, 123, a caution."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QApplication, QWidget

from desktop.domain.cautions import Caution
from desktop.domain.faults import Known
from desktop.domain.incidents import Incident, Nature, Report
from desktop.domain.intake import NO_NEEDS
from desktop.domain.people import Needs, PersonCard
from desktop.domain.standing import Standing
from desktop.domain.texts import say
from tests.desk.fits import cut, every_look
from tests.desk.typist import Typist, in_window
from tests.ui.conftest import Show
from ui import tasks
from ui.access.walk import faults
from ui.giant import LARGEST, SMALLEST, Giant, fitted
from ui.screens.base import Screen
from ui.screens.caution import CautionScreen
from ui.screens.incident import IncidentActs, IncidentScreen
from ui.screens.incidents import IncidentsScreen
from ui.screens.intake_parts import PersonPanel
from ui.screens.needs_part import NeedsPart, needs_chips
from ui.screens.show_words import READY, InFront, ShowActs, ShowScreen
from ui.screens.standing import StandingActs, StandingScreen
from ui.theme import paint
from ui.theme.look import Look
from ui.widgets import Button, PersianEdit, column, columns, holder
from ui.window import Window

Key = Qt.Key
CODE = "124/000/000001/5"
STANDING = Standing(
    "r", "p", CODE, "غربالگری بینایی", "1405-09-03", "registered", result_on="1405-09-03",
    next_step="کودک را تا تاریخ نوشته‌شده نزد بینایی‌سنج ببرید و همین برگه را همراه داشته باشید.", due="1405-10-03",
)  # fmt: skip
MOTHER = InFront("مهتاب کاج‌نژاد", STANDING)
CAUTION = Caution("تنها به خانه‌اش نروید؛ سگ بسته نیست.", "1405-12-03", "نرگس آبان‌پور")
LISTED = [
    Incident("b", "urgent", "1405-09-03", "10:02", "گفت شوهرش دیشب او را زده است.", "", "پیگیری ۴۵۲", "reached", "p",
             "مهتاب کاج‌نژاد", "نرگس آبان‌پور"),
    Incident("a", "incident", "1405-09-02", "09:30", "آقایی فریاد زد.", "nobody", "", "", "", "", "نرگس آبان‌پور"),
]  # fmt: skip


class Desk:
    """What the screens are given: it remembers what was asked of it."""

    def __init__(self) -> None:
        self.shown, self.second, self.front = list[tuple[str, bool]](), False, MOTHER
        self.asked, self.opened, self.reports = list[str](), list[str](), list[Report]()
        self.written = list[tuple[str, str]]()
        self.fault: Known | None = None

    def find(self, typed: str) -> Standing:
        self.asked.append(typed)
        if self.fault:
            raise self.fault
        return STANDING

    def record(self, report: Report) -> None:
        if self.fault:
            raise self.fault
        self.reports.append(report)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def show_screen(look: Look, desk: Desk) -> ShowScreen:
    acts = ShowActs(
        in_front=lambda: desk.front,
        show=lambda words, second: desk.shown.append((words, second)),
        shown=lambda: desk.shown[-1][0] if desk.shown else "",
        take_away=lambda: desk.shown.clear(),
        second=lambda: desk.second,
    )
    return ShowScreen(look, acts)


def standing_screen(look: Look, desk: Desk) -> StandingScreen:
    show: Callable[[str], None] = lambda words: desk.shown.append((words, False))  # noqa: E731
    return StandingScreen(look, StandingActs(desk.find, show, desk.opened.append))


def incident_screen(look: Look, desk: Desk, nature: Nature = "incident", *, reads: bool = True) -> IncidentScreen:
    acts = IncidentActs(desk.record, (lambda: desk.opened.append("list")) if reads else None)
    return IncidentScreen(look, nature, ("p", "مهتاب کاج‌نژاد"), acts)


def caution_screen(look: Look, desk: Desk) -> CautionScreen:
    return CautionScreen(
        look, "مهتاب کاج‌نژاد", [CAUTION], "1405-09-03", lambda text, until: desk.written.append((text, until))
    )


def laid_over(look: Look, screen: Screen) -> Window:
    """The desk's window, and the screen over the place in front."""
    place = Screen(look, "پذیرش")
    place.build(holder(column(look, PersianEdit(), 1)))
    window = in_window(look, place)
    window.show_sync("۳ ثبت در راه استان", "warn", "send")
    window.lay_over(screen)
    return window


def opened(look: Look, show: Show, screen: Screen) -> Typist:
    """In the window, with the keyboard where it begins."""
    hand = Typist(show(laid_over(look, screen)))
    hand.settle()
    return hand


# -- a sentence


def test_the_first_rows_are_what_belongs_to_whoever_stands_here(look: Look, show: Show, desk: Desk) -> None:
    screen = show_screen(look, desk)
    hand = opened(look, show, screen)
    rows = [each.name for each in screen.rows.results()]
    assert rows[:3] == ["کد رهگیری مهتاب کاج‌نژاد", "گام بعدِ مهتاب کاج‌نژاد", "سلام، خوش آمدید."]
    assert len(rows) == 2 + len(READY)
    hand.press(Key.Key_Return)
    assert desk.shown == [("کد رهگیری شما\n\u2066۱۲۴/۰۰۰/۰۰۰۰۰۱/۵\u2069", False)]
    hand.press(Key.Key_Down, Key.Key_Return)
    assert desk.shown[-1][0].endswith("همراه داشته باشید (تا پنجشنبه ۳ دی ۱۴۰۵)")
    assert hand.keys == 3


def test_a_sentence_of_ones_own_or_a_piece_of_a_ready_one(look: Look, show: Show, desk: Desk) -> None:
    screen = show_screen(look, desk)
    hand = opened(look, show, screen)
    hand.write("امضا")
    assert [each.name for each in screen.rows.results()] == ["امضا", "اینجا را امضا کنید."]
    hand.press(Key.Key_Down, Key.Key_Return)
    hand.press(Key.Key_End)
    hand.write(" فردا")
    hand.press(Key.Key_Return)
    assert [words for words, _ in desk.shown] == ["اینجا را امضا کنید.", "امضا فردا"]
    hand.press(Key.Key_F8)
    assert desk.shown == []
    assert not screen.take_away.isVisible()


def test_nobody_in_front_and_a_second_monitor(look: Look, show: Show, desk: Desk) -> None:
    desk.front, desk.second = None, True  # type: ignore[assignment]
    screen = show_screen(look, desk)
    hand = opened(look, show, screen)
    assert screen.rows.results()[0].name == "سلام، خوش آمدید."
    screen.second.choose("second")
    hand.press(Key.Key_Return)
    assert desk.shown == [("سلام، خوش آمدید.", True)]


# -- the whole screen


def giant(look: Look, show: Show) -> tuple[QWidget, Giant]:
    window = show(in_window(look, show_screen(look, Desk())))
    return window, Giant(look, window)


@pytest.mark.parametrize("size", [(1366, 768), (1280, 720), (800, 600)])
def test_every_ready_sentence_is_as_large_as_it_can_be(look: Look, size: tuple[int, int]) -> None:
    for name in READY:
        words = say(f"show.ready-list.{name}")
        font, lines = fitted(words, look.font("body", "bold"), *size)
        assert "".join(lines).replace(" ", "") == words.replace(" ", "")
        assert len(lines) * paint.line_height(font) <= size[1]
        assert max(paint.width_of(line, font) for line in lines) <= size[0]
        assert font.pixelSize() > 60
        larger = look.font("body", "bold")
        larger.setPixelSize(font.pixelSize() + 1)
        broken = paint.lines_of(words, larger, size[0])
        too_wide = max(paint.width_of(each, larger) for each in (*words.split(), *broken)) > size[0]
        too_high = len(broken) * paint.line_height(larger) > size[1]
        assert too_wide or too_high or font.pixelSize() == LARGEST
    assert fitted("کلمه " * 2000, look.font("body"), 300, 200)[0].pixelSize() == SMALLEST


def test_nothing_but_the_sentence_black_on_white_and_in_the_contrast_theme_its_own(look: Look, show: Show) -> None:
    window, sheet = giant(look, show)
    sheet.show_words("بفرمایید بنشینید.")
    QApplication.processEvents()
    assert sheet.findChildren(QWidget) == []
    assert sheet.geometry() == window.screen().geometry()
    for theme, ground in (("light", "#ffffff"), ("dark", "#ffffff"), ("contrast", "#000000")):
        look.set_theme(theme)  # type: ignore[arg-type]
        picture = sheet.grab().toImage()
        across, down = range(0, picture.width(), 3), range(0, picture.height(), 3)
        assert {picture.pixelColor(x, y).name() for x in across for y in (1, picture.height() - 2)} == {ground}
        assert {"#000000", "#ffffff"} <= {picture.pixelColor(x, y).name() for x in across for y in down}
    sheet.take_away()


def test_escape_comes_back_to_the_very_control(look: Look, show: Show, desk: Desk) -> None:
    window, sheet = giant(look, show)
    hand = Typist(window)
    hand.write("نیمه‌")
    had = window.focusWidget()
    sheet.show_words("نوبت شماست.")
    QApplication.processEvents()
    assert sheet.words() == "نوبت شماست."
    Typist(sheet).press(Key.Key_Escape)
    assert (sheet.words(), sheet.isVisible()) == ("", False)
    assert window.focusWidget() is had


def test_zoom_and_size_leave_it_whole(look: Look, show: Show) -> None:
    _window, sheet = giant(look, show)
    sheet.show_words("شمارهٔ ملی‌تان را روی این صفحه‌کلید بزنید.")
    sizes = []
    for box in (QRect(0, 0, 1366, 768), QRect(0, 0, 640, 480)):
        sheet.setGeometry(box)
        QApplication.processEvents()
        font, lines = sheet.laid_out()
        assert len(lines) * paint.line_height(font) <= box.height()
        sizes.append(font.pixelSize())
    assert sizes[0] > sizes[1]
    sheet.take_away()


# -- a tracking code


def test_a_scanned_code_gives_the_sentence_and_the_next_scan_takes_its_place(
    look: Look, show: Show, desk: Desk, announced: list[str]
) -> None:
    screen = standing_screen(look, desk)
    hand = opened(look, show, screen)
    hand.write("۱۲۴۰۰۰۰۰۰۰۰۱۵")
    hand.press(Key.Key_Return)
    words = screen.answer.text()
    assert words.startswith("درخواست «غربالگری بینایی» از سه‌شنبه ۳ آذر ۱۴۰۵ ثبت شده؛ ")
    assert words in announced
    hand.write("124/000/000001/5")
    hand.press(Key.Key_Return)
    assert desk.asked == ["1240000000015", "1240000000015"]
    hand.press(Key.Key_F9)
    assert desk.shown == [(words, False)]
    hand.press(Key.Key_F8)
    assert desk.opened == ["p"]


def test_a_wrong_digit_is_told_at_the_field(look: Look, show: Show, desk: Desk, announced: list[str]) -> None:
    screen = standing_screen(look, desk)
    hand = opened(look, show, screen)
    hand.write("۱۲۴۰۰۰۰۰۰۰۰۱۶")
    hand.press(Key.Key_Return)
    assert desk.asked == []
    assert screen.code.error == say("value.paper-number-check")
    assert any(screen.code.error in each for each in announced)
    assert screen.edit.hasFocus()
    assert not screen.show_it.isEnabled()


def test_a_code_nobody_has(look: Look, show: Show, desk: Desk) -> None:
    desk.fault = Known("code-unknown")
    screen = standing_screen(look, desk)
    hand = opened(look, show, screen)
    hand.write("1240000000015")
    hand.press(Key.Key_Return)
    assert screen.problem() == Known("code-unknown").parts()


# -- an incident, and 123


def test_one_sentence_and_enter(look: Look, show: Show, desk: Desk) -> None:
    screen = incident_screen(look, desk)
    ended: list[bool] = []
    screen.recorded.connect(lambda: ended.append(True))
    hand = opened(look, show, screen)
    hand.write("آقایی افتاد")
    hand.press(Key.Key_Return)
    assert desk.reports == [Report("incident", "آقایی افتاد", harmed="unknown")]
    assert ended == [True]


def test_an_urgent_referral_says_whether_123_answered(look: Look, show: Show, desk: Desk) -> None:
    screen = incident_screen(look, desk, "urgent", reads=False)
    hand = opened(look, show, screen)
    hand.press(Key.Key_F9)
    assert hand.on() == "چه دیدید یا شنیدید؟"
    assert screen.form.fields["reached"].error
    hand.write("گفت می‌ترسد به خانه برگردد")
    hand.tab()
    hand.press(Key.Key_Space)
    hand.press(Key.Key_F9)
    assert desk.reports == [Report("urgent", "گفت می‌ترسد به خانه برگردد", "p", "", "", "reached")]


def test_what_couldnt_be_recorded_stays_in_the_form(look: Look, show: Show, desk: Desk) -> None:
    desk.fault = Known("disk-full")
    screen = incident_screen(look, desk)
    hand = opened(look, show, screen)
    hand.write("افتاد")
    hand.press(Key.Key_F9)
    assert screen.form.report().happened == "افتاد"
    desk.fault = None
    hand.press(Key.Key_F9)
    assert [each.happened for each in desk.reports] == ["افتاد"]


def test_the_list_is_offered_to_whoever_may_read_it(look: Look, show: Show, desk: Desk) -> None:
    hand = opened(look, show, incident_screen(look, desk))
    hand.press(Key.Key_F8)
    assert desk.opened == ["list"]
    other = opened(look, show, incident_screen(look, desk, reads=False))
    other.press(Key.Key_F8)
    assert desk.opened == ["list"]


# -- a caution


def test_a_caution_by_keyboard(look: Look, show: Show, desk: Desk) -> None:
    screen = caution_screen(look, desk)
    hand = opened(look, show, screen)
    hand.press(Key.Key_Return)
    assert screen.form.fields["text"].error == say("caution.no-text")
    hand.write("پله لق است")
    hand.tab()
    hand.write("1405/9/1")
    hand.press(Key.Key_Return)
    assert screen.form.fields["until"].error == say("caution.day-passed")
    assert desk.written == []
    screen.form.put("until", "")
    hand.press(Key.Key_F9)
    assert desk.written == [("پله لق است", "1405-12-03")]


# -- needs


FULL = Needs(
    "large", True, False, False, True, True, True, "az", "relay", "گلنار سپیدرود", "09991112233",
)  # fmt: skip


def test_what_is_rarer_stays_away_until_it_is_asked_for(look: Look, show: Show) -> None:
    part = NeedsPart(look)
    show(holder(column(look, part)))
    part.show_needs(replace(NO_NEEDS, wheelchair=True))
    assert not part.fields["relay_name"].isVisible()
    part.more.click()
    assert part.fields["relay_name"].isVisible()
    assert part.more.words() == "نیازهای دیگر را ببند"
    for needs in (FULL, NO_NEEDS, replace(NO_NEEDS, language="xx"), replace(NO_NEEDS, channel="letter")):
        part.show_needs(needs)
        assert part.value() == needs
        assert part.fields["relay_name"].isVisible() == (needs != NO_NEEDS)


def test_needs_are_chips_with_words(look: Look) -> None:
    assert [chip.text() for chip in needs_chips(look, FULL)] == [
        "درشت", "زبان اشاره", "نمی‌خواند", "بریل می‌خواند", "لب‌خوانی می‌کند", "زبان: ترکی آذری", "از راه رابط",
    ]  # fmt: skip


# -- how they look


def _asked(look: Look, desk: Desk) -> StandingScreen:
    screen = standing_screen(look, desk)
    screen.show_standing(STANDING)
    return screen


def _refused(look: Look, desk: Desk) -> IncidentScreen:
    screen = incident_screen(look, desk, "urgent")
    screen.submit()
    return screen


SCREENS: dict[str, Callable[[Look, Desk], Screen]] = {
    "show": show_screen,
    "standing": standing_screen,
    "standing, found": _asked,
    "incident": incident_screen,
    "urgent": _refused,
    "incidents": lambda look, _desk: IncidentsScreen(look, lambda: LISTED),
    "incidents, none": lambda look, _desk: IncidentsScreen(look, list),
    "caution": caution_screen,
}


@pytest.mark.parametrize("name", SCREENS)
@pytest.mark.parametrize("size", [(1366, 768), (1280, 720)])
def test_nothing_is_cut_or_nameless(look: Look, show: Show, desk: Desk, name: str, size: tuple[int, int]) -> None:
    desk.second = True
    window = show(laid_over(look, SCREENS[name](look, desk)))
    window.resize(*size)
    tasks.drain()
    QApplication.processEvents()
    assert faults(window) == []
    found = {(theme, zoom): wrong for theme, zoom in every_look(look) if (wrong := cut(window))}
    assert found == {}


def test_full_needs_fit_too(look: Look, show: Show) -> None:
    part = NeedsPart(look)
    part.show_whose("مهتاب کاج‌نژاد")
    part.show_needs(FULL)
    window = show(holder(column(look, part, 1)))
    assert faults(window) == []
    window.resize(900, 768)
    found = {(theme, zoom): wrong for theme, zoom in every_look(look) if (wrong := cut(window)) and zoom == 1}
    assert found == {}


@pytest.mark.parametrize("size", [(1366, 768), (1280, 720)])
def test_a_card_full_of_needs_and_cautions_fits_beside_the_form(look: Look, show: Show, size: tuple[int, int]) -> None:
    panel = PersonPanel(look, lambda: "1405-09-03", lambda code: code)
    done: list[str] = []
    panel.offer([("نشان‌دادن جمله", done.append), ("نوشتن احتیاط", done.append)])
    card = PersonCard(
        "p", "مهتاب کاج‌نژاد", "یونس", "1371-05-09", "female", "", "applicant", "09991112233", "h", "12", "", FULL, (),
        "", "", (CAUTION, replace(CAUTION, by="")), 2,
    )  # fmt: skip
    panel.show_card(card)
    body = Screen(look, "پذیرش")
    body.build(holder(columns(look, (holder(column(look, PersianEdit(), 1)), 17), (panel, 10))))
    window = show(in_window(look, body))
    window.resize(*size)
    QApplication.processEvents()
    found = {(theme, zoom): wrong for theme, zoom in every_look(look) if (wrong := cut(window))}
    assert found == {}
    (write,) = [each for each in panel.findChildren(Button) if each.words() == "نوشتن احتیاط"]
    write.click()
    assert done == ["p"]
