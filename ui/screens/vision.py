"""The vision screen: who waits, what each eye read, what it comes to, before anything is saved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.domain import digits, jalali, screening
from desktop.domain.faults import Invalid, Known
from desktop.domain.people import Found
from desktop.domain.screening_record import RecordedResult, ToScreen
from desktop.domain.screening_verdict import Verdict
from desktop.domain.texts import say
from desktop.domain.vision import VisionAnswers, VisionPack
from ui import tasks
from ui.access import announce
from ui.access.keys import shortcut
from ui.screens.base import Screen
from ui.screens.draft_keeper import DraftKeeper, Drafts, Plain
from ui.screens.eye_chart import EyeChart
from ui.screens.intake_parts import SearchPart
from ui.screens.vision_kept import KeptTests, Test
from ui.screens.vision_parts import OutcomePart, SeenPart, SetupPart, age_words
from ui.theme.look import Look
from ui.widgets import (
    ActionBar,
    Button,
    Card,
    Chip,
    Initials,
    Paragraph,
    PrimaryButton,
    ResultList,
    StateBox,
    clear,
    column,
    columns,
    failure_note,
    heading,
    holder,
    row,
)
from ui.widgets import Found as Row

EYES = ("right", "left", "both")
_DISTANCE = 300
_PROGRAMME = "vision"


@dataclass(frozen=True, slots=True)
class VisionActs:
    """What the screen can do; every function blocks and is called off the window's thread."""

    waiting: Callable[[], list[ToScreen]]
    find: Callable[[str], list[Found]]
    record: Callable[[ToScreen, VisionAnswers], RecordedResult]
    drafts: Drafts


class VisionScreen(Screen):
    """Emits `recorded(result)` after the result is on the disk."""

    help_name = "vision"

    recorded = Signal(object)

    def __init__(self, look: Look, pack: VisionPack, today: Callable[[], str], acts: VisionActs) -> None:
        super().__init__(look, say("vision-screen.title"), say("vision-screen.subtitle"))
        self._pack, self._today, self._acts = pack, today, acts
        self.child: ToScreen | None = None
        self._kept = KeptTests()
        self._of_chart: dict[str, VisionAnswers] = {}
        self._waiting: dict[str, ToScreen] = {}
        self._busy, self._loaded, self._listed, self._heard = False, False, False, ""
        self._start, self._exam = self._make_start(), self._make_exam()
        self._news = column(look, gap="none")
        self.bar = self._make_bar()
        self.build(holder(column(look, self._news, self._start, self._exam, gap="m")), self.bar)
        self.keeper = DraftKeeper(self, acts.drafts, self._plain)
        self.keeper.lost.connect(self._tell_failure)
        self._show_stage()

    # The two stages

    def _make_start(self) -> QWidget:
        look = self.look
        self.finder = SearchPart(look, self._acts.find, self._today, "F6")
        self.finder.box.setAccessibleName(say("vision-screen.find"))
        self.finder.box.setPlaceholderText(say("vision-screen.find-hint"))
        self.finder.new.hide()
        shortcut(self.finder, "F6", self.finder.box.setFocus, self.finder.box.accessibleName())
        self.finder.picked.connect(self._pick_found)
        self.list = ResultList(look, say("vision-screen.waiting"))
        self.list.picked.connect(lambda visit_id: self.choose(self._waiting[visit_id]))
        self.state = StateBox(look, holder(column(look, self.list)))
        waits = Card(look, heading(look, say("vision-screen.waiting")), self.state)
        return holder(column(look, waits, self.finder, 1, gap="m"))

    def _make_exam(self) -> QWidget:
        look = self.look
        self._letter, self._name = Initials(look, "", 40), Paragraph(look, scale="lead", weight="bold")
        self._age = Paragraph(look, tone="muted")
        who = row(look, self._letter, gap="m")
        who.addLayout(column(look, 1, self._name, self._age, 1, gap="none"), 1)
        self.setup = SetupPart(look, self._pack)
        self.setup.changed.connect(self._setup_changed)
        strip = columns(look, (holder(who), 5), (self.setup, 8))
        self.eyes = {eye: EyeChart(look, say(f"vision-screen.{eye}"), list(self._pack.readings)) for eye in EYES}
        self._chips = {eye: Chip(look) for eye in EYES}
        cards = [self._eye_card(eye) for eye in EYES]
        self._both_card = cards[2]
        self._both_card.hide()
        self.outcome, self.seen = OutcomePart(look), SeenPart(look, self._pack)
        self.seen.changed.connect(self._changed)
        side = holder(column(look, self.outcome, self.seen, 1, gap="m"))
        eyes = holder(columns(look, *((card, 1) for card in cards), gap="m"))
        return holder(column(look, Card(look, strip, pad="m"), columns(look, (eyes, 12), (side, 10), gap="m"), gap="m"))

    def _eye_card(self, eye: str) -> Card:
        chart = self.eyes[eye]
        chart.changed.connect(self._changed)
        title = row(self.look, heading(self.look, say(f"vision-screen.{eye}")), 1, self._chips[eye])
        return Card(self.look, title, chart, 1, pad="m", gap="s")

    def _make_bar(self) -> ActionBar:
        look = self.look
        self.primary = PrimaryButton(look, say("vision-screen.save"))
        self.primary.clicked.connect(self.submit)
        self.both = Button(look, say("vision-screen.both-too"), key="F7")
        self.both.clicked.connect(self._show_both)
        self.other = Button(look, say("vision-screen.someone-else"), kind="quiet", key="F11")
        self.other.clicked.connect(self.put_away)
        return ActionBar(look, self.primary, self.both, self.other)

    def _show_stage(self) -> None:
        testing = self.child is not None
        self._start.setVisible(not testing)
        self._exam.setVisible(testing)
        self.bar.setVisible(testing)
        self.bar.tell_problem("")

    # What the window asks

    def shown(self) -> None:
        if not self._loaded:
            self._loaded = True
            self.keeper.load(self._restore)
        if self.child is None:
            self.state.loading()
            tasks.run(self, self._acts.waiting, self._show_waiting, self._waiting_failed)

    def leave(self) -> None:
        self.keeper.leave()

    def first(self) -> QWidget | None:
        if self.child is not None:
            return self.eyes["right"]
        return self.list if self._waiting else self.finder.box

    def _show_waiting(self, waiting: list[ToScreen]) -> None:
        self._waiting = {each.visit_id: each for each in waiting}
        self.list.show_results([self._row(each) for each in waiting])
        if not waiting:
            self.state.empty(say("vision-screen.waiting-none"))
            return
        self.state.full()
        # The window gave the keyboard to the box before the list was read; whoever types already keeps it there.
        in_box = self.window().focusWidget() is self.finder.box and not self.finder.box.value()
        if not self._listed and self.child is None and in_box:
            self.list.setFocus()
        self._listed = True

    def _row(self, child: ToScreen) -> Row:
        """One who waits; of the visits of the same child, which one it is."""
        visits = [each.visit_id for each in self._waiting.values() if each.person_id == child.person_id]
        which = say("vision-screen.visit", n=visits.index(child.visit_id) + 1) if len(visits) > 1 else ""
        begun = say("vision-screen.begun") if self._kept.holds(child.person_id) else ""
        return Row(child.visit_id, child.name, age_words(child.birth, self._today()), begun, second=which)

    def _waiting_failed(self, failure: tasks.Failure) -> None:
        self.state.failed(failure.parts)

    # The child

    def _pick_found(self, person_id: str) -> None:
        found = self.finder.found(person_id)
        known = next((each for each in self._waiting.values() if each.person_id == person_id), None)
        self.choose(known or ToScreen("", found.person_id, found.name, found.birth, _PROGRAMME))

    def choose(self, child: ToScreen, answers: VisionAnswers | None = None) -> None:
        """Begin a child's test, or go on with one that was put away."""
        self._note(None)
        if not child.birth:
            self._note(failure_note(self.look, Known("birth-unknown").parts()))
            announce(self, " ".join(Known("birth-unknown").parts()), now=True)
            return
        self.child = child
        self._of_chart.clear()
        self._letter.setText(child.name[:1])
        self._name.setText(child.name)
        self._age.setText(age_words(child.birth, self._today()))
        chart = next(iter(self._pack.charts))
        blank = VisionAnswers(chart=chart, distance_cm=_DISTANCE)
        self._show_answers(answers or self._kept.answers(child) or blank)
        self._show_stage()
        self.eyes["right"].setFocus()
        announce(self, say("vision-screen.opened", name=child.name, age=self._age.text()))

    def put_away(self) -> None:
        """Back to the list; what was read of this child stays for when they are chosen again."""
        if self._busy:
            return
        if (test := self._now()) is not None:
            self._kept.put(*test)
        elif self.child is not None:
            self._kept.drop(self.child)
        self.child = None
        self.keeper.keep_now()
        self._show_stage()
        (self.first() or self.list).setFocus()
        self.shown()

    def _needed(self, chart: str) -> str | None:
        """The chart's line that this age must read, or None out of the pack's ages."""
        if self.child is None:
            return None
        low, high = jalali.age_months(jalali.of(self.child.birth), jalali.of(self._today()))
        if low > self._pack.to_months or high < self._pack.from_months:
            return None
        needed = self._pack.needed(low, high)
        return next(line for line, value in self._pack.charts[chart].lines.items() if value <= needed)

    # Answers

    def answers(self) -> VisionAnswers:
        """What the screen shows, as it is recorded."""
        how = self.seen.how.values()
        distance = self.setup.typed("distance_cm")
        return VisionAnswers(
            chart=self.setup.chosen("chart"), **{eye: self.eyes[eye].value() for eye in EYES},
            glasses=bool(self.setup.chosen("glasses")), distance_cm=int(distance) if distance else None,
            device=self.seen.device_word(), signs=self.seen.signs.values(), attempt=2 if "second-try" in how else 1,
            consent="no-consent" not in how, under_doctor="under-doctor" in how,
        )  # fmt: skip

    def _show_answers(self, answers: VisionAnswers) -> None:
        self.setup.put("chart", answers.chart)
        self.setup.put("distance_cm", str(answers.distance_cm or ""))
        self.setup.put("glasses", "yes" if answers.glasses else "")
        how = (
            ("no-consent", not answers.consent), ("second-try", answers.attempt > 1),
            ("under-doctor", answers.under_doctor),
        )  # fmt: skip
        self.seen.show_values(answers.signs, answers.device, [code for code, on in how if on])
        self._both_card.setVisible(bool(answers.both))
        self._show_chart(answers)
        self._judge()

    def _show_chart(self, answers: VisionAnswers) -> None:
        lines = list(self._pack.charts[answers.chart].lines)
        for eye in EYES:
            read: str = getattr(answers, eye)
            known = read if read in lines or read in self._pack.readings else ""
            self.eyes[eye].show_chart(answers.chart, lines, self._needed(answers.chart), known)

    def _setup_changed(self) -> None:
        """Another chart has other lines: what was read on one is kept apart and comes back with it."""
        if self.setup.chosen("chart") != self.eyes["right"].chart:
            old = replace(self.answers(), chart=self.eyes["right"].chart)
            self._of_chart[old.chart] = old
            kept = self._of_chart.get(self.setup.chosen("chart"), VisionAnswers())
            self._show_chart(replace(kept, chart=self.setup.chosen("chart")))
        self._changed()

    def _show_both(self) -> None:
        self._both_card.show()
        self.eyes["both"].setFocus()

    def _changed(self) -> None:
        self.keeper.touch()
        self.bar.tell_problem("")
        self.setup.fields["distance_cm"].clear_error()
        self._judge()

    # The verdict

    def _begun(self, answers: VisionAnswers) -> bool:
        seen = answers.right or answers.left or answers.both or answers.device or answers.signs
        return bool(seen or answers.under_doctor or not answers.consent)

    def verdict(self) -> Verdict | Invalid | None:
        """What the test comes to now; the pack's objection; None while nothing was read or seen."""
        assert self.child is not None  # noqa: S101
        answers = self.answers()
        try:
            verdict = screening.evaluate(self._pack, answers, jalali.of(self.child.birth), jalali.of(self._today()))
        except Invalid as fault:
            return fault
        return verdict if self._begun(answers) else None

    def _judge(self) -> None:
        if self.child is None:
            return
        verdict = self.verdict()
        words = ""
        if verdict is None:
            self.outcome.show_nothing()
        elif isinstance(verdict, Invalid):
            self.outcome.show_problem(verdict)
            words = verdict.sentence()
        else:
            self.outcome.show_verdict(verdict, jalali.of(self._today()))
            words = verdict.outcome_sentence()
        if words and words != self._heard:
            announce(self, words)
        self._heard = words
        self._show_chips()

    def _show_chips(self) -> None:
        """Beside each eye what it read; saffron where the age asks for more."""
        for eye in EYES:
            chart, chip = self.eyes[eye], self._chips[eye]
            read = chart.value()
            lines = list(self._pack.charts[chart.chart].lines)
            needed = self._needed(chart.chart)
            if not read:
                chip.tell(say("vision-screen.read-none"), "muted")
            elif read in lines:
                enough = needed is None or lines.index(read) >= lines.index(needed)
                words = say("vision-screen.read", line=f"\u2066{digits.persian(read)}\u2069")
                chip.tell(words, "ok" if enough else "warn", "check" if enough else "alert")
            else:
                chip.tell(say(f"vision.reading-{read}"), "warn", "alert")

    # Saving

    def submit(self) -> None:
        """F9: record the result; a second press meanwhile does nothing."""
        if self._busy or self.child is None:
            return
        verdict = self.verdict()
        if verdict is None or isinstance(verdict, Invalid):
            self._refuse(verdict)
            return
        child, answers = self.child, self.answers()
        self._busy = True
        self.keeper.pause()
        self.freeze(self.other)
        self.primary.disable(say("vision-screen.saving"))
        tasks.run(self, partial(self._acts.record, child, answers), partial(self._saved, child), self._failed)

    def _refuse(self, fault: Invalid | None) -> None:
        words = fault.sentence() if fault else say("vision-screen.nothing-to-save")
        self.bar.tell_problem(words)
        if fault is not None and fault.key == "vision.distance":
            self.setup.fields["distance_cm"].set_error(words)
            self.setup.fields["distance_cm"].focus()
        elif fault is None:
            self.eyes["right"].setFocus()
        else:
            self.seen.signs.setFocus()
        announce(self, words, now=True)

    def _saved(self, child: ToScreen, result: RecordedResult) -> None:
        self._ready()
        self._kept.drop(child)
        self.child = None
        self.keeper.keep_now()
        self._note(None)
        self._show_stage()
        (self.first() or self.list).setFocus()
        self.shown()
        self.told.emit(say("vision-screen.saved"))
        self.recorded.emit(result)

    def _ready(self) -> None:
        self._busy = False
        self.thaw()
        self.primary.enable()

    def _failed(self, failure: tasks.Failure) -> None:
        self._ready()
        self.keeper.touch()
        self._tell_failure(failure.parts)

    def _tell_failure(self, parts: tuple[str, str, str]) -> None:
        self._note(failure_note(self.look, parts))
        self.page.ensureVisible(0, 0)
        announce(self, " ".join(parts), now=True)

    def _note(self, note: QWidget | None) -> None:
        clear(self._news)
        if note is not None:
            self._news.put(note)

    # Drafts

    def _now(self) -> Test | None:
        """The child who sits there and what was read, once anything was."""
        if self.child is None or not self._begun(self.answers()):
            return None
        return self.child, self.answers()

    def _plain(self) -> Plain | None:
        return self._kept.to_plain(self._now())

    def _restore(self, plain: Plain | None) -> None:
        if plain is None:
            return
        going = self._kept.take_in(plain, self._pack.charts)
        if self.child is None and going is not None:
            self.choose(*going)
            self.told.emit(say("vision-screen.restored", name=going[0].name))
