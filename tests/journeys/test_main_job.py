"""The main job, at the real window with keys: a walk-in from the key press to the row at the province."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication

from db import verify
from desktop.actions import dump, intake
from desktop.desk import Desk
from desktop.domain import national_id
from desktop.domain.faults import Known
from desktop.domain.intake import PersonEntry, WalkIn
from desktop.domain.papers import PagePicture
from desktop.paperwork import Paperwork
from desktop.sync import enrol, round_trip
from tests.day.province import command
from tests.desk import opened
from tests.desk.provinces import Province
from tests.desk.sitting import Sitting, settle, sitting, until
from ui.access import walk
from ui.screens.intake import IntakeScreen
from ui.screens.preview import PreviewScreen
from ui.screens.sync_truth import SyncScreen
from ui.screens.vision import VisionScreen
from ui.theme.look import Look

Printed = list[tuple[int, str, str]]
_BODY = "999123456"
MOTHER = _BODY + national_id.check_digit(_BODY)


def printing(printed: Printed) -> Callable[..., Paperwork]:
    """A printer that takes everything and remembers it."""

    def send(pages: object, printer: str, title: str) -> str:
        assert isinstance(pages, list) and all(isinstance(each, PagePicture) for each in pages)  # noqa: PT018
        printed.append((len(pages), printer, title))
        return "accepted"

    return lambda desk, told: Paperwork(desk, told, choose=lambda _wanted: "میز ۱", send=send)  # type: ignore[arg-type]


def fill(at: Sitting, screen: IntakeScreen, **typed: str) -> None:
    """Write into the person form, field by field, by keys."""
    for name, text in typed.items():
        screen.view.person_form.fields[name].focus()
        settle()
        at.type(text)


def intake_screen(at: Sitting) -> IntakeScreen:
    screen = at.screen()
    assert isinstance(screen, IntakeScreen)
    return screen


def register_mother_and_son(at: Sitting) -> None:
    """A new household of two; the service is the son's eye test."""
    at.press("F3")
    at.press("F6")
    at.type(MOTHER)
    screen = intake_screen(at)
    fill(
        at,
        screen,
        given_name="مهتاب",
        family_name="كاج نژاد",
        father_name="يونس",
        birth="١٣٧١/٥/٩",
        mobile="09991234567",
    )
    screen.view.person_form.fields["sex"].focus()
    at.press("Space")
    at.press("F7")
    fill(at, screen, given_name="آوا", father_name="رضا", birth="1401/2/10")
    screen.view.person_form.fields["id_kind"].focus()
    at.press("Left")
    at.press("Left")
    fill(at, screen, id_reason="شناسنامه در راه است")
    screen.view.person_form.fields["sex"].focus()
    at.press("Left")
    screen.view.picker.focus()
    at.press("1")
    assert screen.form.for_member == 1  # an eye test is for the child, whose age it fits


def test_a_walk_in_from_key_press_to_the_provincial_row(desk: Desk, province: Province, look: Look) -> None:
    printed: Printed = []
    with province.serving() as url, sitting(desk, look, paperwork=printing(printed)) as at:
        enrol.enrol(desk, url, province.code(opened.CENTRE))
        round_trip.sync(desk)  # as the command does: what the centre has comes before the first save
        register_mother_and_son(at)
        at.press("F9")
        until(lambda: isinstance(at.screen(), PreviewScreen) and printed, "the receipt's printing")
        at.press("F11")  # yes, paper came out
        at.press("Ctrl+4")
        vision = at.screen()
        assert isinstance(vision, VisionScreen)
        until(lambda: vision.list.model().rowCount(), "the child in the list")
        vision.list.setFocus()
        at.press("Return")
        until(lambda: vision.child, "the child's test")
        for eye, line in (("right", 9), ("left", 4)):
            vision.eyes[eye].setFocus()
            for _ in range(line):
                at.press("Down")
        at.press("F9")
        until(lambda: len(printed) == 2, "the slip's printing")
        at.press("Ctrl+6")
        at.press("F9")
        sync = at.screen()
        assert isinstance(sync, SyncScreen)
        assert at.places is not None
        truth = at.places.truth()
        assert truth.enrolled
        assert (truth.saved, truth.sent, truth.accepted) == (truth.saved,) * 3
        assert not truth.on_way and not truth.needs_you  # noqa: PT018
    with desk.reading() as session:
        mine = dump.dump(session)
        found = intake.find(session, desk.actor, MOTHER)
    assert [each.name for each in found] == ["مهتاب کاج نژاد"]
    assert command(province.folder, None, "dump", "--centre", opened.CENTRE) == mine
    results = [each for each in mine["documents"] if each["kind"] == "screening_result"]
    assert [each["fields"]["outcome"] for each in results] == ["refer"]
    papers = [each["fields"] for each in mine["documents"] if each["kind"] == "issued_document"]
    assert sorted((each["paper"], each["print_state"]) for each in papers) == [
        ("intake_receipt", "accepted"), ("screening_slip", "accepted"),
    ]  # fmt: skip
    assert verify.verify(desk.engine, desk.signer.desk, desk.signer.realm).clean


def returning(desk: Desk, mobile: str = "09990007788") -> str:
    """Somebody who was here last month."""
    entry = PersonEntry(
        national_id=MOTHER, given_name="مهتاب", family_name="کاج‌نژاد", father_name="یونس", sex="female", mobile=mobile
    )
    with desk.writing() as session:
        done, _ = intake.register(
            session, desk.pen, desk.actor, desk.centre, WalkIn(person=entry, service="INTAKE_FILE"), desk.now()
        )
    return done.person_id


def test_a_returning_client_is_open_in_six_keystrokes(desk: Desk, look: Look) -> None:
    person = returning(desk)
    with sitting(desk, look) as at:
        at.press("F3")
        screen = intake_screen(at)
        at.type("7788")
        until(lambda: screen.view.finder.results.model().rowCount(), "the one found")
        at.press("Return")
        until(lambda: screen.form.card, "the open file")
        assert screen.form.card is not None
        assert screen.form.card.person_id == person


def test_the_same_id_twice_stops_and_offers_the_file_and_nothing_typed_is_lost(desk: Desk, look: Look) -> None:
    person = returning(desk)
    with sitting(desk, look) as at:
        at.press("F3")
        at.press("F6")
        at.type(MOTHER)
        screen = intake_screen(at)
        fill(at, screen, given_name="مهناز", family_name="سروستانی")
        screen.view.person_form.fields["sex"].focus()
        at.press("Space")
        screen.view.picker.focus()
        at.press("1")
        at.press("F9")
        until(lambda: screen.view.likeness.stops(), "the hard stop")
        assert screen.view.person_form.fields["given_name"].control.text() == "مهناز"  # type: ignore[attr-defined]
        at.press("Return")
        until(lambda: screen.form.card, "the file that is here already")
        assert screen.form.card is not None
        assert screen.form.card.person_id == person
    with desk.reading() as session:
        assert len(intake.find(session, desk.actor, MOTHER)) == 1


def test_without_a_printer_the_visit_is_safe_and_the_words_say_so(desk: Desk, look: Look, announced: list[str]) -> None:
    def none(_wanted: str) -> str:
        raise Known("no-printer")

    with sitting(desk, look, paperwork=lambda of, told: Paperwork(of, told, choose=none)) as at:
        register_mother_and_son(at)
        at.press("F9")
        until(lambda: isinstance(at.screen(), PreviewScreen), "the receipt on the screen")
        settle()
        words = Known("no-printer").parts()
        seen = " ".join(node.name for node in walk.walk(at.window))
        assert words[0] in seen or any(words[0] in said for said in announced)
    with desk.reading() as session:
        papers = [each for each in dump.dump(session)["documents"] if each["kind"] == "issued_document"]
    assert [each["fields"]["print_state"] for each in papers] == ["issued"]


def test_a_province_out_of_reach_blocks_nothing_and_gets_everything_later(
    desk: Desk, province: Province, look: Look
) -> None:
    with province.serving() as url:
        enrol.enrol(desk, url, province.code(opened.CENTRE))
    with sitting(desk, look) as at:
        register_mother_and_son(at)
        at.press("F10")
        at.press("Ctrl+6")
        at.press("F9")
        assert at.places is not None
        until(lambda: at.places is not None and at.places.truth().fault, "the fault in three parts")
        truth = at.places.truth()
        assert truth.on_way
        assert truth.fault == Known("province-unreachable").parts()
    assert verify.verify(desk.engine, desk.signer.desk, desk.signer.realm).clean


@pytest.mark.parametrize("place", range(1, 6))
def test_every_control_of_every_place_has_its_own_name(desk: Desk, look: Look, place: int) -> None:
    opened.at_work(desk).whole()
    with sitting(desk, look) as at:
        at.press(f"Ctrl+{place}")
        if place == 2:
            at.press("F6")
        assert walk.faults(at.window) == []
        assert QApplication.focusWidget() is not None
