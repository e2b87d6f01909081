"""Writing a caution on a person: one calm sentence and the day it ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.domain import jalali
from desktop.domain.cautions import Caution, checked, usual_end
from desktop.domain.texts import say
from ui import tasks
from ui.access import announce
from ui.screens.base import Screen
from ui.screens.fields_form import LONGEST, FieldsForm
from ui.theme.look import Look
from ui.widgets import (
    ActionBar,
    Card,
    DateEdit,
    Field,
    Note,
    Paragraph,
    PersianEdit,
    PrimaryButton,
    TextEdit,
    column,
    columns,
    failure_note,
    heading,
    holder,
)


def caution_note(look: Look, caution: Caution) -> Note:
    """A caution as it stands beside a name: what, until when, by whom."""
    until = jalali.long(jalali.of(caution.until))
    said = say("caution.valid", day=until, by=caution.by) if caution.by else say("caution.valid-alone", day=until)
    return Note(look, "warn", "info", caution.text, said)


class CautionScreen(Screen):
    """F9, or Enter, writes it. Emits `written` when it is on the disk. `write` takes the text and the day."""

    help_name = "caution"
    holds = True

    written = Signal()

    def __init__(
        self, look: Look, name: str, now: Sequence[Caution], today: str, write: Callable[[str, str], object]
    ) -> None:
        super().__init__(look, say("caution.title"), say("caution.subtitle"))
        self._write, self._today, self._busy = write, today, False
        self.form = FieldsForm()
        usual = jalali.long(jalali.of(usual_end(today)))
        text = Field(
            look, say("caution.text"), PersianEdit(longest=LONGEST), required=True, hint=say("caution.text-hint")
        )
        until = Field(
            look, say("caution.until"), DateEdit(look, lambda: today), hint=say("caution.until-hint", day=usual)
        )
        what, end = self.form.add("text", text), self.form.add("until", until)
        last = columns(look, (end, 4), (holder(column(look, 1)), 6))
        self.form.setLayout(column(look, what, last, gap="m"))
        for field in (text, until):
            if isinstance(field.control, TextEdit):
                field.control.returnPressed.connect(self.submit)
        self.save = PrimaryButton(look, say("caution.save"), icon="save")
        self.save.clicked.connect(self.submit)
        self._notes = column(look)
        self._note: QWidget | None = None
        about = Paragraph(look, say("caution.about", name=name), scale="lead", weight="bold")
        how = Paragraph(look, say("caution.how"), tone="muted")
        body = column(look, self._notes, Card(look, about, how, self.form), gap="m")
        if now:
            body.put(Card(look, heading(look, say("caution.now")), *(caution_note(look, each) for each in now)))
        self.build(holder(body.put(1)), ActionBar(look, self.save))

    def first(self) -> QWidget:
        return self.form.fields["text"].control

    def submit(self) -> None:
        """Write it; a fault is shown at its field."""
        if self._busy:
            return
        text, until, faults = checked(self.form.typed("text"), self.form.typed("until"), self._today)
        self.form.show_faults(faults)
        if faults:
            self.form.fields[next(iter(faults))].focus()
            return
        self._busy = True
        said = say("caution.saved", day=jalali.long(jalali.of(until)))
        tasks.run(self, lambda: self._write(text, until), lambda _done: self._done(said), self._failed)

    def _done(self, said: str) -> None:
        self.told.emit(said)
        self.written.emit()

    def _failed(self, failure: tasks.Failure) -> None:
        self._busy = False
        if self._note is not None:
            self._note.hide()
            self._note.deleteLater()
        self._note = failure_note(self.look, failure.parts)
        self._notes.put(self._note)
        announce(self, " ".join(failure.parts), now=True)
