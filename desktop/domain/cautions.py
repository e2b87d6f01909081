"""A caution: one calm sentence whoever meets a person should know, for a while. It is never deleted; it expires."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.domain import jalali, persian_text
from desktop.domain.faults import Invalid
from desktop.domain.fields import FACT, Entity

CAUTION = Entity(
    "caution",
    {"person": FACT, "text": FACT, "day": FACT, "until": FACT, "staff": FACT},
    references={"person": "person"},
)
"""It is for the desk alone: on no paper, and never on what a client is shown."""

TEXT_MOST = 200
USUAL_DAYS, MOST_MONTHS = 90, 12


@dataclass(frozen=True, slots=True)
class Caution:
    """A caution that is valid: `until` is the last day, canonical Jalali text; `by` the name of who wrote it."""

    text: str
    until: str
    by: str


def usual_end(today: str) -> str:
    """The last day of a caution for which nobody said another, canonical as `today` is."""
    return str(jalali.plus_days(jalali.of(today), USUAL_DAYS))


def checked(text: str, until: str, today: str) -> tuple[str, str, dict[str, Invalid]]:
    """Text and last day in canonical form, and every fault by field. Nothing typed as the day is the usual one."""
    faults: dict[str, Invalid] = {}
    try:
        text = persian_text.note(text, TEXT_MOST)
        if not text:
            raise Invalid("caution.no-text")
    except Invalid as fault:
        faults["text"] = fault
    try:
        until = _last_day(until, today) if until.strip() else usual_end(today)
    except Invalid as fault:
        faults["until"] = fault
    return text, until, faults


def _last_day(typed: str, today: str) -> str:
    """Raises Invalid for what isn't a day, has passed, or is more than a year off."""
    day, now = jalali.of(jalali.parse(typed)), jalali.of(today)
    if not day.is_day:
        raise Invalid("caution.no-day")
    if day < now:
        raise Invalid("caution.day-passed")
    if day > jalali.plus_months(now, MOST_MONTHS):
        raise Invalid("caution.too-long")
    return str(day)
