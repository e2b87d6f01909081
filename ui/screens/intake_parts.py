"""The parts of the intake screen: finding, likenesses, what for, how reached, needs, and who stands there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from desktop.domain import digits, jalali
from desktop.domain.intake import Likeness
from desktop.domain.people import Found, PersonCard
from desktop.domain.texts import say
from ui import tasks
from ui.access import announce
from ui.screens.caution import caution_note
from ui.screens.fields_form import LONGEST, FieldsForm
from ui.screens.needs_part import needs_chips, relay_words
from ui.screens.person_form import age_of
from ui.theme.look import Look
from ui.theme.tokens import Tone
from ui.widgets import (
    Button,
    Card,
    Chip,
    DigitsEdit,
    Field,
    Icon,
    Initials,
    Label,
    Note,
    Paragraph,
    PersianEdit,
    ResultList,
    SearchBox,
    column,
    columns,
    heading,
    holder,
    row,
)
from ui.widgets import Found as Row

MOST_SHOWN = 6
_TONES: dict[str, Tone] = {"covered": "ok"}


def about(parts: Sequence[str]) -> str:
    """Short facts in one line, what is unknown left out."""
    return say("intake.between").join(part for part in parts if part)


def _coverage(code: str) -> str:
    return say(f"people.coverage.{code}") if code else ""


class _Box(SearchBox):
    """Enter takes the current row only if the rows answer what stands in the box; else it hurries the search."""

    hurried = Signal()
    answered = ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and self.value() != self.answered:
            self.hurried.emit()
            self.search_now()
        else:
            super().keyPressEvent(event)


class SearchPart(Card):
    """One box for a name or any number, the people found, and F6 for a new one. `picked` carries a person's id.

    `key` is shown in the box; who listens to it is the screen's or the window's to say.
    """

    picked = Signal(str)

    def __init__(
        self, look: Look, find: Callable[[str], list[Found]], today: Callable[[], str], key: str = "F3"
    ) -> None:
        super().__init__(look, gap="s")
        self._find, self._today = find, today
        self._found: dict[str, Found] = {}
        self._hurried = False
        self._newest: tasks.Latest[list[Found]] = tasks.Latest(self)
        self.box = _Box(look, say("intake.search"), say("intake.search-hint"), key)
        self.new = Button(look, say("intake.new"), icon="plus", key="F6", big=True)
        self.results = ResultList(look, say("intake.found"))
        self.box.drive(self.results)
        line = row(look, gap="m")
        line.addWidget(self.box, 1)
        line.addWidget(self.new)
        self._said = Paragraph(look, tone="muted")
        self.put(line, self.results, self._said)
        self.show_none()
        self.box.searched.connect(self.search)
        self.box.changed.connect(self._calm)
        self.box.hurried.connect(self._hurry)
        self.results.picked.connect(self.picked)

    def search(self, typed: str) -> None:
        """Look for what was typed; an older search still under way is forgotten."""
        if not typed.strip():
            self._newest.forget()
            self.show_none()
            return
        self._newest.run(lambda: self._find(typed), partial(self._show, typed), self._failed)

    def _hurry(self) -> None:
        """Enter came before the answer: a single person found is then opened, several are shown."""
        self._hurried = True

    def _calm(self) -> None:
        self._hurried = False

    def show_none(self, sentence: str = "") -> None:
        """No rows, and why."""
        self.box.answered = self.box.value()
        self.results.show_results(())
        self._said.setText(sentence)
        self._said.setVisible(bool(sentence))
        self.box.tell_count("")

    def _show(self, typed: str, found: list[Found]) -> None:
        self.box.answered = typed
        self._found = {each.person_id: each for each in found}
        if self._hurried and len(found) == 1:
            self.picked.emit(found[0].person_id)
            return
        if not found:
            self.show_none(say("intake.found-none"))
            announce(self.box, say("intake.found-none"))
            return
        self._said.hide()
        self.results.show_results([self._row(each) for each in found[:MOST_SHOWN]], afresh=True)
        more = len(found) > MOST_SHOWN
        key = "intake.found-more" if more else "intake.found-count"
        self.box.tell_count(say(key, n=len(found), most=MOST_SHOWN) if more else say(key, n=len(found)))

    def found(self, person_id: str) -> Found:
        """The row of a person who was found last. Raises KeyError."""
        return self._found[person_id]

    def _row(self, found: Found) -> Row:
        father = say("intake.father-of", name=found.father_name) if found.father_name else ""
        facts = (age_of(found.birth, self._today()), father, digits.persian(found.shown_id), found.address)
        chip = _coverage(found.coverage)
        return Row(
            found.person_id, found.name, about(facts), chip, _TONES.get(found.coverage, "muted"),
            second=say(found.matched),
        )  # fmt: skip

    def _failed(self, failure: tasks.Failure) -> None:
        self.show_none(" ".join(failure.parts))
        announce(self.box, " ".join(failure.parts), now=True)


class LikenessPart(QWidget):
    """Someone here already may be the person in the form: an equal ID stops, a like name asks. One at a time."""

    same = Signal(int, str)
    another = Signal(int, str)

    def __init__(self, look: Look, today: Callable[[], str]) -> None:
        super().__init__()
        self._look, self._today = look, today
        self._body = column(look, gap="none")
        self.setLayout(self._body)
        self._note: QWidget | None = None
        self._shown: tuple[int, Likeness] | None = None
        self._first: Button | None = None
        self.hide()

    def show_likenesses(self, found: Sequence[tuple[int, Likeness]]) -> None:
        """Show the first of them, or nothing."""
        first = next(iter(found), None)
        if first == self._shown:
            return
        self._shown = first
        if self._note is not None:
            self._body.removeWidget(self._note)
            self._note.hide()
            self._note.deleteLater()
            self._note = None
        self.setVisible(first is not None)
        if first is not None:
            self._note = self._made(*first)
            self._body.addWidget(self._note)

    def _made(self, at: int, like: Likeness) -> QWidget:
        look, person = self._look, like.person_id
        father = say("intake.father-of", name=like.father_name) if like.father_name else ""
        facts = about((like.name, father, age_of(like.birth, self._today()), digits.persian(like.shown_id)))
        same = Button(look, say("intake.open-same" if like.certain else "intake.is-same"), key="F8")
        same.clicked.connect(lambda: self.same.emit(at, person))
        buttons = row(look, same)
        if not like.certain:
            other = Button(look, say("intake.is-another"), key="F11")
            other.clicked.connect(lambda: self.another.emit(at, person))
            buttons.put(other)
        self._first = same
        sentence = say("intake.same-id" if like.certain else "intake.same-name")
        announce(self, f"{sentence} {facts}", now=like.certain)
        tone: Tone = "danger" if like.certain else "warn"
        note = Note(look, tone, "alert" if like.certain else "person", sentence, facts)
        return holder(column(look, note, buttons.put(1), gap="s"))

    def stops(self) -> bool:
        """Whether an equal ID is shown."""
        return self._shown is not None and self._shown[1].certain

    def shown_for(self) -> int | None:
        """The entry the shown one may be, or None where nobody is shown."""
        return self._shown[0] if self._shown is not None else None

    def focus(self) -> None:
        if self._first is not None:
            self._first.setFocus()


class DetailsPart(FieldsForm):
    """A returning person's mobile, and why they came."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._mobile = self.add("new_mobile", Field(look, say("intake.mobile-now"), DigitsEdit(longest=40)))
        reason = Field(look, say("intake.reason"), PersianEdit(longest=LONGEST), hint=say("intake.reason-hint"))
        self.add("reason", reason)
        self.setLayout(column(look, Card(look, columns(look, (self._mobile, 1), (reason, 1)))))

    def show_mobile(self, shown: bool) -> None:
        self._mobile.setVisible(shown)


class PersonPanel(Card):
    """Who stands there: name, cautions, age, coverage, needs, last visit; and what else can be done with them."""

    def __init__(self, look: Look, today: Callable[[], str], service_name: Callable[[str], str]) -> None:
        super().__init__(look, gap="s")
        self._look, self._today, self._service_name = look, today, service_name
        self._inside: QWidget | None = None
        self._person_id = ""
        self._top, self._more = column(look, gap="none"), row(look, gap="s")
        self.put(self._top, self._more)

    def offer(self, more: Sequence[tuple[str, Callable[[str], object]]]) -> None:
        """A quiet button for each: its words, and what takes the person's id."""
        for words, act in more:
            button = Button(self._look, words, kind="quiet")
            button.clicked.connect(lambda _on=False, act=act: act(self._person_id))
            self._more.put(button)
        self._more.put(1)

    def show_card(self, card: PersonCard) -> None:
        """Show another person."""
        self._person_id = card.person_id
        if self._inside is not None:
            self._top.removeWidget(self._inside)
            self._inside.hide()
            self._inside.deleteLater()
        last = self._service_name(card.last_service) if card.last_service else ""
        self._inside = person_lines(self._look, card, self._today(), last)
        self._top.put(self._inside)


def _fact(look: Look, name: str, value: str) -> QWidget:
    line = row(look, Label(look, name, tone="muted"), gap="m")
    line.addWidget(Paragraph(look, value, weight="medium"), 1)
    return holder(line)


def person_lines(look: Look, card: PersonCard, today: str, last_service: str) -> QWidget:
    """A person's card from top to bottom."""
    sex = say(f"people.sex.{card.sex}") if card.sex else ""
    number = say("intake.file", number=digits.persian(card.file_number)) if card.file_number else ""
    who = column(look, Paragraph(look, card.name, scale="title", weight="bold"), gap="none")
    who.put(Paragraph(look, about((age_of(card.birth, today), sex, number)), tone="muted"))
    head = row(look, Initials(look, card.name[:1], 48), gap="m")
    head.addLayout(who, 1)
    whole = column(look, head, *(caution_note(look, each) for each in card.cautions))
    chips = [Chip(look, _coverage(card.coverage), tone=_TONES.get(card.coverage, "muted"))] if card.coverage else []
    chips += needs_chips(look, card.needs)
    for at in range(0, len(chips), 3):
        whole.put(row(look, *chips[at : at + 3], 1))
    last = about((jalali.long(jalali.of(card.last_visit)), last_service)) if card.last_visit else ""
    for name, value in (
        ("people.father_name", card.father_name),
        ("people.shown-id", digits.persian(card.shown_id)),
        ("people.mobile", digits.persian(card.mobile)),
        ("people.address", card.address),
        ("people.needs.relay-label", relay_words(card.needs)),
        ("intake.last-visit", last or say("intake.last-visit-none")),
    ):
        if value:
            whole.put(_fact(look, say(name), value))
    if card.incidents:
        whole.put(Label(look, say("incidents.of-person", n=card.incidents), scale="caption", tone="muted"))
    return holder(whole)


class HouseholdPanel(Card):
    """The members, those who are here already and those being written. `picked` carries a row's id; F7 adds one."""

    picked = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__(look, gap="s")
        self._count = Chip(look)
        self.members = ResultList(look, say("intake.members"), enter=False)
        self._none = Paragraph(look, say("intake.members-none"), tone="muted")
        self.add = Button(look, say("intake.next-member"), icon="plus", key="F7")
        head = row(look, Icon(look, "house"), heading(look, say("intake.household")), self._count, 1)
        self.put(head, self.members, self._none, row(look, self.add, 1))
        self.members.picked.connect(self.picked)

    def show_members(self, rows: Sequence[Row], count: int, current: int, *, alone: bool = False) -> None:
        """Show the rows; `count` people are in the household, and the row `current` is the one in hand.

        `alone`: there is a household, of one person.
        """
        self._none.setText(say("intake.members-self" if alone else "intake.members-none"))
        self._count.tell(say("intake.people-count", n=count), "muted")
        self._count.setVisible(count > 1)
        self.members.show_results(rows)
        self._none.setVisible(not rows)
        if rows:
            self.members.stand(current)
