"""The power button, the crash, the update that restarts: what the desk said is saved is saved."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.faults import kills

pytestmark = pytest.mark.skipif(os.name != "posix", reason="SIGKILL")


def _proven(folder: Path, count: int, seed: int) -> None:
    said = kills.loop(folder, count, seed)
    assert said.good, said
    assert said.kills == count
    assert said.acks >= count  # each kill comes after one at least
    assert said.visits >= said.acks  # a commit may outlive its acknowledgement, never the other way


def test_ten_kills_lose_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    _proven(tmp_path, 10, 7)


@pytest.mark.long
@pytest.mark.timeout(6 * 3600)
def test_a_thousand_kills_lose_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    _proven(tmp_path, 1_000, 11)


def test_the_loop_would_notice_a_desk_that_acknowledges_before_it_commits(tmp_path: Path) -> None:
    said = kills.loop(tmp_path, 3, 7, ["tests.faults.hasty_writer"])
    assert said.missing > 0
    assert not said.good


def test_a_writer_that_ends_by_itself_is_no_kill(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="by itself"):
        kills.loop(tmp_path, 1, 7, ["desktop.admin", "status-of-nothing"])
