"""A copy put back, or carried to another PC: noticed, told, and never a paper number twice."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from db import head, paper_numbers, restored, settings
from db.models.local import PaperSeries
from desktop import admin
from desktop.desk import DATABASE, Desk
from desktop.domain import paper_number
from desktop.domain.faults import Known
from tests.actions.working import mother_and_child
from tests.desk import opened


def codes(desk: Desk, *serials: int) -> list[str]:
    return [mother_and_child(desk, serial).tracking_code for serial in serials]


def put_back(copy: Path, folder: Path) -> None:
    """The old database returns; the head beside it stays, as with any backup that holds the database alone."""
    for name in (DATABASE, "vault.json"):
        shutil.copy(copy / name, folder / name)


def another_machine(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop.desk.machine_id", lambda: "another")


def lost_head(folder: Path, _: pytest.MonkeyPatch) -> None:
    (folder / head.NAME).unlink()


def forged_head(folder: Path, _: pytest.MonkeyPatch) -> None:
    (folder / head.NAME).write_bytes(b"{}")


@pytest.mark.parametrize("given", [(), (4, 5, 6), (4,)], ids=["before enrolment", "with spares", "without a spare"])
def test_a_folder_copied_back_in_time_prints_no_number_twice(
    folder: Path, tmp_path: Path, given: tuple[int, ...]
) -> None:
    with opened.opened(folder) as desk:
        with desk.writing() as session:
            paper_numbers.add(session, given)
        before = codes(desk, 10)
    shutil.copytree(folder, tmp_path / "copy")
    with opened.opened(folder) as desk:
        lost = codes(desk, 20, 30, 40)
    put_back(tmp_path / "copy", folder)
    with opened.opened(folder) as desk:
        assert desk.head == "ahead"
        after = codes(desk, 50, 60, 70)
        with desk.reading() as session:
            assert restored.noticed(session) == "ahead"
    assert len({*before, *lost, *after}) == 7
    series = {paper_number.parts(code).series for code in after}
    assert series == {given[1] if len(given) > 1 else given[0] if given else 0}
    with opened.opened(folder) as desk:  # noticed once: the next opening goes on in the same series, still telling
        assert desk.head == "ok"
        (code,) = codes(desk, 80)
        assert paper_number.parts(code).counter == paper_number.parts(after[-1]).counter + 1
        with desk.reading() as session:
            assert restored.noticed(session) == "ahead"


@pytest.mark.parametrize(
    ("how", "verdict"), [(another_machine, "other-machine"), (lost_head, "missing"), (forged_head, "forged")]
)
def test_a_clone_goes_on_in_numbers_of_its_own(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    how: Callable[[Path, pytest.MonkeyPatch], None], verdict: str,
) -> None:  # fmt: skip
    with opened.opened(folder) as desk:
        codes(desk, 10)
    clone = tmp_path / "clone"
    shutil.copytree(folder, clone)
    with opened.opened(folder) as desk:
        here = codes(desk, 20, 30)
    how(clone, monkeypatch)
    with opened.opened(clone) as desk:
        assert desk.head == verdict
        assert not set(here) & set(codes(desk, 20, 30))


def test_the_same_old_copy_twice_is_far_from_its_first_self(folder: Path) -> None:
    """The blocks are drawn, so only their kind is certain: far above, and of a block's beginning."""
    with opened.opened(folder) as desk:
        starts = set()
        for _ in range(20):
            with desk.writing() as session:
                paper_numbers.leave(session)
                row = session.get(PaperSeries, "000", populate_existing=True)
                assert row is not None
                starts.add(row.next)
                row.next = 1  # as the same copy has it
    assert len(starts) > 5
    assert all(start % 1_000 == 1 for start in starts)


def test_a_series_used_up_before_enrolment_says_so(folder: Path) -> None:
    with opened.opened(folder) as desk:
        codes(desk, 10)
        with desk.writing() as session:
            session.get_one(PaperSeries, "000").next = 1_000_000
        with pytest.raises(Known, match="paper-numbers-spent"):
            codes(desk, 20)


def test_a_spent_series_hands_over_to_the_next_in_the_same_breath(folder: Path) -> None:
    with opened.opened(folder) as desk:
        with desk.writing() as session:
            paper_numbers.add(session, (4, 5))
        codes(desk, 10)
        with desk.writing() as session:
            session.get_one(PaperSeries, "004").next = 1_000_000
        (code,) = codes(desk, 20)
    assert paper_number.parts(code).series == 5


def test_only_series_that_fit_a_paper_are_taken(folder: Path) -> None:
    with opened.opened(folder) as desk, desk.writing() as session:
        paper_numbers.add(session, (0, -1, 1_000, 999, 1))
        assert paper_numbers.spare(session) == 2


def test_status_tells_it_until_the_province_agrees(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / head.NAME).unlink()
    for _ in range(2):
        monkeypatch.setenv(admin.PASSWORD, opened.PASSWORD)
        assert admin.main(["status", "--data-dir", str(folder)]) == 0
        assert json.loads(capsys.readouterr().out)["restored"] == "missing"
    with opened.opened(folder) as desk, desk.writing() as session:
        restored.agree(session)
        assert restored.noticed(session) == ""
        assert settings.get(session, "restored") == ""
