"""The power goes: what was typed stands there again, and a paper nobody knows of is asked about."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from db import drafts, verify
from desktop.actions import documents, intake, screening
from desktop.desk import Desk
from desktop.domain import jalali, texts
from desktop.domain.changed import Changed
from desktop.domain.faults import Known
from desktop.places import INTAKE, VISION, Places
from tests.actions.working import BAD, at_the_printer, mother_and_child
from tests.desk import opened
from tests.desk.sitting import Sitting, settle, sitting, until
from tests.journeys.test_main_job import MOTHER, intake_screen, printing, register_mother_and_son
from ui.screens.home import HomeScreen
from ui.screens.preview import PreviewScreen
from ui.theme.look import Look
from ui.widgets.navigation import Navigation

ROOT = Path(__file__).parents[2]
kills = pytest.mark.skipif(os.name != "posix", reason="SIGKILL")


def cut(folder: Path, doing: str) -> None:
    """Another process works at this desk's window and is killed when it says so."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.journeys.cut", str(folder), doing],
        cwd=ROOT, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}, stdout=subprocess.PIPE, text=True,
    ) as clerk:  # fmt: skip
        try:
            assert clerk.stdout is not None
            assert clerk.stdout.readline() == "now\n", "the clerk never came so far"
        finally:
            clerk.kill()
        assert clerk.wait(30) == -signal.SIGKILL


def badge(at: Sitting, place: str) -> int:
    """What stands beside a place in the navigation."""
    navigation = at.window.findChild(Navigation)
    assert navigation is not None
    said = [navigation.item(row).data(257) for row in range(navigation.count())]
    order = ["home", "queue", "intake", "vision", "papers", "sync"]
    return int(said[order.index(place)] or 0)


@kills
def test_after_a_power_cut_the_form_stands_as_it_was(folder: Path, look: Look) -> None:
    cut(folder, "typing")
    with opened.opened(folder) as desk, sitting(desk, look) as at:
        at.press("Ctrl+3")
        screen = intake_screen(at)
        until(lambda: screen.form.entries, "the draft")
        entry = screen.form.entries[0]
        assert (entry.national_id, entry.given_name, entry.family_name) == (MOTHER, "مهتاب", "کاج‌نژاد")


@kills
def test_a_print_the_power_cut_off_is_asked_about(folder: Path, look: Look) -> None:
    cut(folder, "printing")
    with opened.opened(folder) as desk:
        with desk.reading() as session:
            (line,) = documents.recent(session, desk.actor)
            assert drafts.load(session, desk.actor.staff_id, INTAKE) is None, "what was registered is no draft"
        assert line.state == "unknown"
        for at_papers in range(2):
            at_the_printer(desk).issue("intake_receipt", mother_and_child(desk, 10 + 10 * at_papers).visit_id)
        with sitting(desk, look) as at:
            until(lambda: badge(at, "papers"), "the badge")
            assert badge(at, "papers") == 1
            assert at.window.toast.text() == texts.say("papers.unanswered", n=1)
            at.press("Ctrl+5")
            papers = at.screen()
            assert isinstance(papers, PreviewScreen)
            papers.list.setFocus()
            at.press("Return")
            until(lambda: papers.preview, "the first in the list")
            assert papers.preview is not None
            assert papers.preview.document_id == line.document_id
            papers.answer(True)
            settle()
            assert badge(at, "papers") == 0
        assert verify.verify(desk.engine, desk.signer.desk, desk.signer.realm).clean


def test_a_draft_goes_with_its_registration_or_not_at_all(
    desk: Desk, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Registering and dropping are one transaction: a fault in either leaves both as they were."""
    with sitting(desk, look, paperwork=printing([])) as at:
        register_mother_and_son(at)
        intake_screen(at).keeper.keep_now()
        settle()
        with monkeypatch.context() as patch:
            patch.setattr("desktop.places.kept.drop", _fails)
            at.press("F10")
        with desk.reading() as session:
            assert intake.find(session, desk.actor, MOTHER) == []
            assert drafts.load(session, desk.actor.staff_id, INTAKE) is not None
        at.press("F10")
        with desk.reading() as session:
            assert len(intake.find(session, desk.actor, MOTHER)) == 1
            assert drafts.load(session, desk.actor.staff_id, INTAKE) is None


def _fails(*_: object) -> None:
    raise Known("disk-full")


def test_a_recorded_test_takes_its_own_draft_and_no_others(desk: Desk, look: Look) -> None:
    done = mother_and_child(desk)
    tests = [{"child": {"person_id": each}, "answers": {}} for each in (done.person_id, "another")]
    with sitting(desk, look) as at:
        assert at.places is not None
        with desk.reading() as session:
            (waits,) = screening.waiting(session, desk.actor, VISION, str(jalali.today(desk.now())))
        for kept, left in ((tests, ["another"]), (tests[:1], None)):
            with desk.writing() as session:
                fields = {"tests": kept, "now": done.person_id}
                drafts.save(session, desk.actor.staff_id, VISION, fields, desk.now())
            at.places._record(waits, BAD)
            with desk.reading() as session:
                found = drafts.load(session, desk.actor.staff_id, VISION)
            assert (found and [each["child"]["person_id"] for each in found.fields["tests"]]) == left


def test_children_who_wait_are_counted_at_opening_and_after_each_change(desk: Desk, look: Look) -> None:
    mother_and_child(desk)
    with sitting(desk, look) as at:
        until(lambda: badge(at, "vision") == 1, "the badge at opening")
        assert at.places is not None
        mother_and_child(desk, 10)
        at.places.changed.emit(Changed(frozenset({"visit"}), frozenset()))
        settle()
        assert badge(at, "vision") == 2


def test_a_visit_of_today_leads_to_its_receipt(desk: Desk, look: Look) -> None:
    visit = mother_and_child(desk).visit_id
    with sitting(desk, look, paperwork=printing([])) as at:
        for expected in (1, 1):  # issued the first time, the same the second
            at.press("Ctrl+1")
            home = at.screen()
            assert isinstance(home, HomeScreen)
            home.wanted_visit.emit(visit)
            settle()
            papers = at.screen()
            assert isinstance(papers, PreviewScreen)
            assert papers.preview is not None
            assert papers.preview.state == "issued", "it is shown, not printed"
            with desk.reading() as session:
                assert len(documents.recent(session, desk.actor)) == expected


def test_a_restored_copy_is_told_after_the_login_and_stays_on_the_sync_screen(folder: Path, look: Look) -> None:
    (folder / "head.json").unlink()
    with opened.opened(folder) as desk, sitting(desk, look) as at:
        told = Known("restored-copy").parts()
        until(lambda: at.window.toast.text(), "the toast")
        assert at.window.toast.text() == " ".join(told)
        assert at.places is not None
        assert at.places.truth().fault == told


def test_somebody_without_the_right_to_sync_does_not(desk: Desk, look: Look) -> None:
    with sitting(desk, look) as at:
        assert isinstance(at.places, Places)
        desk.actor = type(desk.actor)(desk.actor.staff_id, desk.actor.name, ())
        with pytest.raises(Known, match="not-allowed"):
            at.places.sync_now()
