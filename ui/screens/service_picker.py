"""`ServicePicker`: the usual services as tiles 1…8, and every other one by typing a part of its name."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.domain.catalogue import Service
from desktop.domain.texts import say
from ui.theme.look import Look
from ui.widgets import Choice, ChoiceSearch, ChoiceTiles, Field, column

_USUAL = 8
_OTHER = "other"


class ServicePicker(QWidget):
    """One service of `services`, which come in the order to offer them, the most used first. `changed` when chosen."""

    changed = Signal()

    def __init__(self, look: Look, services: Sequence[Service]) -> None:
        super().__init__()
        self._look, self._services = look, {each.code: each for each in services}
        self._usual = tuple(each.code for each in services)[:_USUAL]
        self._code = ""
        self._body = column(look, gap="s")
        self.setLayout(self._body)
        self.tiles = self._made()
        self._field = Field(look, say("intake.what-for"), self.tiles, required=True)
        every = [Choice(each.code, each.short, each.name) for each in services]
        self._all = ChoiceSearch(
            look, say("intake.service-filter"), say("intake.services-all"), every,
            hint=say("intake.service-filter-hint"),
        )  # fmt: skip
        self.filter = self._all.box
        self._body.put(self._field, self._all)
        self._all.hide()
        self._all.picked.connect(self._pick)
        self._all.left.connect(self._close)

    def _made(self) -> ChoiceTiles:
        choices = [self._choice(code) for code in self._usual]
        if len(self._services) > len(choices):
            choices.append(Choice(_OTHER, say("intake.service-other"), icon="plus"))
        tiles = ChoiceTiles(self._look, say("intake.what-for"), choices, wide=3, narrow=2)
        tiles.chosen.connect(self._chosen)
        return tiles

    def _choice(self, code: str) -> Choice:
        return Choice(code, self._services[code].short)

    def value(self) -> str:
        return self._code

    def choose(self, code: str) -> None:
        """Show a service as chosen, or none; emits nothing. One that isn't usual takes the last usual one's tile."""
        self._code = code if code in self._services else ""
        if self._usual:
            rare = self._code and self._code not in self._usual
            last = self._code if rare else self._usual[-1]
            self.tiles.tiles[len(self._usual) - 1].show_choice(self._choice(last))
        self.tiles.choose(self._code or None)
        self._field.clear_error()
        self._all.hide()

    def _chosen(self) -> None:
        if self.tiles.value() == _OTHER:
            self._all.show()
            self._all.begin()
            return
        self._all.hide()
        self._code = self.tiles.value() or ""
        self.changed.emit()

    def _pick(self, code: str) -> None:
        self.choose(code)
        self.tiles.setFocus()
        self.changed.emit()

    def _close(self) -> None:
        self.choose(self._code)
        self.tiles.setFocus()

    def show_error(self, sentence: str) -> None:
        if sentence:
            self._field.set_error(sentence)
        else:
            self._field.clear_error()

    def focus(self) -> None:
        self.tiles.setFocus()
