"""Official holidays that fall on the same day of every solar year, from `resources/calendar/holidays.json`.

Lunar holidays move and aren't here: who shows these days says so. Working days come from the province's table.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

from desktop.domain.jalali import Jalali

_FRIDAY = 5


def holiday(day: Jalali) -> str:
    """The name of the fixed holiday on a day, "" where there is none or the law didn't know it yet."""
    name, since = _fixed().get((day.month or 0, day.day or 0), ("", 0))
    return name if day.year >= since else ""


def is_friday(day: Jalali) -> bool:
    """Whether a day is the weekly holiday. Raises ValueError for a month or a year."""
    return day.gregorian().isoweekday() == _FRIDAY


def column_of(day: Jalali) -> int:
    """Where a day stands in its week, 0 for Saturday to 6 for Friday. Raises ValueError for a month or a year."""
    return (day.gregorian().isoweekday() + 1) % 7


@cache
def _fixed() -> dict[tuple[int, int], tuple[str, int]]:
    read = json.loads(files("resources").joinpath("calendar", "holidays.json").read_text("utf-8"))
    return {(each["month"], each["day"]): (each["name"], each["from"]) for each in read["fixed"]}
