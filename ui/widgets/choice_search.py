"""`ChoiceSearch`: one of many, found by a part of its name; the hand stays in the box."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from desktop.domain import persian_text
from desktop.domain.texts import say
from ui.access import announce
from ui.theme.look import Look
from ui.widgets.choices import Choice
from ui.widgets.edits import PersianEdit
from ui.widgets.field import Field
from ui.widgets.labels import Paragraph
from ui.widgets.layout import column
from ui.widgets.results import Found, ResultList

LISTED = 7
"""Rows shown; who needs the eighth types one more letter."""


class _Filter(PersianEdit):
    """Narrows the list under it; Up, Down and Enter work the list, Escape leaves it."""

    left = Signal()

    def __init__(self, results: ResultList, hint: str) -> None:
        super().__init__(hint)
        self._results = results

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._results.step(1 if event.key() == Qt.Key.Key_Down else -1)
            if found := self._results.current():
                announce(self, found.spoken(), now=True)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._results.pick_current()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class ChoiceSearch(QWidget):
    """A box and the choices whose words or second line hold what is typed, in the order given; `picked` carries a
    value, `left` says that Escape was pressed. For more than nine choices; `ChoiceTiles` for fewer."""

    picked = Signal(str)
    left = Signal()

    def __init__(self, look: Look, label: str, list_name: str, choices: Sequence[Choice], *, hint: str = "") -> None:
        super().__init__()
        self._choices = tuple(choices)
        self._folded = [persian_text.fold(f"{each.words} {each.about}") for each in choices]
        self.results = ResultList(look, list_name)
        self.box = _Filter(self.results, hint)
        self._none = Paragraph(look, say("ui.none-like-it"), tone="muted")
        self.setLayout(column(look, Field(look, label, self.box), self.results, self._none, 1, gap="xs"))
        self.box.changed.connect(self.narrow)
        self.box.left.connect(self.left)
        self.results.picked.connect(self.picked)
        self.setFocusProxy(self.box)
        self.narrow()

    def begin(self) -> None:
        """Empty the box, show the first choices, and take the keyboard."""
        self.box.set_text("")
        self.narrow()
        self.box.setFocus()

    def narrow(self) -> None:
        """Show the choices that hold what stands in the box."""
        wanted = persian_text.fold(self.box.value())
        fitting = [each for each, words in zip(self._choices, self._folded, strict=True) if wanted in words]
        self.results.show_results([Found(each.value, each.words) for each in fitting[:LISTED]], afresh=True)
        self._none.setVisible(not fitting)
