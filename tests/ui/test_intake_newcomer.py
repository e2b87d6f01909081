"""What somebody who is new at the desk stumbled over at intake."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel

from tests.desk.people import MAHTAB, SAME_ID, SAME_NAME, Desk
from tests.desk.typist import Typist
from tests.ui.test_intake_screen import desk, hand, person, screen
from ui.screens.intake import IntakeScreen
from ui.theme.look import Look

Key = Qt.Key
__all__ = ["desk", "hand", "screen"]


def words_of(screen: IntakeScreen) -> set[str]:
    return {label.text() for label in screen.view.household_panel.findChildren(QLabel) if label.isVisible()}


def test_a_household_of_one_is_a_household(
    screen: IntakeScreen, hand: Typist, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = replace(MAHTAB, members=(), household_id="h")
    monkeypatch.setattr(Desk, "card", lambda *_: alone)
    screen._acts = replace(screen._acts, card=desk.card)
    screen.open_person("p-mahtab")
    hand.settle()
    assert "خانوار: فقط خودش" in words_of(screen)


@pytest.mark.parametrize("birth_first", [True, False])
def test_a_child_alone_isnt_taken_for_the_head(
    screen: IntakeScreen, hand: Typist, desk: Desk, birth_first: bool
) -> None:
    form = screen.view.person_form
    hand.press(Key.Key_F6)
    (switch,) = screen.view.with_household.tiles
    if not birth_first:
        switch.click()
        form.number_field().focus()
    person(hand, "9991234561", "آوا", "کاج‌نژاد", "", "1401/2/5", 1)
    if birth_first:
        switch.click()
        assert hand.on() == "سرپرست"
    assert form.chosen("relation") == ""
    screen.view.picker.focus()
    hand.choose(1)
    hand.press(Key.Key_F9)
    assert not desk.registered
    assert form.fields["relation"].error == "نسبت با سرپرست را انتخاب کنید."
    hand.choose(1)
    form.fields["birth"].focus()
    hand.tab()
    assert form.chosen("relation") == "head", "whoever says so is believed"


def test_the_relation_is_asked_after_the_household(screen: IntakeScreen, hand: Typist) -> None:
    hand.press(Key.Key_F6)
    (switch,) = screen.view.with_household.tiles
    switch.click()
    hand.settle()
    below = screen.view.person_form.fields["relation"].mapTo(screen, QPoint(0, 0)).y()
    assert switch.mapTo(screen, QPoint(0, 0)).y() < below
    screen.view.person_form.fields["coverage"].focus()
    met = [hand.on()]
    for _step in range(8):
        hand.tab()
        met.append(hand.on())
    way = ("با خانوار", "سرپرست", "شمارهٔ پرونده", "کد پستی")
    assert [met.index(each) for each in way] == sorted(met.index(each) for each in way)


def test_a_number_another_has_is_named_while_other_faults_remain(
    screen: IntakeScreen, hand: Typist, desk: Desk
) -> None:
    desk.likenesses = [SAME_ID]
    hand.press(Key.Key_F6)
    person(hand, "9991234561", "مهتاب", "کاج", "", "1371", 1)
    screen.like_timer.timeout.emit()
    hand.settle()
    field = screen.view.person_form.fields["national_id"]
    for _press in range(2):
        hand.press(Key.Key_F9)
        assert "پروندهٔ دیگری" in field.error
        assert screen.view.bar.problem() == "۲ مورد مانده: کد ملی، خدمت"
    screen.view.picker.focus()
    hand.choose(1)
    assert screen.view.bar.problem().startswith("این فرد پرونده دارد")
    hand.press(Key.Key_F9)
    assert "پروندهٔ دیگری" in field.error
    desk.likenesses = []
    screen.look_for_likenesses()
    hand.settle()
    assert screen.view.bar.problem() == ""


def test_the_note_that_stops_is_in_sight(screen: IntakeScreen, hand: Typist, desk: Desk, look: Look) -> None:
    for _step in range(3):  # columns folded: the note stands far under the form
        look.zoom_in()
    desk.likenesses = [SAME_NAME]
    hand.press(Key.Key_F6)
    person(hand, "9991234561", "مهتاب", "کاج‌نژاد", "رضا", "1371", 1)
    screen.view.picker.focus()
    hand.choose(1)
    screen.page.verticalScrollBar().setValue(screen.page.verticalScrollBar().maximum())
    hand.press(Key.Key_F9)
    hand.settle()
    note, port = screen.view.likeness, screen.page.viewport()
    assert note.mapTo(port, QPoint(0, 0)).y() >= 0
    assert note.mapTo(port, note.rect().bottomLeft()).y() <= port.height()


def test_a_name_of_spaces_is_told_when_it_is_left(screen: IntakeScreen, hand: Typist) -> None:
    hand.press(Key.Key_F6)
    given = screen.view.person_form.fields["given_name"]
    given.focus()
    hand.write("  ")
    hand.tab()
    assert given.error == "نام را بنویسید."


def test_no_draft_is_begun_while_the_visit_is_being_registered(screen: IntakeScreen, hand: Typist, desk: Desk) -> None:
    screen.open_person("p-mahtab")
    hand.settle()
    hand.choose(1)
    assert screen.keeper.timer.isActive()
    screen.submit(print_receipt=True)
    assert not screen.keeper.timer.isActive()
    hand.settle()
    assert len(desk.registered) == 1
    assert not screen.keeper.timer.isActive()
