"""No password and no envelope: a request to the province on a stick, digits to read by telephone, the answer back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.domain import digits
from desktop.domain.texts import say
from ui import tasks
from ui.access import announce
from ui.screens.password_part import CodeNote, NewPassword
from ui.screens.recovery import Fresh
from ui.theme.look import Look
from ui.widgets import (
    Button,
    Card,
    Label,
    Note,
    Paragraph,
    PrimaryButton,
    Scrolled,
    Star,
    column,
    failure_note,
    row,
)
from ui.widgets.layout import Box
from ui.widgets.save_dialog import asked_path, open_dialog, save_dialog

_CARD_WIDTH = 620
_WIDEST = 860


@dataclass(frozen=True, slots=True)
class WayBackActs:
    """What the screen may do, off the window's thread: write a request to a path and give its digits; set the password
    by the answer at a path. `waiting` are the digits of the request that waits, empty for none."""

    ask: Callable[[str], str]
    use: Callable[[str, str], Fresh]
    waiting: str = ""


class DigitsNote(Note):
    """The digits to read aloud, large."""

    def __init__(self, look: Look, fingerprint: str) -> None:
        shown = f"\u2066{'   '.join(digits.persian(fingerprint).split())}\u2069"
        super().__init__(look, "accent", "phone", say("way-back.read-aloud"), shown, say("way-back.then"), big=True)

    def _paragraph(self, number: int, sentence: str) -> Paragraph:
        if sentence.startswith("\u2066"):
            return Paragraph(self._look, sentence, scale="title", weight="bold")
        return super()._paragraph(number, sentence)


class ProvinceRecoveryScreen(QWidget):
    """F6 writes the request; when the province has answered, F7 chooses its file, a new password twice, F9. `done` when
    the new code was written down, or the person turned back."""

    help_name = "way-back"
    done = Signal()

    def __init__(self, look: Look, acts: WayBackActs) -> None:
        super().__init__()
        self._look, self._acts, self._answer = look, acts, ""
        self._note: Note | None = None
        self._shown: DigitsNote | None = None
        self.setProperty("ground", "paper")
        self.ask = Button(look, say("way-back.ask"), icon="save", key="F6")
        self.choose = Button(look, say("way-back.choose"), icon="inbox", key="F7")
        self.password = NewPassword(look)
        self.go = PrimaryButton(look, say("envelope.go"), icon="lock")
        self.back = Button(look, say("envelope.back"), icon="back", key="F10")
        self._chosen = Paragraph(look, say("way-back.none-chosen"), tone="muted")
        self._aloud, self._wrong, self._notes = column(look), column(look), column(look)
        words = column(look, Label(look, say("way-back.title"), scale="page", weight="bold"), gap="none")
        words.put(Paragraph(look, say("way-back.about"), tone="muted"))
        head = row(look, Star(look, 48), gap="m")
        head.addLayout(words, 1)
        self._asking = QWidget()
        first = column(look, Paragraph(look, say("way-back.first"), weight="bold"), row(look, self.ask, 1), gap="s")
        self._asking.setLayout(first)
        self._answering = QWidget()
        second = column(look, Paragraph(look, say("way-back.second"), weight="bold"), gap="m")
        second.put(row(look, self.choose, 1))
        second.put(self._chosen, self._wrong)
        second.put(self.password)
        self._answering.setLayout(second)
        acts_row = row(look, self.go, 1, self.back, gap="m")
        parts = (head, self._asking, self._aloud, self._answering, self._notes, acts_row)
        self._card = Card(look, *parts, gap="l", pad="xl")
        inside = column(look, 1, row(look, 1, self._card, 1), 1, margins=("xl", "xl", "xl", "xl"))
        whole = column(look, gap="none")
        whole.addWidget(Scrolled(look, inside))
        self.setLayout(whole)
        self.ask.clicked.connect(self.write)
        self.choose.clicked.connect(self.pick)
        self.go.clicked.connect(self.submit)
        self.back.clicked.connect(self.done)
        look.changed.connect(self._fit)
        self._fit()
        if acts.waiting:
            self._show_digits(acts.waiting)

    def _fit(self) -> None:
        self._card.setFixedWidth(min(self._look.px(_CARD_WIDTH), _WIDEST))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        (self.choose if self._acts.waiting else self.ask).setFocus()

    # the request
    def write(self) -> None:
        """Ask where to, and write it."""
        path = asked_path(self.save_where())
        if path:
            self.ask.disable(say("way-back.asking"))
            tasks.run(self, lambda: self._acts.ask(path), self._asked, self._not_asked)

    def save_where(self) -> QFileDialog:
        """Asks where the request goes: the stick that is in, else home."""
        files, name = say("way-back.files"), say("way-back.file-name")
        return save_dialog(self, say("way-back.ask"), name, folder="", files=files, suffix="json")

    def _asked(self, fingerprint: str) -> None:
        self.ask.enable()
        self._show_digits(fingerprint)
        announce(self, f"{say('way-back.read-aloud')} {fingerprint}", now=True)
        self.choose.setFocus()

    def _show_digits(self, fingerprint: str) -> None:
        if self._shown is not None:
            self._shown.hide()
            self._shown.deleteLater()
        self._shown = DigitsNote(self._look, fingerprint)
        self._aloud.put(self._shown)

    # the answer
    def pick(self) -> None:
        """Ask which file the answer is."""
        path = asked_path(self.open_which())
        if path:
            self.chose(path)

    def open_which(self) -> QFileDialog:
        """Asks for the answer's file."""
        return open_dialog(self, say("way-back.choose"), files=say("way-back.files"))

    def chose(self, path: str) -> None:
        """The answer lies there."""
        self._answer = path
        self._chosen.setText(say("way-back.chosen", name=path.replace("\\", "/").rsplit("/", 1)[-1]))
        self.password.new.setFocus()

    def submit(self) -> None:
        """Set the password; what is missing is asked for at its place."""
        if not self.go.isEnabled():
            return
        if not self._answer:
            self._chosen.setText(say("way-back.choose-first"))
            announce(self, say("way-back.choose-first"), now=True)
            self.choose.setFocus()
            return
        password = self.password.complete()
        if password is None:
            return
        self.go.disable(say("envelope.going"))
        announce(self, say("envelope.going"))
        path = self._answer
        tasks.run(self, lambda: self._acts.use(path, password), self._recovered, self._failed)

    def _recovered(self, fresh: Fresh) -> None:
        for part in (self._asking, self._answering, self.go, self._shown):
            if part is not None:
                part.hide()
        self.password.clear()
        self._tell(CodeNote(self._look, say("envelope.set", name=fresh.name), fresh.code), self._notes)
        self.back.set_words(say("envelope.written"))
        self.back.setFocus()

    def _not_asked(self, failure: tasks.Failure) -> None:
        self.ask.enable()
        self._fail(failure, self._aloud)
        self.ask.setFocus()

    def _failed(self, failure: tasks.Failure) -> None:
        self.go.enable()
        self._fail(failure, self._wrong)
        self.choose.setFocus()

    def _fail(self, failure: tasks.Failure, beside: Box) -> None:
        self._tell(failure_note(self._look, failure.parts), beside)
        announce(self, " ".join(failure.parts), now=True)

    def _tell(self, note: Note, where: Box) -> None:
        if self._note is not None:
            self._note.hide()
            self._note.deleteLater()
        self._note = note
        where.put(note)

    def told(self) -> tuple[str, ...]:
        """What is said under the fields."""
        return self._note.sentences() if self._note is not None else ()

    def digits(self) -> tuple[str, ...]:
        """What is to be read aloud, as it is shown."""
        return self._shown.sentences() if self._shown is not None else ()
