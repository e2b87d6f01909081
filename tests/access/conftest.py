"""A screen for the whole run, a desk of its own for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.access.display import Display, display
from tests.desk import opened


@pytest.fixture(scope="session")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Display]:
    """The screen."""
    with display(tmp_path_factory.mktemp("display")) as made:
        yield made


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
