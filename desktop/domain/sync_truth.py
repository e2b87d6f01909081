"""What the sync screen shows: where each record is now, in four stages, and what asks for a person, in words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from desktop.domain import digits, jalali, texts

Act = Literal["send", "open", "look", "tell", "seen", "behind", "conflicts"]
"""The one thing to do about an item: send again, open the file, look at the file and be done, tell the province by
telephone, say that it was read, go to the item it waits behind, go to the list of conflicts."""

REASONS: dict[str, tuple[int, Act]] = {
    "other_centre": (11, "tell"),
    "other_kind": (12, "tell"),
    "actor_signature": (13, "tell"),
    "role": (14, "tell"),
    "repeated_id": (15, "tell"),
    "revoked": (16, "tell"),
    "unknown_actor": (21, "send"),
    "missing_reference": (22, "send"),
    "held": (23, "behind"),
    "schema_ahead": (31, "seen"),
    "unknown_kind": (32, "seen"),
    "unknown_verb": (33, "seen"),
    "late": (41, "tell"),
    "moved_away": (42, "seen"),
    "transfer_refused": (43, "open"),
    "clock": (44, "send"),
    "unknown_key": (51, "tell"),
}
"""Why the province holds a commit back or ended it: the number read out on the telephone, and what is done here."""
OTHER = "other"
OTHER_NUMBER = 99
"""A reason this program doesn't know: the province's is newer."""

_S = 1_000_000
_MINUTE, _HOUR, _DAY = 60 * _S, 3_600 * _S, 86_400 * _S
CLOCK_OFF, CLOCK_BADLY_OFF = 2 * _MINUTE, _DAY


@dataclass(frozen=True, slots=True)
class SyncItem:
    """One thing on its way or in need of a person. `words` name it neutrally; `since` is a time as people say it.

    `reason` is why it waits and `waits` what for, sentences; `act` the one thing to do, on `target` (a person, another
    item). `read_out` are the lines to read on the telephone.
    """

    id: str
    words: str
    since: str = ""
    reason: str = ""
    waits: str = ""
    act: Act | None = None
    target: str = ""
    read_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SyncTruth:
    """Counts of today's records: `saved` on this computer, of those `sent`, of those `accepted` by the province.

    `on_way` is saved and not accepted, oldest first; `needs_you` waits for a person; each lists
    some, its count is of all. `oldest` is how long the oldest has waited, `last_success` and `next_attempt` are times
    as people say them; "" where there is none. `clock` says that this PC's clock is wrong. `fault` is what happened,
    what is safe, what to do, while the province can't be reached.
    """

    enrolled: bool
    saved: int = 0
    sent: int = 0
    accepted: int = 0
    on_way: tuple[SyncItem, ...] = ()
    needs_you: tuple[SyncItem, ...] = ()
    on_way_count: int = 0
    needs_you_count: int = 0
    oldest: str = ""
    last_success: str = ""
    next_attempt: str = ""
    clock: str = ""
    fault: tuple[str, str, str] | None = None


def reason_of(said: str) -> str:
    """The reason by which texts and acts are found: `said` where it is known, else `other`."""
    return said if said in REASONS else OTHER


def number_of(reason: str) -> int:
    """What is read out on the telephone for a reason."""
    return REASONS[reason][0] if reason in REASONS else OTHER_NUMBER


def act_of(verdict: str, reason: str) -> Act:
    """What is done about a commit the province held back or ended."""
    if verdict != "quarantined":
        return "seen"
    return REASONS[reason][1] if reason in REASONS else "tell"


def span(us: int) -> str:
    """A length of time as people say it, rounded down; nothing is shorter than a minute."""
    for unit, name in ((_DAY, "days"), (_HOUR, "hours"), (_MINUTE, "minutes")):
        if us >= unit:
            return texts.say(f"sync.span.{name}", n=us // unit)
    return texts.say("sync.span.moment")


def moment(at: int, now: int) -> str:
    """An instant as people say it: its time of day, and its day where that isn't today."""
    time = digits.persian(jalali.time_of_day(at))
    day = jalali.today(at)
    return time if day == jalali.today(now) else texts.say("sync.moment", day=jalali.numeric(day), time=time)


def coming(at: int | None, now: int) -> str:
    """When the next attempt is due, "" where nobody knows."""
    if at is None:
        return ""
    return texts.say("sync.next-soon") if at - now < _MINUTE else texts.say("sync.next", time=moment(at, now))


def clock_words(offset: int) -> str:
    """What is said of this PC's clock: `offset` is the province's less this one, µs. "" while it is right enough."""
    if abs(offset) <= CLOCK_OFF:
        return ""
    return texts.say("sync.clock-behind" if offset > 0 else "sync.clock-ahead", span=span(abs(offset)))


def clock_item(offset: int) -> SyncItem | None:
    """What is asked of a person where the clock is off by more than a day."""
    if abs(offset) <= CLOCK_BADLY_OFF:
        return None
    words, reason = texts.say("sync.clock-item"), clock_words(offset)
    return SyncItem("clock", words, reason=reason, waits=texts.say("sync.clock-do"), act="send")


def with_conflicts(truth: SyncTruth, count: int) -> SyncTruth:
    """With the way to the list of what two people wrote differently, where there is any."""
    if not count:
        return truth
    words, safe = texts.say("sync.conflicts", n=count), texts.say("sync.conflicts-safe")
    item = SyncItem("conflicts", words, reason=safe, act="conflicts", target="conflicts")
    return replace(truth, needs_you=(item, *truth.needs_you), needs_you_count=truth.needs_you_count + 1)
