"""The intake screen: find or write who came, choose the service, register, print the receipt. One screen, one F9."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from desktop.domain import digits, screening
from desktop.domain.catalogue import Service
from desktop.domain.intake import Likeness, PersonEntry, Registered, WalkIn
from desktop.domain.people import Found, PersonCard
from desktop.domain.texts import say
from ui import tasks
from ui.access import announce
from ui.screens.base import Screen
from ui.screens.draft_keeper import DraftKeeper, Drafts, Plain
from ui.screens.fields_form import FieldsForm
from ui.screens.intake_form import IntakeForm
from ui.screens.intake_view import NEW, IntakeView
from ui.theme.look import Look
from ui.undo import Undo
from ui.widgets import Button, Note, failure_note

LIKENESS_AFTER = 400


@dataclass(frozen=True, slots=True)
class IntakeActs:
    """What the screen can do; every function blocks and is called off the window's thread, but those of `more`.

    `status` is the sentence of the request whose tracking code was typed, if it is this person's, else "". `more` is
    what else can be done with the person who is open: words, and what takes their id.
    """

    find: Callable[[str], list[Found]]
    card: Callable[[str], PersonCard]
    likenesses: Callable[[WalkIn], list[Likeness]]
    register: Callable[[WalkIn], Registered]
    drafts: Drafts
    status: Callable[[str, str], str] = lambda _typed, _person_id: ""
    more: Sequence[tuple[str, Callable[[str], object]]] = ()


class IntakeScreen(Screen):
    """Emits `registered(result, service code, whether to print the receipt)` after the walk-in is on the disk, and
    `file_opened` with the household whose file is on the screen, "" when none is; `parted` when what the intake was
    begun from has nothing to do with it, `wanted_number` (person, service) when who is open is to wait in the queue."""

    help_name = "intake"

    registered = Signal(object, str, bool)
    file_opened = Signal(str)
    parted = Signal()
    wanted_number = Signal(str, str)

    def __init__(self, look: Look, services: Sequence[Service], today: Callable[[], str], acts: IntakeActs) -> None:
        """`services` in the order to offer them, the most used first; `today` gives the canonical Jalali day."""
        super().__init__(look, say("intake.title"))
        self._acts, self._today = acts, today
        self._programmes = {each.code: each.screening for each in services}
        self._proposed_for = self._head_asked_of = ""
        self.view = IntakeView(look, services, today, acts.find)
        self._aside: list[Plain] = []
        self._busy, self._loaded = False, False
        self.keeper = DraftKeeper(self, acts.drafts, self._plain)
        self._likely: tasks.Latest[list[Likeness]] = tasks.Latest(self)
        self.like_timer = QTimer(self, singleShot=True, interval=LIKENESS_AFTER)
        self.build(self.view, self.view.bar)
        self.view.person_panel.offer(acts.more)
        self._connect()
        self.view.show_form()

    def _connect(self) -> None:
        view = self.view
        view.edited.connect(self._changed)
        view.finder.picked.connect(self.open_person)
        view.finder.new.clicked.connect(self.new_person)
        view.household_panel.picked.connect(self._pick_member)
        view.household_panel.add.clicked.connect(self.next_member)
        view.remove.clicked.connect(self._remove)
        view.with_household.chosen.connect(self._household_switched)
        view.likeness.same.connect(lambda at, person_id: self.open_person(person_id, same_as=at))
        view.likeness.another.connect(self._another)
        for form in (view.person_form, view.household_form, view.details, view.needs):
            form.left.connect(partial(self._left, form))
        view.primary.clicked.connect(lambda: self.submit(print_receipt=True))
        view.save_only.clicked.connect(lambda: self.submit(print_receipt=False))
        view.again.clicked.connect(self.start_again)
        view.number.clicked.connect(self._number)
        self.keeper.kept.connect(self._tell_kept)
        self.keeper.lost.connect(self._tell_failure)
        self.like_timer.timeout.connect(self.look_for_likenesses)

    @property
    def form(self) -> IntakeForm:
        """What is being filled in, as it was last read from the widgets."""
        return self.view.form

    # What the window asks

    def shown(self) -> None:
        if not self._loaded:
            self._loaded = True
            self.keeper.load(self._restore)
        elif (card := self.form.card) is not None:
            tasks.run(self, lambda: self._acts.card(card.person_id), self._noted_again, self._tell_fault_of)

    def _noted_again(self, card: PersonCard) -> None:
        """What was noted of the open person meanwhile; what is being filled in stays."""
        if self.form.card is not None and self.form.card.person_id == card.person_id:
            self.form.card = replace(self.form.card, cautions=card.cautions, incidents=card.incidents)
            self.view.person_panel.show_card(self.form.card)
            self.view.show_cautions()

    def leave(self) -> None:
        self.keeper.leave()

    def first(self) -> QWidget | None:
        return self.view.finder.box

    def search(self) -> None:
        self.view.focus_search()

    # Who came

    def open_person(self, person_id: str, same_as: int | None = None) -> None:
        """Open someone who is here already; what was typed of a new person is set aside and can be taken back.

        `same_as` is the entry of which the clerk said that it is this very person: the number and the reason typed
        there go along. Nobody else's do.
        """
        if self._busy:
            return
        typed = self.view.finder.box.value()

        def read() -> tuple[PersonCard, str]:
            return self._acts.card(person_id), self._acts.status(typed, person_id)

        tasks.run(self, read, partial(self._opened, same_as), self._tell_fault_of)

    def _opened(self, same_as: int | None, read: tuple[PersonCard, str]) -> None:
        card, stands = read
        if self._busy:
            return
        self.view.take()
        old = self.form
        form = IntakeForm(card, service=old.service, needs=card.needs, new_mobile=card.mobile)
        if same_as is not None:
            form.reason, form.new_mobile = old.reason, old.entries[same_as].mobile or card.mobile
        self._put_aside(old)
        self._replace(form)
        self.view.finder.show_none()
        self.view.finder.box.set_text("")
        self.view.picker.focus()
        announce(self, " ".join((say("intake.opened", name=card.name), *(each.text for each in card.cautions))))
        if stands:
            self._note(Note(self.look, "accent", "info", stands))
            announce(self, stands)

    def new_person(self) -> None:
        """F6: the form of a new person; one already begun stays."""
        if self._busy:
            return
        self.view.take()
        form = self.form
        if form.card is not None or not form.entries:
            self._put_aside(form)
            form = IntakeForm(entries=[PersonEntry()], service=form.service)
        form.at = form.at or 0
        self._replace(form)
        self.view.finder.show_none()
        self.view.person_form.number_field().focus()

    def next_member(self) -> None:
        """F7: what is in the form is kept as a member and the form is cleared for the next."""
        if self._busy:
            return
        self.view.take()
        switched = not self.form.with_household
        self.form.next_member()
        if switched:
            self.form.ask_head(self._today())
        self._replace(self.form)
        self.view.person_form.number_field().focus()
        announce(self, self.view.title_of(self.form.at or 0))

    def _remove(self) -> None:
        self.view.take()
        if self.form.at is not None:
            self.form.remove(self.form.at)
            self._replace(self.form)

    def _pick_member(self, row_id: str) -> None:
        if not row_id.startswith(NEW):
            self.open_person(row_id)
            return
        self.view.take()
        self.form.at = int(row_id.removeprefix(NEW))
        self._replace(self.form)
        self.view.person_form.number_field().focus()

    def _household_switched(self) -> None:
        self.form.ask_head(self._today())
        self._replace(self.form)
        if self.form.with_household:
            asked = self.form.entries[0].relation == ""
            fields = self.view.person_form.fields if asked else self.view.household_form.fields
            fields["relation" if asked else "file_number"].focus()

    def _replace(self, form: IntakeForm) -> None:
        """Show a form; it is a change like any other."""
        before, after = (each.card.household_id if each.card else "" for each in (self.form, form))
        self.view.form = form
        if before != after:
            self.show_elsewhere("")
            self.file_opened.emit(after)
        self._likely.forget()
        self.like_timer.stop()
        self.keeper.touch()
        self.view.show_form()

    def _changed(self) -> None:
        self.view.take()
        self.keeper.touch()
        if self.form.at is not None:
            self.like_timer.start()
        self._propose_client()
        if self.form.service:
            self.view.picker.show_error("")
        self.view.recount()

    def _propose_client(self) -> None:
        """A screening just chosen is most likely for the child whose age it fits; the tiles show who, to be changed."""
        form = self.form
        if form.service == self._proposed_for:
            return
        self._proposed_for = form.service
        programme = self._programmes.get(form.service)
        if programme is not None:
            births = [*((form.card.birth,) if form.card else ()), *(entry.birth for entry in form.entries)]
            form.for_member = screening.whose_turn(programme, births, form.for_member, self._today())
            self.view.show_people()

    def _left(self, form: FieldsForm, name: str) -> None:
        """A field was left with something in it, spaces too: say at once what is wrong with it."""
        if name not in form.fields or not form.touched(name):
            return
        self.view.take()
        if name == "birth":
            self._birth_written()
        for fault_name, fault in self.view.faults()[1].items():
            field = form.fields[name]
            if self.view.field_of(fault_name) is field and field.error != fault.sentence():
                field.set_error(fault.sentence())
        if form is self.view.person_form:
            self.view.show_people()

    def _birth_written(self) -> None:
        """Once for each birth: whoever then says that a child is the head is believed."""
        birth = self.form.entries[0].birth if self.form.entries else ""
        if self.form.at == 0 and birth != self._head_asked_of:
            self._head_asked_of = birth
            if self.form.ask_head(self._today()):
                self.view.person_form.put("relation", "")

    # Likenesses

    def look_for_likenesses(self) -> None:
        """Ask whether someone here already is the person in the form."""
        self.like_timer.stop()
        walk_in = self.view.faults()[0]
        self._likely.run(lambda: self._acts.likenesses(walk_in), self._show_likenesses, self._tell_fault_of)

    def _show_likenesses(self, found: list[Likeness]) -> None:
        left = self.form.unanswered(found)
        self.view.show_likenesses([pair for pair in left if pair[0] == self.form.at] or left)

    def _show_likeness(self) -> None:
        """When the layout has come to rest: the whole note in sight, not only the button with the keyboard."""
        self.page.ensureWidgetVisible(self.view.likeness, 0, self.look.space("m"))

    def _another(self, at: int, person_id: str) -> None:
        self.form.others.add((at, person_id))
        self.view.bar.tell_problem("")
        self.look_for_likenesses()
        self.view.primary.setFocus()

    def show_elsewhere(self, who: str) -> None:
        """Another desk has this very file open: a hint, nothing is locked. "" takes it away."""
        hint = Note(self.look, "muted", "info", say("intake.elsewhere", who=who)) if who else None
        self.view.set_elsewhere(hint)

    def show_begun(self, *words: str) -> None:
        """What this intake was begun from: a number of the queue, a slip. No words take it away."""
        note = None
        if words:
            part = Button(self.look, say("downtime.part"), kind="quiet")
            part.clicked.connect(self.parted)
            note = Note(self.look, "accent", "paper", *words, action=part)
        self.view.set_begun(note)

    # Registering

    def submit(self, *, print_receipt: bool) -> None:
        """F9 or F10: faults, then likenesses, then the walk-in is registered; a second press meanwhile does nothing."""
        if self._busy:
            return
        self.view.take()
        walk_in, faults = self.view.faults()
        if faults:
            self.view.show_faults(faults)
            return
        self.view.clear_faults()
        self.like_timer.stop()
        self._likely.forget()
        self.keeper.pause()
        self._set_busy(True)
        form = self.form

        def work() -> Registered | list[Likeness]:
            found = self._acts.likenesses(walk_in) if walk_in.person or walk_in.members else []
            return found if form.unanswered(found) else self._acts.register(walk_in)

        tasks.run(self, work, lambda done: self._tried(done, walk_in.service, print_receipt), self._failed)

    def _tried(self, done: Registered | list[Likeness], service: str, print_receipt: bool) -> None:
        self._set_busy(False)
        if isinstance(done, list):
            self.keeper.touch()
            self.view.refuse_likenesses(self.form.unanswered(done))
            QTimer.singleShot(0, self, self._show_likeness)
            return
        self._aside.clear()
        self._replace(IntakeForm())
        self._note(None)
        self._offer_back()
        self.keeper.drop()
        self.view.bar.tell_draft("")
        self.search()
        self.told.emit(say("intake.saved", code=f"\u2066{digits.persian(done.tracking_code)}\u2069"))
        self.registered.emit(done, service, print_receipt)

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        if busy:
            self.freeze(self.view.again)
        else:
            self.thaw()
        for button in (self.view.primary, self.view.save_only):
            if busy:
                button.disable(say("intake.saving"))
            else:
                button.enable()

    def _failed(self, failure: tasks.Failure) -> None:
        self._set_busy(False)
        self.keeper.touch()
        self._tell_failure(failure.parts)

    def _tell_fault_of(self, reading: tasks.Failure) -> None:
        """A reading failed; what is being registered meanwhile goes on."""
        self._tell_failure(reading.parts)

    def _tell_failure(self, parts: tuple[str, str, str]) -> None:
        self._note(failure_note(self.look, parts))
        announce(self, " ".join(parts), now=True)

    # Notes, drafts, beginning again

    def _note(self, note: QWidget | None) -> None:
        self.view.set_note(note)
        if note is not None:
            self.page.ensureVisible(0, 0)

    def _plain(self) -> Plain | None:
        self.view.take()
        if self.form.empty() and not self._aside:
            return None
        return {**self.form.to_plain(), "aside": list(self._aside)}

    def _tell_kept(self) -> None:
        self.view.bar.tell_draft("" if self._plain() is None else say("intake.draft-kept"))

    def _number(self) -> None:
        """Who is open waits for their turn; what is written here stays."""
        self.view.take()
        if self.form.card is not None:
            self.wanted_number.emit(self.form.card.person_id, self.form.service)

    def start_again(self) -> None:
        """Put away what was typed; it can be taken back until the next walk-in is registered."""
        if self._busy:
            return
        self.view.take()
        typed = self.form.typed()
        self._put_aside(self.form)
        self._replace(IntakeForm())
        self.search()
        if typed:
            self.undoable.emit(say("intake.set-aside"), Undo(say("intake.take-back"), self._take_back))

    def _put_aside(self, form: IntakeForm) -> None:
        """Another form takes the place of this one; whatever was written in it can be taken back."""
        if form.typed():
            self._aside.append(form.to_plain())
        self._note(None)
        self._offer_back()

    def _offer_back(self) -> None:
        offer = None
        if self._aside:
            back = Button(self.look, say("intake.take-back"))
            back.clicked.connect(self._take_back)
            offer = Note(self.look, "muted", "save", say("intake.set-aside"), action=back)
        self.view.set_aside(offer)

    def _take_back(self) -> None:
        """The newest that was put aside; what stands here meanwhile goes behind all the others."""
        if self._aside and not self._busy:
            self._read_form(self._aside[-1], self._taken_back)

    def _taken_back(self, plain: Plain, form: IntakeForm) -> None:
        self.view.take()
        if plain in self._aside:
            self._aside.remove(plain)
        if self.form.typed():
            self._aside.insert(0, self.form.to_plain())
        self._show_restored(form)

    def _restore(self, plain: Plain | None) -> None:
        """Show a draft; one of another version of the desk is left alone."""
        if plain is not None:
            self._read_form(plain, self._restored)

    def _restored(self, plain: Plain, form: IntakeForm) -> None:
        self._aside[:0] = plain.get("aside", ())
        self.view.take()
        if self.form.empty() and not form.empty():
            self._show_restored(form)
            return
        if form.typed():  # somebody was quicker than the disk: the draft waits aside
            self._aside.append(form.to_plain())
        self._offer_back()

    def _read_form(self, plain: Plain, then: Callable[[Plain, IntakeForm], None]) -> None:
        """Make the form of what was kept; a returning person's card is read again."""

        def made(card: PersonCard | None) -> None:
            try:
                form = IntakeForm.from_plain(plain, card)
            except (KeyError, TypeError):
                return
            then(plain, form)

        person_id = plain.get("person_id")
        if person_id:
            tasks.run(self, lambda: self._acts.card(person_id), made, self._tell_fault_of)
        else:
            made(None)

    def _show_restored(self, form: IntakeForm) -> None:
        self._replace(form)
        self._offer_back()
        self._note(Note(self.look, "accent", "save", say("intake.restored"), say("intake.restored-more")))
        announce(self, say("intake.restored"))
