"""A simulation that can't fail proves nothing: each guard is taken out once, and it says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.simulation.broken import BROKEN, QUICK, ROUGH, broken
from tests.faults.simulation.run import TINY, run
from tests.faults.simulation.stage import Stage
from tests.faults.simulation.world import Wrong

_SEEDS = range(1, 9)


@pytest.mark.parametrize(
    "name", [each if each in QUICK else pytest.param(each, marks=pytest.mark.long) for each in BROKEN]
)
def test_it_is_noticed(folder: Path, tiny: Stage, name: str) -> None:
    for seed in _SEEDS:
        try:
            with broken(name):
                run(seed, TINY, folder / name.replace(" ", "-"), tiny, rates=ROUGH)
        except Wrong:
            return
    pytest.fail(f"nobody noticed: {name}")
