"""Every pair of colours that meets on a screen can be read, in every theme."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ui.theme.tokens import EDGE_PAIRS, TEXT_PAIRS, THEMES, TYPE, Theme, ThemeName, contrast, unreadable


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_words_and_edges_can_be_read(theme: Theme) -> None:
    assert unreadable(theme) == []


def test_high_contrast_is_seven_at_least() -> None:
    theme = THEMES["contrast"]
    assert all(contrast(theme.colour(over), theme.colour(under)) >= 7 for over, under in TEXT_PAIRS)


@pytest.mark.parametrize("name", THEMES)
def test_any_ink_can_be_read_on_any_ground(name: ThemeName) -> None:
    """Every pair, not those alone that meet today. In high contrast the chosen ground is yellow and takes `on_soft`."""
    theme, chosen = THEMES[name], ("accent_soft",) if name == "contrast" else ()
    faint = {
        (ink, ground)
        for ink in ("text", "muted", "accent", "ok", "warn", "danger")
        for ground in ("paper", "surface", "sunken", "accent_soft", "ok_soft", "warn_soft", "danger_soft")
        if contrast(theme.colour(ink), theme.colour(ground)) < (7 if theme.outlined else 4.5)
    }
    assert {ground for _ink, ground in faint} == set(chosen)


def test_contrast_is_wcags() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
    assert contrast("#FFFFFF", "#777777") == contrast("#777777", "#FFFFFF")


def test_a_paler_hint_is_caught() -> None:
    pale = replace(THEMES["light"], muted="#9A9A9A", border="#DDDDDD")
    found = {pair[:2] for pair in unreadable(pale)}
    assert ("muted", "surface") in found
    assert ("border", "surface") in found
    assert len(TEXT_PAIRS) >= 25
    assert len(EDGE_PAIRS) >= 8


def test_nothing_to_be_read_is_small() -> None:
    assert all(size >= 13 for name, size in TYPE.items() if name != "key")
