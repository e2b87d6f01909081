"""A province over TLS and desks of one centre, founded but not yet enrolled."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from desktop.desk import Desk
from server import config
from tests.desk import opened, provinces
from tests.desk.provinces import Province

OTHER_CENTRE = "125"


@pytest.fixture(autouse=True)
def _quick_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop.seal.passwords.Cost", provinces.cheap_codes)


@pytest.fixture
def province(tmp_path: Path) -> Iterator[Province]:
    """A province that doesn't serve yet."""
    with provinces.founded(tmp_path / "province", opened.CENTRE, OTHER_CENTRE) as made:
        yield made


@pytest.fixture
def make_desk(tmp_path: Path) -> Iterator[Callable[[str], Desk]]:
    """Makes open desks of the centre, by name."""
    with ExitStack() as open_desks:

        def make(name: str, centre: str = opened.CENTRE) -> Desk:
            folder = opened.found(tmp_path / name, centre)
            return open_desks.enter_context(opened.opened(folder, opened.Clock(config.now_us())))

        yield make


@pytest.fixture
def desk(make_desk: Callable[[str], Desk]) -> Desk:
    return make_desk("desk")
