"""A screen for the whole run, a desk of its own for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.access.display import Display, display
from tests.access.keyboard import Keyboard
from tests.desk import opened


@pytest.fixture(scope="session")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Display]:
    """The screen."""
    with display(tmp_path_factory.mktemp("display")) as made:
        yield made


@pytest.fixture
def keyboard(seen: Display) -> Iterator[Callable[[str], Keyboard]]:
    """Makes the keyboard of that screen one of a layout; afterwards it is the usual one again."""
    yield partial(Keyboard, seen)
    Keyboard(seen, "us")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A founded desk's folder."""
    return opened.found(tmp_path / "desk")


@pytest.fixture
def tray(tmp_path: Path) -> Path:
    """Where the printer lays its jobs."""
    made = tmp_path / "tray"
    made.mkdir()
    return made
