"""The help of one screen: what the place is for, the steps, and its keys, read from what is bound."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from desktop.domain.texts import catalogue, say
from ui.access import announce
from ui.bound import Bound
from ui.floating import Panel
from ui.theme.look import Look
from ui.widgets import Button, Grid, KeyCap, Label, Paragraph, Scrolled, column, heading, holder, row

_STEPS_MOST = 6


def steps(name: str) -> list[str]:
    """The steps of a screen, in their order."""
    keys = (f"help.{name}.step-{n}" for n in range(1, _STEPS_MOST + 1))
    return [say(key) for key in keys if key in catalogue()]


class HelpPanel(Panel):
    """`name` is the screen's table under `help`; `here` are its own keys, `everywhere` those of the window."""

    key = "F1"

    def __init__(self, look: Look, name: str, title: str, here: Sequence[Bound], everywhere: Sequence[Bound]) -> None:
        super().__init__(look, say("help-page.title", place=title))
        self._what, self._steps = say(f"help.{name}.what"), steps(name)
        self.here, self.everywhere = _once(here), _once(everywhere)
        self.close_button = Button(look, say("help-page.close"), kind="quiet", icon="back", key="Esc", bind=False)
        self.close_button.clicked.connect(self.left)
        self.put(row(look, heading(look, say("help-page.title", place=title)), 1, self.close_button))
        parts: list[QWidget] = [Paragraph(look, self._what, scale="lead")]
        parts += [self._step(number, words) for number, words in enumerate(self._steps, 1)]
        for words, keys in ((say("help-page.here"), self.here), (say("help-page.everywhere"), self.everywhere)):
            if keys:
                parts += [Label(look, words, weight="bold"), self._keys(keys)]
        self._page = Scrolled(look, column(look, *parts, 1, gap="m"))
        self.body.addWidget(self._page, 1)

    def _step(self, number: int, words: str) -> QWidget:
        line = row(self.look, Label(self.look, say("ui.number", n=number), weight="bold", tone="accent"), gap="m")
        line.addWidget(Paragraph(self.look, words), 1)
        return holder(line)

    def _keys(self, keys: Sequence[Bound]) -> QWidget:
        cells = []
        for each in keys:
            line = row(self.look, KeyCap(self.look, each.key), gap="s")
            line.addWidget(Paragraph(self.look, each.words), 1)
            cells.append(holder(line))
        return holder(Grid(self.look, cells, wide=2, narrow=1))

    def first(self) -> QWidget:
        return self.close_button

    def words(self) -> str:
        """All of it, as it is read aloud."""
        keys = (f"{each.key}: {each.words}" for each in (*self.here, *self.everywhere))
        return "\n".join((self._what, *self._steps, *keys))

    def read_out(self) -> None:
        announce(self, self.words())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrows scroll; the keyboard stays on the one button."""
        bar, page = self._page.verticalScrollBar(), self._page.viewport().height()
        step = {
            Qt.Key.Key_Down: bar.singleStep(), Qt.Key.Key_Up: -bar.singleStep(),
            Qt.Key.Key_PageDown: page, Qt.Key.Key_PageUp: -page,
        }.get(Qt.Key(event.key()))  # fmt: skip
        if step is None:
            super().keyPressEvent(event)
        else:
            bar.setValue(bar.value() + step)


def _once(keys: Sequence[Bound]) -> list[Bound]:
    """Only what has a key, the same act of the same key once."""

    def fresh() -> Iterator[Bound]:
        told = set()
        for each in keys:
            if each.key and (each.key, each.words) not in told:
                told.add((each.key, each.words))
                yield each

    return list(fresh())
