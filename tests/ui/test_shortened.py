"""What doesn't fit loses its end, not its first word."""

from __future__ import annotations

from ui.theme import paint
from ui.theme.look import Look


def test_a_long_name_is_cut_at_its_end(look: Look) -> None:
    words, font = "غربالگری بینایی کودکان سه تا شش سال", look.font("caption")
    cut = paint.shortened(words, font, paint.width_of(words, font) * 0.6)
    assert cut.startswith("غربالگری")
    assert cut.endswith("…")
    assert paint.shortened(words, font, 2 * paint.width_of(words, font)) == words
