"""Seeded days of a province and its desks while everything fails: at rest all of it is there once, and the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.faults.simulation.broken import ROUGH
from tests.faults.simulation.run import SMALL, TINY, Size, run
from tests.faults.simulation.stage import Stage

FAILED = (2, 4, 12, 106, 111)
"""Seeds that found something once, of these acts or earlier ones; what they found has a test of its own besides."""


def test_one_seed(folder: Path, small: Stage) -> None:
    told = run(1, SMALL, folder, small)
    counts = told["counts"]
    assert counts["changes"] > 200
    assert counts["transfer.accept"] > 0
    assert told["province_deaths"] > 0
    assert told["desk_deaths"] > 0


@pytest.mark.parametrize("seed", FAILED)
def test_seeds_that_failed_once(folder: Path, tiny: Stage, seed: int) -> None:
    run(seed, TINY, folder, tiny, rates=ROUGH)


def test_the_same_seed_is_the_same_run() -> None:
    """To the last byte, whatever order another process keeps its sets in."""
    size = ("--centres", "2", "--desks", "2", "--steps", "80", "--rests", "1")
    assert played(3, *size, hashed="1")["fingerprint"] == played(3, *size, hashed="2")["fingerprint"]


@pytest.mark.long
@pytest.mark.timeout(3_600)
@pytest.mark.parametrize("seed", range(1, 21))
def test_fifty_centres_of_three_desks(seed: int) -> None:
    told = played(seed)
    assert told["centres"] == 50
    assert told["counts"]["transfer.accept"] > 0


def played(seed: int, *size: str, hashed: str = "random") -> dict[str, Any]:
    """What the command says of a seed, in a process of its own."""
    command = (sys.executable, "-m", "tests.faults.simulation", "--seed", str(seed), *size)
    environment = {**os.environ, "PYTHONHASHSEED": hashed}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"seed {seed}: {done.stdout}{done.stderr}"
    told: dict[str, Any] = json.loads(done.stdout)
    return told


@pytest.mark.long
@pytest.mark.parametrize("seed", range(1_000, 1_200))
def test_many_small_days(folder: Path, tiny: Stage, seed: int) -> None:
    run(seed, Size(TINY.centres, TINY.desks, 300, 3), folder, tiny)
