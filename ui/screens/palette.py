"""The commands: one box for the places, the people and everything that can be done here, by a few letters and Enter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from desktop.domain import digits
from desktop.domain.commands import Command, matching
from desktop.domain.people import Found
from desktop.domain.texts import say
from ui import tasks
from ui.floating import Panel
from ui.screens.intake_parts import about
from ui.screens.person_form import age_of
from ui.theme.look import Look
from ui.widgets import Found as Row
from ui.widgets import Paragraph, ResultList, Scrolled, SearchBox, column

PEOPLE_MOST = 5
_LEAST = 2
"""Letters before people are looked for: one alone would find half the town."""
_COMMAND, _PERSON = "command:", "person:"


class _Box(SearchBox):
    """Enter takes the current row at once: commands are there with every letter. Where there is none, it hurries the
    search for people."""

    hurried = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.hurried.emit()
            self.search_now()
        super().keyPressEvent(event)


class Palette(Panel):
    """Emits `command` with the id of the command, or `person` with the id of the person, that was chosen.

    `find` blocks and is called off the window's thread; it is F3's own, with IDs masked. None where the person who sits
    here may find nobody.
    """

    command = Signal(str)
    person = Signal(str)
    key = "F2"

    def __init__(
        self,
        look: Look,
        commands: Sequence[Command],
        find: Callable[[str], list[Found]] | None,
        today: Callable[[], str],
    ) -> None:
        super().__init__(look, say("palette.title"))
        self._commands, self._find, self._today = commands, find, today
        self._people: list[Row] = []
        self._answered, self._hurried = "", False
        self._latest: tasks.Latest[list[Found]] = tasks.Latest(self)
        self.box = _Box(look, say("palette.box"), say("palette.hint"), "F2")
        self.rows = ResultList(look, say("palette.rows"))
        self._none = Paragraph(look, say("palette.none"), tone="muted")
        self._list = Scrolled(look, column(look, self._none, self.rows, 1, gap="none"))
        self.box.drive(self.rows)
        self.box.changed.connect(self._typed)
        self.box.hurried.connect(self._hurry)
        self.box.searched.connect(self._search)
        self.rows.picked.connect(self._pick)
        self.rows.selectionModel().currentChanged.connect(self._in_sight)
        self.put(self.box)
        self.body.addWidget(self._list, 1)
        self._show()

    def first(self) -> QWidget:
        return self.box

    def _hurry(self) -> None:
        self._hurried = not self.rows.results()

    def _typed(self) -> None:
        self._hurried = False
        if self.box.value() != self._answered:
            self._people = []
        self._show(afresh=True)

    def _search(self, typed: str) -> None:
        if self._find is None or len(typed.strip()) < _LEAST:
            self._latest.forget()
            return
        find = self._find
        self._latest.run(lambda: find(typed), partial(self._found, typed), lambda _failure: None)

    def _found(self, typed: str, found: Sequence[Found]) -> None:
        self._answered = typed
        self._people = [self._row(each) for each in found[:PEOPLE_MOST]]
        self._show()
        if self._hurried and len(self.rows.results()) == 1:
            self.rows.pick_current()
            return
        self.box.tell_count(say("palette.count", n=len(self.rows.results())))

    def _show(self, *, afresh: bool = False) -> None:
        """Commands first; Enter takes the current row, whichever came meanwhile."""
        rows = [_row(each) for each in matching(self._commands, self.box.value())]
        self.rows.show_results([*rows, *self._people], afresh=afresh)
        self._none.setVisible(not rows and not self._people)

    def _row(self, found: Found) -> Row:
        facts = (age_of(found.birth, self._today()), digits.persian(found.shown_id), found.address)
        return Row(_PERSON + found.person_id, found.name, about(facts), say("palette.person"), "accent")

    def _pick(self, row_id: str) -> None:
        """What was chosen is done once the panel is gone and the keyboard is back."""
        self.left.emit()
        if row_id.startswith(_PERSON):
            self.person.emit(row_id.removeprefix(_PERSON))
        else:
            self.command.emit(row_id.removeprefix(_COMMAND))

    def _in_sight(self, current: QModelIndex) -> None:
        """The row the arrows reached, while the keyboard stays in the box."""
        spot, inside = self.rows.visualRect(current), self._list.widget()
        if inside is not None and self.rows.isVisible():
            at = self.rows.mapTo(inside, spot.center())
            self._list.ensureVisible(at.x(), at.y(), 0, spot.height())


def _row(each: Command) -> Row:
    key = say("ui.key", key=f"\u2066{each.key}\u2069") if each.key else ""
    return Row(_COMMAND + each.id, each.words, key, say(f"palette.kind-{each.kind}"))
