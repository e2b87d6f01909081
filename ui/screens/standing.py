"""Where a request stands: a code is typed or scanned, one sentence comes to be read aloud or shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from desktop.domain import digits
from desktop.domain.faults import Invalid
from desktop.domain.paper_number import parse
from desktop.domain.standing import Standing, sentence
from desktop.domain.texts import say
from ui import tasks
from ui.access import announce
from ui.screens.base import Screen
from ui.theme.look import Look
from ui.widgets import (
    ActionBar,
    Button,
    Card,
    DigitsEdit,
    Field,
    Note,
    NotePlace,
    Paragraph,
    PrimaryButton,
    column,
    holder,
)

_LONGEST = 60


@dataclass(frozen=True, slots=True)
class StandingActs:
    """`find` blocks and is called off the window's thread; `show` puts a sentence over a screen; `open_person` goes to
    the file."""

    find: Callable[[str], Standing]
    show: Callable[[str], None]
    open_person: Callable[[str], None]


class StandingScreen(Screen):
    """Enter, which a scanner presses by itself, asks; F9 shows the sentence to the client; F8 opens the file."""

    help_name = "standing"

    def __init__(self, look: Look, acts: StandingActs) -> None:
        super().__init__(look, say("standing.title"), say("standing.subtitle"))
        self._acts = acts
        self._standing: Standing | None = None
        self._latest: tasks.Latest[Standing] = tasks.Latest(self)
        self.edit = DigitsEdit(longest=_LONGEST)
        self.code = Field(look, say("standing.code"), self.edit, required=True, hint=say("standing.code-hint"))
        self.edit.returnPressed.connect(self.ask)
        self._said = Paragraph(look, say("standing.begin"), tone="muted")
        self.answer = Paragraph(look, scale="title", weight="medium")
        self._number = Paragraph(look, tone="muted")
        self._card = Card(look, self._number, self.answer, gap="s", pad="xl")
        self._card.hide()
        self._notes = NotePlace(look)
        self.show_it = PrimaryButton(look, say("standing.show"), icon="eye")
        self.show_it.clicked.connect(self._show_sentence)
        self.open_it = Button(look, say("standing.open"), icon="files", key="F8")
        self.open_it.clicked.connect(self._open)
        body = column(look, Card(look, self.code), self._notes.box, self._said, self._card, 1, gap="m")
        self.build(holder(body), ActionBar(look, self.show_it, self.open_it))
        self._tell()

    def first(self) -> QWidget:
        return self.edit

    def ask(self) -> None:
        """Look the code up. A wrong digit is said at the field, before anything is looked for."""
        typed = self.edit.value()
        self._notes.say(None)
        try:
            parse(typed)
        except Invalid as fault:
            self._standing = None
            self._tell()
            self.code.set_error(fault.sentence())
            self.code.focus()
            return
        self.code.clear_error()
        self._latest.run(lambda: self._acts.find(typed), self.show_standing, self._failed)

    def show_standing(self, standing: Standing) -> None:
        """The sentence, said at once to a screen reader; the box is ready for the next code."""
        self._standing = standing
        self._tell()
        announce(self.edit, self.answer.text())
        self.edit.setFocus()
        self.edit.selectAll()

    def _tell(self) -> None:
        standing = self._standing
        self._card.setVisible(standing is not None)
        self._said.setVisible(standing is None and self._notes.note is None)
        for button in (self.show_it, self.open_it):
            if standing is None:
                button.disable(say("standing.begin"))
            else:
                button.enable()
        if standing is not None:
            self.answer.setText(sentence(standing))
            self._number.setText(f"\u2066{digits.persian(standing.tracking_code)}\u2069")
            self._card.updateGeometry()

    def _failed(self, failure: tasks.Failure) -> None:
        self._standing = None
        self._notes.say(Note(self.look, "danger", "alert", *failure.parts))
        self._tell()
        announce(self.edit, " ".join(failure.parts), now=True)
        self.edit.setFocus()

    def problem(self) -> tuple[str, ...]:
        return self._notes.sentences()

    def _show_sentence(self) -> None:
        if self._standing is not None:
            self._acts.show(sentence(self._standing))

    def _open(self) -> None:
        if self._standing is not None:
            self._acts.open_person(self._standing.person_id)
