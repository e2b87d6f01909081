"""The sealed envelope at the login: its code sets a manager's password, and a new code takes its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from desktop.domain.faults import Invalid
from desktop.domain.texts import say
from ui import tasks
from ui.access import announce
from ui.screens.password_part import CodeNote, NewPassword
from ui.theme.look import Look
from ui.widgets import (
    Button,
    Card,
    Field,
    Label,
    NotePlace,
    Paragraph,
    PrimaryButton,
    Scrolled,
    Star,
    column,
    failure_note,
    row,
)
from ui.widgets.edits import CodeEdit

_CARD_WIDTH = 620


@dataclass(frozen=True, slots=True)
class Fresh:
    """Whose password was set, and the code for the new envelope."""

    name: str
    code: str


class RecoveryScreen(QWidget):
    """Type the code and a new password twice, F9. `recover(code, password)` runs off the window's thread; `check(code)`
    raises Invalid for what no code can be. `done` when the new code was written down, or the person turned back.
    `beside` is another way, shown below."""

    help_name = "recovery"

    done = Signal()

    def __init__(
        self,
        look: Look,
        check: Callable[[str], object],
        recover: Callable[[str, str], Fresh],
        *,
        centre: str = "",
        beside: Button | None = None,
    ) -> None:
        super().__init__()
        self._look, self._check, self._recover = look, check, recover
        self.setProperty("ground", "paper")
        self.code = CodeEdit()
        self.code_field = Field(look, say("envelope.code"), self.code, required=True, hint=say("envelope.code-hint"))
        self.password = NewPassword(look)
        self.go = PrimaryButton(look, say("envelope.go"), icon="lock")
        self.back = Button(look, say("envelope.back"), icon="back", key="F10")
        self._notes = NotePlace(look)
        words = column(look, Label(look, say("envelope.title"), scale="page", weight="bold"), gap="none")
        words.put(Paragraph(look, centre or say("envelope.about"), tone="muted"))
        head = row(look, Star(look, 48), gap="m")
        head.addLayout(words, 1)
        acts = row(look, self.go, 1, self.back, gap="m")
        self._beside = beside
        other = row(look, beside, 1) if beside else row(look)
        self._card = Card(look, head, self.code_field, self.password, self._notes.box, acts, other, gap="l", pad="xl")
        inside = column(look, 1, row(look, 1, self._card, 1), 1, margins=("xl", "xl", "xl", "xl"))
        whole = column(look, gap="none")
        whole.addWidget(Scrolled(look, inside))
        self.setLayout(whole)
        self.go.clicked.connect(self.submit)
        self.back.clicked.connect(self.done)
        look.changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        self._card.setFixedWidth(min(self._look.px(_CARD_WIDTH), 860))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.code.setFocus()

    def submit(self) -> None:
        """Try it; what is missing is asked for at its field."""
        if not self.go.isEnabled():
            return
        try:
            self._check(self.code.value())
        except Invalid as wrong:
            self.code_field.set_error(wrong.sentence())
            self.code_field.focus()
            return
        password = self.password.complete()
        if password is None:
            return
        self.go.disable(say("envelope.going"))
        announce(self, say("envelope.going"))
        code = self.code.value()
        tasks.run(self, lambda: self._recover(code, password), self._recovered, self._failed)

    def _recovered(self, fresh: Fresh) -> None:
        for part in (self.code_field, self.password, self.go):
            part.hide()
        self.password.clear()
        self._notes.say(CodeNote(self._look, say("envelope.set", name=fresh.name), fresh.code))
        if self._beside is not None:
            self._beside.hide()
        self.back.set_words(say("envelope.written"))
        self.back.setFocus()

    def _failed(self, failure: tasks.Failure) -> None:
        self.go.enable()
        self._notes.say(failure_note(self._look, failure.parts))
        announce(self, " ".join(failure.parts), now=True)
        self.code.setFocus()

    def told(self) -> tuple[str, ...]:
        """What is said under the fields."""
        return self._notes.sentences()
