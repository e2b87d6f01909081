"""Whatever people, lines and powers do, in whatever order: Hypothesis looks for the shortest list of acts that breaks a
promise, and prints it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from random import Random
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from tests.faults.simulation import acts, oracle
from tests.faults.simulation.acts import DESK_ACTS, WORLD_ACTS
from tests.faults.simulation.network import FATES, Fate
from tests.faults.simulation.stage import Stage
from tests.faults.simulation.traps import When
from tests.faults.simulation.world import Rates, World

DESKS = 4
EXAMPLES, EACH, STEPS = 300, 50, 10
_desk = st.integers(0, DESKS - 1)
_dice = st.integers(0, 15)
_nth = st.integers(0, 3)
_UNHARMED: tuple[Literal[""], ...] = ("", "", "")


def _at(when: When, commit: int) -> Callable[[], When]:
    """The machine dies at this one of its commits."""
    coming: list[When] = [*_UNHARMED[:commit], when]
    return lambda: coming.pop(0) if coming else ""


class Days(RuleBasedStateMachine):
    """Two centres of two desks. Nothing fails but what a rule says."""

    folder: Path
    stage: Stage

    def __init__(self) -> None:
        super().__init__()
        self.held = ExitStack()
        shutil.rmtree(self.folder, ignore_errors=True)
        self.world = self.held.enter_context(World.running(self.folder, self.stage, 0))
        self.world.rates = Rates(0, 0, 0)
        self.fates: list[Fate] = []
        self.world.road.fate = lambda: self.fates.pop(0) if self.fates else ""
        for at, pc in enumerate(self.world.pcs):
            pc.skew = (0, 9, 0, -1)[at] * 3_600_000_000

    def _pc(self, desk: int) -> Any:
        active = self.world.active()
        return active[desk % len(active)]

    @rule(what=st.sampled_from([each.__name__ for each in DESK_ACTS if each is not acts.syncs]), desk=_desk, dice=_dice)
    def does(self, what: str, desk: int, dice: int) -> None:
        getattr(acts, what)(self.world, self._pc(desk), Random(dice))

    @rule(what=st.sampled_from(["registers", "saves_a_form", "renames"]), desk=_desk, dice=_dice)
    def writes(self, what: str, desk: int, dice: int) -> None:
        getattr(acts, what)(self.world, self._pc(desk), Random(dice))

    @rule(desk=_desk)
    def syncs(self, desk: int) -> None:
        self.world.sync(self._pc(desk))

    @rule(desk=_desk, fate=st.sampled_from(sorted(set(FATES))), request=_nth)
    def syncs_badly(self, desk: int, fate: Fate, request: int) -> None:
        self.fates[:] = [*_UNHARMED[:request], fate]
        self.world.sync(self._pc(desk))
        self.fates.clear()

    @rule(desk=_desk, when=st.sampled_from(["before", "after"]), commit=_nth)
    def dies_while_it_syncs(self, desk: int, when: When, commit: int) -> None:
        pc = self._pc(desk)
        pc.trap.fate = _at(when, commit)
        self.world.sync(pc)
        pc.trap.fate = lambda: ""

    @rule(desk=_desk, when=st.sampled_from(["before", "after"]), commit=_nth)
    def province_dies_meanwhile(self, desk: int, when: When, commit: int) -> None:
        self.world.province.trap.fate = _at(when, commit)
        self.world.sync(self._pc(desk))
        self.world.province.trap.fate = lambda: ""

    @precondition(lambda self: self.world.counts["syncs"])
    @rule(what=st.sampled_from([each.__name__ for each in WORLD_ACTS]), dice=_dice)
    def happens(self, what: str, dice: int) -> None:
        getattr(acts, what)(self.world, Random(dice))

    def teardown(self) -> None:
        with self.held:
            if sys.exc_info()[0] is None:
                self.world.quiet()
                oracle.check(self.world, verified=1)


@pytest.fixture
def days(folder: Path, rested: Stage) -> Iterator[type[Days]]:
    Days.folder, Days.stage = folder / "days", rested
    yield Days
    shutil.rmtree(Days.folder, ignore_errors=True)


def _play(days: type[Days], part: int, steps: int) -> None:
    """Fifty examples of their own: each part is short, since a long test is taken for one that hangs."""
    chosen = settings(
        max_examples=EACH, stateful_step_count=steps, suppress_health_check=list(HealthCheck), deadline=None,
        derandomize=False, database=None,
    )  # fmt: skip
    run_state_machine_as_test(seed(part)(days), settings=chosen)


@pytest.mark.parametrize("part", range(EXAMPLES // EACH))
def test_nothing_people_do_breaks_it(days: type[Days], part: int) -> None:
    _play(days, part, STEPS)


@pytest.mark.long
@pytest.mark.parametrize("part", range(100, 100 + 10_000 // EACH))
def test_nothing_people_do_breaks_it_ten_thousand_times(days: type[Days], part: int) -> None:
    _play(days, part, 2 * STEPS)
