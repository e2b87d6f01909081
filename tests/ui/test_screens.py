"""Opening the desk, the day at a glance, and where every record is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from desktop.domain.day_sheet import DaySheet
from desktop.domain.faults import Known
from desktop.domain.sync_truth import SyncItem, SyncTruth
from desktop.domain.today import Today
from tests.desk.typing import press, type_text
from tests.ui.conftest import Show
from tests.ui.sample_desk import FAULT, TODAY, TRUTH
from ui import tasks
from ui.screens.home import HomeScreen
from ui.screens.login import LoginScreen, LoginUser
from ui.screens.sync_truth import SyncActs, SyncScreen
from ui.theme.look import Look
from ui.widgets import Chip, Found, Note, ResultList, StateBox

Key = Qt.Key
NARGES, BAHAR = LoginUser("n", "نرگس آبان‌پور"), LoginUser("b", "بهار سروستان")


def unlock(user: str, password: str) -> str:
    if (user, password) != ("b", "درخت بلند"):
        raise Known("wrong-password")
    return "session"


def test_a_wrong_password_is_explained_and_asked_again(look: Look, show: Show, announced: list[str]) -> None:
    tried: list[str] = []

    def counted(user: str, password: str) -> str:
        tried.append(password)
        return unlock(user, password)

    login = LoginScreen(look, [NARGES, BAHAR], counted)
    show(login)
    opened: list[object] = []
    login.opened.connect(opened.append)
    assert login.who.tiles[0].hasFocus()
    type_text(login.who.tiles[0], "۲")
    login.password.setFocus()
    type_text(login.password, "درخت کوتاه")
    press(login.password, Key.Key_Return)
    assert not login.button.isEnabled(), "one attempt at a time"
    press(login.password, Key.Key_Return)
    tasks.drain()
    assert login.note() == Known("wrong-password").parts()
    assert announced[-1] == " ".join(Known("wrong-password").parts())
    assert login.password.hasFocus()
    assert login.password.selectedText() == login.password.value()
    type_text(login.password, "درخت بلند")
    press(login.password, Key.Key_Return)
    tasks.drain()
    assert opened == ["session"]
    assert tried == ["درخت کوتاه", "درخت بلند"]
    assert login.note() == ()
    assert login.password.value() == "", "no password stays behind"


def test_what_is_missing_is_asked_for_before_anything_is_tried(look: Look, show: Show) -> None:
    tried: list[str] = []

    def trying(user: str, _password: str) -> None:
        tried.append(user)

    login = LoginScreen(look, [NARGES, BAHAR], trying)
    show(login)
    login.submit()
    assert login.who_field.error
    type_text(login.who.tiles[0], "1")
    login.submit()
    assert login.password_field.error
    assert login.password.hasFocus()
    assert tried == []


def test_the_only_user_goes_straight_to_the_password(look: Look, show: Show) -> None:
    login = LoginScreen(look, [NARGES], unlock)
    show(login)
    assert login.who.value() == "n"
    assert login.password.hasFocus()


def home(look: Look, show: Show, today: Today) -> HomeScreen:
    screen = HomeScreen(look, lambda: DaySheet(today))
    show(screen)
    screen.shown()
    tasks.drain()
    return screen


def test_today_at_a_glance(look: Look, show: Show) -> None:
    screen = home(look, show, TODAY)
    assert screen.subtitle == "سه‌شنبه ۳ آذر ۱۴۰۵"
    assert screen.saved.words() == "ثبت‌های امروز، ۱۶۲ تا، در این رایانه است"
    assert screen.unsent.words() == "۳ ثبت هنوز ارسال نشده؛ همین‌جا سالم است"
    first, second = screen.visits.results()[:2]
    assert first.spoken() == "۱۰:۲۵، مهتاب کاج‌نژاد، غربالگری بینایی، چاپ شد؛ به چاپگر رسید، پذیرفته"
    assert (second.chip, second.tone) == ("چاپ نشد", "danger")
    wanted: list[str] = []
    screen.wanted_visit.connect(wanted.append)
    screen.visits.setFocus()
    press(screen.visits, Key.Key_Down)
    press(screen.visits, Key.Key_Return)
    assert wanted == ["4"]


def test_a_day_that_has_not_begun(look: Look, show: Show) -> None:
    screen = home(look, show, Today("شنبه ۱ آذر ۱۴۰۵", enrolled=False))
    assert not screen.visits.isVisible()
    assert screen.saved.words() == "هنوز چیزی برای نگه‌داشتن نیست"
    assert "وصل نشده" in screen.unsent.words()


def test_everything_sent_is_said_so(look: Look, show: Show) -> None:
    assert home(look, show, replace(TODAY, unsent=0)).unsent.words() == "همه به استان رسیده است"


def test_a_database_that_cannot_be_read_says_what_is_safe(look: Look, show: Show, announced: list[str]) -> None:
    def failing() -> DaySheet:
        raise Known("database-busy")

    screen = HomeScreen(look, failing)
    show(screen)
    screen.shown()
    tasks.drain()
    assert announced == [" ".join(Known("database-busy").parts())]
    assert not screen.visits.isVisible()


def sync(look: Look, show: Show, truth: SyncTruth, calls: list[str]) -> SyncScreen:
    def read() -> SyncTruth:
        calls.append("read")
        return truth

    screen = SyncScreen(look, SyncActs(read, lambda: calls.append("sync")))
    show(screen)
    screen.shown()
    tasks.drain()
    return screen


def test_four_stages_from_right_to_left(look: Look, show: Show) -> None:
    screen = sync(look, show, TRUTH, [])
    stages = [screen.saved, screen.sent, screen.accepted, screen.needs_you]
    assert [stage.words()[0] for stage in stages] == ["۱۶۲", "۱۵۹", "۱۵۸", "۳"]
    assert screen.accepted.words()[1] == "آخرین بار ۱۰:۲۴"
    places = [stage.mapTo(screen, stage.rect().center()).x() for stage in stages]
    assert places == sorted(places, reverse=True)
    assert screen.note() == FAULT
    assert [found.name for found in screen.needing.results()] == ["مراجعه", "نتیجهٔ غربالگری", "خانوار"]


def test_the_counts_are_of_all_and_not_of_those_listed(look: Look, show: Show) -> None:
    """Older days' records are on their way too, and the lists show only some."""
    truth = replace(TRUTH, saved=3, accepted=3, on_way_count=250, needs_you_count=120)
    screen = sync(look, show, truth, [])
    assert screen.sent.words()[1] == "۲۵۰ تا در راه"
    assert screen.needs_you.words()[0] == "۱۲۰"
    chips = [chip.text() for chip in screen.findChildren(Chip) if chip.isVisible()]
    assert {"۲۵۰", "۱۲۰"} <= set(chips)


def test_syncing_now_reads_again_and_says_so(look: Look, show: Show) -> None:
    calls: list[str] = []
    screen = sync(look, show, replace(TRUTH, fault=None), calls)
    said: list[str] = []
    screen.told.connect(said.append)
    screen.button.click()
    assert screen.quiet.isVisible()
    screen.sync()
    tasks.drain()
    assert calls == ["read", "sync", "read"], "a second press while it runs does nothing"
    assert said == ["همگام شد."], "a tick is for what is done"
    assert screen.quiet.isHidden()
    assert screen.note() == ()


def test_the_keyboard_stays_where_it_was_while_it_sends(look: Look, show: Show) -> None:
    """A button out of use loses the keyboard: Enter once more would ask where to save a report."""
    screen = sync(look, show, replace(TRUTH, fault=None), [])
    screen.button.setFocus()
    press(screen.button, Qt.Key.Key_Return)
    assert not screen.button.hasFocus()
    tasks.drain()
    assert screen.button.hasFocus()


def test_a_province_out_of_reach_is_no_reason_to_worry(look: Look, show: Show) -> None:
    def failing() -> None:
        raise Known("database-busy")

    screen = SyncScreen(look, SyncActs(lambda: replace(TRUTH, fault=None), failing))
    show(screen)
    screen.shown()
    tasks.drain()
    screen.button.click()
    tasks.drain()
    assert screen.note() == Known("database-busy").parts()
    assert screen.button.isEnabled()


def test_a_desk_not_yet_enrolled_knows_it(look: Look, show: Show) -> None:
    screen = sync(look, show, SyncTruth(enrolled=False, saved=4), [])
    assert len(screen.note()) == 3
    assert not screen.button.isEnabled()
    assert screen.button.accessibleDescription()
    QApplication.processEvents()


def test_reading_again_takes_neither_the_rows_nor_the_keyboard_away(look: Look, show: Show) -> None:
    box = StateBox(look, listed := ResultList(look, "مراجعه‌ها"))
    show(box)
    box.loading()
    waits = box.findChild(QTimer)
    assert waits is not None
    assert waits.isActive(), "nothing was shown yet: that it is being read may be said"
    listed.show_results([Found("1", "آوا کاج‌نژاد")])
    box.full()
    listed.setFocus()
    box.loading()
    assert not waits.isActive()
    box.full()
    assert listed.isVisible()
    assert listed.hasFocus()


def truths_screen(look: Look, show: Show, truth: SyncTruth, did: list[tuple[str, str]]) -> SyncScreen:
    acts = SyncActs(
        lambda: truth,
        lambda: did.append(("sync", "")),
        seen=lambda item: did.append(("seen", item)),
        report=lambda path: did.append(("report", path)),
        report_name="گزارش.json",
        ask_path=lambda name: f"folder/{name}",
    )
    screen = SyncScreen(look, acts)
    screen.wanted_person.connect(lambda person: did.append(("open", person)))
    screen.wanted_place.connect(lambda place: did.append(("go", place)))
    show(screen)
    screen.shown()
    tasks.drain()
    return screen


def test_what_waits_how_long_and_when_the_next_attempt_is(look: Look, show: Show) -> None:
    screen = truths_screen(look, show, TRUTH, [])
    assert (screen.oldest.text(), screen.next.text()) == ("قدیمی‌ترین: ۳ ساعت", "تلاش بعدی: ۱۰:۳۱")
    notes = [note.sentences()[0] for note in screen.findChildren(Note)]
    assert "ساعت این رایانه ۷ دقیقه عقب است." in notes
    screen.show_truth(replace(TRUTH, oldest="", next_attempt="", clock=""))
    assert screen.oldest.isHidden()
    assert screen.next.isHidden()
    assert not any(note.isVisible() and "ساعت این" in note.sentences()[0] for note in screen.findChildren(Note))


def test_each_item_has_its_reason_and_one_thing_to_do(look: Look, show: Show, announced: list[str]) -> None:
    did: list[tuple[str, str]] = []
    screen = truths_screen(look, show, TRUTH, did)
    screen.needing.setFocus()
    assert screen.item.words()[:2] == (TRUTH.needs_you[0].reason, TRUTH.needs_you[0].waits)
    press(screen.needing, Key.Key_Return)
    assert screen.item.button.hasFocus()
    press(screen.item.button, Key.Key_Return)
    for line in TRUTH.needs_you[0].read_out:
        assert line in screen.item.words()
        assert line in announced[-1]
    screen.shown()
    tasks.drain()
    assert "کد دلیل ۱۴" in screen.item.words(), "reading again takes it away from nobody on the telephone"
    press(screen.needing, Key.Key_Down)
    assert screen.item.button.words() == "ثبت جلویی را ببین"
    assert "کد دلیل ۱۴" not in screen.item.words()
    screen.item.button.click()
    current = screen.needing.current()
    assert current is not None
    assert current.id == "c"
    screen.needing.stand(2)
    assert screen.item.button.words() == "دیدم"
    screen.item.button.click()
    tasks.drain()
    assert did == [("seen", "e")]


@pytest.mark.parametrize(
    ("item", "words", "then"),
    [
        (SyncItem("clock", "تاریخ", act="send"), "دوباره بفرست", ("sync", "")),
        (SyncItem("x", "خانوار", act="open", target="person"), "پرونده را باز کن", ("open", "person")),
        (SyncItem("y", "دوگانه", act="conflicts", target="conflicts"), "فهرست را باز کن", ("go", "conflicts")),
    ],
)
def test_other_things_to_do(look: Look, show: Show, item: SyncItem, words: str, then: tuple[str, str]) -> None:
    did: list[tuple[str, str]] = []
    screen = truths_screen(look, show, replace(TRUTH, needs_you=(item,), needs_you_count=1), did)
    assert screen.item.button.words() == words
    screen.item.button.click()
    tasks.drain()
    assert did == [then]


def test_nothing_to_do_shows_no_button(look: Look, show: Show) -> None:
    screen = truths_screen(look, show, replace(TRUTH, needs_you=(), needs_you_count=0), [])
    assert not screen.item.isVisible()
    assert not screen.item.button.isVisible()


def test_the_report_for_support_is_saved_where_the_person_says(look: Look, show: Show) -> None:
    did: list[tuple[str, str]] = []
    screen = truths_screen(look, show, TRUTH, did)
    said: list[str] = []
    screen.told.connect(said.append)
    screen.report.click()
    tasks.drain()
    assert did == [("report", "folder/گزارش.json")]
    assert said == ["گزارش ذخیره شد. نام و شمارهٔ هیچ‌کس در آن نیست."]


def test_a_digit_that_chooses_who_it_is_leads_on_to_the_password(look: Look, show: Show) -> None:
    """A password may begin with a digit: it must not choose somebody else."""
    opened: list[tuple[str, str]] = []
    users = [LoginUser("1", "نرگس"), LoginUser("2", "بهار")]
    screen = LoginScreen(look, users, lambda user, password: opened.append((user, password)))
    show(screen)
    type_text(screen.who.tiles[0], "2")
    assert screen.who.value() == "2"
    assert screen.password.hasFocus()
    type_text(screen.password, "1")
    assert (screen.who.value(), screen.password.value()) == ("2", "1")
