"""What the guide quotes stands on the screen, letter for letter."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from desktop.domain.faults import Known
from desktop.domain.papers import VARIANTS
from desktop.domain.texts import say

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "guide-fa.md").read_text(encoding="utf-8")


def words(table: dict[str, Any]) -> Iterator[str]:
    for value in table.values():
        if isinstance(value, dict):
            yield from words(value)
        else:
            yield value


def test_the_guide_quotes_what_the_screen_says() -> None:
    said = list(words(tomllib.loads((ROOT / "resources" / "texts" / "fa.toml").read_text(encoding="utf-8"))))
    quoted = re.findall("«([^»]*)»", GUIDE)
    assert len(quoted) > 10
    assert [quote for quote in quoted if not any(quote in each for each in said)] == []


def test_the_guide_names_every_form_of_a_paper_as_the_screen_does() -> None:
    assert [variant for variant in VARIANTS if say(f"papers.variant.{variant}") not in GUIDE] == []


def test_a_province_out_of_reach_names_the_button_that_tries_again() -> None:
    assert f"«{say('sync.now')}»" in Known("province-unreachable").parts()[2]
