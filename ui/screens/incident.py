"""What happened, in one sentence and Enter; and the urgent referral to 123 with its script beside the form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.domain.incidents import HARMED, REACHED, Nature, Report, checked
from desktop.domain.texts import say
from ui import tasks
from ui.access import announce
from ui.screens.base import Screen
from ui.screens.fields_form import LONGEST, FieldsForm
from ui.theme.look import Look
from ui.widgets import (
    ActionBar,
    Button,
    Card,
    Choice,
    ChoiceTiles,
    Field,
    Label,
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
    row,
)

_SCRIPT: dict[str, Sequence[str]] = {
    "ask": ("ask-1", "ask-2", "ask-3"),
    "tell": ("tell-1", "tell-2", "tell-3"),
    "never": ("never-1", "never-2", "never-3"),
}


@dataclass(frozen=True, slots=True)
class IncidentActs:
    """`record` blocks and is called off the window's thread; `open_list` is None where whoever sits here may not read
    what was recorded."""

    record: Callable[[Report], object]
    open_list: Callable[[], None] | None = None


class IncidentForm(FieldsForm):
    """The fields of either form. `entered` when Enter was pressed in one of its edits."""

    entered = Signal()

    def __init__(self, look: Look, nature: Nature, person: tuple[str, str]) -> None:
        """`person` is the id and the name of whoever's file is open, two empty texts where none is."""
        super().__init__()
        self._nature, self._person_id = nature, person[0]
        words = "urgent" if nature == "urgent" else "incident"
        hint = say(f"{words}.happened-hint")
        happened = Field(look, say(f"{words}.happened"), PersianEdit(longest=LONGEST), required=True, hint=hint)
        parts: list[QWidget] = [self.add("happened", happened)]
        if nature == "urgent":
            reached = [Choice(each, say(f"urgent.reached-by.{each}")) for each in REACHED]
            tiles = ChoiceTiles(look, say("urgent.reached"), reached, compact=True)
            parts.append(self.add("reached", Field(look, say("urgent.reached"), tiles, required=True)))
        else:
            harmed = [Choice(each, say(f"incident.harmed-by.{each}")) for each in HARMED]
            tiles = ChoiceTiles(look, say("incident.harmed"), harmed, wide=5, compact=True)
            tiles.choose("unknown")
            parts.append(self.add("harmed", Field(look, say("incident.harmed"), tiles)))
        done = Field(look, say(f"{words}.done"), PersianEdit(longest=LONGEST), hint=say(f"{words}.done-hint"))
        parts.append(self.add("done", done))
        self._about: ChoiceTiles | None = None
        if person[0]:
            one = [Choice("yes", say("incident.about-person", name=person[1]), icon="person")]
            self._about = ChoiceTiles(look, say("incident.about"), one, several=True, wide=1, compact=True)
            self._about.choose("yes" if nature == "urgent" else None)
            parts.append(Field(look, say("incident.about"), self._about))
        self.setLayout(column(look, *parts, gap="m"))
        for field in self.fields.values():
            if isinstance(field.control, TextEdit):
                field.control.returnPressed.connect(self.entered)

    def report(self) -> Report:
        about = self._about is not None and bool(self._about.values())
        return Report(
            self._nature, self.typed("happened"), self._person_id if about else "",
            self.chosen("harmed") if "harmed" in self.fields else "", self.typed("done"),
            self.chosen("reached") if "reached" in self.fields else "",
        )  # fmt: skip


class IncidentScreen(Screen):
    """Enter in a sentence, or F9, records. Nothing typed here is kept as a draft: it would be read by others.

    Emits `recorded` when the report is on the disk.
    """

    holds = True
    recorded = Signal()

    def __init__(self, look: Look, nature: Nature, person: tuple[str, str], acts: IncidentActs) -> None:
        self._words = "urgent" if nature == "urgent" else "incident"
        super().__init__(look, say(f"{self._words}.title"), say(f"{self._words}.subtitle"))
        self._acts, self._busy, self.help_name = acts, False, self._words
        self.form = IncidentForm(look, nature, person)
        self.form.entered.connect(self.submit)
        self.save = PrimaryButton(look, say(f"{self._words}.save"), icon="save")
        self.save.clicked.connect(self.submit)
        buttons: list[Button] = [self.save]
        if acts.open_list is not None:
            listed = Button(look, say("incident.list"), icon="lock", key="F8")
            listed.clicked.connect(acts.open_list)
            buttons.append(listed)
        self.bar = ActionBar(look, *buttons)
        self._notes = column(look)
        self._note: QWidget | None = None
        self.build(self._body(nature), self.bar)

    def _body(self, nature: Nature) -> QWidget:
        look = self.look
        if nature == "urgent":
            left = holder(column(look, self._script(), gap="m"))
            right = holder(column(look, self._notes, Card(look, self.form), 1, gap="m"))
            return holder(columns(look, (right, 13), (left, 14)))
        first = Note(look, "accent", "info", say("incident.first"), say("incident.first-more"))
        return holder(column(look, first, self._notes, Card(look, self.form), 1, gap="m"))

    def _script(self) -> QWidget:
        look = self.look
        number = Label(look, say("urgent.number"), scale="figure", weight="bold", tone="accent")
        line = row(look, number, gap="l")
        line.addWidget(Paragraph(look, say("urgent.number-more"), tone="muted"), 1)
        call = Card(look, line)
        script = Card(look, gap="s")
        for part, lines in _SCRIPT.items():
            script.put(heading(look, say(f"urgent.{part}")))
            script.put(*(Paragraph(look, say(f"urgent.{line}")) for line in lines))
        kept = Note(look, "muted", "lock", say("urgent.kept"))
        return holder(column(look, call, script, kept, 1, gap="m"))

    def first(self) -> QWidget:
        return self.form.fields["happened"].control

    def submit(self) -> None:
        """Record it; faults are shown at their fields, the first one focused. A second press meanwhile does nothing."""
        if self._busy:
            return
        report, faults = checked(self.form.report())
        self.form.show_faults(faults)
        self._tell(None)
        if faults:
            self.form.fields[next(iter(faults))].focus()
            return
        self._busy = True
        self.save.disable(say("incident.saving"))
        tasks.run(self, lambda: self._acts.record(report), self._recorded, self._failed)

    def _recorded(self, _done: object) -> None:
        self.told.emit(say(f"{self._words}.saved"))
        self.recorded.emit()

    def _failed(self, failure: tasks.Failure) -> None:
        self._busy = False
        self.save.enable()
        self._tell(failure_note(self.look, failure.parts))
        announce(self, " ".join(failure.parts), now=True)

    def _tell(self, note: QWidget | None) -> None:
        if self._note is not None:
            self._note.hide()
            self._note.deleteLater()
        self._note = note
        if note is not None:
            self._notes.put(note)
