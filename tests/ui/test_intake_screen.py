"""Intake, as a receptionist works: someone who was here before, a new person, a household of four, bad input."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from desktop.domain import catalogue, jalali
from desktop.domain.faults import Known
from desktop.domain.intake import Registered
from desktop.domain.people import Needs
from desktop.domain.texts import say
from tests.desk.fits import cut, every_look
from tests.desk.people import FOUND, MAHTAB, SAME_ID, SAME_NAME, TODAY, Desk
from tests.desk.typist import Typist, in_window
from tests.ui.conftest import Show
from ui import tasks
from ui.access.walk import faults
from ui.screens.draft_keeper import KEPT_AFTER, Drafts
from ui.screens.intake import IntakeActs, IntakeScreen
from ui.theme.look import Look
from ui.widgets import Button
from ui.window import Window

Key = Qt.Key
SERVICES = catalogue.services(jalali.of(TODAY))
SECONDS_A_KEY = 0.28  # an average typist who isn't a secretary, by the keystroke-level model


def acts(desk: Desk) -> IntakeActs:
    return IntakeActs(
        desk.find, desk.card, desk.alike, desk.register, Drafts(lambda: desk.draft, desk.save, desk.drop)
    )


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def screen(look: Look, show: Show, desk: Desk) -> IntakeScreen:
    made = IntakeScreen(look, SERVICES, lambda: TODAY, acts(desk))
    show(in_window(look, made))
    made.search()
    return made


@pytest.fixture
def hand(screen: IntakeScreen) -> Typist:
    return Typist(screen.window())


def person(hand: Typist, number: str, given: str, family: str, father: str, birth: str, sex: int) -> None:
    """From the number's field to the coverage, as the form is walked by Tab."""
    hand.write(number)
    hand.tab()
    hand.write(given)
    hand.tab()
    if family:
        hand.write(family)
    hand.tab(2)
    if father:
        hand.write(father)
    hand.tab()
    hand.write(birth)
    hand.tab()
    hand.choose(sex)


def take_back(screen: IntakeScreen, hand: Typist) -> None:
    """Press the note's button."""
    buttons = screen.view.findChildren(Button)
    next(button for button in buttons if button.words() == "برگرداندن نوشته‌ها" and button.isVisible()).click()
    hand.settle()


def number(screen: IntakeScreen) -> str:
    """What stands in the form as the national ID."""
    return screen.view.person_form.typed("national_id")


# Someone who was here before


def test_a_returning_client_is_open_within_six_keys(screen: IntakeScreen, hand: Typist, desk: Desk) -> None:
    desk.found = FOUND[:1]
    hand.write("4567")
    hand.press(Key.Key_Return)
    assert screen.form.card == MAHTAB
    print(f"a returning client is open by {hand.keys + 1} keys")
    assert hand.keys + 1 <= 6  # F3 brings the keyboard here from any place


def test_a_visit_that_is_saved_is_said(
    screen: IntakeScreen, hand: Typist, desk: Desk, announced: list[str]
) -> None:
    screen.open_person("p-mahtab")
    hand.settle()
    hand.choose(1)
    hand.press(Key.Key_F9)
    hand.settle()
    assert len(desk.registered) == 1
    assert [said for said in announced if said.startswith("ثبت شد و در این رایانه است. کد رهگیری")]


def test_enter_before_the_answer_never_takes_a_row_of_an_older_search(screen: IntakeScreen, hand: Typist) -> None:
    hand.write("مهتاب")
    screen.view.finder.box.search_now()
    hand.settle()
    hand.write(" ک")
    screen.view.finder.box.search_now()  # asked, and not answered yet
    hand.press(Key.Key_Return)
    assert screen.form.card is None, "several people answer: they are shown and nobody is opened"
    hand.press(Key.Key_Return)
    assert screen.form.card == MAHTAB


def test_a_row_tells_namesakes_apart_and_why_it_matched(screen: IntakeScreen, hand: Typist) -> None:
    hand.write("مهتاب")
    screen.view.finder.box.search_now()
    hand.settle()
    first, second, _third = screen.view.finder.results.results()
    assert first.name == second.name
    assert first.about.startswith("۳۴ سال و ۴ ماه · فرزند یونس")
    assert (first.second, second.second) == ("نام", "تلفن")
    assert "۹۹۹***۴۵۶۱" in first.about


def test_the_returning_clients_needs_and_number_are_there_and_are_sent(
    screen: IntakeScreen, hand: Typist, desk: Desk
) -> None:
    screen.open_person("p-mahtab")
    hand.settle()
    assert screen.view.needs.value() == Needs(variant="large", companion=True)
    assert hand.on() == SERVICES[0].short
    hand.choose(1)
    hand.press(Key.Key_F9)
    (sent,) = desk.registered
    assert (sent.person_id, sent.service, sent.needs) == ("p-mahtab", SERVICES[0].code, MAHTAB.needs)
    assert sent.new_mobile == "", "a number that wasn't changed is not sent"


def test_a_member_of_the_household_becomes_the_client(screen: IntakeScreen, hand: Typist) -> None:
    screen.open_person("p-mahtab")
    hand.settle()
    screen.view.household_panel.members.setFocus()
    hand.press(Key.Key_Down, Key.Key_Return)
    assert screen.form.card is not None
    assert screen.form.card.person_id == "p-ava"


def test_a_new_member_joins_a_household_that_is_here(screen: IntakeScreen, hand: Typist, desk: Desk) -> None:
    screen.open_person("p-mahtab")
    hand.settle()
    hand.choose(2)
    hand.press(Key.Key_F7)
    assert hand.on() == "کد ملی"
    person(hand, "9990000018", "نیکان", "کاج‌نژاد", "یونس", "1404/1/1", 2)
    hand.press(Key.Key_F10)
    (sent,) = desk.registered
    assert sent.person_id == "p-mahtab"
    assert [member.given_name for member in sent.members] == ["نیکان"]


# A new person, a new household


def test_a_household_of_four_by_the_keyboard_alone_within_three_minutes(
    screen: IntakeScreen, hand: Typist, desk: Desk
) -> None:
    results: list[tuple[Registered, str, bool]] = []
    screen.registered.connect(lambda *done: results.append(done))
    hand.press(Key.Key_F6)
    person(hand, "۹۹۹۱۲۳۴۵۶۱", "يونس", "كاج‌نژاد", "رضا", "۱۳۶۸/۲/۱۱", 2)
    hand.tab()
    hand.write("09991234567")
    hand.press(Key.Key_F7)
    person(hand, "9990000018", "مهتاب", "سپیدرود", "حبیب", "1371-05-09", 1)
    hand.press(Key.Key_F7)
    person(hand, "9990000026", "آوا", "", "", "14010210", 1)
    hand.press(Key.Key_F7)
    person(hand, "9990000034", "نیکان", "", "", "1404", 2)
    hand.tab_to(SERVICES[0].short)
    hand.choose(1)
    hand.press(Key.Key_F9)
    assert screen.view.bar.problem() == ""
    (sent,) = desk.registered
    assert sent.person is not None
    assert (sent.person.given_name, sent.person.family_name) == ("یونس", "کاج‌نژاد"), "no Arabic letters"
    assert sent.person.national_id == "9991234561"
    assert [member.birth for member in sent.members] == ["1371-05-09", "1401-02-10", "1404"]
    assert sent.members[1].family_name == "کاج‌نژاد"
    assert sent.members[1].father_name == "یونس", "the household's father is carried to its children"
    assert sent.household is not None
    print(f"a household of four is registered by {hand.keys} keys, {hand.keys * 0.2:.0f} s at 200 ms a key")
    assert hand.keys * SECONDS_A_KEY <= 180
    assert [(done[1], done[2]) for done in results] == [(SERVICES[0].code, True)]
    assert screen.form.empty()


def test_one_name_and_no_number_are_allowed(screen: IntakeScreen, hand: Typist, desk: Desk) -> None:
    hand.press(Key.Key_F6)
    screen.view.person_form.fields["id_kind"].focus()
    hand.choose(4)
    screen.view.person_form.number_field().focus()
    hand.write("مدرکی همراه ندارد")
    screen.view.person_form.fields["given_name"].focus()
    hand.write("گلالی")
    screen.view.person_form.fields["one_name"].focus()
    hand.press(Key.Key_Space)
    assert not screen.view.person_form.fields["family_name"].isVisible()
    screen.view.person_form.fields["sex"].focus()
    hand.choose(1)
    screen.view.picker.focus()
    hand.choose(1)
    hand.press(Key.Key_F10)
    (sent,) = desk.registered
    assert sent.person is not None
    assert (sent.person.id_kind, sent.person.given_name, sent.person.family_name) == ("unknown", "گلالی", "")
    assert sent.household is None


def test_a_household_with_members_written_stays_one(screen: IntakeScreen, hand: Typist, desk: Desk) -> None:
    hand.press(Key.Key_F6)
    person(hand, "9991234561", "یونس", "کاج‌نژاد", "", "1368", 2)
    assert screen.view.with_household.isEnabled()
    hand.press(Key.Key_F7)
    person(hand, "9990000018", "آوا", "", "", "1401", 1)
    screen.view.household_panel.picked.emit("new:0")
    (switch,) = screen.view.with_household.tiles
    assert switch.isVisible()
    switch.click()
    screen.view.picker.focus()
    hand.choose(1)
    hand.press(Key.Key_F9)
    assert desk.registered[0].household is not None
    assert len(desk.registered[0].members) == 1


def test_the_needs_say_whose_they_are(screen: IntakeScreen, hand: Typist) -> None:
    def heading() -> bool:
        return any(words.text() == whose for words in screen.view.needs.findChildren(QLabel))

    hand.press(Key.Key_F6)
    whose = "نیازهای همین فرد"
    assert heading()
    person(hand, "9991234561", "یونس", "کاج‌نژاد", "", "1368", 2)
    hand.press(Key.Key_F7)
    person(hand, "9990000018", "آوا", "", "", "1401", 1)
    whose = "نیازهای یونس کاج‌نژاد"
    assert heading(), "of the one who came, whichever member is in the form"


def test_the_service_may_be_for_a_member(screen: IntakeScreen, hand: Typist, desk: Desk) -> None:
    hand.press(Key.Key_F6)
    person(hand, "9991234561", "یونس", "کاج‌نژاد", "", "1368", 2)
    hand.press(Key.Key_F7)
    person(hand, "9990000018", "آوا", "", "", "1401", 1)
    assert screen.view.for_tiles is not None
    screen.view.for_tiles.setFocus()
    hand.choose(2)
    screen.view.picker.focus()
    hand.choose(3)
    hand.press(Key.Key_F9)
    assert desk.registered[0].for_member == 1


def test_a_rare_service_is_found_by_a_part_of_its_name(screen: IntakeScreen, hand: Typist) -> None:
    screen.open_person("p-mahtab")
    hand.settle()
    hand.choose(9)
    hand.write("بازدید")
    hand.press(Key.Key_Return)
    assert screen.view.picker.value() == "HOME_VISIT"
    assert screen.view.picker.tiles.value() == "HOME_VISIT"
    assert len(screen.view.picker.tiles.tiles) == 9
    hand.tab_to("تلفن همراه", most=5)
    hand.press(Key.Key_F9)
    screen.open_person("p-ava")
    hand.settle()
    assert [tile.choice.value for tile in screen.view.picker.tiles.tiles[:8]] == [each.code for each in SERVICES[:8]]


def test_tab_goes_the_way_of_the_eye_through_a_household(screen: IntakeScreen, hand: Typist) -> None:
    hand.press(Key.Key_F6)
    person(hand, "9991234561", "یونس", "کاج‌نژاد", "", "1368", 2)
    hand.press(Key.Key_F7)
    hand.write("9990000018")
    met = [hand.on()]
    for _step in range(60):
        hand.tab()
        met.append(hand.on())
    way = ("کد ملی", "نام", "برداشتن این عضو", "یونس کاج‌نژاد", SERVICES[0].short, "توضیح کوتاه")
    assert [met.index(each) for each in way] == sorted(met.index(each) for each in way)


# Bad input


def test_faults_stand_beside_their_fields_and_the_first_is_focused_and_said(
    screen: IntakeScreen, hand: Typist, desk: Desk, announced: list[str]
) -> None:
    hand.press(Key.Key_F6)
    person(hand, "9991234560", "   ", "کاج‌نژاد", "", "1399/13/40", 1)
    hand.press(Key.Key_F9)
    fields = screen.view.person_form.fields
    assert "درست نیست" in fields["national_id"].error
    assert fields["given_name"].error == "نام را بنویسید."
    assert "ماه از ۱ تا ۱۲" in fields["birth"].error
    assert fields["family_name"].error == ""
    assert hand.on() == "کد ملی"
    assert "درست نیست" in fields["national_id"].control.accessibleDescription()
    assert screen.view.bar.problem() == "۴ مورد مانده: کد ملی، نام، تاریخ تولد و بقیه"
    assert announced[-1] == screen.view.bar.problem()
    assert screen.view.person_form.typed("national_id") == "9991234560", "what was typed stays"
    assert not desk.registered


def test_a_fault_is_said_when_the_field_is_left(screen: IntakeScreen, hand: Typist) -> None:
    hand.press(Key.Key_F6)
    hand.write("999123")
    hand.tab()
    assert screen.view.person_form.fields["national_id"].error == "۴ رقم کم است. کد ملی ۱۰ رقم دارد."
    assert screen.view.person_form.fields["given_name"].error == "", "an empty field is not scolded before its turn"


def test_a_fault_of_an_earlier_member_brings_them_back(screen: IntakeScreen, hand: Typist) -> None:
    hand.press(Key.Key_F6)
    person(hand, "9991234561", "یونس", "کاج‌نژاد", "", "1500/1/1", 2)
    hand.press(Key.Key_F7)
    person(hand, "9990000018", "آوا", "", "", "1401", 1)
    screen.view.picker.focus()
    hand.choose(1)
    hand.press(Key.Key_F9)
    assert screen.form.at == 0
    assert hand.on() == "تاریخ تولد"
    assert "یونس" in screen.view.bar.problem()
    assert [entry.given_name for entry in screen.form.entries] == ["یونس", "آوا"]


def test_a_fault_in_a_field_that_isnt_shown_brings_its_field(screen: IntakeScreen, hand: Typist, desk: Desk) -> None:
    screen.open_person("p-mahtab")
    hand.settle()
    screen.view.details.fields["new_mobile"].focus()
    screen.view.details.fields["new_mobile"].control.selectAll()  # type: ignore[attr-defined]
    hand.write("0999")
    hand.press(Key.Key_F7)
    person(hand, "9990000018", "نیکان", "کاج‌نژاد", "یونس", "1404/1/1", 2)
    screen.view.picker.focus()
    hand.choose(1)
    hand.press(Key.Key_F9)
    assert not desk.registered
    assert hand.on() == "تلفن همراه"
    assert screen.view.details.fields["new_mobile"].isVisible()
    assert screen.view.details.fields["new_mobile"].error
    screen.view.details.fields["new_mobile"].control.selectAll()  # type: ignore[attr-defined]
    hand.write("09991234567")
    hand.press(Key.Key_F9)
    assert [member.given_name for member in desk.registered[0].members] == ["نیکان"]


def test_the_count_of_faults_falls_as_they_are_mended(screen: IntakeScreen, hand: Typist) -> None:
    hand.press(Key.Key_F6)
    person(hand, "9991234560", "یونس", "کاج‌نژاد", "", "1399/13/40", 1)
    assert screen.view.bar.problem() == "", "nobody is scolded before the form is sent"
    hand.press(Key.Key_F9)
    assert screen.view.bar.problem() == "۳ مورد مانده: کد ملی، تاریخ تولد، خدمت"
    screen.view.picker.focus()
    hand.choose(1)
    assert screen.view.bar.problem() == "۲ مورد مانده: کد ملی، تاریخ تولد"
    for name, right in (("national_id", "9991234561"), ("birth", "1399")):
        screen.view.person_form.fields[name].focus()
        screen.view.person_form.fields[name].control.selectAll()  # type: ignore[attr-defined]
        hand.write(right)
    assert screen.view.bar.problem() == ""


def test_nobody_and_no_service_are_said(screen: IntakeScreen, hand: Typist) -> None:
    hand.press(Key.Key_F9)
    assert screen.view.bar.problem() == "اول فرد را پیدا کنید یا فرد تازه بنویسید."
    screen.open_person("p-mahtab")
    hand.settle()
    hand.press(Key.Key_F9)
    assert screen.view.bar.problem() == "۱ مورد مانده: خدمت"


def test_five_thousand_pasted_letters_are_kept_whole_and_judged(screen: IntakeScreen, hand: Typist) -> None:
    hand.press(Key.Key_F6)
    QApplication.clipboard().setText("ن" * 5000)
    control = screen.view.person_form.fields["given_name"].control
    screen.view.person_form.fields["given_name"].focus()
    control.paste()  # type: ignore[attr-defined]
    hand.tab()
    assert screen.view.person_form.typed("given_name") == "ن" * 5000
    assert "۴۹۴۰ حرف زیاد است" in screen.view.person_form.fields["given_name"].error
    hand.press(Key.Key_F7)
    hand.press(Key.Key_F9)
    assert cut(screen.window()) == []


def test_the_last_restricted_service_is_shown_by_its_neutral_name(
    screen: IntakeScreen, hand: Typist, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.desk.people.MAHTAB", replace(MAHTAB, last_service="DIVORCE_PREVENTION"))
    screen.open_person("p-mahtab")
    hand.settle()
    words = " ".join(label.text() for label in screen.view.person_panel.findChildren(QLabel))
    assert catalogue.service("DIVORCE_PREVENTION").open_name() in words
    assert catalogue.service("DIVORCE_PREVENTION").short not in words


# People who may be here already


def test_an_equal_number_stops_and_opens_that_file_with_nothing_lost(
    screen: IntakeScreen, hand: Typist, desk: Desk
) -> None:
    desk.likenesses = [SAME_ID]
    hand.press(Key.Key_F6)
    person(hand, "9991234561", "مهتاب", "کاج", "", "1371", 1)
    hand.tab()
    hand.write("09120000000")
    screen.like_timer.timeout.emit()
    hand.settle()
    assert screen.view.likeness.stops()
    assert "پروندهٔ دیگری" in screen.view.person_form.fields["national_id"].error
    screen.view.picker.focus()
    hand.choose(1)
    hand.press(Key.Key_F9)
    assert not desk.registered
    assert hand.on() == "بازکردن همان پرونده"
    hand.press(Key.Key_F8)
    assert screen.form.card == MAHTAB
    assert screen.form.service == SERVICES[0].code
    assert screen.form.new_mobile == "09120000000", "the number typed for her is offered for her file"
    take_back(screen, hand)
    assert screen.form.entries[0].family_name == "کاج"


def test_nothing_typed_of_one_person_is_written_into_anothers_file(
    screen: IntakeScreen, hand: Typist, desk: Desk
) -> None:
    hand.press(Key.Key_F6)
    person(hand, "9991234561", "گلنار", "سپیدرود", "", "1371", 1)
    hand.tab()
    hand.write("09120000000")
    screen.view.details.fields["reason"].focus()
    hand.write("عینکش شکسته است")
    screen.open_person("p-mahtab")
    hand.settle()
    assert (screen.form.new_mobile, screen.form.reason) == (MAHTAB.mobile, "")
    screen.view.picker.focus()
    hand.choose(1)
    hand.press(Key.Key_F9)
    assert (desk.registered[0].new_mobile, desk.registered[0].reason) == ("", "")


def test_a_like_name_asks_and_another_person_is_registered(screen: IntakeScreen, hand: Typist, desk: Desk) -> None:
    desk.likenesses = [SAME_NAME]
    hand.press(Key.Key_F6)
    person(hand, "9991234561", "مهتاب", "کاج‌نژاد", "رضا", "1371", 1)
    screen.view.picker.focus()
    hand.choose(1)
    hand.press(Key.Key_F9)
    assert not desk.registered, "asked even though nobody waited for the note"
    assert not screen.view.likeness.stops()
    hand.press(Key.Key_F11)
    hand.press(Key.Key_F9)
    assert len(desk.registered) == 1


# Registering


def test_a_second_f9_registers_nothing_twice(screen: IntakeScreen, hand: Typist, desk: Desk) -> None:
    screen.open_person("p-mahtab")
    hand.settle()
    hand.choose(1)
    screen.submit(print_receipt=True)
    screen.submit(print_receipt=True)
    hand.settle()
    assert len(desk.registered) == 1


def test_nothing_else_is_begun_while_a_visit_is_being_registered(
    screen: IntakeScreen, hand: Typist, desk: Desk
) -> None:
    screen.open_person("p-mahtab")
    hand.settle()
    hand.choose(1)
    screen.submit(print_receipt=True)
    screen.new_person()
    screen.open_person("p-ava")
    hand.settle()
    assert [sent.person_id for sent in desk.registered] == ["p-mahtab"]
    assert screen.form.empty(), "what came in between would have been swept away with the visit's form"


def test_a_failed_look_for_likenesses_frees_no_second_f9(
    screen: IntakeScreen, hand: Typist, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[tuple[object, ...]] = []
    hand.press(Key.Key_F6)
    person(hand, "9991234561", "یونس", "کاج‌نژاد", "", "1368", 2)
    screen.view.picker.focus()
    hand.choose(1)
    hand.settle()
    monkeypatch.setattr(tasks, "run", lambda *given: begun.append(given))
    screen.look_for_likenesses()
    screen.like_timer.start()
    screen.open_person("p-mahtab")
    screen.submit(print_receipt=True)
    assert not screen.like_timer.isActive()
    (_, _, alike, alike_failed), (_, card, opened, not_opened), _registering = begun
    for failed in (alike_failed, not_opened):
        failed(tasks.failure_of(Known("database-busy")))  # type: ignore[operator]
    opened(card())  # type: ignore[operator]
    alike([SAME_NAME])  # type: ignore[operator]
    assert not screen.view.likeness.isVisible(), "the registration asks for itself"
    screen.submit(print_receipt=True)
    assert len(begun) == 3, "the registration is still under way"
    assert screen.form.card is None


def test_nothing_is_typed_into_a_form_that_is_being_registered(
    screen: IntakeScreen, hand: Typist, desk: Desk
) -> None:
    desk.fault = Known("disk-full")
    screen.open_person("p-mahtab")
    hand.settle()
    hand.choose(1)
    screen.view.details.fields["reason"].focus()
    hand.write("ویلچر")
    screen.submit(print_receipt=True)
    screen.view.details.fields["reason"].focus()
    hand.write(" می‌خواهد")
    assert screen.view.details.typed("reason") == "ویلچر", "these letters would have been wiped with the form"
    hand.settle()
    assert hand.on() == "توضیح کوتاه", "refused: the keyboard is where it was"
    hand.write("!")
    assert screen.view.details.typed("reason") == "ویلچر!"


def test_a_full_disk_leaves_the_form_as_it_was(
    screen: IntakeScreen, hand: Typist, desk: Desk, announced: list[str]
) -> None:
    desk.fault = Known("disk-full")
    screen.open_person("p-mahtab")
    hand.settle()
    hand.choose(1)
    hand.press(Key.Key_F9)
    assert announced[-1] == " ".join(Known("disk-full").parts())
    assert screen.form.card == MAHTAB
    desk.fault = None
    hand.press(Key.Key_F9)
    assert len(desk.registered) == 1


# Drafts


def test_a_draft_is_kept_within_two_seconds_and_comes_back(
    screen: IntakeScreen, hand: Typist, desk: Desk, look: Look, show: Show
) -> None:
    assert KEPT_AFTER < 2000
    hand.press(Key.Key_F6)
    screen.keeper.keep_now()
    hand.write("999123")
    assert screen.keeper.timer.isActive()
    screen.keeper.timer.timeout.emit()
    hand.settle()
    assert desk.draft is not None
    later = IntakeScreen(look, SERVICES, lambda: TODAY, acts(desk))
    show(in_window(look, later))
    Typist(later).settle()
    assert later.view.person_form.typed("national_id") == "999123"


def test_closing_the_window_keeps_what_was_typed_a_moment_ago(
    screen: IntakeScreen, hand: Typist, desk: Desk
) -> None:
    window = screen.window()
    assert isinstance(window, Window)
    window.closing.connect(tasks.drain)  # as the application does
    hand.press(Key.Key_F6)
    hand.write("999123")
    window.close()
    assert desk.draft is not None
    entries = desk.draft["entries"]
    assert isinstance(entries, list)
    assert entries[0]["national_id"] == "999123"


def test_a_returning_clients_draft_comes_back_with_their_card(
    screen: IntakeScreen, hand: Typist, desk: Desk, look: Look, show: Show
) -> None:
    screen.open_person("p-mahtab")
    hand.settle()
    screen.view.details.fields["reason"].focus()
    hand.write("معلم می‌گوید از نزدیک نگاه می‌کند")
    screen.keeper.keep_now()
    hand.settle()
    later = IntakeScreen(look, SERVICES, lambda: TODAY, acts(desk))
    show(in_window(look, later))
    Typist(later).settle()
    assert later.form == replace(screen.form)


def test_registering_drops_the_draft_even_if_a_keeping_was_due(screen: IntakeScreen, hand: Typist, desk: Desk) -> None:
    screen.open_person("p-mahtab")
    hand.settle()
    hand.choose(1)
    screen.keeper.keep_now()
    screen.submit(print_receipt=False)
    hand.settle()
    assert len(desk.registered) == 1
    assert desk.draft is None
    assert not screen.keeper.timer.isActive()


def test_beginning_again_can_be_taken_back(screen: IntakeScreen, hand: Typist) -> None:
    hand.press(Key.Key_F6)
    hand.write("999123")
    screen.start_again()
    hand.settle()
    assert screen.form.empty()
    take_back(screen, hand)
    assert screen.view.person_form.typed("national_id") == "999123"


def test_nothing_set_aside_is_lost_by_setting_aside_again_or_taking_back(
    screen: IntakeScreen, hand: Typist, desk: Desk, look: Look, show: Show
) -> None:
    for typed in ("111", "222"):
        hand.press(Key.Key_F6)
        hand.write(typed)
        screen.start_again()
    hand.press(Key.Key_F6)
    hand.write("333")
    for expected in ("222", "111", "333"):
        take_back(screen, hand)
        assert number(screen) == expected
    screen.keeper.keep_now()
    hand.settle()
    later = IntakeScreen(look, SERVICES, lambda: TODAY, acts(desk))
    show(in_window(look, later))
    other = Typist(later.window())
    other.settle()
    assert number(later) == "333"
    take_back(later, other)
    assert number(later) == "222", "the draft keeps what was put aside too"


def test_a_failure_note_leaves_the_way_back_open(screen: IntakeScreen, hand: Typist) -> None:
    hand.press(Key.Key_F6)
    hand.write("111")
    screen.start_again()
    screen.open_person("p-nobody")
    hand.settle()
    assert any(say("fault.bug.happened") == words.text() for words in screen.view.findChildren(QLabel))
    take_back(screen, hand)
    assert number(screen) == "111"


def test_what_was_put_aside_goes_with_the_next_registration(screen: IntakeScreen, hand: Typist, desk: Desk) -> None:
    hand.press(Key.Key_F6)
    hand.write("111")
    screen.open_person("p-mahtab")
    hand.settle()
    screen.view.picker.focus()
    hand.choose(1)
    screen.keeper.keep_now()
    hand.press(Key.Key_F10)
    assert desk.draft is None
    assert not [b for b in screen.view.findChildren(Button) if b.words() == "برگرداندن نوشته‌ها" and b.isVisible()]


# What the eye and the ear meet


@pytest.mark.parametrize("state", ["empty", "found", "open", "new", "member", "nameless", "faults", "asked"])
def test_nothing_is_cut_or_nameless(screen: IntakeScreen, hand: Typist, desk: Desk, look: Look, state: str) -> None:
    if state == "found":
        hand.write("مهتاب")
        screen.view.finder.box.search_now()
    elif state == "open":
        screen.open_person("p-mahtab")
    elif state != "empty":
        hand.press(Key.Key_F6)
        if state == "nameless":
            hand.press(Key.Key_F7)
        else:
            person(hand, "9991234560", "مهتاب", "کاج‌نژاد", "", "1371/1/40", 1)
        if state == "member":
            hand.press(Key.Key_F7)
        elif state == "faults":
            hand.press(Key.Key_F9)
        elif state == "asked":
            desk.likenesses = [SAME_NAME]
            screen.look_for_likenesses()
    hand.settle()
    assert faults(screen.window()) == []
    found = {(theme, zoom): wrong for theme, zoom in every_look(look) if (wrong := cut(screen.window()))}
    assert found == {}
