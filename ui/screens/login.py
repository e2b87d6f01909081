"""Opening the desk: who sits here, and their password."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from desktop.domain import texts
from ui import tasks
from ui.access import announce
from ui.theme.look import Look
from ui.widgets import (
    Card,
    Choice,
    ChoiceTiles,
    Field,
    Label,
    NotePlace,
    Paragraph,
    PasswordEdit,
    PrimaryButton,
    Scrolled,
    Star,
    column,
    failure_note,
    row,
)

_CARD_WIDTH = 520


@dataclass(frozen=True, slots=True)
class LoginUser:
    """Someone who may open this desk; `id` goes back to `unlock`."""

    id: str
    name: str


class LoginScreen(QWidget):
    """Choose yourself, write the password, Enter. `opened` carries what `unlock(user id, password)` returned.

    `unlock` runs off the window's thread and raises `Known` where the password is wrong or the vault can't be read;
    its three parts are then shown and the password is asked again.
    """

    help_name = "login"

    opened = Signal(object)

    def __init__(
        self,
        look: Look,
        users: Sequence[LoginUser],
        unlock: Callable[[str, str], object],
        *,
        centre: str = "",
        title: str = "",
        safe: str = "",
        chosen: str = "",
        beside: QWidget | None = None,
    ) -> None:
        """`title` and `safe` are said instead of the usual; `chosen` is who the password is asked of first; `beside`
        another way out, next to the button."""
        super().__init__()
        self._look, self._unlock = look, unlock
        self.setProperty("ground", "paper")
        people = [Choice(user.id, user.name, icon="person") for user in users]
        self.who = ChoiceTiles(look, texts.say("login.who"), people, wide=2, narrow=1)
        self.password = PasswordEdit()
        self.who_field = Field(look, texts.say("login.who"), self.who)
        hint = texts.say("login.hint")
        self.password_field = Field(look, texts.say("login.password"), self.password, hint=hint)
        self.button = PrimaryButton(look, texts.say("login.open"), icon="lock")
        self._notes = NotePlace(look)
        quiet = Paragraph(look, safe or texts.say("login.safe"), scale="caption", tone="muted")
        words = column(look, Label(look, title or texts.say("app.title"), scale="page", weight="bold"), gap="none")
        if centre:
            words.put(Paragraph(look, centre, tone="muted"))
        head = row(look, Star(look, 48), gap="m")
        head.addLayout(words, 1)
        acts = row(look, self.button, 1, *([beside] if beside else []), gap="m")
        parts = (head, self.who_field, self.password_field, self._notes.box, acts, quiet)
        self._card = Card(look, *parts, gap="l", pad="xl")
        inside = column(look, 1, row(look, 1, self._card, 1), 1, margins=("xl", "xl", "xl", "xl"))
        whole = column(look, gap="none")
        whole.addWidget(Scrolled(look, inside))
        self.setLayout(whole)
        if chosen or len(people) == 1:
            self.who.choose(chosen or people[0].value)
        self.who.chosen.connect(self._chosen)
        self.who.settled.connect(self.password.setFocus)  # a password begins with any key, a digit too
        self.password.returnPressed.connect(self.submit)
        self.button.clicked.connect(self.submit)
        look.changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        self._card.setFixedWidth(self._look.px(_CARD_WIDTH))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        (self.who if self.who.value() is None else self.password).setFocus()

    def _chosen(self) -> None:
        self._notes.say(None)

    def submit(self) -> None:
        """Try to open; does nothing while an attempt is under way."""
        if not self.button.isEnabled():
            return
        user, password = self.who.value(), self.password.value()
        if user is None:
            self.who_field.set_error(texts.say("login.user-missing"))
            self.who.setFocus()
        elif not password:
            self.password_field.set_error(texts.say("login.password-missing"))
            self.password.setFocus()
        else:
            self._notes.say(None)
            self.button.disable(texts.say("login.opening"))
            announce(self, texts.say("login.opening"))
            tasks.run(self, lambda: self._unlock(user, password), self._opened, self._failed)

    def _opened(self, session: object) -> None:
        self.password.clear()
        self.button.enable()
        self.opened.emit(session)

    def _failed(self, failure: tasks.Failure) -> None:
        self.button.enable()
        self._notes.say(failure_note(self._look, failure.parts))
        announce(self, " ".join(failure.parts), now=True)
        self.password.setAccessibleDescription(" ".join(failure.parts))
        self.password.selectAll()
        self.password.setFocus()

    def fail(self, parts: tuple[str, str, str]) -> None:
        """Say what went wrong elsewhere, as if the password had been refused."""
        self._failed(tasks.Failure(parts, ""))

    def wait(self, words: str) -> None:
        """The password was right; what is under way ends first."""
        self.button.disable(words)
        self.password.setEnabled(False)
        announce(self, words)

    def note(self) -> tuple[str, ...]:
        """What is shown of the last failure."""
        return self._notes.sentences()
