"""Where a request stands, in one sentence that may be read aloud: what, since when, what next and by when.

It names nobody, and a restricted service only by its neutral name: the client hears it, and so does the queue.
"""

from __future__ import annotations

from dataclasses import dataclass

from desktop.domain import jalali
from desktop.domain.texts import say


@dataclass(frozen=True, slots=True)
class Standing:
    """What is recorded of a request. Days are canonical Jalali text, empty where there was none.

    `service` and `next_step` are words that others may hear. `visited_on` is the last visit's day, `result_on` the day
    a result was given, `printed_on` the day the newest paper came out; `due` the last day of the next step.
    """

    request_id: str
    person_id: str
    tracking_code: str
    service: str
    registered_on: str
    status: str
    visited_on: str = ""
    result_on: str = ""
    printed_on: str = ""
    next_step: str = ""
    due: str = ""


def sentence(standing: Standing) -> str:
    """The one sentence. What isn't recorded isn't said."""
    parts = [say("standing.what", service=standing.service or say("standing.some-service"))]
    if standing.registered_on:
        parts[0] += say("standing.since", day=_day(standing.registered_on))
    if standing.visited_on and standing.visited_on != standing.registered_on:
        parts.append(say("standing.visited", day=_day(standing.visited_on)))
    if standing.result_on:
        parts.append(say("standing.result", day=_day(standing.result_on)))
    if standing.printed_on:
        parts.append(say("standing.printed", day=_day(standing.printed_on)))
    parts.append(say("standing.closed" if standing.status == "closed" else "standing.still-open"))
    if following := next_words(standing):
        parts.append(say("standing.next", step=following))
    return say("standing.between").join(parts) + say("standing.end")


def next_words(standing: Standing) -> str:
    """The next step and its last day, without the full stop; empty where nothing is to be done."""
    step = standing.next_step.rstrip(say("standing.end"))
    if not step:
        return ""
    return say("standing.by", step=step, day=_day(standing.due)) if standing.due else step


def _day(canonical: str) -> str:
    return jalali.long(jalali.of(canonical))
