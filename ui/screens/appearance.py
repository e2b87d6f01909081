"""How the window looks to whoever sits at it: the theme and the size of everything, changed at once."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from desktop.domain import digits
from desktop.domain.texts import say
from ui.screens.base import Screen
from ui.theme.look import Look
from ui.theme.tokens import THEMES, ZOOMS, ThemeName
from ui.widgets import Card, Chip, Choice, ChoiceTiles, Field, Note, Paragraph, column, columns, heading, holder, row

_ICONS: dict[ThemeName, str] = {"light": "sun", "dark": "moon", "contrast": "form-contrast"}


def theme_words(theme: ThemeName) -> str:
    """The theme's name for people."""
    return say(f"appearance.theme.{theme}")


def zoom_words(zoom: float) -> str:
    """A zoom in percent, in Persian digits: ۱۲۵٪."""
    return say("appearance.percent", n=digits.persian(round(zoom * 100)))


class AppearanceScreen(Screen):
    """Arrows or a digit change the theme, and the size; the whole window is the preview, a sample stands beside them.

    Whoever owns the `Look` keeps what was chosen; Esc goes back as from anything laid over a place.
    """

    help_name = "appearance"

    def __init__(self, look: Look) -> None:
        super().__init__(look, say("appearance.title"), say("appearance.subtitle"))
        themes = [
            Choice(name, theme_words(name), say(f"appearance.about.{name}"), _ICONS[name]) for name in THEMES
        ]  # fmt: skip
        self.themes = ChoiceTiles(look, say("appearance.theme-label"), themes, wide=3, narrow=1)
        sizes = [Choice(str(zoom), zoom_words(zoom)) for zoom in ZOOMS]
        self.sizes = ChoiceTiles(look, say("appearance.size-label"), sizes, wide=6, narrow=3)
        theme = Field(look, say("appearance.theme-label"), self.themes)
        size = Field(look, say("appearance.size-label"), self.sizes, hint=say("appearance.size-hint"))
        self.themes.chosen.connect(self._theme_chosen)
        self.sizes.chosen.connect(self._size_chosen)
        look.changed.connect(self._show_now)
        self._show_now()
        kept = Paragraph(look, say("appearance.kept"), tone="muted")
        body = column(look, Card(look, theme, size, kept, gap="l"), self._sample(), 1, gap="m")
        self.build(holder(body))

    def first(self) -> QWidget:
        return self.themes

    def _sample(self) -> QWidget:
        """Words, states and a note as they stand on the screens; nothing in it can be pressed."""
        look = self.look
        chips = row(look, Chip(look, say("appearance.sample-ok"), tone="ok", icon="check"), gap="s")
        chips.put(Chip(look, say("appearance.sample-warn"), tone="warn", icon="clock"))
        chips.put(Chip(look, say("appearance.sample-danger"), tone="danger", icon="alert"), 1)
        words = column(look, heading(look, say("appearance.sample")), Paragraph(look, say("appearance.sample-words")))
        words.put(Paragraph(look, say("appearance.sample-quiet"), scale="caption", tone="muted"), chips)
        note = Note(look, "ok", "check", say("appearance.sample-note"), say("appearance.sample-note-more"))
        return Card(look, columns(look, (holder(words), 1), (holder(column(look, note, 1)), 1)))

    def _show_now(self) -> None:
        self.themes.choose(self.look.theme_name)
        self.sizes.choose(str(self.look.zoom))

    def _theme_chosen(self) -> None:
        for name in THEMES:
            if name == self.themes.value():
                self.look.set_theme(name)

    def _size_chosen(self) -> None:
        if (chosen := self.sizes.value()) is not None:
            self.look.set_zoom(float(chosen))
