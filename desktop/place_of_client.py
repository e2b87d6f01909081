"""What is done for the client in front: a sentence over the screen, a status, a caution, an incident, 123.

None of it is a place of its own: each is laid over the place in front, and Esc goes back to where the form was.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal

from desktop.actions import cases, cautions, incidents, standing
from desktop.desk import Desk
from desktop.domain import jalali
from desktop.domain.changed import Changed
from desktop.domain.faults import Invalid, Known
from desktop.domain.incidents import Nature, Report
from desktop.domain.intake import Registered
from desktop.domain.people import PersonCard
from desktop.domain.roles import Permission, may
from desktop.domain.standing import Standing, next_words
from desktop.domain.standing import sentence as standing_sentence
from desktop.domain.texts import say
from ui import tasks
from ui.giant import Giant, other_screen
from ui.screens.caution import CautionScreen
from ui.screens.incident import IncidentActs, IncidentScreen
from ui.screens.incidents import IncidentsScreen
from ui.screens.intake import IntakeScreen
from ui.screens.show_words import InFront, ShowActs, ShowScreen, code_words
from ui.screens.standing import StandingActs, StandingScreen
from ui.theme.look import Look
from ui.window import Window

Result = TypeVar("Result")
_INTAKE = "intake"


@dataclass(frozen=True, slots=True)
class NamedAct:
    """Something that can be done from anywhere: its id, its words, its key ("" where it has none), and how."""

    id: str
    words: str
    key: str
    act: Callable[[], object]


class ClientFront(QObject):
    """Wires all of it into the window of one open desk. `changed` carries what was written."""

    changed = Signal(object)

    def __init__(self, parent: QObject, window: Window, look: Look, desk: Desk) -> None:
        super().__init__(parent)
        self._window, self._look, self._desk = window, look, desk
        self._giant: Giant | None = None
        self._on_second = False
        self._served = ""  # whom the last request is for, and who came for it
        self._came: frozenset[str] = frozenset()

    def bind(self) -> None:
        """Make the keys work; called once the places are open."""
        shown = {"show", "incident", "urgent"}
        for each in self.acts():
            if each.key:
                self._window.bind(each.key, each.act, each.words, foot=each.id in shown)

    def acts(self) -> list[NamedAct]:
        """What whoever sits here may do, in the order to offer it."""
        every: list[tuple[Permission | None, NamedAct]] = [
            (None, NamedAct("show", say("client.show"), "Shift+F5", self.open_show)),
            ("person.read", NamedAct("show-code", say("client.show-code"), "Shift+F6", self.show_code)),
            ("person.read", NamedAct("show-next", say("client.show-next"), "Shift+F7", self.show_next)),
            ("person.read", NamedAct("standing", say("client.standing"), "Shift+F3", self.open_standing)),
            ("incident.record", NamedAct("incident", say("client.incident"), "Shift+F11", self.open_incident)),
            ("incident.record", NamedAct("urgent", say("client.urgent"), "Shift+F12", self.open_urgent)),
            ("incident.read", NamedAct("incidents", say("client.incidents"), "", self.open_incidents)),
        ]
        roles = self._desk.actor.roles
        return [each for wanted, each in every if wanted is None or may(roles, wanted)]

    def of_person(self) -> list[tuple[str, Callable[[str], object]]]:
        """What can be done with the person whose card is open: words, and what takes their id."""
        offered: list[tuple[str, Callable[[str], object]]] = [(say("client.show"), lambda _person: self.open_show())]
        if may(self._desk.actor.roles, "caution.write"):
            offered.append((say("caution.write"), self.open_caution))
        return offered

    # -- reading
    def _reading(self, action: Callable[..., Result], *given: Any) -> Result:
        with self._desk.reading() as session:
            return action(session, self._desk.actor, *given)

    def _today(self) -> str:
        return str(jalali.today(self._desk.now()))

    def card(self, person_id: str) -> PersonCard:
        """The card, with the cautions valid today and how many records there are that whoever sits here may read."""
        with self._desk.reading() as session:
            actor = self._desk.actor
            card = cases.card(session, actor, person_id)
            valid = cautions.valid(session, actor, person_id, self._today())
            return replace(card, cautions=valid, incidents=incidents.count_of(session, actor, person_id))

    def status(self, typed: str, person_id: str) -> str:
        """The sentence of a tracking code of this person's; empty for anything else that was typed."""
        try:
            found = self._reading(standing.of_code, typed)
        except (Invalid, Known):
            return ""
        return standing_sentence(found) if found.person_id == person_id else ""

    def registered(self, done: Registered) -> None:
        """A walk-in was registered: until somebody else's file is opened, they are the ones in front."""
        self._served, self._came = done.person_id, frozenset(done.person_ids)

    def _person_in_front(self) -> tuple[str, str]:
        """The id and the name of whose file is open; two empty texts where none is."""
        screen = self._window.built(_INTAKE)
        card = screen.form.card if isinstance(screen, IntakeScreen) else None
        return (card.person_id, card.name) if card is not None else ("", "")

    def _in_front(self, person_id: str) -> InFront | None:
        """Off the window's thread."""
        if not person_id:
            return None
        name = self._reading(cases.card, person_id).name
        return InFront(name, self._reading(standing.newest_of, person_id))

    def _whose(self) -> str:
        """The id of whose file is open, else of whom the last request is for; empty for somebody new, and for nobody.

        Who just came for another's request, a mother for her child, is asked about that one.
        """
        screen = self._window.built(_INTAKE)
        if isinstance(screen, IntakeScreen) and not screen.form.empty():
            open_one = self._person_in_front()[0]
            return self._served if open_one in self._came else open_one
        return self._served

    # -- a sentence over the screen
    def show_words(self, words: str, second: bool | None = None) -> None:
        """Show a sentence to the client; `second` None: where the last one was shown."""
        if second is not None:
            self._on_second = second
        if self._giant is None:
            self._giant = Giant(self._look, self._window)
        self._giant.show_words(words, second=self._on_second)

    def shown_words(self) -> str:
        """What the client is shown now; empty where nothing is."""
        return self._giant.words() if self._giant is not None else ""

    def take_away(self) -> None:
        """Show the client nothing."""
        if self._giant is not None:
            self._giant.take_away()

    def open_show(self) -> None:
        person_id = self._whose() if may(self._desk.actor.roles, "person.read") else ""
        acts = ShowActs(
            in_front=lambda: self._in_front(person_id),
            show=self.show_words,
            shown=self.shown_words,
            take_away=self.take_away,
            second=lambda: other_screen(self._window) is not None,
        )
        self._window.lay_over(ShowScreen(self._look, acts, on_second=self._on_second))

    def show_code(self) -> None:
        """The tracking code of whoever is in front, in one key."""
        self._show_of(code_words)

    def show_next(self) -> None:
        """The next step of whoever is in front, in one key."""
        self._show_of(next_words)

    def _show_of(self, words_of: Callable[[Standing], str]) -> None:
        def told(front: InFront | None) -> None:
            words = words_of(front.standing) if front is not None and front.standing is not None else ""
            if words:
                self.show_words(words)
            else:
                self._window.toast.say(say("show.nobody" if front is None else "show.nothing"))

        person_id = self._whose()
        tasks.run(self, lambda: self._in_front(person_id), told, self._explain)

    # -- what is laid over the place in front
    def open_standing(self) -> None:
        def open_person(person_id: str) -> None:
            self._window.back()
            screen = self._window.go(_INTAKE)
            if isinstance(screen, IntakeScreen):
                screen.open_person(person_id)

        acts = StandingActs(
            find=lambda typed: self._reading(standing.of_code, typed), show=self.show_words, open_person=open_person
        )
        self._window.lay_over(StandingScreen(self._look, acts))

    def open_incident(self) -> None:
        self._open_report("incident")

    def open_urgent(self) -> None:
        self._open_report("urgent")

    def _open_report(self, nature: Nature) -> None:
        def record(report: Report) -> Changed:
            with self._desk.writing() as session:
                return incidents.record(session, self._desk.pen, self._desk.actor, report, self._desk.now())[1]

        reads = may(self._desk.actor.roles, "incident.read")
        acts = IncidentActs(
            record=lambda report: self.changed.emit(record(report)),
            open_list=self.open_incidents if reads else None,
        )
        screen = IncidentScreen(self._look, nature, self._person_in_front(), acts)
        screen.recorded.connect(self._window.back)
        self._window.lay_over(screen)

    def open_incidents(self) -> None:
        self._window.lay_over(IncidentsScreen(self._look, lambda: self._reading(incidents.listed)))

    def open_caution(self, person_id: str) -> None:
        desk = self._desk

        def write(text: str, until: str) -> Changed:
            with desk.writing() as session:
                return cautions.write(session, desk.pen, desk.actor, person_id, text, until, desk.now())

        def opened(card: PersonCard) -> None:
            screen = CautionScreen(
                self._look, card.name, card.cautions, self._today(),
                lambda text, until: self.changed.emit(write(text, until)),
            )  # fmt: skip
            screen.written.connect(self._window.back)
            self._window.lay_over(screen)

        tasks.run(self, lambda: self.card(person_id), opened, self._explain)

    def _explain(self, failure: tasks.Failure) -> None:
        self._window.toast.say(" ".join(failure.parts))

    def close(self) -> None:
        """The desk is closed or covered: what a client was shown goes."""
        self.take_away()
