"""Moving a household to another centre: what is offered to us and by us, what came and went, and a new offer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from desktop.domain import digits, jalali
from desktop.domain.people import Found, PersonCard
from desktop.domain.texts import say
from desktop.domain.transfers import ACCEPTED, OFFERED, Listed
from ui import tasks
from ui.screens.base import Screen
from ui.screens.transfers_parts import OfferForm, OfferPart
from ui.theme.look import Look
from ui.theme.tokens import Tone
from ui.widgets import (
    ActionBar,
    Card,
    Chip,
    Note,
    NotePlace,
    PrimaryButton,
    ResultList,
    StateBox,
    column,
    columns,
    heading,
    holder,
    row,
)
from ui.widgets import Found as Row

_PAST: dict[tuple[bool, bool], tuple[str, Tone]] = {
    (True, True): ("transfers.went", "muted"),
    (False, True): ("transfers.came", "ok"),
    (True, False): ("transfers.ended", "muted"),
    (False, False): ("transfers.ended", "muted"),
}


@dataclass(frozen=True, slots=True)
class TransferActs:
    """What the screen can do; all block and are called off the window's thread. `offer` takes the household, the code
    of the target and a note."""

    read: Callable[[], Sequence[Listed]]
    find: Callable[[str], list[Found]]
    card: Callable[[str], PersonCard]
    offer: Callable[[str, str, str], object]
    accept: Callable[[str], object]
    cancel: Callable[[str], object]
    today: Callable[[], str]
    may_offer: bool = True
    may_decide: bool = True


class TransfersScreen(Screen):
    """Reads the transfers off the window's thread. An open one is answered by a key: F7, F10; ours is taken back by F8.

    F9 offers the household that was found.
    """

    help_name = "transfers"

    def __init__(self, look: Look, acts: TransferActs) -> None:
        super().__init__(look, say("transfers.title"), say("transfers.subtitle"))
        self._acts = acts
        self._latest: tasks.Latest[Sequence[Listed]] = tasks.Latest(self)
        self._listed: dict[str, Listed] = {}
        self._read = False
        self.open = ResultList(look, say("transfers.open"))
        self.open.picked.connect(self._picked)
        self.open.selectionModel().currentChanged.connect(self._show_current)
        self.past = ResultList(look, say("transfers.past"), enter=False)
        self.offer = OfferPart(look)
        if not acts.may_decide:
            self.offer.forbid(say("transfers.not-to-decide"))
        self.offer.answered.connect(self._answer)
        self._open_box = StateBox(look, column(look, self.open, self.offer, gap="m"))
        self._past_box = StateBox(look, self.past)
        self._count = Chip(look)
        self.form = OfferForm(look, acts.find, acts.today)
        self.form.finder.picked.connect(self.open_person)
        self.form.changed.connect(self._tell_button)
        self.send = PrimaryButton(look, say("transfers.send"), icon="send")
        self.send.clicked.connect(self.submit)
        self._notes = NotePlace(look)
        self.build(self._body(), ActionBar(look, self.send))
        self._tell_button()

    def _body(self) -> QWidget:
        look = self.look
        head = row(look, heading(look, say("transfers.open")), self._count, 1)
        waiting = Card(look, head, self._open_box, gap="s")
        past = Card(look, heading(look, say("transfers.past")), self._past_box, 1, gap="s")
        lists = holder(column(look, waiting, past, 1, gap="m"))
        whole = column(look, self._notes.box, gap="m")
        whole.addLayout(columns(look, (lists, 14), (self.form, 13)), 1)
        return holder(whole)

    def first(self) -> QWidget:
        return self.open if self.open.results() else self.form.finder.box

    def shown(self) -> None:
        self._open_box.loading()
        self._latest.run(self._acts.read, self.show_listed, self._failed)

    def show_listed(self, listed: Sequence[Listed]) -> None:
        """Show these: open ones to be answered, all others as what happened."""
        self._listed = {each.transfer_id: each for each in listed}
        waiting = [each for each in listed if each.state == OFFERED]
        past = [each for each in listed if each.state != OFFERED]
        self.open.show_results([_open_row(each) for each in waiting])
        self._count.setVisible(bool(waiting))
        self._count.tell(say("ui.number", n=len(waiting)), "warn")
        self.past.show_results([_past_row(each) for each in past])
        for box, rows, none in ((self._open_box, waiting, "open-none"), (self._past_box, past, "past-none")):
            if rows:
                box.full()
            else:
                box.empty(say(f"transfers.{none}"))
        self._show_current()
        finder = self.form.finder.box
        if waiting and not self._read and finder.hasFocus() and not finder.value():
            self.open.setFocus()  # the screen was opened by a key, before it knew what waits
        self._read = True

    # -- what waits for an answer
    def _show_current(self) -> None:
        found = self.open.current() if self.open.results() else None
        self.offer.show_offer(self._listed.get(found.id) if found else None)

    def _picked(self, _transfer_id: str) -> None:
        """Enter or a click: the keyboard goes to what can be done."""
        if self.open.hasFocus():
            self.offer.first().setFocus()

    def _answer(self, transfer_id: str, answer: str) -> None:
        listed = self._listed.get(transfer_id)
        if listed is None:
            return
        act = self._acts.accept if answer == "accept" else self._acts.cancel
        said = say(f"transfers.told-{answer}", centre=digits.persian(listed.other_centre))
        tasks.run(self, lambda: act(transfer_id), lambda _done: self._done(said), self._failed)

    def _done(self, said: str) -> None:
        self._notes.say(None)
        self.told.emit(said)
        self.open.setFocus()
        self.shown()

    # -- a new offer
    def open_person(self, person_id: str) -> None:
        """Show the household of somebody who was found."""
        tasks.run(self, lambda: self._acts.card(person_id), self._opened, self._failed)

    def _opened(self, card: PersonCard) -> None:
        self._notes.say(None)
        self.form.show_household(card)
        self._tell_button()

    def _tell_button(self) -> None:
        if not self._acts.may_offer:
            self.send.disable(say("transfers.not-to-offer"))
        elif self.form.household:
            self.send.enable()
        else:
            self.send.disable(say("transfers.send-why"))

    def submit(self) -> None:
        """Offer the household that is shown; what is missing is asked for first."""
        if not self.send.isEnabled() or not self.form.complete():
            return
        form = self.form
        given = form.household, form.target.value(), form.note.value()
        self.send.disable(say("transfers.sending"))
        tasks.run(self, lambda: self._acts.offer(*given), lambda _done: self._offered(given[1]), self._send_failed)

    def _offered(self, target: str) -> None:
        self.form.start_again()
        self._tell_button()
        self._done(say("transfers.told-offer", centre=digits.persian(target)))

    def _send_failed(self, failure: tasks.Failure) -> None:
        self._tell_button()
        self._failed(failure)

    # -- what is said above
    def _failed(self, failure: tasks.Failure) -> None:
        self._notes.say(Note(self.look, "danger", "alert", *failure.parts))

    def problem(self) -> tuple[str, ...]:
        """What is said above the lists."""
        return self._notes.sentences()


def file_words(listed: Listed) -> str:
    """How a file is named where nobody is: by its number."""
    if not listed.file_number:
        return say("transfers.file-none")
    return say("transfers.file", number=digits.persian(listed.file_number))


def _about(listed: Listed) -> str:
    way = "transfers.to" if listed.outgoing else "transfers.from"
    facts = (say("transfers.people", n=listed.members), say(way, centre=digits.persian(listed.other_centre)))
    return say("ui.and").join(facts)


def _day(listed: Listed) -> str:
    return jalali.numeric(jalali.of(listed.day)) if listed.day else ""


def _open_row(listed: Listed) -> Row:
    chip = say("transfers.ours" if listed.outgoing else "transfers.theirs")
    tone: Tone = "muted" if listed.outgoing else "warn"
    return Row(listed.transfer_id, file_words(listed), _about(listed), chip, tone, lead=_day(listed))


def _past_row(listed: Listed) -> Row:
    words, tone = _PAST[listed.outgoing, listed.state == ACCEPTED]
    return Row(listed.transfer_id, file_words(listed), _about(listed), say(words), tone, lead=_day(listed))
