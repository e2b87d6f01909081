"""One seed, from the first act to the last promise."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from tests.faults.simulation import oracle, stage
from tests.faults.simulation.acts import DESK_ACTS, WORLD_ACTS
from tests.faults.simulation.stage import Stage
from tests.faults.simulation.world import Rates, World

_FAST = Path("/dev/shm")  # noqa: S108  what is on a disk here is decided by the seed, so it needs none


@dataclass(frozen=True, slots=True)
class Size:
    """How large a run is. `rests`: how often in it everything is brought to rest and checked."""

    centres: int
    desks: int
    steps: int
    rests: int = 2


TINY, SMALL, LARGE = Size(2, 2, 150, 2), Size(4, 3, 500, 3), Size(50, 3, 5_000, 2)


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder for one run."""
    with tempfile.TemporaryDirectory(prefix="simulation-", dir=_FAST if _FAST.is_dir() else None) as folder:
        yield Path(folder)


def run(
    seed: int, size: Size, folder: Path, stage_: Stage | None = None, trace: bool = False,
    rates: Rates | None = None,
) -> dict[str, Any]:  # fmt: skip
    """What a seed came to. Raises Wrong where a promise was broken."""
    begun, worked = time.monotonic(), time.process_time()
    stage_ = stage_ or stage.build(folder / "stage", size.centres, size.desks)
    with World.running(folder / f"seed-{seed}", stage_, seed) as world:
        world.rates = rates or world.rates
        for rest in range(size.rests):
            for _ in range(size.steps // size.rests):
                step(world, trace)
            world.quiet()
            oracle.check(world, verified=4 if rest + 1 < size.rests else 12)
        told = {
            "seed": seed, "centres": size.centres, "desks": len(world.pcs), "steps": size.steps,
            "counts": dict(sorted(world.counts.items())), "redacted": len(world.record.redacted),
            "lost_with_a_disk": len(world.record.lost), "province_deaths": world.province.deaths,
            "desk_deaths": sum(pc.deaths for pc in world.pcs), "fingerprint": oracle.fingerprint(world),
            "seconds": round(time.monotonic() - begun, 1),
            "processor_seconds": round(time.process_time() - worked, 1),
        }  # fmt: skip
    shutil.rmtree(folder / f"seed-{seed}")
    return told


def step(world: World, trace: bool = False) -> None:
    """One act of somebody, by the dice."""
    rng: Random = world.rng
    world.clock.at += int(rng.expovariate(1 / 30_000_000))
    acts: list[Any] = [*DESK_ACTS, *WORLD_ACTS]
    (act,) = rng.choices(acts, [*DESK_ACTS.values(), *WORLD_ACTS.values()])
    pc = rng.choice(world.active())
    if trace:
        print(world.clock.at, act.__name__, pc.name if act in DESK_ACTS else "", flush=True)
    world.counts[act.__name__] += 1
    if act in DESK_ACTS:
        act(world, pc, rng)
    else:
        act(world, rng)
