"""Two ways of doing one thing, timed in turns of one run: what else the machine does falls on both."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence

Figures = dict[str, float]
Times = dict[str, list[float]]


def taken(job: Callable[[], object]) -> float:
    """Milliseconds."""
    begun = time.perf_counter()
    job()
    return (time.perf_counter() - begun) * 1000


def rounds(ways: Mapping[str, Callable[[], object]], count: int) -> Times:
    """Each way once a round, begun with another way each round; milliseconds of every round, after one unmeasured."""
    names = list(ways)
    times: Times = {name: [] for name in names}
    for name in names:
        ways[name]()
    for number in range(count):
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            times[name].append(taken(ways[name]))
    return times


def figures(values: Sequence[float], each: int = 1) -> Figures:
    """Median and the range of the middle eight tenths; `each` divides, where one value timed that many."""
    low, high = (values[0], values[0]) if len(values) < 2 else _tenths(values)
    return {
        "median": round(statistics.median(values) / each, 4), "p10": round(low / each, 4), "p90": round(high / each, 4)
    }  # fmt: skip


def _tenths(values: Sequence[float]) -> tuple[float, float]:
    cuts = statistics.quantiles(values, n=10, method="inclusive")
    return cuts[0], cuts[-1]


def ratio(times: Times, one: str, other: str) -> Figures:
    """How many times as long `one` takes as `other`, by the rounds in which both were timed."""
    return figures([a / b for a, b in zip(times[one], times[other], strict=True)])
