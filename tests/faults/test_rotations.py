"""Somebody leaves, and the power goes: everyone else opens the desk with all its work, the leaver nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.faults import rotations

pytestmark = pytest.mark.skipif(os.name != "posix", reason="SIGKILL")


def _proven(folder: Path, kills: int, seed: int) -> None:
    said = rotations.loop(folder, kills, seed)
    assert said.wrong == []
    assert said.kills == kills
    assert said.visits >= kills
    assert said.leavers > 0
    assert said.generation > 1


@pytest.mark.timeout(300)
def test_ten_kills_while_people_leave(tmp_path: Path) -> None:
    _proven(tmp_path, 10, 7)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_a_hundred_kills_while_people_leave(tmp_path: Path) -> None:
    _proven(tmp_path, 100, 11)
