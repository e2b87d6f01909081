"""The history checker can be wrong in no way the product is, and sees each thing it is there to see."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.faults.live import oracle
from tests.faults.live.mutations import NAMES
from tests.faults.live.oracle import COUNTS

Json = Any
_ROOMS = ("desktop", "db", "server", "ui", "resources")


def _process(*words: str) -> tuple[int, str, str]:
    done = subprocess.run([sys.executable, *words], check=False, capture_output=True, text=True, timeout=4 * 3600)
    return done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The journals and dumps of a short run in which nothing went wrong."""
    folder = tmp_path_factory.mktemp("run")
    asked = ("--seconds", "8", "--seed", "5", "--dir", str(folder))
    code, told, words = _process("-m", "tests.faults", *asked)
    said = json.loads(told.splitlines()[-1])
    assert (code, [said[name] for name in COUNTS]) == (0, [0] * 6), (said, words)
    assert {"changes", "kills", "guarded_pairs", "conflicts", "transfers"} <= said.keys()
    return folder


@pytest.fixture
def history(ran: Path, tmp_path: Path) -> Path:
    """A copy of it to tamper with."""
    for name in ("journals", "dumps"):
        shutil.copytree(ran / name, tmp_path / name)
    return tmp_path


def alter(folder: Path, name: str, change: Callable[[Json], None]) -> dict[str, Any]:
    """What the checker says after one file was changed."""
    path = folder / "dumps" / f"{name}.json"
    said = json.loads(path.read_text())
    change(said)
    path.write_text(json.dumps(said))
    return oracle.summary(folder)


def _commits(said: Json) -> list[Json]:
    """Whole commits in the feed of this centre's own desks."""
    mine = {row[0] for row in said["desks"]}
    return [row for row in said["feed"] if row[2] in mine and not row[6] and row[3] > 3]


def _last_gone(said: Json) -> None:
    """The last commit of every desk: one alone may be of a desk killed before it could write down what it saved."""
    for row in {row[2]: row for row in _commits(said)}.values():
        said["feed"].remove(row)


def _twice(said: Json) -> None:
    row = _commits(said)[0]
    last = said["feed"][-1]
    said["feed"].append([last[0] + last[1], *row[1:]])
    said["head"] += row[1]


def _hole(said: Json) -> None:
    said["feed"][-1][0] += 1
    said["head"] += 1


def _torn(said: Json) -> None:
    row = next(row for row in _commits(said) if row[1] > 1)
    at = said["feed"].index(row)
    half = [row[0] + 1, row[1] - 1, *row[2:5], " ".join(map(str, range(row[3] + 1, row[4] + 1))), *row[6:]]
    said["feed"][at : at + 1] = [[row[0], 1, *row[2:5], str(row[3]), *row[6:]], half]


def _later_than_received(said: Json) -> None:
    row = next(row for row in said["commits"] if row[0] in {desk[0] for desk in said["desks"]} and row[1] > 3)
    row[5] = " ".join("f" * 16 for _ in row[5].split())


def _overwritten(said: Json) -> None:
    contested = [each for each in said["dump"]["documents"] if each["conflicts"]]
    assert contested, "nobody contested anything in this run"
    contested[0]["conflicts"] = {}


def _other_value(said: Json) -> None:
    document = next(each for each in said["dump"]["documents"] if each["fields"].get("address"))
    document["fields"]["address"] = "…"


def _other_bytes(said: Json) -> None:
    row = next(row for row in said["changes"] if row[6] is not None and row[1] > 3)
    row[7] = "0" * 64


@pytest.mark.parametrize(
    ("change", "count"),
    [
        (_last_gone, "lost"), (_other_bytes, "lost"), (_twice, "duplicates"), (_hole, "gaps"), (_torn, "gaps"),
        (_later_than_received, "diverged"), (_other_value, "diverged"), (_overwritten, "silent_overwrites"),
    ],
)  # fmt: skip
def test_what_is_wrong_at_the_province_is_seen(history: Path, change: Callable[[Json], None], count: str) -> None:
    assert alter(history, "centre-124", change)[count] > 0


def _missed(said: Json) -> None:
    said["places"].remove(said["places"][-2])


def _own_hole(said: Json) -> None:
    said["own"].pop(1)


def _unsent(said: Json) -> None:
    said["own"].append([len(said["own"]) + 1, "0" * 64])


def _differs(said: Json) -> None:
    said["dump"]["documents"][0]["fields"]["name"] = "…"


@pytest.mark.parametrize(
    ("change", "count"),
    [
        (_missed, "gaps"), (_own_hole, "gaps"), (_unsent, "lost"), (_differs, "diverged"),
    ],
)  # fmt: skip
def test_what_is_wrong_at_a_desk_is_seen(history: Path, change: Callable[[Json], None], count: str) -> None:
    assert alter(history, "desk-a1", change)[count] > 0


def test_what_belongs_elsewhere_is_seen(history: Path) -> None:
    other = json.loads((history / "dumps" / "centre-125.json").read_text())
    living = {each["id"] for each in other["dump"]["documents"] if each["kind"] in ("person", "household")}
    changes = [row for row in other["changes"] if row[6] and row[4] in living and "نشانb" in row[6]]
    word = json.loads(changes[-1][6])["patch"]
    name = next(value for value in word.values() if isinstance(value, str) and value.startswith("نشانb"))
    assert alter(history, "desk-a2", lambda said: said["markers"].append(name))["leaks"] > 0
    assert alter(history, "desk-a3", lambda said: said["ids"].append(changes[-1][2]))["leaks"] > 0


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ({"t": "hello", "acked": 9, "held": 3}, "lost"),
        ({"t": "after push", "acked": 10_001, "held": 10_000}, "lost"),
        ({"t": "marks", "acked": 20_000}, "lost"),
        ({"t": "garbled", "target": "/push", "status": 200}, "lost"),
        ({"t": "fault", "code": "province-garbled"}, "diverged"),
        ({"t": "opened", "desk": "", "head": "ahead"}, "lost"),
    ],
)
def test_what_a_desk_was_told_wrongly_is_seen(history: Path, line: dict[str, Any], count: str) -> None:
    with (history / "journals" / "desk-b2.jsonl").open("a") as file:
        file.write(json.dumps(line) + "\n")
    assert oracle.summary(history)[count] > 0


def test_the_checker_imports_nothing_of_the_product() -> None:
    asked = f"import sys, tests.faults.live.oracle; print([n for n in sys.modules if n.split('.')[0] in {_ROOMS}])"
    code, told, _ = _process("-c", asked)
    assert (code, told.strip()) == (0, "[]")


@pytest.mark.long
@pytest.mark.timeout(4 * 3600)
@pytest.mark.parametrize("backend", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_a_hundred_thousand_changes_under_faults(backend: str) -> None:
    code, told, words = _process("-m", "tests.faults", "--backend", backend, "--long", "--seed", "11")
    said = json.loads(told.splitlines()[-1])
    assert (code, [said[name] for name in COUNTS]) == (0, [0] * 6), (said, words[-4_000:])
    assert said["changes"] >= 100_000
    assert said["server_kills"] >= 200
    assert said["desk_kills"] >= 400
    assert said["guarded_pairs"] >= 1_000
    assert said["transfers"] >= 50


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", NAMES)
def test_a_mistake_built_in_is_seen(name: str) -> None:
    code, told, words = _process("-m", "tests.faults.mutants", name)
    assert code == 0, (told, words[-4_000:])
