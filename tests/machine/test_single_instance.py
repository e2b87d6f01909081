"""A second copy of the desk calls the first forward and stops."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.domain.faults import Known
from desktop.machine.single_instance import SingleInstance

SECOND = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from desktop.domain.faults import Known
from desktop.machine.single_instance import SingleInstance
app = QCoreApplication([])
try:
    held = SingleInstance(Path(sys.argv[1]))
except Known as fault:
    print(fault.code)
else:
    print("opened", flush=True)
    sys.stdin.read()
"""


def start(folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", SECOND, str(folder / "desk.lock")]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True)


def test_a_second_copy_calls_the_first_forward(qtbot: QtBot, tmp_path: Path) -> None:
    first = SingleInstance(tmp_path / "desk.lock")
    with qtbot.waitSignal(first.called, timeout=10_000):
        second = start(tmp_path)
    assert second.communicate(timeout=20)[0].strip() == "already-running"
    first.release()


def test_its_fault_has_three_parts(qtbot: QtBot, tmp_path: Path) -> None:
    first = SingleInstance(tmp_path / "desk.lock")
    with pytest.raises(Known) as told:
        SingleInstance(tmp_path / "desk.lock")
    assert told.value.code == "already-running"
    assert all(told.value.parts())
    first.release()


def test_another_data_folder_is_another_desk(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "training").mkdir()
    held = [SingleInstance(tmp_path / "desk.lock"), SingleInstance(tmp_path / "training" / "desk.lock")]
    for each in held:
        each.release()


def test_a_killed_copy_leaves_nothing_in_the_way(qtbot: QtBot, tmp_path: Path) -> None:
    with start(tmp_path) as killed:
        assert killed.stdout is not None
        assert killed.stdout.readline().strip() == "opened"
        killed.kill()
    after = SingleInstance(tmp_path / "desk.lock")
    with qtbot.waitSignal(after.called, timeout=10_000), pytest.raises(Known):
        SingleInstance(tmp_path / "desk.lock")
    after.release()


def test_a_folder_that_is_not_there_is_told(qtbot: QtBot, tmp_path: Path) -> None:
    with pytest.raises(Known) as told:
        SingleInstance(tmp_path / "absent" / "desk.lock")
    assert told.value.code == "data-folder-unusable"
