"""The keys of a PC's keyboard, pressed by their place: what they type is the layout's affair."""

from __future__ import annotations

from collections.abc import Iterable

from tests.access.display import Display

# Where the keys stand, by what a US keyboard shows on them: X keycodes row by row.
_ROWS = {10: "1234567890-=", 24: "qwertyuiop[]", 38: "asdfghjkl;'", 52: "zxcvbnm,./", 65: " "}
_CODES = {key: first + at for first, keys in _ROWS.items() for at, key in enumerate(keys)}
_IN_IRAN = str.maketrans(
    "1234567890qwertyuiop[]asdfghjkl;'zxcvbnm,", "۱۲۳۴۵۶۷۸۹۰ضصثقفغعهخحجچشسیبلاتنمکگظطزرذدپو"
)
LETTERS = "abcdefghijklmnopqrstuvwxyz"
LAYOUTS = ("us", "ir", "us,ir")


def _placed(keys: str) -> str:
    """A combination whose last key is known by its place."""
    *held, last = keys.split("+")
    return "+".join((*held, str(_CODES.get(last, last))))


class Keyboard:
    """Of two layouts the first is in use until the keyboard is switched."""

    def __init__(self, display: Display, layouts: str) -> None:
        self._display = display
        self._layouts, self._at = layouts.split(","), 0
        display.run("setxkbmap", "-layout", layouts, "-option", "")

    def press(self, *keys: str) -> None:
        """Keys by their names (`F9`, `Tab`, `ctrl+2`, `Return`), one after another; figures and letters by place."""
        self._display.run("xdotool", "key", "--delay", "2", *map(_placed, keys))

    def write(self, keys: str, *, held: str = "") -> str:
        """The keys with these signs on a US keyboard, with `held` down; what the layout types by them."""
        if self._at:  # xdotool presses a key by its place in the first layout, and finds a letter in any
            self._display.run("xdotool", "type", "--delay", "20", self.types(keys))
        else:
            self.press(*(f"{held}{key}" for key in keys))
        return self.types(keys)

    def types(self, keys: str) -> str:
        return keys if self._layouts[self._at] == "us" else keys.translate(_IN_IRAN)

    def switch(self) -> None:
        """The other layout of two."""
        self._at = (self._at + 1) % len(self._layouts)

    def alt(self, keys: Iterable[str] = LETTERS) -> None:
        """Alt with each of these keys."""
        self.write("".join(keys), held="alt+")
