"""The hours without power: today's visits in one list, numbers for blank slips, and slips entered afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.domain import digits, jalali, paper_number
from desktop.domain.downtime import SLIPS, Slip, slip
from desktop.domain.faults import Invalid
from desktop.domain.texts import say
from desktop.domain.today import Today
from ui import tasks
from ui.screens.base import Screen
from ui.theme.look import Look
from ui.widgets import (
    ActionBar,
    Button,
    Card,
    Chip,
    DateEdit,
    DigitsEdit,
    Field,
    Found,
    Grid,
    Note,
    NotePlace,
    Paragraph,
    PrimaryButton,
    ResultList,
    StateBox,
    column,
    columns,
    failure_note,
    heading,
    holder,
    row,
)

_NUMBER_MOST = 18


@dataclass(frozen=True, slots=True)
class DowntimeActs:
    """What the screen can do; all but `now` block and are called off the window's thread. `unused` raises Known for the
    number of no slip, or of one that was entered."""

    today: Callable[[], Today]
    lay_aside: Callable[[int], tuple[str, ...]]
    unused: Callable[[str], str]
    now: Callable[[], int]


class DowntimeScreen(Screen):
    """`wanted_intake` carries the slip an intake is to be begun for; `wanted_visit` the id of a visit to open."""

    help_name = "downtime"

    wanted_intake = Signal(object)
    wanted_visit = Signal(str)

    def __init__(self, look: Look, acts: DowntimeActs) -> None:
        super().__init__(look, say("downtime.title"), say("downtime.subtitle"))
        self._acts = acts
        self._latest: tasks.Latest[Today] = tasks.Latest(self)
        self.visits = ResultList(look, say("downtime.today"))
        self.visits.picked.connect(self.wanted_visit)
        self._count, self._box = Chip(look), StateBox(look, column(look, self.visits, 1))
        self.number, self.time = DigitsEdit(longest=_NUMBER_MOST), DigitsEdit(longest=4)
        self.day = DateEdit(look, self._today)
        self.fields = {
            "number": Field(look, say("downtime.number"), self.number, required=True, hint=say("downtime.number-hint")),
            "day": Field(look, say("downtime.day"), self.day, required=True),
            "time": Field(look, say("downtime.at"), self.time, required=True, hint=say("downtime.at-hint")),
        }
        self.go_on = PrimaryButton(look, say("downtime.go-on"), icon="intake")
        self.go_on.clicked.connect(self.submit)
        self.sizes = [Button(look, say("downtime.lay-aside", n=count)) for count in SLIPS]
        for button, count in zip(self.sizes, SLIPS, strict=True):
            button.clicked.connect(lambda _on=False, count=count: self.lay_aside(count))
        self._laid = Note(look, "ok", "check")
        self._laid.hide()
        self._notes = NotePlace(look)
        self.bar = ActionBar(look, self.go_on)
        self.build(self._body(), self.bar)

    def _body(self) -> QWidget:
        look = self.look
        visits = Card(look, row(look, heading(look, say("downtime.today")), self._count, 1), gap="s")
        visits.body.addWidget(self._box, 1)
        fields = self.fields
        how = Paragraph(look, say("downtime.enter-how"), tone="muted")
        when = columns(look, (fields["day"], 1), (fields["time"], 1), gap="m")
        enter = Card(look, heading(look, say("downtime.enter")), how, fields["number"], when)
        why = Paragraph(look, say("downtime.how"), tone="muted")
        blank = Card(look, heading(look, say("downtime.lay-aside-title")), why, gap="s")
        blank.put(Grid(look, self.sizes, len(SLIPS), len(SLIPS)), self._laid)
        side = holder(column(look, enter, blank, 1, gap="m"))
        whole = column(look, self._notes.box, gap="m")
        whole.addLayout(columns(look, (side, 13), (visits, 14), gap="m"), 1)
        return holder(whole)

    def _today(self) -> str:
        return str(jalali.today(self._acts.now()))

    def first(self) -> QWidget:
        return self.number

    def shown(self) -> None:
        if not self.day.value():
            self.day.set_text(jalali.numeric(jalali.today(self._acts.now())))
        self._box.loading()
        self._latest.run(self._acts.today, self.show_today, lambda failure: self._box.failed(failure.parts))

    def show_today(self, today: Today) -> None:
        """Show who was registered today."""
        rows = [Found(each.id, each.person, each.service, lead=each.time) for each in today.visits]
        self.visits.show_results(rows)
        self._count.setVisible(bool(rows))
        self._count.tell(say("ui.number", n=len(rows)), "muted")
        if rows:
            self._box.full()
        else:
            self._box.empty(say("downtime.today-none"))

    # -- a slip is entered
    def submit(self) -> None:
        """F9: what was copied from the slip is checked; then the intake begins with its number and time."""
        found, faults = slip(self.number.value(), self.day.value(), self.time.value(), self._acts.now())
        if not self.number.value():
            faults = {"number": Invalid("downtime.missing"), **{k: v for k, v in faults.items() if k != "number"}}
        for name, field in self.fields.items():
            if name in faults:
                field.set_error(faults[name].sentence())
            else:
                field.clear_error()
        if faults:
            self.fields[next(iter(faults))].focus()
            return
        assert found is not None  # noqa: S101 - without a fault there is a slip
        self._notes.say(None)
        tasks.run(self, lambda: self._acts.unused(found.number), lambda _number: self._begin(found), self._failed)

    def _begin(self, found: Slip) -> None:
        for edit in (self.number, self.time):
            edit.set_text("")
        self.wanted_intake.emit(found)

    # -- numbers are laid aside
    def lay_aside(self, count: int) -> None:
        """Lay aside numbers for this many slips."""
        for button in self.sizes:
            button.setEnabled(False)
        tasks.run(self, lambda: self._acts.lay_aside(count), self._laid_aside, self._failed)

    def _laid_aside(self, numbers: tuple[str, ...]) -> None:
        self._release()
        ends = {name: paper_number.shown(each) for name, each in (("first", numbers[0]), ("last", numbers[-1]))}
        words = say("downtime.laid-aside", n=len(numbers), **{k: f"\u2066{v}\u2069" for k, v in ends.items()})
        self._laid.tell(words)
        self._laid.show()
        self.told.emit(words)

    def _release(self) -> None:
        for button in self.sizes:
            button.setEnabled(True)

    def _failed(self, failure: tasks.Failure) -> None:
        self._release()
        self._notes.say(failure_note(self.look, failure.parts))
        self.number.setFocus()

    def problem(self) -> tuple[str, ...]:
        """What is said above."""
        return self._notes.sentences()


def entering_words(found: Slip) -> str:
    """What an intake says that was begun from a slip."""
    number, time = paper_number.shown(found.number), digits.persian(jalali.time_of_day(found.at))
    day = jalali.long(jalali.today(found.at))
    return say("downtime.entering", number=f"\u2066{number}\u2069", day=day, time=time)
