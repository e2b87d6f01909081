"""Two clerks, one file: each is told, and nobody is stopped."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from db import journal
from desktop.actions import cases, staffing
from desktop.desk import Desk
from desktop.domain import identifiers
from desktop.domain.changes import Draft
from desktop.places import Places
from desktop.sync import enrol
from tests.actions.working import mother_and_child
from tests.desk.provinces import Province
from tests.desk.sitting import Sitting, settle, sitting
from ui.screens.intake import IntakeScreen
from ui.theme.look import Look
from ui.widgets import Note

OTHER = "ffffffff-0000-7000-8000-000000000002"


def second_desk(desk: Desk) -> None:
    """A desk that was made later, with somebody's key on it."""
    with desk.writing() as session:
        known = {"staff": desk.actor.staff_id, "desk": OTHER, "sign_key": "00", "box_key": "00", "state": "active"}
        journal.write(session, desk.pen, [Draft("staff_key", identifiers.new(), "create", known)])


def opened(at: Sitting, person_id: str) -> tuple[Places, IntakeScreen]:
    places = at.places
    assert places is not None
    at.press("Ctrl+3")
    screen = at.screen()
    assert isinstance(screen, IntakeScreen)
    screen.open_person(person_id)
    settle()
    return places, screen


def hints(screen: IntakeScreen) -> list[str]:
    notes = [note for note in screen.view.findChildren(Note) if note.isVisible()]
    return [each for note in notes for each in note.sentences() if "همین پرونده را باز دارد" in each]


def test_the_file_another_desk_has_open_is_told_and_can_be_worked_on(desk: Desk, look: Look) -> None:
    second_desk(desk)
    done = mother_and_child(desk)
    with desk.reading() as session:
        household = cases.card(session, desk.actor, done.person_id).household_id
    with sitting(desk, look) as at:
        places, screen = opened(at, done.person_id)
        assert places.open_files() == {household}
        assert hints(screen) == []
        places.show_open_elsewhere({household: OTHER, "another": OTHER})
        settle()
        assert hints(screen) == ["میز ۲ همین پرونده را باز دارد."]
        assert screen.view.primary.isEnabled()
        screen.start_again()
        settle()
        assert places.open_files() == frozenset()
        assert hints(screen) == []
        screen.open_person(done.person_id)
        settle()
        assert hints(screen) == ["میز ۲ همین پرونده را باز دارد."], "said before, and still so as far as anybody knows"
        places.show_open_elsewhere({})
        settle()
        assert hints(screen) == []


def test_desks_are_numbered_in_the_order_they_were_made(desk: Desk) -> None:
    second_desk(desk)
    with desk.reading() as session:
        mine, other = (staffing.desk_words(session, desk.actor, each) for each in (desk.signer.desk, OTHER))
        assert (mine, other, staffing.desk_words(session, desk.actor, "?")) == ("میز ۱", "میز ۲", "")


def test_the_word_goes_to_the_province_and_comes_back(
    desk: Desk, look: Look, province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever file is open here goes with the greeting; who else has it comes with the answer."""
    second_desk(desk)
    done = mother_and_child(desk)
    with province.serving() as url:
        enrol.enrol(desk, url, province.code("124"))
        with sitting(desk, look) as at:
            places, screen = opened(at, done.person_id)
            (household,) = places.open_files()
            told: list[frozenset[str]] = []

            def elsewhere(_self: object, _centre: str, _desk: str, files: Iterable[str], _now: int) -> dict[str, str]:
                told.append(frozenset(files))
                return {household: OTHER}

            monkeypatch.setattr("server.open_files.OpenFiles.told", elsewhere)
            places.sync_now()
            settle()
            assert hints(screen) == ["میز ۲ همین پرونده را باز دارد."]
    assert told == [{household}]
