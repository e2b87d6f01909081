"""Home: the one thing to do now, today's visits, and where every record is."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.domain import texts
from desktop.domain.today import PrintState, SyncState, Today, TodayVisit
from ui import tasks
from ui.screens.base import Screen
from ui.theme.look import Look
from ui.theme.tokens import Tone
from ui.widgets import (
    Button,
    Card,
    Chip,
    Found,
    Hero,
    Icon,
    Label,
    Paragraph,
    ResultList,
    StateBox,
    column,
    columns,
    heading,
    holder,
    row,
)

_PRINTED: dict[PrintState, tuple[str, Tone]] = {
    "none": ("", "muted"),
    "waiting": ("home.print-waiting", "muted"),
    "printed": ("home.print-printed", "ok"),
    "failed": ("home.print-failed", "danger"),
    "unknown": ("home.print-unknown", "warn"),
}
_SYNC: dict[SyncState, tuple[str, Tone]] = {
    "here": ("home.sync-here", "muted"),
    "sent": ("home.sync-sent", "muted"),
    "accepted": ("home.sync-accepted", "ok"),
}


class Figure(Card):
    """A number a glance is enough for, with its unit and its name."""

    def __init__(self, look: Look, name: str, unit: str) -> None:
        self._value = Label(look, scale="figure", weight="bold")
        line = row(look, self._value, Label(look, unit, tone="muted"), 1)
        super().__init__(look, 1, Label(look, name, tone="muted"), line, 1, gap="none", pad="m")

    def tell(self, number: int, tone: str = "text") -> None:
        self._value.setText(texts.say("ui.number", n=number))
        self._value.set_tone(tone)


class Promise(QWidget):
    """An icon, what is so, and what that means."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._icon = Icon(look, "save", tone="ok", size=24)
        self._what = Paragraph(look, weight="medium")
        self._more = Paragraph(look, scale="caption", tone="muted")
        line = row(look, self._icon, gap="m")
        line.addLayout(column(look, self._what, self._more, gap="none"), 1)
        self.setLayout(line)

    def tell(self, icon: str, tone: str, what: str, more: str) -> None:
        self._icon.show_icon(icon, tone)
        self._what.setText(what)
        self._more.setText(more)
        self._more.setVisible(bool(more))

    def words(self) -> str:
        return self._what.text()


class HomeScreen(Screen):
    """Reads `Today` off the window's thread each time it is shown or something changed.

    `wanted_search` asks for the search box (F3), `wanted_visit` carries the id of a visit to open.
    """

    help_name = "home"

    wanted_search = Signal()
    wanted_visit = Signal(str)

    def __init__(self, look: Look, read: Callable[[], Today]) -> None:
        super().__init__(look, texts.say("home.title"))
        self._read = read
        self._latest: tasks.Latest[Today] = tasks.Latest(self)
        self.search_button = Button(
            look, texts.say("home.find"), kind="on_hero", icon="search", key="F3", big=True, bind=False
        )
        self.search_button.clicked.connect(self.wanted_search)
        self.visits = ResultList(look, texts.say("home.visits"), enter=False)
        self.visits.picked.connect(self.wanted_visit)
        self._count = Chip(look)
        self.box = StateBox(look, column(look, self.visits, 1))
        self.saved, self.unsent = Promise(look), Promise(look)
        self._visits_figure = Figure(look, texts.say("home.visits-count"), texts.say("home.unit-visit"))
        self._screenings = Figure(look, texts.say("home.screenings"), texts.say("home.unit-screening"))
        self._unsent_figure = Figure(look, texts.say("home.unsent"), texts.say("home.unit-record"))
        self.build(self._body())

    def _body(self) -> QWidget:
        look = self.look
        about = column(look, 1, Label(look, texts.say("home.next"), scale="title", weight="bold", tone="on_accent"))
        about.put(Paragraph(look, texts.say("home.next-how"), tone="on_accent_soft"), 1)
        hero = Hero(look)
        now = row(look, gap="l")
        now.addLayout(about, 1)
        now.addWidget(self.search_button)
        hero.put(now)
        figures = holder(row(look, self._visits_figure, self._screenings, self._unsent_figure, gap="m"))
        top = columns(look, (hero, 10), (figures, 9), gap="m")
        visits = Card(look, row(look, heading(look, texts.say("home.visits")), self._count, 1), self.box, 1, gap="s")
        safety = Card(look, heading(look, texts.say("home.safety")), self.saved, self.unsent, gap="m")
        side = holder(column(look, safety, 1))
        lists = columns(look, (visits, 17), (side, 10), gap="m")
        whole = column(look, top, gap="m")
        whole.addLayout(lists, 1)
        return holder(whole)

    def first(self) -> QWidget:
        return self.search_button

    def shown(self) -> None:
        self.box.loading()
        self._latest.run(self._read, self.show_today, self._failed)

    def show_today(self, today: Today) -> None:
        """Show these values."""
        self.head(texts.say("home.title"), today.day)
        self._count.setVisible(bool(today.visits))
        self._count.tell(texts.say("ui.number", n=len(today.visits)), "muted")
        self._visits_figure.tell(len(today.visits))
        self._screenings.tell(today.screenings)
        self._unsent_figure.tell(today.unsent, "warn" if today.unsent else "text")
        self.visits.show_results([_row(visit) for visit in today.visits])
        if today.visits:
            self.box.full()
        else:
            self.box.empty(texts.say("home.none"))
        self._tell_safety(today)

    def _tell_safety(self, today: Today) -> None:
        if today.recorded:
            here = texts.say("home.all-here", n=today.recorded)
            self.saved.tell("save", "ok", here, texts.say("home.all-here-more"))
        else:
            self.saved.tell("save", "muted", texts.say("home.nothing-yet"), "")
        if not today.enrolled:
            words, more = texts.say("home.not-enrolled"), texts.say("home.not-enrolled-more")
            self.unsent.tell("server", "warn", words, more)
        elif today.unsent:
            words, more = texts.say("home.still-here", n=today.unsent), texts.say("home.still-here-more")
            self.unsent.tell("send", "warn", words, more)
        else:
            self.unsent.tell("server", "ok", texts.say("home.all-sent"), "")

    def _failed(self, failure: tasks.Failure) -> None:
        self.box.failed(failure.parts)


def _row(visit: TodayVisit) -> Found:
    (printed, print_tone), (sync, sync_tone) = _PRINTED[visit.printed], _SYNC[visit.sync]
    return Found(
        visit.id,
        visit.person,
        visit.service,
        texts.say(printed) if printed else "",
        print_tone,
        lead=visit.time,
        second=texts.say(sync),
        second_tone=sync_tone,
    )
