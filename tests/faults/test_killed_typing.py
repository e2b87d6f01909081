"""The power goes while somebody writes: they go on where they were two seconds before."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from tests.desk.opened import found
from tests.faults.killed_typing import Cut, Typed, cut

pytestmark = pytest.mark.skipif(os.name != "posix", reason="SIGKILL")


def _proven(folder: Path, times: int, seed: int) -> None:
    founded, rng = found(folder / "desk"), Random(seed)
    cuts = [cut(founded, folder / f"cut-{number}", rng) for number in range(times)]
    lost = sorted(round(each.lost_s(), 2) for each in cuts)
    print(f"typed {sum(len(each.typed) for each in cuts)} letters in {times} runs; lost at each kill, s: {lost}")
    assert all(each.true() for each in cuts)
    assert [each for each in cuts if each.lost_s() > each.allowed_s()] == []
    assert any(each.kept for each in cuts), "every run was cut before anything had to be kept"


@pytest.mark.timeout(600)
def test_ten_kills_while_somebody_types_cost_two_seconds_at_most(tmp_path: Path) -> None:
    _proven(tmp_path, 10, 7)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_a_hundred_kills_while_somebody_types_cost_two_seconds_at_most(tmp_path: Path) -> None:
    _proven(tmp_path, 100, 11)


def test_a_draft_that_is_older_or_untrue_is_noticed() -> None:
    typed = [Typed(at / 10, 0.01, "گلنار"[: at + 1]) for at in range(5)]
    whole = Cut(typed, 0.5, "گلنار")
    assert whole.true()
    assert whole.lost_s() == 0
    assert replace(whole, kept="گل").lost_s() == pytest.approx(0.3)
    assert replace(whole, at=3.0, kept="گل").lost_s() > whole.allowed_s()
    assert replace(whole, at=3.0, kept=None).lost_s() > whole.allowed_s()
    assert not replace(whole, kept="گنل").true()
