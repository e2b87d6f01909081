"""The place where two truths of one record are decided between: what its screen may call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from desktop.actions import conflicts
from desktop.desk import Desk
from desktop.domain import texts
from desktop.domain.changed import Changed
from desktop.domain.conflicts import Contested
from desktop.domain.roles import may
from ui.screens.conflicts import ConflictActs, ConflictsScreen
from ui.shell import Place
from ui.theme.look import Look


def places(
    look: Look, desk: Desk, changed: Callable[[Changed], object], open_person: Callable[[str], object]
) -> list[Place]:
    """One, for whoever writes of people."""
    if not may(desk.actor.roles, "person.write"):
        return []
    build = partial(_screen, look, desk, changed, open_person)
    return [Place("conflicts", texts.say("conflicts.place"), "files", build)]


def _screen(
    look: Look, desk: Desk, changed: Callable[[Changed], object], open_person: Callable[[str], object]
) -> ConflictsScreen:
    def read() -> tuple[Sequence[Contested], int]:
        with desk.reading() as session:
            return conflicts.listed(session, desk.actor, desk.now()), conflicts.count(session, desk.actor)

    def decide(contested: str, head: str, seen: Sequence[str]) -> None:
        with desk.writing() as session:
            done = conflicts.decide(session, desk.pen, contested, head, seen)
        changed(done)

    screen = ConflictsScreen(look, ConflictActs(read, decide))
    screen.wanted_person.connect(open_person)
    return screen
