"""A further PC of a centre: what the centre has comes before the first save there, and numbers are never shared."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop import admin
from desktop.actions import cases, sync_truth
from desktop.desk import Desk
from desktop.domain import paper_number
from desktop.domain.faults import Known
from desktop.domain.intake import WalkIn
from desktop.sync import enrol, round_trip
from server import config
from tests.actions.working import entry, mother_and_child
from tests.desk import opened
from tests.desk.provinces import Province
from tests.desk.sitting import sitting
from ui.theme.look import Look


@pytest.fixture
def served(desk: Desk, province: Province) -> Iterator[Province]:
    """A province where the first desk of the centre has sent a morning's work."""
    with province.serving() as url:
        enrol.enrol(desk, url, province.code(opened.CENTRE))
        mother_and_child(desk)
        round_trip.sync(desk)
        yield province


def test_the_technician_joins_it_and_the_centres_files_are_there(
    desk: Desk, served: Province, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = opened.found(tmp_path / "further")
    given = ["enrol", "--data-dir", str(folder), "--server", served.url, "--code", served.code(opened.CENTRE)]
    monkeypatch.setenv(admin.PASSWORD, opened.PASSWORD)
    assert admin.main(given) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["pulled"] > 0
    done = mother_and_child(desk, 20)
    with opened.opened(folder, opened.Clock(config.now_us())) as further:
        with further.reading() as session:
            sync_truth.require_begun(session, further.signer.desk)
        round_trip.sync(desk)
        round_trip.sync(further)
        with further.reading() as session:
            assert cases.card(session, further.actor, done.person_id).members


def test_whoever_saves_before_the_files_came_is_told(served: Province, tmp_path: Path) -> None:
    with opened.opened(opened.found(tmp_path / "further"), opened.Clock(config.now_us())) as further:
        with further.reading() as session:
            sync_truth.require_begun(session, further.signer.desk)  # not joined: it works alone
        enrol.enrol(further, served.url, served.code(opened.CENTRE))
        with further.reading() as session, pytest.raises(Known, match="first-sync"):
            sync_truth.require_begun(session, further.signer.desk)
        round_trip.sync(further)
        with further.reading() as session:
            sync_truth.require_begun(session, further.signer.desk)


def test_the_window_keeps_the_form_until_then(province: Province, tmp_path: Path, look: Look) -> None:
    """The line broke between joining and the first sync."""
    with opened.opened(opened.found(tmp_path / "further"), opened.Clock(config.now_us())) as further:
        with province.serving() as url:
            enrol.enrol(further, url, province.code(opened.CENTRE))
        before = further.tip()
        with sitting(further, look) as at:
            assert at.places is not None
            with pytest.raises(Known, match="first-sync"):
                at.places._register(WalkIn(person=entry(1), service="VISION_SCREENING"))
        assert further.tip() == before


def test_a_desk_that_worked_before_it_joined_works_on(served: Province, tmp_path: Path) -> None:
    with opened.opened(opened.found(tmp_path / "further"), opened.Clock(config.now_us())) as further:
        mother_and_child(further, 40)
        enrol.enrol(further, served.url, served.code(opened.CENTRE))
        with further.reading() as session:
            sync_truth.require_begun(session, further.signer.desk)


def test_two_desks_without_a_line_give_out_no_number_twice(desk: Desk, served: Province, tmp_path: Path) -> None:
    with opened.opened(opened.found(tmp_path / "further"), opened.Clock(config.now_us())) as further:
        enrol.enrol(further, served.url, served.code(opened.CENTRE))
        round_trip.sync(further)
        codes = [mother_and_child(each, serial).tracking_code for serial in (100, 120) for each in (desk, further)]
    assert len(set(codes)) == len(codes)
    assert all(paper_number.parse(code) for code in codes)
