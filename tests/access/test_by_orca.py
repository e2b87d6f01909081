"""Orca, the screen reader, goes through intake by Tab: its log names each field in turn."""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import partial
from pathlib import Path

import pytest

from tests.access.display import Display, ended, running, until
from tests.access.hearing import hearing
from tests.access.keyboard import Keyboard
from tests.access.test_by_screen_reader import let_in

_FOCUS = re.compile(r"locusOfFocus.* to \[(?:text|radio button|check box|push button) \| ([^\]|]+)")
_BRAILLE = re.compile(r"BRAILLE LINE:\s+'(.*)'|BRAILLE: Line \d+: '(.*)'")
WAY = (
    "کد ملی", "نام", "نام خانوادگی", "فقط یک نام دارد", "نام پدر", "تاریخ تولد", "زن", "تلفن همراه", "متقاضی",
    "با خانوار", "غربالگری بینایی", "توضیح کوتاه",
)  # fmt: skip


def _heard(log: Path) -> list[str]:
    """The names Orca followed the focus to, in order, none twice in a row."""
    names: list[str] = []
    for line in log.read_text("utf-8", "replace").splitlines():
        found = _FOCUS.search(line)
        if found and names[-1:] != [found.group(1).strip()]:
            names.append(found.group(1).strip())
    return names


def _shown(log: Path) -> str:
    return "\n".join("".join(each) for each in _BRAILLE.findall(log.read_text("utf-8", "replace")))


def _is_heard(log: Path, name: str) -> bool:
    return log.exists() and _heard(log)[-1:] == [name]


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.skipif(shutil.which("orca") is None, reason="orca isn't installed: apt-get install orca")
def test_each_field_of_intake_is_named_in_the_order_of_tab(seen: Display, folder: Path, tmp_path: Path) -> None:
    log = tmp_path / "orca.log"
    keys = Keyboard(seen, "us")
    with running(seen, folder), hearing(seen) as ear:
        let_in(ear)
        ear.go("پذیرش")
        command = ["orca", "--replace", f"--debug-file={log}"]
        orca = subprocess.Popen(
            command, env=dict(seen.environment), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True
        )
        with ended(orca):
            until(lambda: log.exists() and "locusOfFocus" in log.read_text("utf-8", "replace"), "Orca at work")
            ear.press("فرد تازه")
            ear.focus("کد ملی")
            for name in WAY:
                until(partial(_is_heard, log, name), f"{name} by Orca, after {_heard(log)[-3:]}")
                keys.press("Tab")
    heard = _heard(log)
    assert [heard.index(name) for name in WAY] == sorted(heard.index(name) for name in WAY)
    for name in WAY:
        assert name in _shown(log), f"{name} on the Braille line"
