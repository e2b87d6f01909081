"""A real desk, a real province, one look: what the journeys start from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.desk import Desk
from server import config
from tests.desk import opened, provinces
from tests.desk.provinces import Province
from tests.ui.conftest import announced, look, session_look

__all__ = ["announced", "look", "session_look"]


@pytest.fixture(autouse=True)
def _quick_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop.seal.passwords.Cost", provinces.cheap_codes)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A founded desk's folder."""
    return opened.found(tmp_path / "desk")


@pytest.fixture
def desk(folder: Path) -> Iterator[Desk]:
    with opened.opened(folder, opened.Clock(config.now_us())) as desk:
        yield desk


@pytest.fixture
def province(tmp_path: Path) -> Iterator[Province]:
    """A province that doesn't serve yet."""
    with provinces.founded(tmp_path / "province", opened.CENTRE) as made:
        yield made
