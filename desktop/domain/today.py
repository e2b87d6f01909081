"""What the home screen shows: today at this centre, ready to be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

PrintState = Literal["none", "waiting", "printed", "failed", "unknown"]
SyncState = Literal["here", "sent", "accepted"]


@dataclass(frozen=True, slots=True)
class TodayVisit:
    """One visit of today. `time` is "HH:MM" in Persian digits; `service` is the neutral name where it is restricted."""

    id: str
    time: str
    person: str
    service: str
    printed: PrintState = "none"
    sync: SyncState = "here"


@dataclass(frozen=True, slots=True)
class Today:
    """`day` as people say it, weekday first. `recorded` counts today's records of this computer, `unsent` those of
    any day the province hasn't received. `visits` is newest first."""

    day: str
    visits: tuple[TodayVisit, ...] = ()
    screenings: int = 0
    recorded: int = 0
    unsent: int = 0
    enrolled: bool = True
