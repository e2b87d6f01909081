"""The queue and the hours without power, wired to one open desk: F5 from any screen, the waiting room's screen, and the
way from a number or a slip into an intake and back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QApplication
from sqlalchemy.orm import Session

from db import drafts as kept
from desktop.actions import downtime, queue, today
from desktop.desk import Desk
from desktop.domain import digits, jalali, texts
from desktop.domain.changed import Changed
from desktop.domain.downtime import Slip
from desktop.domain.intake import Registered
from desktop.domain.queue import Board, Need, Ticket, place_in_line
from desktop.domain.roles import may
from ui import tasks
from ui.screens.downtime import DowntimeActs, DowntimeScreen, entering_words
from ui.screens.intake import IntakeScreen
from ui.screens.queue import QueueActs, QueueScreen, called_words
from ui.screens.wall import Wall, screens
from ui.shell import Place
from ui.theme.look import Look
from ui.window import Window

QUEUE, DOWNTIME = "queue", "downtime"
_BEGUN = "intake-of"
"""Kept as a draft is: what the intake was begun from outlives a power cut with it."""


@dataclass(frozen=True, slots=True)
class Begun:
    """What the intake in hand was begun from: a number of the queue, or a slip."""

    ticket: str = ""
    number: str = ""
    slip: Slip | None = None

    def words(self) -> tuple[str, ...]:
        if self.slip is not None:
            return entering_words(self.slip), texts.say("downtime.slip-more")
        if self.ticket:
            number = digits.persian(self.number)
            return texts.say("downtime.ticket", number=number), texts.say("downtime.ticket-more")
        return ()


class QueuePlace(QObject):
    """`told` hears of each change that was written."""

    def __init__(self, window: Window, look: Look, desk: Desk, told: Callable[[Changed], object]) -> None:
        super().__init__(window)
        self._window, self._look, self._desk, self._told = window, look, desk, told
        self._latest: tasks.Latest[Board] = tasks.Latest(self)
        self._board = Board()
        self._day = ""
        self.wall: Wall | None = None
        self._serves = may(desk.actor.roles, "queue.serve")
        self._stopped = False

    def places(self) -> list[Place]:
        """The queue, for whoever serves it."""
        return [Place(QUEUE, texts.say("queue.title"), "queue", self._screen)] if self._serves else []

    def last_places(self) -> list[Place]:
        """What is needed when the power was out."""
        if not may(self._desk.actor.roles, "intake.register"):
            return []
        return [Place(DOWNTIME, texts.say("downtime.title"), "paper", self._downtime)]

    def open(self) -> None:
        """The morning: what yesterday left over is closed; then the badge says how many wait."""
        if self._serves and not self._day:
            self._window.bind("F5", self.call_next, texts.say("queue.call"), foot=False)
        self._day = str(jalali.today(self._desk.now()))
        tasks.run(self, self._close_forgotten, lambda _closed: self.refresh(), lambda _failure: None)

    def _close_forgotten(self) -> None:
        with self._desk.writing() as session:
            changed = queue.close_forgotten(session, self._desk.pen, self._desk.actor, self._desk.now())
        if changed is not None:
            self._told(changed)

    def stop(self) -> None:
        """The desk is closed: the wall goes, and nobody is called any more."""
        self._stopped = True
        if self.wall is not None:
            self.wall.close()
            self.wall = None

    # -- functions given to the screen
    def _writing(self, act: Callable[..., Any], *given: Any, **named: Any) -> Any:
        """One action in one transaction; what it gives back besides the change."""
        desk = self._desk
        with desk.writing() as session:
            done = act(session, desk.pen, desk.actor, *given, **named)
        value, changed = done if isinstance(done, tuple) else (None, done)
        self._told(changed)
        return value

    def read(self) -> Board:
        """The queue of today as this desk sees it."""
        desk = self._desk
        with desk.reading() as session:
            return queue.board(session, desk.actor, desk.signer.desk, desk.now())

    def _screen(self) -> QueueScreen:
        desk, write = self._desk, self._writing

        def take(needs: tuple[Need, ...]) -> Ticket:
            ticket: Ticket = write(queue.take, desk.now(), needs=needs)
            return ticket

        def set_place(words: str) -> None:
            with desk.writing() as session:
                queue.set_place(session, desk.actor, words)

        def set_bell(rings: bool) -> None:
            with desk.writing() as session:
                queue.set_bell(session, desk.actor, rings=rings)

        acts = QueueActs(
            read=self.read, take=take,
            call=lambda ticket: write(queue.call, ticket, desk.now()),
            came=lambda ticket: write(queue.came, ticket, desk.now()),
            absent=lambda ticket: write(queue.absent, ticket, desk.now()),
            done=lambda ticket: write(queue.done, ticket, desk.now()),
            hold=lambda ticket: write(queue.hold, ticket),
            gave_up=lambda ticket: write(queue.gave_up, ticket, desk.now()),
            quick=lambda ticket: write(queue.quick, ticket, desk.now()),
            put_back=lambda before, became: write(queue.put_back, before, became, desk.now()),
            set_place=set_place, set_bell=set_bell,
        )  # fmt: skip
        screen = QueueScreen(self._look, acts)
        screen.wanted_next.connect(self.call_next)
        screen.wanted_intake.connect(self._begin_with_ticket)
        screen.wanted_wall.connect(self.show_wall)
        screen.called.connect(self._ring)
        return screen

    # -- calling
    @Slot()
    def call_next(self) -> None:
        """F5, from any screen: the next number is called to this desk, and a toast says which."""
        if self._stopped:  # the desk is being closed: nobody sits here
            return
        work = partial(self._writing, queue.call_next, self._desk.now())
        tasks.run(self, work, self._called, lambda failure: self._window.toast.say(" ".join(failure.parts)))

    def _called(self, ticket: Ticket) -> None:
        self._window.toast.say(called_words(ticket))
        self._ring(ticket)

    @Slot(object)
    def _ring(self, _ticket: object) -> None:
        if self._board.bell:
            QApplication.beep()

    @Slot()
    def refresh(self) -> None:
        """Something was written or pulled: the badge and the wall follow at once, whichever screen is in front."""
        if not self._serves:
            return
        day = str(jalali.today(self._desk.now()))
        if self._day != day:  # a desk left open overnight has its morning too
            self._day = day
            self.open()
            return
        self._latest.run(self.read, self._show, lambda _failure: None)

    def _show(self, board: Board) -> None:
        before, self._board = self._board.current, board
        self._window.set_badge(QUEUE, len(board.waiting))
        if self.wall is not None:
            self.wall.show_calls(board.called)
        lost = next((each for each in board.serving if before and each.id == before.id and not each.here), None)
        if lost is not None:
            number = digits.persian(lost.number)
            self._window.toast.say(texts.say("queue.told-lost", number=number, place=lost.place))

    # -- the waiting room
    @Slot()
    def show_wall(self) -> None:
        """F11: the waiting room's screen, on another monitor where there is one; once more takes it away."""
        if self.wall is not None and self.wall.isVisible():
            self.wall.close()
            return
        if self.wall is None:
            self.wall = Wall(self._look, self._desk.centre.name, self._day_and_time)
        self.wall.show_calls(self._board.called)
        self.wall.show_on(screens(), self._window.screen())
        self._window.activateWindow()

    def _day_and_time(self) -> tuple[str, str]:
        now = self._desk.now()
        return jalali.long(jalali.today(now)), digits.persian(jalali.time_of_day(now))

    # -- the hours without power
    def _downtime(self) -> DowntimeScreen:
        desk = self._desk

        def read() -> Any:
            with desk.reading() as session:
                return today.today(session, desk.actor, desk.signer.desk, desk.now())

        def unused(number: str) -> str:
            with desk.reading() as session:
                return downtime.unused(session, desk.actor, desk.centre, number)

        acts = DowntimeActs(
            today=read,
            lay_aside=lambda count: self._writing(downtime.reserve, desk.centre, count, desk.now()),
            unused=unused,
            now=desk.now,
        )
        screen = DowntimeScreen(self._look, acts)
        screen.wanted_intake.connect(lambda slip: self._begin(Begun(slip=slip)))
        return screen

    # -- into the intake and back
    @Slot(object)
    def _begin_with_ticket(self, ticket: Ticket) -> None:
        self._begin(Begun(ticket=ticket.id, number=ticket.number), ticket.person)

    def _begin(self, begun: Begun, person: str = "") -> None:
        def keep() -> None:
            with self._desk.writing() as session:
                fields = {"ticket": begun.ticket, "number": begun.number}
                if begun.slip is not None:
                    fields |= {"slip": begun.slip.number, "at": str(begun.slip.at)}
                kept.save(session, self._desk.actor.staff_id, _BEGUN, fields, self._desk.now())

        def shown(_kept: object) -> None:
            screen = self._window.go("intake")
            if isinstance(screen, IntakeScreen):
                screen.show_begun(*begun.words())
                screen.search()
                if person:
                    screen.open_person(person)

        tasks.run(self, keep, shown, lambda failure: self._window.toast.say(" ".join(failure.parts)))

    def begun(self, session: Session) -> Begun:
        """What the intake in hand was begun from, nothing where it was begun by itself."""
        found = kept.load(session, self._desk.actor.staff_id, _BEGUN)
        if found is None:
            return Begun()
        said = found.fields
        slip = Slip(said["slip"], int(said["at"])) if said.get("slip") else None
        return Begun(said.get("ticket", ""), said.get("number", ""), slip)

    def ended(self, session: Session, begun: Begun, done: Registered, service: str) -> None:
        """The intake is registered in this transaction: its number leads to the visit, and nothing is begun now."""
        desk = self._desk
        if begun.ticket and self._serves:
            queue.link(session, desk.pen, desk.actor, begun.ticket, done.person_id, done.visit_id, service)
        kept.drop(session, desk.actor.staff_id, _BEGUN)

    @Slot(str, str)
    def _number_for(self, person: str, service: str) -> None:
        """Who stands at the desk waits in the queue; what their file says they need is known."""

        def told(ticket: Ticket) -> None:
            number, place = digits.persian(ticket.number), place_in_line(ticket, [*self._board.waiting, ticket])
            self._window.toast.say(texts.say("queue.told-new", number=number, n=place))

        work = partial(self._writing, queue.take, self._desk.now(), person=person, service=service)
        tasks.run(self, work, told, lambda failure: self._window.toast.say(" ".join(failure.parts)))

    def attach(self, screen: IntakeScreen) -> None:
        """An intake screen was made: it says what it was begun from, after a restart too, and may part from it."""

        def read() -> Begun:
            with self._desk.reading() as session:
                return self.begun(session)

        def part() -> None:
            with self._desk.writing() as session:
                kept.drop(session, self._desk.actor.staff_id, _BEGUN)

        def parted() -> None:
            tasks.run(self, part, lambda _done: screen.show_begun(), lambda _failure: None)
            screen.search()

        tasks.run(screen, read, lambda begun: screen.show_begun(*begun.words()), lambda _failure: None)
        screen.parted.connect(parted)
        screen.wanted_number.connect(self._number_for)
        screen.view.number.setEnabled(self._serves)
        screen.registered.connect(lambda *_done: screen.show_begun())
