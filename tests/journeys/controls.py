"""The controls of every screen, by role: what a screen reader can reach.

`python -m tests.journeys.controls` writes tests/golden/controls.json anew; read what changed before it is committed.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtWidgets import QApplication, QWidget

from tests.desk import opened
from tests.desk.sitting import Sitting, settle, sitting
from ui.access import walk
from ui.screens.intake import IntakeScreen
from ui.theme.look import Look

GOLDEN = Path(__file__).parents[1] / "golden" / "controls.json"
Screens = dict[str, dict[str, list[str]]]
PLACES = (
    "home", "queue", "intake", "vision", "papers", "sync", "transfers", "conflicts", "downtime", "staff",
)  # fmt: skip
OVER = ("show", "standing", "incident", "urgent", "incidents")
_NEW = "intake, somebody new"


def controls(window: QWidget) -> dict[str, list[str]]:
    """Names of all that takes the keyboard, under their roles, in the order they are met."""
    said: dict[str, list[str]] = {}
    for node in walk.walk(window):
        if node.focusable:
            said.setdefault(node.role.name, []).append(node.name)
    return dict(sorted(said.items()))


def screens(at: Sitting) -> Iterator[tuple[str, QWidget]]:
    """Every screen of an open desk in front, one after another."""
    assert at.places is not None
    for place in PLACES:
        at.window.go(place)
        settle()
        yield place, at.window
    front = at.window.go("intake")
    assert isinstance(front, IntakeScreen)
    front.new_person()
    settle()
    yield _NEW, at.window
    front.start_again()
    for name in OVER:
        getattr(at.places.client, f"open_{name}")()
        settle()
        yield name, at.window
        at.window.back()


def seen(folder: Path, look: Look) -> tuple[Screens, dict[str, list[str]]]:
    """The controls of every screen, and what a screen reader would trip over there."""
    found: Screens = {}
    wrong: dict[str, list[str]] = {}
    with opened.opened(opened.found(folder)) as desk:
        opened.at_work(desk).whole()
        with sitting(desk, look) as at:
            for name, window in screens(at):
                found[name] = controls(window)
                if faults := walk.faults(window):
                    wrong[name] = faults
    return found, wrong


def main() -> int:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication(sys.argv[:1])
    with TemporaryDirectory() as folder:
        found, _wrong = seen(Path(folder) / "desk", Look(application))
    GOLDEN.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
