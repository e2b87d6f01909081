"""The day sheet of home, as data: each feature gives a section of its own and home shows whatever is there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from desktop.domain.today import Today

Urgency = Literal["muted", "accent", "ok", "warn", "danger"]
ROWS_MOST = 4


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A line of a section; `id` is the section's own and goes back to it when Enter is pressed. `state` in words."""

    id: str
    words: str
    about: str = ""
    state: str = ""
    tone: Urgency = "muted"


@dataclass(frozen=True, slots=True)
class Section:
    """What waits at one place. `figure` is how many wait in all, `act` the words of the one button; without a figure
    there is nothing to show, and nothing is shown. `id` is unique on the sheet."""

    id: str
    title: str
    icon: str
    figure: int
    rows: tuple[SheetRow, ...] = ()
    act: str = ""
    tone: Urgency = "muted"


@dataclass(frozen=True, slots=True)
class QueueNow:
    """Who is next and how it goes. Minutes; `longest` of who waits now, `average` None before anybody was served."""

    number: str = ""
    needs: tuple[str, ...] = ()
    waited: int = 0
    waiting: int = 0
    average: int | None = None
    longest: int = 0


@dataclass(frozen=True, slots=True)
class DaySheet:
    """Home: `queue` is None for who doesn't serve it. `sections` in the order to show them, empty ones too."""

    today: Today
    queue: QueueNow | None = None
    sections: tuple[Section, ...] = field(default=())

    def waiting(self) -> tuple[Section, ...]:
        """The sections that have something."""
        return tuple(each for each in self.sections if each.figure)
