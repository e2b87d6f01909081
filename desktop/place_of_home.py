"""Home's day sheet: what each feature tells of the day, and where its rows lead. A new section is one more `Source`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from db import drafts as kept
from desktop.actions import conflicts, documents, incidents, today
from desktop.desk import Desk
from desktop.domain import digits, jalali, queue
from desktop.domain.day_sheet import DaySheet, QueueNow, Section, SheetRow
from desktop.domain.queue import Board
from desktop.domain.roles import may
from desktop.domain.sync_truth import SyncTruth
from desktop.domain.texts import say
from ui.screens.home import HomeScreen
from ui.shell import Place
from ui.theme.look import Look
from ui.window import Window

_FORMS = {"intake": "intake.title", "vision": "vision.name"}
"""The forms a draft is kept of, which are places too, and what they are called."""


@dataclass(frozen=True, slots=True)
class Ways:
    """Where home leads: `visit` and `paper` take an id; `board` and `truth` are read off the window's thread."""

    visit: Callable[[str], object]
    paper: Callable[[str], object]
    incidents: Callable[[], object]
    call_next: Callable[[], object]
    board: Callable[[], Board]
    truth: Callable[[], SyncTruth]


@dataclass(frozen=True, slots=True)
class Source:
    """A section: `read` tells it now, off the window's thread; `open` takes a row's id, "" for its button."""

    read: Callable[[Session], Section]
    open: Callable[[str], object]


def place(window: Window, look: Look, desk: Desk, ways: Ways) -> Place:
    """Home, as the first place."""

    def build() -> HomeScreen:
        sources = sections(window, desk, ways)
        opens: dict[str, Callable[[str], object]] = {}

        def read() -> DaySheet:
            with desk.reading() as session:
                day = today.today(session, desk.actor, desk.signer.desk, desk.now())
                told = [source.read(session) for source in sources]
            opens.update((each.id, source.open) for each, source in zip(told, sources, strict=True))
            return DaySheet(day, _queue(desk, ways), tuple(told))

        screen = HomeScreen(look, read)
        screen.wanted_search.connect(window.search)
        screen.wanted_next.connect(ways.call_next)
        screen.wanted_visit.connect(ways.visit)
        screen.wanted.connect(lambda section, row: opens[section](row))
        return screen

    return Place("home", say("home.title"), "home", build)


def sections(window: Window, desk: Desk, ways: Ways) -> list[Source]:
    """In the order to show them; what somebody may not know of has nothing to tell them."""
    return [
        Source(lambda session: _drafts(session, desk), window.go),
        Source(lambda session: _papers(session, desk), lambda paper: _open(window, "papers", ways.paper, paper)),
        Source(lambda session: _conflicts(session, desk), lambda _row: window.go("conflicts")),
        Source(lambda session: _incidents(session, desk), lambda _row: ways.incidents()),
        Source(lambda _session: _unsent(ways.truth()), lambda _row: window.go("sync")),
    ]


def _queue(desk: Desk, ways: Ways) -> QueueNow | None:
    if not may(desk.actor.roles, "queue.serve"):
        return None
    board = ways.board()
    if not board.waiting:
        return QueueNow(average=board.average)
    following, minutes = board.waiting[0], [(board.now - each.taken_at) // queue.MINUTE for each in board.waiting]
    needs = tuple(say(f"queue.need.{need}") for need in following.needs)
    return QueueNow(following.number, needs, minutes[0], len(board.waiting), board.average, max(minutes))


def _open(window: Window, place_id: str, way: Callable[[str], object], row: str) -> None:
    if row:
        way(row)
    else:
        window.go(place_id)


def _left(session: Session, desk: Desk) -> dict[str, kept.Saved]:
    return {form: each for form, each in kept.of_person(session, desk.actor.staff_id).items() if form in _FORMS}


def _drafts(session: Session, desk: Desk) -> Section:
    rows = [
        SheetRow(form, say(_FORMS[form]), _of_whom(form, each.fields), say("day-sheet.draft-kept", time=_time(each)))
        for form, each in _left(session, desk).items()
    ]
    return Section("drafts", say("day-sheet.drafts"), "save", len(rows), tuple(rows), tone="accent")


def _time(saved: kept.Saved) -> str:
    return digits.persian(jalali.time_of_day(saved.saved_at))


def _of_whom(form: str, fields: Mapping[str, Any]) -> str:
    """A name, if one was written: nothing else of a draft is told."""
    if form == "vision":
        return say("day-sheet.draft-of", n=len(fields.get("tests", ())))
    entries: Any = fields.get("entries") or ({},)
    return f"{entries[0].get('given_name', '')} {entries[0].get('family_name', '')}".strip()


def _papers(session: Session, desk: Desk) -> Section:
    title, act = say("day-sheet.papers"), say("day-sheet.papers-act")
    asked = documents.unanswered(session, desk.actor)
    lines = documents.recent(session, desk.actor, 0) if asked else ()
    rows = tuple(
        SheetRow(each.document_id, each.person, say(f"preview.kind-{each.kind}"), say("day-sheet.paper-asks"), "warn")
        for each in lines
    )
    return Section("papers", title, "print", asked, rows, act, "warn")


def _conflicts(session: Session, desk: Desk) -> Section:
    title, act = say("day-sheet.conflicts"), say("day-sheet.conflicts-act")
    waiting = conflicts.count(session, desk.actor) if may(desk.actor.roles, "person.write") else 0
    listed = conflicts.listed(session, desk.actor, desk.now()) if waiting else ()
    rows = tuple(SheetRow(each.id, each.whom or each.words, each.words if each.whom else "") for each in listed)
    return Section("conflicts", title, "files", waiting, rows, act, "warn")


def _incidents(session: Session, desk: Desk) -> Section:
    """How many, and no more: home stands open before clients."""
    count = incidents.count_on(session, desk.actor, str(jalali.today(desk.now())))
    return Section("incidents", say("day-sheet.incidents"), "lock", count, (), say("day-sheet.incidents-act"))


def _unsent(truth: SyncTruth) -> Section:
    rows = tuple(SheetRow(each.id, each.words, "", each.since) for each in truth.on_way)
    count = truth.on_way_count if truth.enrolled else 0
    return Section("unsent", say("day-sheet.unsent"), "send", count, rows, say("day-sheet.unsent-act"), "warn")
