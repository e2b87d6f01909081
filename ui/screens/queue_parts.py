"""Parts of the queue screen: who is at this desk, giving a number, and what this desk is called."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.domain import digits
from desktop.domain.queue import FETCHED, MINUTE, NEEDS, Board, Need, Ticket
from desktop.domain.texts import say
from ui.screens.queue_list import duration
from ui.theme.look import Look
from ui.widgets import (
    Button,
    Card,
    Choice,
    ChoiceTiles,
    Field,
    Found,
    Label,
    Paragraph,
    PersianEdit,
    column,
    heading,
    holder,
    row,
)


class CurrentPart(Card):
    """Whom this desk called or serves, and the three keys for them. `wanted` carries the act and the number's id.

    The keys that follow one another are never the same: a second press of «آمد» leads to intake, and ends nothing.
    """

    wanted = Signal(str, str)

    def __init__(self, look: Look) -> None:
        super().__init__(look, gap="s", ground="hero")
        self._id = ""
        self._state = Label(look, weight="medium", tone="on_accent_soft")
        self.number = Label(look, scale="hero", weight="bold", tone="on_accent")
        self._who = Paragraph(look, scale="lead", weight="medium", tone="on_accent")
        self._more = Paragraph(look, tone="on_accent_soft")
        self._fetch = Paragraph(look, scale="lead", weight="bold", tone="on_accent")
        words = column(look, 1, self._who, self._more, self._fetch, 1, gap="none")
        line = row(look, self.number, gap="l")
        line.addLayout(words, 1)
        called = (("came", "on_hero", "F6"), ("again", "ghost", "F7"), ("absent", "ghost", "F8"))
        served = (("intake", "on_hero", "F6"), ("hold", "ghost", "F7"), ("done", "ghost", "F8"))
        self.buttons: dict[str, Button] = {}
        self._called, self._served = (self._line(look, each) for each in (called, served))
        self.put(self._state, line, self._called, self._served)
        self.show_ticket(None, 0)

    def _line(self, look: Look, acts: Iterable[tuple[str, str, str]]) -> QWidget:
        line = row(look)
        for act, kind, key in acts:
            button = Button(look, say(f"queue.{act}"), kind="on_hero" if kind == "on_hero" else "ghost", key=key)
            button.clicked.connect(lambda _on=False, act=act: self.wanted.emit(act, self._id))
            self.buttons[act] = button
            line.addWidget(button, 1)
        return holder(line)

    def show_ticket(self, ticket: Ticket | None, now: int) -> None:
        """This number, or that nobody is here."""
        self._id = ticket.id if ticket else ""
        invited = ticket is not None and ticket.status == "invited"
        state = "queue.now-nobody" if ticket is None else "queue.now" if invited else "queue.now-serving"
        self._state.setText(say(state))
        self.number.setText(digits.persian(ticket.number) if ticket else "")
        self.number.setVisible(ticket is not None)
        self._who.setText(ticket.name if ticket else "")
        self._who.setVisible(bool(ticket and ticket.name))
        self._more.setText(_since(ticket, now) if ticket else say("queue.now-next"))
        fetch = ticket is not None and invited and not FETCHED.isdisjoint(ticket.needs)
        self._fetch.setText(say("queue.now-fetch") if fetch else "")
        self._fetch.setVisible(fetch)
        self._called.setVisible(invited)
        self._served.setVisible(ticket is not None and not invited)
        for part in (self.number, self._who, self._more, self._fetch):
            part.updateGeometry()

    def words(self) -> tuple[str, ...]:
        said = (self._state, self.number, self._who, self._more, self._fetch)
        return tuple(each.text() for each in said if each.text())


def _since(ticket: Ticket, now: int) -> str:
    begun = ticket.called_at if ticket.status == "invited" else ticket.served_at
    long = now - begun >= MINUTE
    said = [ticket.place, say("queue.since", time=duration(now - begun)) if long else duration(0)]
    if ticket.contested:
        said.append(say("queue.contested"))
    return say("ui.and").join(each for each in said if each)


class NewPart(Card):
    """What the next number needs, seen at a glance: one key each."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, gap="s")
        choices = [Choice(need, say(f"queue.need-short.{need}")) for need in NEEDS]
        self.needs = ChoiceTiles(look, say("queue.new-needs"), choices, several=True, wide=3, narrow=3)
        self.put(heading(look, say("queue.new")), self.needs)

    def wanted(self) -> tuple[Need, ...]:
        chosen = self.needs.values()
        return tuple(need for need in NEEDS if need in chosen)

    def clear(self) -> None:
        self.needs.choose(None)


class PlacePart(Card):
    """What this desk is called in the waiting room. `kept` carries the words."""

    kept = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__(look, gap="s")
        self.words = PersianEdit(longest=24)
        self.field = Field(look, say("queue.place-words"), self.words, hint=say("queue.name-place-hint"))
        self.keep = Button(look, say("queue.keep-place"), icon="check")
        self.keep.clicked.connect(lambda: self.kept.emit(self.words.value()))
        self.put(self.field, row(look, self.keep, 1))
        self.hide()


def elsewhere(board: Board) -> list[Found]:
    """Who is held, who was called or is served at another desk; the held first, for they can be called back."""
    return [_row(each, board.now) for each in (*board.held, *board.serving)]


def _row(ticket: Ticket, now: int) -> Found:
    if ticket.status == "held":
        chip, begun = say("queue.held"), ticket.served_at or ticket.called_at
    elif ticket.status == "invited":
        chip, begun = say("queue.invited"), ticket.called_at
    else:
        chip, begun = say("queue.serving-chip"), ticket.served_at
    about = (ticket.name, ticket.place, duration(now - begun))
    return Found(
        ticket.id, digits.persian(ticket.number), say("ui.and").join(each for each in about if each), chip,
        "warn" if ticket.status == "held" else "muted",
        second=say("queue.contested") if ticket.contested else "", second_tone="warn",
    )  # fmt: skip


def average_words(board: Board) -> str:
    """The day in one line."""
    if board.average is None:
        return say("queue.average-none")
    return say("queue.average", time=say("queue.minutes", n=board.average))


def bell_words(on: bool) -> str:
    return say("queue.bell-on" if on else "queue.bell-off")
