"""Rials as they are kept (a whole number), shown (in threes) and said (in words, and in tomans, as people count)."""

from __future__ import annotations

from desktop.domain import digits
from desktop.domain.faults import Invalid
from desktop.domain.texts import say
from desktop.domain.typed_code import only_digits

MOST = 10**15 - 1
SEPARATOR = "\u066c"  # the Arabic thousands separator, which Persian figures use
_TOMAN = 10


def parse(text: str) -> str:
    """Rials in ASCII digits without leading zeros, from digits of any alphabet, in threes or not. Raises Invalid."""
    rials = int(only_digits(text.replace(SEPARATOR, "").replace(",", "").replace("\u060c", "")))
    if rials > MOST:
        raise Invalid("value.money-most")
    return str(rials)


def grouped(rials: int) -> str:
    """Figures in threes with Persian digits: ۱٬۲۰۰٬۰۰۰."""
    return digits.persian(f"{rials:,}".replace(",", SEPARATOR))


def spoken(rials: int) -> str:
    """In words, and in tomans where they come out whole."""
    said = say("money.rials", words=in_words(rials))
    if rials < _TOMAN or rials % _TOMAN:
        return said
    return say("money.also-tomans", rials=said, tomans=in_words(rials // _TOMAN))


def in_words(number: int) -> str:
    """A whole number in Persian words, up to `MOST`. Raises ValueError beyond."""
    if not 0 <= number <= MOST:
        raise ValueError("beyond what is said in words")
    if number == 0:
        return say("money.zero")
    parts = []
    for power in range(4, -1, -1):
        if group := number // 1000**power % 1000:
            below, name = _below_thousand(group), say(f"money.power-{power}") if power else ""
            parts.append(name if group == power == 1 else f"{below} {name}".strip())
    return say("money.and").join(parts)


def _below_thousand(number: int) -> str:
    hundreds, rest = number // 100 * 100, number % 100
    tens, ones = (0, rest) if rest < 20 else (rest // 10 * 10, rest % 10)
    return say("money.and").join(say(f"money.n-{each}") for each in (hundreds, tens, ones) if each)
