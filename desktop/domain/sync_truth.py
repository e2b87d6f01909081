"""What the sync screen shows: where each record is now, in four stages, ready to be read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SyncItem:
    """One thing on its way or in need of a person. `words` name it neutrally; `since` is a time as people say it."""

    id: str
    words: str
    since: str = ""


@dataclass(frozen=True, slots=True)
class SyncTruth:
    """Counts of today's records: `saved` on this computer, of those `sent`, of those `accepted` by the province.

    `on_way` is saved and not accepted, oldest first; `needs_you` waits for a person; each lists
    some, its count is of all. `last_success` is a time as
    people say it, "" if there was none. `fault` is what happened, what is safe, what to do, while the province
    can't be reached.
    """

    enrolled: bool
    saved: int = 0
    sent: int = 0
    accepted: int = 0
    on_way: tuple[SyncItem, ...] = ()
    needs_you: tuple[SyncItem, ...] = ()
    on_way_count: int = 0
    needs_you_count: int = 0
    last_success: str = ""
    fault: tuple[str, str, str] | None = None
