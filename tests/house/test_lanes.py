"""./check leaves no test out, and no failure unsaid."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests import lanes
from tests.lanes import Lane, Outcome


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout of its own with one folder of tests."""
    folder = tmp_path / "checkout" / "tests" / "desk"
    folder.mkdir(parents=True)
    shutil.copy(lanes.ROOT / "tests" / "conftest.py", folder.parent)
    (folder.parent.parent / "pytest.ini").write_text("[pytest]\nmarkers = long\n")
    monkeypatch.setattr(lanes, "ROOT", folder.parent.parent)
    return folder


def outcome(folder: Path, words: str, long: bool = False) -> Outcome:
    (folder / "test_planted.py").write_text(words)
    return lanes.run(Lane("desk", ("desk",)), folder.parents[2] / "scratch", long)


def test_every_folder_of_tests_is_in_one_lane() -> None:
    folders = {file.relative_to(lanes.ROOT / "tests").parts[0] for file in (lanes.ROOT / "tests").rglob("test_*.py")}
    taken = [folder for lane in lanes.LANES for folder in lane.folders]
    assert sorted(taken) == sorted(set(taken))
    assert folders <= set(taken)


@pytest.mark.parametrize(
    ("words", "passed", "failed"),
    [
        ("def test_a(): pass\ndef test_b(): pass\n", 2, 0),
        ("def test_a(): pass\ndef test_b(): assert False\n", 1, 1),
        ("import gone\n", 0, 1),
        ("import os\ndef test_a(): os._exit(0)\n", 0, 1),
        ("import os\ndef test_a(): os.kill(os.getpid(), 9)\n", 0, 1),
        ("", 0, 1),
    ],
)
def test_what_fails_however_it_fails_is_counted(elsewhere: Path, words: str, passed: int, failed: int) -> None:
    told = outcome(elsewhere, words)
    assert (told.passed, told.failed) == (passed, failed)
    assert bool(told.words) == bool(failed)


def test_long_tests_are_for_long_checks(elsewhere: Path) -> None:
    words = "import pytest\n@pytest.mark.long\ndef test_a(): pass\ndef test_b(): pass\n"
    assert outcome(elsewhere, words).passed == 1
    assert lanes.run(Lane("desk", ("desk",)), elsewhere.parents[2] / "again", long=True).passed == 2


def test_a_tool_that_fails_fails_its_lane(elsewhere: Path, tmp_path: Path) -> None:
    tools = ("ruff", "--version"), ("ruff", "check", "absent.py")
    told = lanes.run(Lane("tools", (), tools), tmp_path / "scratch", long=False)
    assert (told.passed, told.failed) == (1, 1)
    assert "absent.py" in told.words


def test_the_last_line_is_the_sum() -> None:
    lane = Lane("any")
    said = lanes.table([Outcome(lane, 7, 0, 1, 2.0, ""), Outcome(lane, 4, 2, 0, 9.0, "")]).splitlines()
    assert said[-1] == "11 passed, 2 failed"
    assert said[1].split() == ["any", "9", "4", "2", "0"]
