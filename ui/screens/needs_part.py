"""What the one who came needs: the common things as tiles, the rest behind one button; and as chips on their card."""

from __future__ import annotations

from typing import cast

from PySide6.QtWidgets import QWidget

from desktop.domain import digits
from desktop.domain.papers import VARIANTS, Variant
from desktop.domain.people import CHANNELS, LANGUAGES, Needs
from desktop.domain.texts import catalogue, say
from ui.screens.fields_form import FieldsForm
from ui.theme.look import Look
from ui.widgets import (
    Button,
    Card,
    Chip,
    Choice,
    ChoiceTiles,
    DigitsEdit,
    Field,
    Paragraph,
    PersianEdit,
    column,
    columns,
    holder,
    row,
)

_COMMON = (
    ("sign_language", "hand"), ("wheelchair", "wheelchair"), ("companion", "person"), ("does_not_read", "ear"),
)  # fmt: skip
_RARER = (("braille", "paper"), ("lip_reading", "eye"))
_PERSIAN = "fa"
_RELAY = ("relay_name", "relay_phone")


def language_name(code: str) -> str:
    """A language in words; a code this program doesn't know, as it is."""
    return catalogue().get(f"people.language.{code}", code)


def needs_chips(look: Look, needs: Needs) -> list[Chip]:
    """Everything about needs in words, the paper first."""
    chips = []
    if needs.variant != "standard":
        chips.append(Chip(look, say(f"papers.variant.{needs.variant}"), tone="accent", icon="paper"))
    for name, icon in (*_COMMON, *_RARER):
        if getattr(needs, name):
            chips.append(Chip(look, say(f"people.needs.{name}"), tone="accent", icon=icon))
    if needs.language:
        chips.append(Chip(look, say("people.needs.speaks", language=language_name(needs.language)), tone="accent"))
    if needs.channel:
        chips.append(Chip(look, say(f"people.channel.{needs.channel}"), tone="accent", icon="phone"))
    return chips


def relay_words(needs: Needs) -> str:
    """Who speaks for them, and the number; empty where nobody does."""
    return " ".join(filter(None, (needs.relay_name, digits.persian(needs.relay_phone))))


class NeedsPart(FieldsForm):
    """The paper they can read, and what else they need: of the one who came, whoever the service is for.

    What is rarer stays behind a button until it is asked for, or something of it is known.
    """

    def __init__(self, look: Look) -> None:
        super().__init__()
        papers = [Choice(each, say(f"papers.variant.{each}")) for each in VARIANTS]
        self._paper = ChoiceTiles(look, say("intake.paper"), papers, wide=2, compact=True)
        self._needs = _tiles(look, say("intake.needs"), _COMMON)
        self._whose = Paragraph(look, scale="lead", weight="bold")
        self._foreign = ""
        common = [(self._field(look, each), 1) for each in (self._paper, self._needs)]
        self._rest = self._made_rest(look)
        self.more = Button(look, say("people.needs.more"), kind="quiet")
        self.more.clicked.connect(self._switch)
        whole = Card(look, self._whose, holder(columns(look, *common)), row(look, self.more, 1), self._rest)
        self.setLayout(column(look, whole))

    def _made_rest(self, look: Look) -> QWidget:
        self._rarer = _tiles(look, say("people.needs.more-label"), _RARER)
        spoken = [Choice(each, language_name(each)) for each in (_PERSIAN, *LANGUAGES)]
        self._language = ChoiceTiles(look, say("people.needs.language-label"), spoken, wide=6, narrow=3, compact=True)
        channels = [Choice(each, say(f"people.channel.{each}")) for each in CHANNELS]
        self._channel = ChoiceTiles(look, say("people.needs.channel-label"), channels, wide=5, narrow=2, compact=True)
        hint = say("people.needs.relay-hint")
        relay = (
            self.add("relay_name", Field(look, say("people.needs.relay_name"), PersianEdit(longest=60), hint=hint)),
            self.add("relay_phone", Field(look, say("people.needs.relay_phone"), DigitsEdit(longest=40))),
        )
        groups = [self._field(look, each) for each in (self._rarer, self._language, self._channel)]
        return holder(column(look, *groups, holder(columns(look, *((each, 1) for each in relay))), gap="m"))

    def _field(self, look: Look, tiles: ChoiceTiles) -> Field:
        tiles.chosen.connect(self.changed)
        return Field(look, tiles.accessibleName(), tiles)

    def show_whose(self, name: str) -> None:
        self._whose.setText(say("intake.needs-of", name=name))

    def value(self) -> Needs:
        chosen = {*self._needs.values(), *self._rarer.values()}
        language = self._language.value() or ""
        return Needs(
            cast("Variant", self._paper.value() or "standard"),
            **{name: name in chosen for name, _ in (*_COMMON, *_RARER)},
            language="" if language == _PERSIAN else language or self._foreign,
            channel=self._channel.value() or "",
            relay_name=self.typed("relay_name"),
            relay_phone=self.typed("relay_phone"),
        )

    def show_needs(self, needs: Needs) -> None:
        self._paper.choose(needs.variant)
        for tiles, names in ((self._needs, _COMMON), (self._rarer, _RARER)):
            tiles.choose([name for name, _ in names if getattr(needs, name)])
        # a language of a later program has no tile here, and stays
        self._foreign = needs.language if needs.language not in LANGUAGES else ""
        self._language.choose(None if self._foreign else needs.language or _PERSIAN)
        self._channel.choose(needs.channel or None)
        for name in _RELAY:
            self.put(name, getattr(needs, name))
        rarer = any(getattr(needs, name) for name, _ in _RARER)
        self.open_rest(rarer or any((needs.language, needs.channel, needs.relay_name, needs.relay_phone)))

    def open_rest(self, opened: bool) -> None:
        """Show what is rarer, or put it away."""
        self._rest.setVisible(opened)
        self.more.set_words(say("people.needs.fewer" if opened else "people.needs.more"))

    def _switch(self) -> None:
        opened = self._rest.isHidden()
        self.open_rest(opened)
        if opened:
            self._rarer.setFocus()


def _tiles(look: Look, name: str, needs: tuple[tuple[str, str], ...]) -> ChoiceTiles:
    choices = [Choice(each, say(f"people.needs.{each}"), icon=icon) for each, icon in needs]
    return ChoiceTiles(look, name, choices, several=True, wide=2, compact=True)
