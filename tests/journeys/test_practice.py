"""`./run`'s practice in real processes: one at a time, and the province ends with the desk."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from desktop.domain.faults import Known

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals")


def practice(folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "installer.practice", "--data-dir", str(folder)],
        cwd=ROOT, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


@contextmanager
def at_the_window(folder: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A practice whose province answers, and the province's port."""
    with practice(folder) as running:
        try:
            assert running.stderr is not None
            said = next((line for line in running.stderr if line.startswith("The province:")), None)
            assert said, "the practice never came to its window"
            yield running, urlsplit(said.split()[2]).port or 0
        finally:
            running.kill()


def children(pid: int) -> set[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    return {int(each) for each in found}


def alive(pid: int) -> bool:
    try:
        return " Z " not in Path(f"/proc/{pid}/stat").read_text("ascii")
    except FileNotFoundError:
        return False


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("practice")


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_practice_that_is_told_to_end_takes_its_province_along(folder: Path, how: signal.Signals) -> None:
    """It sits at the login, where nothing moves: the signal is heard all the same."""
    with at_the_window(folder) as (running, _):
        provinces = children(running.pid)
        assert provinces
        running.send_signal(how)
        assert running.wait(30) == 128 + signal.SIGTERM
        assert not any(map(alive, provinces))


def test_a_second_practice_says_there_is_one(folder: Path) -> None:
    with at_the_window(folder) as (running, _), practice(folder) as second:
        _, said = second.communicate(timeout=60)
        assert second.returncode == 1
        assert said.splitlines()[-3:] == list(Known("practice-running").parts())
        assert "Traceback" not in said
        assert running.poll() is None
        running.send_signal(signal.SIGTERM)
        running.wait(30)


def test_after_a_kill_the_next_practice_opens_with_the_province_that_lives_on(folder: Path) -> None:
    with at_the_window(folder) as (running, port):
        provinces = children(running.pid)
        running.kill()
        running.wait(30)
    try:
        assert any(map(alive, provinces))
        with at_the_window(folder) as (again, same):
            assert same == port
            again.send_signal(signal.SIGTERM)
            again.wait(30)
    finally:
        for pid in filter(alive, provinces):
            os.kill(pid, signal.SIGTERM)
