"""The pack guards itself: a cut-off moved by one step is caught by the pack's own vectors."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest

from desktop.domain import screening
from desktop.domain.screening import PackRefused

SHIPPED: dict[str, Any] = json.loads(files("resources").joinpath("packs", "vision.json").read_text("utf-8"))


def _at(data: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        data = data[step]
    return data


def _moved(path: tuple[str | int, ...], value: object) -> dict[str, Any]:
    data = copy.deepcopy(SHIPPED)
    _at(data, path[:-1])[path[-1]] = value
    return data


def _cut_offs() -> Iterator[tuple[tuple[str | int, ...], int]]:
    """Every whole number of the pack but its vectors."""
    stack: list[tuple[tuple[str | int, ...], Any]] = [((key,), SHIPPED[key]) for key in SHIPPED if key != "vectors"]
    while stack:
        path, value = stack.pop()
        if isinstance(value, dict):
            stack += [((*path, key), inner) for key, inner in value.items()]
        elif isinstance(value, list):
            stack += [((*path, place), inner) for place, inner in enumerate(value)]
        elif isinstance(value, int):
            yield path, value


def _steps() -> Iterator[tuple[tuple[str | int, ...], int]]:
    """Each cut-off one up and one down; an acuity threshold also to the next line any chart has, which no check of
    the tables alone can catch."""
    drawn = sorted({value for chart in SHIPPED["charts"].values() for _, value in chart["lines"]})
    for path, value in _cut_offs():
        yield path, value + 1
        yield path, value - 1
        if path[0] == "thresholds" and path[-1] == "centi_logmar":
            yield path, drawn[drawn.index(value) + 1]
            yield path, drawn[drawn.index(value) - 1]


def _survives(data: dict[str, Any]) -> bool:
    try:
        screening.read_pack(data)
    except PackRefused:
        return False
    return True


def test_the_shipped_pack_holds() -> None:
    assert screening.load_pack("vision").version == SHIPPED["version"]
    assert len(SHIPPED["vectors"]) > 100


def test_a_cut_off_moved_by_one_step_is_caught() -> None:
    steps = list(_steps())
    survivors = [(path, value) for path, value in steps if _survives(_moved(path, value))]
    assert len(steps) > 100
    assert len(survivors) <= len(steps) * 0.05, survivors


def test_thresholds_are_caught_by_the_vectors_themselves_not_only_by_the_tables() -> None:
    """Moving a threshold to a line another chart has leaves the tables consistent; a vector must fail."""
    drawn = sorted({value for chart in SHIPPED["charts"].values() for _, value in chart["lines"]})
    for place, row in enumerate(SHIPPED["thresholds"]):
        for step in (1, -1):
            moved = drawn[drawn.index(row["centi_logmar"]) + step]
            with pytest.raises(PackRefused) as refused:
                screening.read_pack(_moved(("thresholds", place, "centi_logmar"), moved))
            assert refused.value.vector is not None, (place, moved)


def test_a_threshold_that_no_chart_can_show_is_refused() -> None:
    for place, row in enumerate(SHIPPED["thresholds"]):
        assert not _survives(_moved(("thresholds", place, "centi_logmar"), row["centi_logmar"] + 1))


@pytest.mark.parametrize("group", ["signs", "readings", "device"])
def test_a_sign_or_reading_that_changes_its_effect_is_caught(group: str) -> None:
    effects = {"pass", "refer", "urgent", "untestable"} if group == "signs" else {"pass", "refer", "untestable"}
    for name, effect in SHIPPED[group].items():
        for other in effects - {effect}:
            if group == "signs" and other != "urgent" and effect == "refer":
                continue  # a sign refers or is urgent; it has no other effect
            assert not _survives(_moved((group, name), other)), (name, other)


def test_a_pack_without_vectors_or_with_a_table_missing_is_refused() -> None:
    for broken in ({**SHIPPED, "vectors": []}, {key: SHIPPED[key] for key in SHIPPED if key != "charts"}):
        with pytest.raises(PackRefused):
            screening.read_pack(broken)
