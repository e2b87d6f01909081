"""Everything that must pass, in lanes of their own processes, two at a time: `python -m tests.lanes [--long]`.

Prints each lane's time as it ends, a table, and last the sum, `N passed, N failed`. Exits 0 only if all passed.
A tool counts as one. `--long` adds the tests marked long and more examples of each property.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
AT_ONCE = 2
_SHOWN = 60  # lines of a failed lane's words


@dataclass(frozen=True, slots=True)
class Lane:
    """Tools run one after another, then the folders of tests/ in one pytest. `{scratch}` is the lane's own folder."""

    name: str
    folders: tuple[str, ...] = ()
    tools: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a lane came to. Errors count as failed; `words` are what it printed."""

    lane: Lane
    passed: int
    failed: int
    skipped: int
    seconds: float
    words: str


# The slowest first, so that the two at work end together.
LANES = (
    Lane("server and sync", ("server", "sync")),
    Lane("journeys", ("journeys", "actions")),
    Lane("faults", ("faults",)),
    Lane(
        "sync under faults", (),
        tuple(
            ("tests.faults", "--backend", backend, "--seconds", "60", "--seed", "7")
            for backend in ("sqlite", "postgresql")
        ),
    ),
    Lane("schedules", ("schedules",)),
    Lane("window", ("ui",)),
    Lane("access", ("access",)),
    Lane("day", ("day",), (("tests.day", "{scratch}/day", "--visits", "12", "--seed", "7"),)),
    Lane("documents", ("documents", "golden")),
    Lane("database and journal", ("database", "journal", "vault", "seal")),
    Lane(
        "house", ("house", "machine", "desk"),
        (("ruff", "check", "."), ("mypy",), ("tests.house.shape",)),
    ),
    Lane("ratios", ("bench",)),
    Lane("values and domain", ("values", "catalogue", "intake", "queue", "screening")),
)  # fmt: skip


def run(lane: Lane, scratch: Path, long: bool) -> Outcome:
    """Run one lane; `scratch` is a folder for it alone."""
    begun = time.monotonic()
    scratch.mkdir(parents=True)
    passed = failed = skipped = 0
    words = ""
    for tool in lane.tools:
        code, said = _process([word.format(scratch=scratch) for word in tool])
        passed, failed = passed + (code == 0), failed + (code != 0)
        words += said if code else ""
    folders = [f"tests/{folder}" for folder in lane.folders if any((ROOT / "tests" / folder).rglob("test_*.py"))]
    if folders:
        report = scratch / "tests.xml"
        code, said = _process(["pytest", *folders, *_options(scratch, report, long)])
        counts = count(report) if report.exists() else (0, 0, 0)
        # a process that died has no report, or one that says nothing of it
        counts = (counts[0], max(counts[1], 1), counts[2]) if code else counts
        passed, failed, skipped = passed + counts[0], failed + counts[1], counts[2]
        words += said if code else ""
    if passed + failed == 0:
        failed, words = 1, "nothing was run\n"
    return Outcome(lane, passed, failed, skipped, time.monotonic() - begun, words)


def count(report: Path) -> tuple[int, int, int]:
    """Passed, failed, skipped of a JUnit file."""
    suites = ET.parse(report).getroot().iter("testsuite")  # noqa: S314
    tests = failed = skipped = 0
    for suite in suites:
        tests += int(suite.get("tests", 0))
        failed += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped += int(suite.get("skipped", 0))
    return max(tests - failed - skipped, 0), failed, skipped


def table(outcomes: Sequence[Outcome]) -> str:
    """A line a lane, the longest first, and the sum alone on the last line."""
    head = f"{'lane':<22}{'seconds':>8}{'passed':>8}{'failed':>8}{'skipped':>8}"
    lines = (
        f"{each.lane.name:<22}{each.seconds:>8.0f}{each.passed:>8}{each.failed:>8}{each.skipped:>8}"
        for each in sorted(outcomes, key=lambda each: -each.seconds)
    )
    passed, failed = sum(each.passed for each in outcomes), sum(each.failed for each in outcomes)
    return "\n".join([head, *lines, f"{passed} passed, {failed} failed"])


def _options(scratch: Path, report: Path, long: bool) -> list[str]:
    options = [f"--junitxml={report}", f"--basetemp={scratch / 'files'}", "-p", "no:cacheprovider"]
    return [*options, *(("-m", "long or not long", "--hypothesis-profile=long") if long else ("-m", "not long"))]


def _process(command: Sequence[str]) -> tuple[int, str]:
    """A module of ours by its dotted name, or a tool of the environment by its file."""
    start = [sys.executable, "-m"] if command[0].startswith("tests.") else []
    first = command[0] if start else str(Path(sys.executable).with_name(command[0]))
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [*start, first, *command[1:]], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False,
    )  # fmt: skip
    return done.returncode, f"$ {' '.join(command)}\n{done.stdout}"


def main() -> int:
    parser = argparse.ArgumentParser(prog="./check", description="Pass everything.")
    parser.add_argument("--long", action="store_true", help="also what takes hours")
    parser.add_argument("--lane", action="append", metavar="NAME", help="only this lane; may be repeated")
    asked = parser.parse_args()
    lanes = [lane for lane in LANES if not asked.lane or lane.name in asked.lane]
    with tempfile.TemporaryDirectory(prefix="pishkhan-check-") as folder, ThreadPoolExecutor(AT_ONCE) as pool:

        def one(lane: Lane) -> Outcome:
            outcome = run(lane, Path(folder) / lane.name.replace(" ", "-"), asked.long)
            print(f"{lane.name}: {'FAILED' if outcome.failed else 'passed'} in {outcome.seconds:.0f} s", flush=True)
            return outcome

        outcomes = list(pool.map(one, lanes))
    for each in outcomes:
        if each.failed:
            print(f"\n== {each.lane.name}", *each.words.splitlines()[-_SHOWN:], sep="\n")
    print("", table(outcomes), sep="\n")
    return 1 if any(each.failed for each in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main())
