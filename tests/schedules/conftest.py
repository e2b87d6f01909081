"""Small worlds to play in, made once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.faults.simulation import stage
from tests.faults.simulation.run import SMALL, TINY, scratch
from tests.faults.simulation.stage import Stage
from tests.faults.simulation.world import World


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    with scratch() as made:
        yield made


@pytest.fixture(scope="session")
def tiny(folder: Path) -> Stage:
    """Two centres of two desks."""
    return stage.build(folder / "tiny", TINY.centres, TINY.desks)


@pytest.fixture(scope="session")
def rested(folder: Path, tiny: Stage) -> Stage:
    """The same after everybody synced."""
    with World.running(folder / "rested", tiny, 99) as world:
        world.quiet()
    return replace(tiny, folder=folder / "rested")


@pytest.fixture(scope="session")
def small(folder: Path) -> Stage:
    """A few centres of three desks."""
    return stage.build(folder / "small", SMALL.centres, SMALL.desks)
