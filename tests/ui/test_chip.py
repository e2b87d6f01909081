"""The chip of sync truth never says that nothing is safe."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import pytest

from desktop.domain.sync_truth import SyncTruth
from desktop.places import Places
from tests.ui.sample_desk import FAULT


@pytest.mark.parametrize(
    ("fault", "waiting", "words"),
    [
        (FAULT, 0, "به استان نرسیدیم؛ همه‌چیز اینجا سالم است"),
        (FAULT, 12, "۱۲ ثبت اینجا سالم است"),
        (None, 12, "۱۲ ثبت در راه استان"),
        (None, 0, "همه به استان رسیده"),
    ],
)
def test_the_chip_says_what_is_so(fault: tuple[str, str, str] | None, waiting: int, words: str) -> None:
    said: list[str] = []
    window = SimpleNamespace(show_sync=lambda told, *_: said.append(told), set_badge=lambda *_: None)
    places = cast("Places", SimpleNamespace(_window=window, syncing=SimpleNamespace(fault=fault)))
    Places._show_truth(places, replace(SyncTruth(enrolled=True), on_way_count=waiting))
    assert said == [words]
