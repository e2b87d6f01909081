"""Every colour, size and space a screen may use, and the check that keeps them readable.

Screens name a token, never a hex value or a pixel. Lengths are pixels at 100 %, times in milliseconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args

ThemeName = Literal["light", "dark", "contrast"]
Scale = Literal["key", "caption", "body", "lead", "title", "page", "figure", "ticket", "hero"]
Weight = Literal["regular", "medium", "bold"]
Space = Literal["none", "hair", "xs", "s", "m", "l", "xl", "xxl"]
Tone = Literal["ok", "warn", "danger", "accent", "muted"]

# Nothing that must be read is under 13; `key` is the Latin face of a keycap alone.
TYPE: dict[Scale, int] = {
    "key": 12,
    "caption": 13,
    "body": 15,
    "lead": 17,
    "title": 20,
    "page": 24,
    "figure": 32,
    "ticket": 40,
    "hero": 64,
}
SPACE: dict[Space, int] = {"none": 0, "hair": 2, "xs": 4, "s": 8, "m": 12, "l": 16, "xl": 24, "xxl": 32}


class _Radius(NamedTuple):
    key: int = 4
    control: int = 8
    card: int = 12


class _Size(NamedTuple):
    control: int = 40
    control_big: int = 48
    quiet: int = 32
    row: int = 40
    row_two: int = 56
    chip: int = 24
    icon: int = 20
    icon_big: int = 38
    navigation: int = 212
    navigation_folded: int = 68
    top: int = 64
    foot: int = 34
    bar: int = 56
    focus: int = 3
    focus_gap: int = 2


class _Motion(NamedTuple):
    loading_after: int = 300
    search_after: int = 70
    toast_stays: int = 6000


RADIUS, SIZE, MOTION = _Radius(), _Size(), _Motion()

# Folding follows the room (window width / zoom), so 125 % on a wide window and 100 % on a small one behave alike.
NAVIGATION_NEEDS = 1340
COLUMNS_NEED = 1180
ZOOMS = (1.0, 1.1, 1.25, 1.5, 1.75, 2.0)


@dataclass(frozen=True, slots=True)
class Theme:
    """One set of colours. `border` edges anything that can be operated, `line` only decorates.

    `focus` means the keyboard and nothing else; `spark` lives in the mark alone, never under or as text.
    `edge` is the width of edges; `outlined` says that tone shows as an outline because every ground is alike.
    """

    paper: str
    surface: str
    sunken: str
    line: str
    border: str
    text: str
    muted: str
    accent: str
    accent_hover: str
    on_accent: str
    on_accent_soft: str
    accent_soft: str
    on_soft: str
    focus: str
    ok: str
    ok_soft: str
    warn: str
    warn_soft: str
    danger: str
    danger_soft: str
    spark: str
    edge: int = 1
    outlined: bool = False

    def colour(self, token: str) -> str:
        """The hex value of a colour token. Raises AttributeError for a name that isn't one."""
        value: str = getattr(self, token)
        return value

    def tone(self, tone: Tone) -> tuple[str, str]:
        """Ink and ground of a tone, for chips and notes."""
        if tone == "accent":
            return (self.text, self.surface) if self.outlined else (self.on_soft, self.accent_soft)
        if tone == "muted":
            return self.muted, self.sunken
        return self.colour(tone), self.colour(f"{tone}_soft")


THEMES: dict[ThemeName, Theme] = {
    "light": Theme(
        paper="#F6F3ED",
        surface="#FFFFFF",
        sunken="#ECE7DD",
        line="#DDD6C9",
        border="#827A6C",
        text="#1F2A2D",
        muted="#545D5C",
        accent="#0E5F66",
        accent_hover="#0A4D53",
        on_accent="#FFFFFF",
        on_accent_soft="#CDE7E6",
        accent_soft="#DCEEEC",
        on_soft="#123F43",
        focus="#2A4BD7",
        ok="#1F6638",
        ok_soft="#E1F0E3",
        warn="#7F4B00",
        warn_soft="#FBEACB",
        danger="#A3271C",
        danger_soft="#FBE5E0",
        spark="#E3A32F",
    ),
    "dark": Theme(
        paper="#15191B",
        surface="#1E2427",
        sunken="#111517",
        line="#343D41",
        border="#7F8B8F",
        text="#EDE9E2",
        muted="#B4BAB7",
        accent="#74CFC9",
        accent_hover="#92DDD8",
        on_accent="#052322",
        on_accent_soft="#0B3B3A",
        accent_soft="#213F41",
        on_soft="#D6F1EF",
        focus="#A9BBFF",
        ok="#93D8A6",
        ok_soft="#1C3525",
        warn="#F0C373",
        warn_soft="#3B2E14",
        danger="#FFB3A7",
        danger_soft="#452420",
        spark="#E3A32F",
    ),
    "contrast": Theme(
        paper="#000000",
        surface="#000000",
        sunken="#000000",
        line="#FFFFFF",
        border="#FFFFFF",
        text="#FFFFFF",
        muted="#FFFFFF",
        accent="#FFE600",
        accent_hover="#FFFFFF",
        on_accent="#000000",
        on_accent_soft="#000000",
        accent_soft="#FFE600",
        on_soft="#000000",
        focus="#1AEBFF",
        ok="#5CFF8F",
        ok_soft="#000000",
        warn="#FFD54F",
        warn_soft="#000000",
        danger="#FF9E94",
        danger_soft="#000000",
        spark="#FFE600",
        edge=2,
        outlined=True,
    ),
}
assert set(THEMES) == set(get_args(ThemeName))  # noqa: S101

_GROUNDS = ("paper", "surface", "sunken")
_SOFT = ("ok_soft", "warn_soft", "danger_soft")
TEXT_PAIRS: tuple[tuple[str, str], ...] = (
    *((ink, ground) for ink in ("text", "muted", "accent", "danger") for ground in _GROUNDS),
    *((ink, ground) for ink in ("ok", "warn") for ground in ("paper", "surface")),
    *((ink, ground) for ink in ("text", "muted") for ground in _SOFT),
    *((soft.removesuffix("_soft"), soft) for soft in _SOFT),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    ("on_accent_soft", "accent"),
    ("on_soft", "accent_soft"),
)
EDGE_PAIRS: tuple[tuple[str, str], ...] = (
    *((edge, ground) for edge in ("border", "focus", "accent") for ground in _GROUNDS),
    ("danger", "surface"),
)


def _luminance(colour: str) -> float:
    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The WCAG 2 contrast ratio of two `#RRGGBB` colours, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def unreadable(theme: Theme) -> list[tuple[str, str, float]]:
    """Pairs (over, under, ratio) that meet on a screen and are too faint; empty when all can be read.

    Text needs 4.5 (7 in the outlined, high-contrast theme), edges and the focus ring 3.
    """
    text_needs = 7.0 if theme.outlined else 4.5
    faint = []
    for pairs, needed in ((TEXT_PAIRS, text_needs), (EDGE_PAIRS, 3.0)):
        for over, under in pairs:
            ratio = contrast(theme.colour(over), theme.colour(under))
            if ratio < needed:
                faint.append((over, under, round(ratio, 2)))
    return faint
