"""The queue: who is here, who waits and in what order, and the next number. F5 calls the next, from any screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from desktop.domain import digits
from desktop.domain.queue import FETCHED, Board, Need, Status, Ticket, key
from desktop.domain.texts import say
from ui import tasks
from ui.screens.base import Screen
from ui.screens.queue_list import Waiting, WaitingList
from ui.screens.queue_parts import CurrentPart, NewPart, PlacePart, average_words, bell_words, elsewhere
from ui.theme.look import Look
from ui.undo import Undo
from ui.widgets import (
    ActionBar,
    Button,
    Card,
    Chip,
    Label,
    PrimaryButton,
    ResultList,
    StateBox,
    column,
    columns,
    heading,
    holder,
    row,
)

_READ_AGAIN = 30_000
"""How long stands on the rows; it grows by the minute."""
_BECAME: dict[str, Status] = {"came": "serving", "hold": "held", "done": "done"}


@dataclass(frozen=True, slots=True)
class QueueActs:
    """What the screen can do; all block and are called off the window's thread. What is done to a number takes its
    id."""

    read: Callable[[], Board]
    take: Callable[[tuple[Need, ...]], Ticket]
    call: Callable[[str], Ticket]
    came: Callable[[str], object]
    absent: Callable[[str], Ticket]
    done: Callable[[str], object]
    hold: Callable[[str], object]
    gave_up: Callable[[str], object]
    quick: Callable[[str], Ticket]
    put_back: Callable[[Ticket, Status], object]
    set_place: Callable[[str], object]
    set_bell: Callable[[bool], object]


class QueueScreen(Screen):
    """Reads the board off the window's thread. Emits `wanted_next` (F5 is the window's), `wanted_intake` with the
    number to begin an intake for, `wanted_wall`, and `called` with each number this screen called."""

    help_name = "queue"

    wanted_next = Signal()
    wanted_intake = Signal(object)
    wanted_wall = Signal()
    called = Signal(object)

    def __init__(self, look: Look, acts: QueueActs) -> None:
        super().__init__(look, say("queue.title"))
        self._acts = acts
        self._board = Board()
        self._latest: tasks.Latest[Board] = tasks.Latest(self)
        self.waiting = WaitingList(look)
        self.waiting.called.connect(self.call)
        self._box = StateBox(look, self.waiting)
        self.current, self.new, self.place = CurrentPart(look), NewPart(look), PlacePart(look)
        self.current.wanted.connect(self._act)
        self.place.kept.connect(self._keep_place)
        self.others = ResultList(look, say("queue.serving"))
        self.others.picked.connect(self._call_back)
        self._others_box = StateBox(look, self.others)
        self._count, self._average = Chip(look), Label(look, scale="caption", tone="muted")
        self._gone = Label(look, scale="caption", tone="muted")
        self.next = Button(look, say("queue.call"), icon="bell", key="F5", bind=False)
        self.next.clicked.connect(self.wanted_next)
        self.quick = Button(look, say("queue.quick"), key="F10")
        self.quick.clicked.connect(lambda: self._selected(self._quick))
        self.gave_up = Button(look, say("queue.gave-up"), kind="quiet")
        self.gave_up.clicked.connect(lambda: self._selected(self._gave_up))
        self.give = PrimaryButton(look, say("queue.give"), icon="plus")
        self.give.clicked.connect(self.take)
        self.wall = Button(look, say("queue.wall"), key="F11")
        self.wall.clicked.connect(self.wanted_wall)
        self.bell = Button(look, bell_words(True), kind="quiet", icon="bell")
        self.bell.clicked.connect(self._turn_bell)
        self.rename = Button(look, say("queue.name-place"), kind="quiet")
        self.rename.clicked.connect(self._ask_place)
        self.build(self._body(), ActionBar(look, self.give, self.wall))
        self._minute = QTimer(self, interval=_READ_AGAIN)
        self._minute.timeout.connect(self._read)

    def _body(self) -> QWidget:
        look = self.look
        head = row(look, heading(look, say("queue.waiting")), self._count, 1, self.next)
        below = row(look, self.quick, self.gave_up, 1, self._gone)
        waiting = Card(look, head, self._average, gap="s")
        waiting.body.addWidget(self._box, 1)
        waiting.put(below)
        others = Card(look, heading(look, say("queue.serving")), self._others_box, gap="s")
        quiet = holder(row(look, self.rename, self.bell, 1))
        self._side = column(look, self.new, others, 1, self.place, quiet, gap="m")
        self._whole = column(look, gap="m")
        self._whole.addLayout(columns(look, (waiting, 17), (holder(self._side), 11), gap="m"), 1)
        look.changed.connect(self._fold)
        self._fold()
        return holder(self._whole)

    def _fold(self) -> None:
        """Whom this desk serves stands at the side, and first of all where there is one column."""
        (self._whole if self.look.columns_folded else self._side).insertWidget(0, self.current)
        for each in self.current.findChildren(Label):
            each.restyle()  # what moves to another parent goes back to the font it had before the zoom

    def first(self) -> QWidget:
        return self.waiting if self._board.waiting else self.new.needs

    def shown(self) -> None:
        self._box.loading()
        self._minute.start()
        self._read()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._minute.start()  # what lay over the window is gone

    def leave(self) -> None:
        self._minute.stop()

    def _read(self) -> None:
        if self.isVisible() or self._board == Board():
            self._latest.run(self._acts.read, self.show_board, self._unread)
        else:
            self._minute.stop()

    def _unread(self, failure: tasks.Failure) -> None:
        self._box.failed(failure.parts)

    def show_board(self, board: Board) -> None:
        """Show the queue as it is."""
        empty = not self._board.waiting
        self._board = board
        self.head(say("queue.title"), say("queue.subtitle", place=board.place))
        rows = [Waiting(each, at, board.now - each.taken_at) for at, each in enumerate(board.waiting, 1)]
        at = self.window().focusWidget()
        focused = at is self.waiting or (empty and at is self.new.needs.tiles[0])
        self.waiting.show_waiting(rows)
        self._count.setVisible(bool(rows))
        self._count.tell(say("ui.number", n=len(rows)), "accent")
        self._average.setText(average_words(board))
        self._gone.setText(say("queue.gone", n=board.gone) if board.gone else "")
        if rows:
            self._box.full()
        else:
            self._box.empty(say("queue.none"))
        self.current.show_ticket(board.current, board.now)
        self.others.show_results(elsewhere(board))
        if board.held or board.serving:
            self._others_box.full()
        else:
            self._others_box.empty(say("queue.serving-none"))
        for button in (self.quick, self.gave_up):
            if rows:
                button.enable()
            else:
                button.disable(say("queue.none"))
        self.bell.set_words(bell_words(board.bell))
        if focused:
            self.first().setFocus()

    # -- who waits
    def take(self) -> None:
        """F9: the next number, with the needs that were chosen; no paper is needed for it."""
        wanted = self.new.wanted()
        self._run(lambda: self._acts.take(wanted), self._taken)

    def _taken(self, ticket: Ticket) -> None:
        self.new.clear()
        place = sum(key(each) < key(ticket) for each in self._board.waiting) + 1
        self._tell("new", ticket, n=place)

    def call(self, ticket_id: str) -> None:
        """Enter: call this one, whoever is first."""
        self._run(lambda: self._acts.call(ticket_id), self._called)

    def _called(self, ticket: Ticket) -> None:
        self.told.emit(called_words(ticket))
        self.called.emit(ticket)

    def _call_back(self, ticket_id: str) -> None:
        """Who is held comes back without waiting; who is at another desk stays there."""
        if any(each.id == ticket_id for each in self._board.held):
            self.call(ticket_id)

    def _selected(self, act: Callable[[Ticket], None]) -> None:
        if (ticket := self.waiting.current()) is not None:
            act(ticket)

    def _quick(self, ticket: Ticket) -> None:
        def told(done: Ticket) -> None:
            self._tell_undoable("quick", ticket, "done")
            self.called.emit(done)

        self._run(lambda: self._acts.quick(ticket.id), told)

    def _gave_up(self, ticket: Ticket) -> None:
        self._run(lambda: self._acts.gave_up(ticket.id), lambda _done: self._tell_undoable("gave-up", ticket, "left"))

    # -- who is here
    def _act(self, act: str, ticket_id: str) -> None:
        current = self._board.current
        if current is None or current.id != ticket_id:
            return
        if act == "again":
            self.call(ticket_id)
        elif act == "intake":
            self.wanted_intake.emit(current)
        elif act == "absent":
            self._run(lambda: self._acts.absent(ticket_id), lambda after: self._was_absent(current, after))
        else:
            work = {"came": self._acts.came, "hold": self._acts.hold, "done": self._acts.done}[act]
            became: Status = _BECAME[act]
            self._run(lambda: work(ticket_id), lambda _done: self._tell_undoable(act, current, became))

    def _was_absent(self, before: Ticket, after: Ticket) -> None:
        self._tell_undoable("absent-left" if after.status == "left" else "absent", before, after.status)

    # -- this desk
    def _turn_bell(self) -> None:
        rings = not self._board.bell
        self._run(lambda: self._acts.set_bell(rings), lambda _done: self._read())

    def _ask_place(self) -> None:
        self.place.setVisible(self.place.isHidden())
        if not self.place.isHidden():
            self.place.words.set_text(self._board.place)
            self.place.field.focus()

    def _keep_place(self, words: str) -> None:
        def kept(_done: object) -> None:
            self.place.hide()
            self.rename.setFocus()
            self.told.emit(say("queue.told-place", place=words or self._board.place))
            self._read()

        self._run(lambda: self._acts.set_place(words), kept)

    def _run(self, work: Callable[[], tasks.Result], done: Callable[[tasks.Result], object]) -> None:
        tasks.run(self, work, done, lambda failure: self.told.emit(" ".join(failure.parts)))

    def _tell_undoable(self, what: str, before: Ticket, became: Status) -> None:
        """What became of a number, and the way back to how it was."""

        def back() -> None:
            self._run(lambda: self._acts.put_back(before, became), lambda _done: self._tell("back", before))

        number = digits.persian(before.number)
        self.undoable.emit(say(f"queue.told-{what}", number=number), Undo(say("queue.undo"), back))

    def _tell(self, what: str, ticket: Ticket, **more: object) -> None:
        self.told.emit(say(f"queue.told-{what}", number=digits.persian(ticket.number), **more))


def called_words(ticket: Ticket) -> str:
    """What is said at the desk when a number is called; who can't see or hear it is fetched."""
    number = digits.persian(ticket.number)
    if not FETCHED.isdisjoint(ticket.needs):
        return say("queue.told-fetch", number=number)
    return say("queue.told-call", number=number, place=ticket.place)
