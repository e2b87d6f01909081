"""Working on paper while the power is out: blank intake slips with numbers of their own, entered afterwards."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.domain import digits, jalali, paper_number
from desktop.domain.faults import Invalid
from desktop.domain.fields import FACT, Entity

SLIP_BLOCK = Entity("slip_block", {"series": FACT, "first": FACT, "last": FACT, "day": FACT})
"""Paper numbers laid aside for blank slips: shared, so that any desk of the centre may enter any slip."""

SLIPS = (10, 20, 50)
"""How many are made ready at once."""
DAYS_BACK = 30
_MINUTE = 60_000_000
_LAST_HOUR, _LAST_MINUTE = 23, 59


@dataclass(frozen=True, slots=True)
class Slip:
    """A slip being entered: its number, canonical, and when the visit really was, µs UTC."""

    number: str
    at: int


def slip(number: str, day: str, time: str, now: int) -> tuple[Slip | None, dict[str, Invalid]]:
    """What the clerk copied from the slip, or what is wrong with each field: `number`, `day`, `time`. A day must be
    whole, not in the future, and no longer ago than slips are kept."""
    faults: dict[str, Invalid] = {}
    canonical, at = "", 0
    try:
        canonical = paper_number.parse(number)
    except Invalid as fault:
        faults["number"] = fault
    try:
        at = _begins(day, now)
    except Invalid as fault:
        faults["day"] = fault
    try:
        at += minutes_of(time) * _MINUTE
        if "day" not in faults and at > now:
            raise Invalid("downtime.future")
    except Invalid as fault:
        faults["time"] = fault
    return (None if faults else Slip(canonical, at)), faults


def _begins(day: str, now: int) -> int:
    on = jalali.of(jalali.parse(day))
    if not on.is_day:
        raise Invalid("downtime.day-whole")
    at = jalali.begins(on)
    if at > now:
        raise Invalid("downtime.future-day")
    if now - at > DAYS_BACK * 24 * 60 * _MINUTE:
        raise Invalid("downtime.old", days=DAYS_BACK)
    return at


def minutes_of(time: str) -> int:
    """Minutes since midnight of "0930", "9:30" or "930". Raises Invalid("downtime.time")."""
    typed = "".join(each for each in digits.latin(time) if each.isascii() and each.isdigit())
    if len(typed) not in (3, 4) or int(typed[:-2]) > _LAST_HOUR or int(typed[-2:]) > _LAST_MINUTE:
        raise Invalid("downtime.time")
    return int(typed[:-2]) * 60 + int(typed[-2:])
