"""Every screen has the controls it is known to have, each once, by its own name and in its role."""

from __future__ import annotations

import json
from pathlib import Path

from tests.desk import opened
from tests.desk.sitting import sitting
from tests.journeys.controls import GOLDEN, PLACES, seen
from ui.theme.look import Look


def test_every_screen_has_its_controls_and_each_its_own_name(tmp_path: Path, look: Look) -> None:
    found, wrong = seen(tmp_path / "desk", look)
    assert wrong == {}
    golden = json.loads(GOLDEN.read_text("utf-8"))
    assert list(found) == list(golden)
    for name, controls in golden.items():
        assert found[name] == controls, f"{name}: if so it should be, python -m tests.journeys.controls"


def test_no_place_is_left_out(tmp_path: Path, look: Look) -> None:
    with opened.opened(opened.found(tmp_path / "desk")) as desk, sitting(desk, look) as at:
        shell = at.window._shell
        assert shell is not None
        assert set(shell.places) == set(PLACES)
