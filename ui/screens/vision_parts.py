"""The parts of the vision screen: how the test is done, what was seen, and what it comes to."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.domain import digits, jalali
from desktop.domain.faults import Invalid
from desktop.domain.jalali import Jalali
from desktop.domain.screening_verdict import Verdict
from desktop.domain.texts import say
from desktop.domain.vision import VisionPack
from ui.screens.fields_form import FieldsForm
from ui.theme.look import Look
from ui.theme.tokens import Tone
from ui.widgets import (
    Card,
    Chip,
    Choice,
    ChoiceTiles,
    DigitsEdit,
    Field,
    Icon,
    Label,
    Note,
    Paragraph,
    column,
    columns,
    holder,
    row,
)

_SAID_IN_MONTHS = 24
_HOW = ("no-consent", "second-try", "under-doctor")


class SetupPart(FieldsForm):
    """Chart, distance, glasses."""

    def __init__(self, look: Look, pack: VisionPack) -> None:
        super().__init__()
        charts = [Choice(code, say(f"vision-screen.chart-{code}")) for code in pack.charts]
        tiles = ChoiceTiles(look, say("vision-screen.chart"), charts, wide=len(charts), narrow=3, compact=True)
        chart = self.add("chart", Field(look, say("vision-screen.chart"), tiles))
        distance = self.add("distance_cm", Field(look, say("vision-screen.distance"), DigitsEdit(longest=6)))
        on = [Choice("yes", say("vision.with-glasses"), icon="glasses")]
        glasses = ChoiceTiles(look, say("vision-screen.glasses"), on, several=True, wide=1, narrow=1, compact=True)
        worn = self.add("glasses", Field(look, say("vision-screen.glasses"), glasses))
        self.setLayout(columns(look, (chart, 8), (distance, 2), (worn, 2)))


class SeenPart(Card):
    """Signs, the device's word, and what hinders the test. `changed` when the person changes any."""

    changed = Signal()

    def __init__(self, look: Look, pack: VisionPack) -> None:
        super().__init__(look, pad="m", gap="s")
        signs = [Choice(code, say(f"vision-screen.sign.{code}")) for code in pack.signs]
        device = [Choice(code, say(f"vision-screen.device-word.{code}")) for code in pack.device]
        how = [Choice(code, say(f"vision-screen.{code}")) for code in _HOW]
        self.signs = ChoiceTiles(look, say("vision-screen.signs"), signs, several=True, wide=3, compact=True)
        self.device = ChoiceTiles(look, say("vision-screen.device"), device, several=True, wide=3, compact=True)
        self.how = ChoiceTiles(look, say("vision-screen.how"), how, several=True, wide=3, compact=True)
        for tiles in (self.signs, self.device, self.how):
            self.put(Field(look, tiles.accessibleName(), tiles))
        self._device = ""
        self.device.chosen.connect(self._one_word)
        for tiles in (self.signs, self.how):
            tiles.chosen.connect(self.changed)

    def _one_word(self) -> None:
        """A device prints one word; a second press takes it back."""
        self._device = next((each for each in self.device.values() if each != self._device), "")
        self.device.choose(self._device or None)
        self.changed.emit()

    def device_word(self) -> str:
        return self._device

    def show_values(self, signs: Sequence[str], device: str, how: Sequence[str]) -> None:
        self.signs.choose(signs)
        self._device = device
        self.device.choose(device or None)
        self.how.choose(how)


class OutcomePart(QWidget):
    """What the test comes to and the next step, before anything is saved; saffron at most, never red."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._body = column(look, gap="m")
        self.setLayout(self._body)
        self._inside: QWidget | None = None

    def _show(self, widget: QWidget) -> None:
        if self._inside is not None:
            self._body.removeWidget(self._inside)
            self._inside.hide()
            self._inside.deleteLater()
        self._inside = widget
        self._body.addWidget(widget)

    def show_nothing(self) -> None:
        """Nothing was read or seen yet."""
        self._show(Note(self._look, "muted", "eye", say("vision-screen.nothing"), say("vision-screen.nothing-more")))

    def show_problem(self, fault: Invalid) -> None:
        """The pack can't judge this; what stands in the way."""
        self._show(Note(self._look, "warn", "info", fault.sentence(), say("vision-screen.not-judged")))

    def show_verdict(self, verdict: Verdict, on: Jalali) -> None:
        look, tone = self._look, _tone(verdict)
        icon = {"ok": "check", "warn": "alert"}.get(tone, "info")
        reasons = [said.sentence() for said in (*verdict.reasons, *verdict.notes)]
        note = Note(look, tone, icon, verdict.outcome_sentence(), *reasons, big=True)
        step = Paragraph(look, verdict.next_step_sentence(), weight="medium")
        title = row(look, Icon(look, "next", tone="accent"))
        title.addWidget(step, 1)
        if verdict.urgent:
            title.put(Chip(look, say("vision-screen.urgent"), tone="warn", icon="clock"))
        card = Card(look, title, pad="m", gap="xs")
        if verdict.due is not None:
            days = (verdict.due.gregorian() - on.gregorian()).days
            due = Label(look, jalali.long(verdict.due), weight="bold")
            chip = Chip(look, say("vision-screen.days", n=days), tone="accent", icon="clock")
            until = say("vision-screen.next-test" if verdict.outcome == "pass" else "vision-screen.until")
            card.put(row(look, Label(look, until, tone="muted"), due, chip, 1))
        say_it = say("vision-screen.say-urgent" if verdict.urgent else f"vision-screen.say-{verdict.outcome}")
        card.put(Paragraph(look, say("vision-screen.tell-parent", sentence=say_it), tone="muted"))
        self._show(holder(column(look, note, card, gap="m")))


def _tone(verdict: Verdict) -> Tone:
    if verdict.outcome == "pass":
        return "ok"
    return "muted" if verdict.outcome in ("already_diagnosed", "declined") else "warn"


def age_words(birth: str, today: str) -> str:
    """Age as it is said and in months, or that it isn't known."""
    if not birth:
        return say("vision-screen.no-birth")
    low, high = jalali.age_months(jalali.of(birth), jalali.of(today))
    if high < _SAID_IN_MONTHS:
        return jalali.age(jalali.of(birth), jalali.of(today))
    months = digits.persian(low) if low == high else say("vision-screen.from-to", low=low, high=high)
    return say("vision-screen.age", age=jalali.age(jalali.of(birth), jalali.of(today)), months=months)
