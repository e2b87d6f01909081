"""An open desk at work, without a window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.desk import Desk
from tests.desk import opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A founded desk's folder."""
    return opened.found(tmp_path / "desk")


@pytest.fixture
def desk(folder: Path) -> Iterator[Desk]:
    with opened.opened(folder) as desk:
        yield desk
