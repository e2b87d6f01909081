"""A deaf mother stands at the desk, somebody shouts, a child is in danger: by the keyboard alone, from wherever the
form was, and back to it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from sqlalchemy import select

from db.models.journal import ChangeRow
from desktop.actions import incidents
from desktop.desk import Desk
from desktop.domain.roles import Role
from desktop.sync import enrol, round_trip
from tests.actions.working import mother_and_child, sit
from tests.desk.provinces import Province
from tests.desk.sitting import Sitting, settle, sitting
from ui.giant import Giant
from ui.screens.caution import CautionScreen
from ui.screens.home import HomeScreen
from ui.screens.incident import IncidentScreen
from ui.screens.incidents import IncidentsScreen
from ui.screens.intake import IntakeScreen
from ui.screens.show_words import ShowScreen
from ui.screens.standing import StandingScreen
from ui.screens.sync_truth import SyncScreen
from ui.theme.look import Look
from ui.widgets import Button, Note, Paragraph, ResultList


def giant(at: Sitting) -> str:
    """What is shown over the whole screen."""
    return at.places.client.shown_words() if at.places else ""


def escape_giant(at: Sitting) -> None:
    sheet = at.window.findChild(Giant)
    assert sheet is not None
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    settle()


def intake(at: Sitting) -> IntakeScreen:
    screen = at.screen()
    assert isinstance(screen, IntakeScreen)
    return screen


def buttons(at: Sitting, words: str) -> list[Button]:
    """Those of these words."""
    return [each for each in at.screen().findChildren(Button) if each.words() == words]


def said(widget: QWidget) -> str:
    """Every word on it that is seen."""
    words = [each.text() for each in widget.findChildren(Paragraph) if each.isVisible()]
    for rows in widget.findChildren(ResultList):
        if rows.isVisible():
            words += [each.spoken() for each in rows.results()]
    return " ".join(words)


def test_a_sentence_from_the_middle_of_the_form_and_back_to_it(desk: Desk, look: Look) -> None:
    with sitting(desk, look) as at:
        at.press("F3")
        at.press("F6")
        at.go_to("نام")
        at.type("مهت")
        had = at.focused()
        at.press("Shift+F5")
        assert isinstance(at.screen(), ShowScreen)
        at.type("بنشین")
        at.press("Down")
        at.press("Return")
        assert giant(at) == "بفرمایید بنشینید."
        escape_giant(at)
        assert giant(at) == ""
        at.press("Escape")
        assert intake(at).form.entries[0].given_name == "مهت"
        assert at.focused() is had
        at.type("اب")
        intake(at).view.take()
        assert intake(at).form.entries[0].given_name == "مهتاب"


def test_the_code_and_the_next_step_of_who_is_in_front_in_one_key(desk: Desk, look: Look) -> None:
    done = mother_and_child(desk)
    other = mother_and_child(desk, 50)
    with sitting(desk, look) as at:
        at.press("F3")
        at.press("Shift+F6")
        assert giant(at) == ""  # nobody is in front: nobody's code is shown
        intake(at).open_person(done.person_id)
        settle()
        at.press("Shift+F6")
        code = done.tracking_code.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
        assert giant(at) == f"کد رهگیری شما\n\u2066{code}\u2069"
        assert "مهتاب" not in giant(at)
        escape_giant(at)
        at.press("Shift+F7")
        assert giant(at)
        assert "بینایی" in giant(at)
        escape_giant(at)
        at.press("F6")  # somebody new: the codes of others are gone with their card
        at.press("Shift+F6")
        assert giant(at) == ""
    assert other.tracking_code != done.tracking_code


def test_a_mother_who_just_registered_her_child_is_shown_its_code(desk: Desk, look: Look) -> None:
    done = mother_and_child(desk)
    with sitting(desk, look) as at:
        assert at.places
        at.press("F3")
        at.places.client.registered(done)
        at.press("Shift+F6")
        assert giant(at).startswith("کد رهگیری شما")
        escape_giant(at)
        intake(at).open_person(done.person_ids[0])
        settle()
        at.press("Shift+F6")
        assert giant(at).startswith("کد رهگیری شما")
        escape_giant(at)


def test_a_scanned_code_reads_out_where_it_stands(desk: Desk, look: Look) -> None:
    done = mother_and_child(desk)
    with sitting(desk, look) as at:
        at.press("Shift+F3")
        screen = at.screen()
        assert isinstance(screen, StandingScreen)
        at.type(done.tracking_code)
        at.press("Return")
        assert "هنوز باز است" in screen.answer.text()
        at.press("F9")
        assert giant(at) == screen.answer.text()
        escape_giant(at)
        at.press("F8")
        card = intake(at).form.card
        assert card is not None
        assert card.person_id == done.person_id


def test_a_code_in_the_search_box_opens_the_person_and_says_it_too(desk: Desk, look: Look) -> None:
    done = mother_and_child(desk)
    with sitting(desk, look) as at:
        at.press("F3")
        at.type(done.tracking_code)
        at.press("Return")
        if intake(at).form.card is None:
            at.press("Return")
        notes = [" ".join(each.sentences()) for each in intake(at).findChildren(Note) if each.isVisible()]
        assert any("هنوز باز است" in each for each in notes)


def test_somebody_shouts(desk: Desk, look: Look) -> None:
    """One key, one sentence, Enter: and the keyboard is where it was."""
    sit(desk, "receptionist")
    with sitting(desk, look) as at:
        at.press("F3")
        at.type("مه")
        had = at.focused()
        at.press("Shift+F11")
        assert isinstance(at.screen(), IncidentScreen)
        at.type("آقایی فریاد زد")
        at.press("Return")
        assert at.focused() is had
        assert at.window.toast.text().startswith("ثبت شد.")
        sit(desk, "manager")
    with desk.reading() as session:
        (found,) = incidents.listed(session, desk.actor)
    assert (found.nature, found.happened) == ("incident", "آقایی فریاد زد")


def test_the_button_back_gives_the_keyboard_back_too(desk: Desk, look: Look) -> None:
    with sitting(desk, look) as at:
        at.press("F3")
        at.press("F6")
        at.go_to("نام پدر")
        had = at.focused()
        at.press("Shift+F12")
        (back,) = [each for each in at.window.findChildren(Button) if each.words() == "برگشت" and each.isVisible()]
        back.setFocus()
        at.press("Space")
        assert isinstance(at.screen(), IntakeScreen)
        assert not back.isVisible()
        assert at.focused() is had


def test_a_referral_to_123_about_the_open_file_reaches_the_province_and_the_manager(
    desk: Desk, look: Look, province: Province
) -> None:
    done = mother_and_child(desk)
    with province.serving() as url:
        enrol.enrol(desk, url, province.code(desk.signer.centre))
        with sitting(desk, look) as at:
            at.press("F3")
            intake(at).open_person(done.person_ids[0])
            settle()
            at.press("Shift+F12")
            assert "۱۲۳" in at.screen().title
            at.type("گفت می‌ترسد")
            at.press("Tab")
            at.press("Space")
            at.press("F9")
            assert isinstance(at.screen(), IntakeScreen)
            settle()
            card = intake(at).form.card
            assert card is not None
            assert card.incidents == 1
            at.press("Shift+F11")
            at.press("F8")
            screen = at.screen()
            assert isinstance(screen, IncidentsScreen)
            assert "گفت می‌ترسد" in said(screen)
            at.press("Escape")
            assert isinstance(at.screen(), IntakeScreen)
        round_trip.sync(desk)
    with desk.reading() as session:
        (standing,) = session.scalars(select(ChangeRow.standing).where(ChangeRow.kind == "incident"))
    assert standing == "placed"


def test_a_caution_stands_beside_the_name(desk: Desk, look: Look) -> None:
    sit(desk, "social_worker")
    done = mother_and_child_as_manager(desk)
    with sitting(desk, look) as at:
        at.press("F3")
        intake(at).open_person(done)
        settle()
        (button,) = buttons(at, "نوشتن احتیاط")
        button.setFocus()
        at.press("Space")
        assert isinstance(at.screen(), CautionScreen)
        at.type("تنها به خانه‌اش نروید")
        at.press("Return")
        notes = [" ".join(each.sentences()) for each in intake(at).findChildren(Note) if each.isVisible()]
        assert any(each.startswith("تنها به خانه‌اش نروید تا ") for each in notes)
        assert at.focused() is button
    sit(desk, "receptionist")
    with sitting(desk, look) as at:
        at.press("F3")
        intake(at).open_person(done)
        settle()
        assert "تنها به خانه‌اش نروید" in said(intake(at))
        assert buttons(at, "نوشتن احتیاط") == []


def mother_and_child_as_manager(desk: Desk) -> str:
    roles = desk.actor.roles
    sit(desk, "manager")
    done = mother_and_child(desk)
    sit(desk, *roles)
    return done.person_ids[0]


@pytest.mark.parametrize("role", ["receptionist", "screener", "technician"])
def test_no_screen_tells_others_of_an_incident(desk: Desk, look: Look, role: Role) -> None:
    """Every place that role can go to, with the file open: not a word, not a number more than before."""
    sit(desk, "manager")
    done = mother_and_child(desk)
    sit(desk, role)
    walked(desk, look, done.person_ids[0])  # a file that was open is a draft on home's sheet from then on
    before = walked(desk, look, done.person_ids[0])
    sit(desk, "manager")
    with sitting(desk, look) as at:
        at.press("F3")
        intake(at).open_person(done.person_ids[0])
        settle()
        at.press("Shift+F12")
        at.type("گفت می‌ترسد به خانه برگردد")
        at.press("Tab")
        at.press("Space")
        at.press("F9")
    sit(desk, role)
    after = walked(desk, look, done.person_ids[0])
    assert after == before
    assert "می‌ترسد" not in " ".join(after.values())


def walked(desk: Desk, look: Look, person_id: str) -> dict[str, str]:
    """What is read at each place, and in each list of what can be done."""
    found: dict[str, str] = {}
    with sitting(desk, look) as at:
        assert at.places
        for place in ("home", "intake", "vision", "papers", "sync"):
            screen = at.window.go(place)
            settle()
            if isinstance(screen, IntakeScreen):
                screen.open_person(person_id)
                settle()
            assert screen is not None
            shown = said(screen)
            if isinstance(screen, SyncScreen | HomeScreen):
                shown += " ".join(each.accessibleName() for each in screen.findChildren(QWidget))
            found[place] = shown
        found["acts"] = " ".join(f"{each.id} {each.key}" for each in at.places.client.acts())
        found["toast"] = at.window.toast.text() if at.window.toast.isVisible() else ""
    return found


def test_what_may_not_be_done_has_no_key(desk: Desk, look: Look) -> None:
    sit(desk, "technician")
    with sitting(desk, look) as at:
        assert at.places
        assert [each.id for each in at.places.client.acts()] == ["show"]
        front = at.screen()
        for key in ("Shift+F3", "Shift+F11", "Shift+F12"):
            at.press(key)
            assert at.screen() is front
    sit(desk, "receptionist")
    with sitting(desk, look) as at:
        assert at.places
        assert "incidents" not in [each.id for each in at.places.client.acts()]


def test_a_place_takes_away_what_was_laid_over_it(desk: Desk, look: Look) -> None:
    with sitting(desk, look) as at:
        home = at.screen()
        at.press("Shift+F5")
        at.press("Shift+F11")
        assert isinstance(at.screen(), IncidentScreen)
        at.press("Escape")
        assert at.screen() is home
        at.press("Shift+F5")
        at.press("Ctrl+3")
        assert isinstance(at.screen(), IntakeScreen)
        at.press("Escape")
        assert isinstance(at.screen(), IntakeScreen)
        QApplication.processEvents()
        assert at.window.findChildren(ShowScreen) == []

