"""Home, the day sheet: the one thing to do now, today's visits, what waits for somebody, and where every record is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from desktop.domain import digits, texts
from desktop.domain.day_sheet import ROWS_MOST, DaySheet, QueueNow, Section
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
_READ_AGAIN = 30_000
_LONG = 30
"""Minutes of waiting from which the figure is shown as something to look at."""


class Figure(Card):
    """A number a glance is enough for, with its unit and its name."""

    def __init__(self, look: Look, name: str, unit: str) -> None:
        self._value = Label(look, scale="figure", weight="bold")
        line = row(look, self._value, Label(look, unit, tone="muted"), 1)
        super().__init__(look, 1, Label(look, name, tone="muted"), line, 1, gap="none", pad="m")

    def tell(self, number: int | None, tone: str = "text") -> None:
        self._value.setText(texts.say("home.no-figure") if number is None else texts.say("ui.number", n=number))
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


class SectionPart(Card):
    """One section: its title, how many, the first few and one button. `wanted` carries a row's id, "" the button's."""

    wanted = Signal(str)

    def __init__(self, look: Look, section: Section) -> None:
        super().__init__(look, gap="s")
        self._count = Chip(look)
        self.act = Button(look, section.act, kind="quiet")
        self.act.clicked.connect(partial(self.wanted.emit, ""))
        self.rows = ResultList(look, section.title, enter=False)
        self.rows.picked.connect(self.wanted)
        self._more = Label(look, scale="caption", tone="muted")
        title = heading(look, section.title)
        self.put(row(look, Icon(look, section.icon), title, self._count, 1, self.act), self.rows, self._more)
        self.act.setVisible(bool(section.act))
        self.tell(section)

    def tell(self, section: Section) -> None:
        """Show it as it is now."""
        self._count.tell(texts.say("ui.number", n=section.figure), section.tone)
        shown = section.rows[:ROWS_MOST]
        self.rows.show_results([Found(each.id, each.words, each.about, each.state, each.tone) for each in shown])
        rest = section.figure - len(shown) if shown else 0
        self._more.setVisible(rest > 0)
        self._more.setText(texts.say("home.more", n=rest))


class QueueHero(QWidget):
    """The next number, large, who that is and how long they have waited; F5 is the window's."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._number = Label(look, scale="hero", weight="bold", tone="on_accent")
        self._who = Paragraph(look, scale="lead", weight="medium", tone="on_accent")
        self._waited = Paragraph(look, tone="on_accent_soft")
        self.call = Button(look, texts.say("queue.call"), kind="on_hero", icon="bell", key="F5", big=True, bind=False)
        line = row(look, self._number, gap="l")
        line.addLayout(column(look, 1, self._who, self._waited, 1, gap="none"), 1)
        line.addWidget(self.call)
        self.setLayout(line)

    def tell(self, queue: QueueNow) -> None:
        self._number.setText(digits.persian(queue.number))
        needs = texts.say("ui.and").join(queue.needs)
        self._who.setText(texts.say("home.next-needs", needs=needs) if needs else texts.say("home.next-number"))
        waited = texts.say("home.next-waited", n=queue.waited) if queue.waited else texts.say("home.next-fresh")
        self._waited.setText(waited)


class HomeScreen(Screen):
    """Reads the day sheet off the window's thread each time it is shown, something changed, or half a minute went by.

    `wanted_search` asks for the search box (F3), `wanted_next` for the next number (F5), `wanted_visit` carries the id
    of a visit to open, `wanted` a section and a row of it, "" for its button.
    """

    help_name = "home"

    wanted_search = Signal()
    wanted_next = Signal()
    wanted_visit = Signal(str)
    wanted = Signal(str, str)

    def __init__(self, look: Look, read: Callable[[], DaySheet]) -> None:
        super().__init__(look, texts.say("home.title"))
        self._read = read
        self._latest: tasks.Latest[DaySheet] = tasks.Latest(self)
        self.sections: dict[str, SectionPart] = {}
        self.next = QueueHero(look)
        self.next.call.clicked.connect(self.wanted_next)
        self._minute = QTimer(self, interval=_READ_AGAIN)
        self._minute.timeout.connect(self._again)
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
        minute = texts.say("home.unit-minute")
        self._waiting = Figure(look, texts.say("home.waiting"), texts.say("home.unit-visit"))
        self._average = Figure(look, texts.say("home.average"), minute)
        self._longest = Figure(look, texts.say("home.longest"), minute)
        self.build(self._body())

    def _body(self) -> QWidget:
        look = self.look
        about = column(look, 1, Label(look, texts.say("home.next"), scale="title", weight="bold", tone="on_accent"))
        about.put(Paragraph(look, texts.say("home.next-how"), tone="on_accent_soft"), 1)
        hero = Hero(look)
        now = row(look, gap="l")
        now.addLayout(about, 1)
        now.addWidget(self.search_button)
        self._finding = holder(now)
        self.next.hide()
        hero.put(self.next, self._finding)
        self._of_day = holder(row(look, self._visits_figure, self._screenings, self._unsent_figure, gap="m"))
        self._of_queue = holder(row(look, self._waiting, self._average, self._longest, gap="m"))
        self._of_queue.hide()
        figures = holder(column(look, self._of_day, self._of_queue, gap="none"))
        top = columns(look, (hero, 10), (figures, 9), gap="m")
        visits = Card(look, row(look, heading(look, texts.say("home.visits")), self._count, 1), self.box, 1, gap="s")
        safety = Card(look, heading(look, texts.say("home.safety")), self.saved, self.unsent, gap="m")
        self._parts = column(look, gap="m")
        side = holder(column(look, self._parts, safety, 1, gap="m"))
        lists = columns(look, (visits, 17), (side, 10), gap="m")
        whole = column(look, top, gap="m")
        whole.addLayout(lists, 1)
        return holder(whole)

    def first(self) -> QWidget:
        return self.search_button if self.next.isHidden() else self.next.call

    def shown(self) -> None:
        self.box.loading()
        self._minute.start()
        self._latest.run(self._read, self.show_sheet, self._failed)

    def _again(self) -> None:
        if self.isVisible():
            self.shown()

    def leave(self) -> None:
        self._minute.stop()

    def show_sheet(self, sheet: DaySheet) -> None:
        """Show these values."""
        self._show_queue(sheet.queue)
        self._show_sections(sheet.waiting())
        self._show_today(sheet.today)

    def _show_queue(self, queue: QueueNow | None) -> None:
        """The next number where somebody waits; the keyboard that stood on the one button stands on the other."""
        at = self.window().focusWidget()
        had = at is self.first()
        waits = queue is not None and bool(queue.number)
        self.next.setVisible(waits)
        self._finding.setVisible(not waits)
        self._of_queue.setVisible(waits)
        self._of_day.setVisible(not waits)
        if queue is not None and waits:
            self.next.tell(queue)
            self._waiting.tell(queue.waiting)
            self._average.tell(queue.average)
            self._longest.tell(queue.longest, "warn" if queue.longest >= _LONG else "text")
        if had and at is not self.first():
            self.first().setFocus()

    def _show_sections(self, sections: Sequence[Section]) -> None:
        """Those that have something; one that has nothing any more goes without a word."""
        for at, section in enumerate(sections):
            if (part := self.sections.get(section.id)) is None:
                part = self.sections[section.id] = SectionPart(self.look, section)
                part.wanted.connect(partial(self.wanted.emit, section.id))
            part.tell(section)
            if self._parts.indexOf(part) != at:
                self._parts.insertWidget(at, part)
            part.show()
        shown = {each.id for each in sections}
        for name, part in self.sections.items():
            if name not in shown:
                part.hide()

    def _show_today(self, today: Today) -> None:
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
