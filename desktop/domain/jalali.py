"""Jalali days, months and years: the desk's business dates, at the precision they are known.

Canonical text is `1398`, `1398-05` or `1398-05-12`, in ASCII digits; text order is time order within one precision.
Leap years follow the 33-year rule, (25·y + 11) mod 33 < 8, which agrees with the official table of 1206–1498; years
outside that table are refused. "Today" is the day in Asia/Tehran.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import total_ordering
from zoneinfo import ZoneInfo

from desktop.domain import digits, texts
from desktop.domain.faults import Invalid

FIRST_YEAR, LAST_YEAR = 1206, 1498
OLDEST_YEARS = 120
_TEHRAN = ZoneInfo("Asia/Tehran")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LONG_MONTHS, _LONG, _SHORT = 6, 31, 30
# 1 Farvardin 1404 is 21 March 2025. _new_year() counts from here.
_ANCHOR_YEAR, _ANCHOR = 1404, date(2025, 3, 21).toordinal()
_GREGORIAN_YEARS = range(1800, 2200)
_BETWEEN = r"(?:\s*[/\-.\u2010-\u2015\u066b]\s*|\s+)"
_TYPED = re.compile(rf"(\d+)(?:{_BETWEEN}(\d+))?(?:{_BETWEEN}(\d+))?", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_MARKS = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\u061c\ufeff]")


@total_ordering
@dataclass(frozen=True, slots=True)
class Jalali:
    """A year, a month of it, or a day of it. Made only of dates that exist; anything else raises ValueError.

    Ordered by first day, then the less precise first.
    """

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if not FIRST_YEAR <= self.year <= LAST_YEAR:
            raise ValueError("year outside the official table")
        if self.month is None:
            if self.day is not None:
                raise ValueError("a day without its month")
        elif not 1 <= self.month <= 12:
            raise ValueError("month")
        elif self.day is not None and not 1 <= self.day <= month_length(self.year, self.month):
            raise ValueError("day")

    def __str__(self) -> str:
        parts = [f"{self.year:04}"] + [f"{part:02}" for part in (self.month, self.day) if part is not None]
        return "-".join(parts)

    def __lt__(self, other: Jalali) -> bool:
        return (self.year, self.month or 0, self.day or 0) < (other.year, other.month or 0, other.day or 0)

    @property
    def is_day(self) -> bool:
        return self.day is not None

    def first(self) -> Jalali:
        """The first day it may be."""
        return Jalali(self.year, self.month or 1, self.day or 1)

    def last(self) -> Jalali:
        """The last day it may be."""
        month = self.month or 12
        return Jalali(self.year, month, self.day or month_length(self.year, month))

    def range(self) -> tuple[date, date]:
        """The first and last Gregorian date it may be; equal for a day."""
        return _gregorian(self.first()), _gregorian(self.last())

    def gregorian(self) -> date:
        """The Gregorian date of a day. Raises ValueError for a month or a year."""
        if not self.is_day:
            raise ValueError("not a day")
        return _gregorian(self)


def is_leap(year: int) -> bool:
    """Whether Esfand of `year` has 30 days."""
    return (25 * year + 11) % 33 < 8


def month_length(year: int, month: int) -> int:
    """31, 30 or 29."""
    if month <= _LONG_MONTHS:
        return _LONG
    return _SHORT if month < 12 or is_leap(year) else _SHORT - 1


def of(canonical: str) -> Jalali:
    """The value of canonical text; raises ValueError for any other text."""
    if not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", canonical, re.ASCII):
        raise ValueError("not canonical")
    return Jalali(*(int(part) for part in canonical.split("-")))


def parse(text: str) -> str:
    """Canonical text of a date as typed: year, or year, month and maybe day; any digits; / - . or space between; or
    eight digits together. Raises Invalid."""
    plain = _MARKS.sub("", digits.latin(text)).strip()
    if not plain:
        raise Invalid("value.empty")
    match = _COMPACT.fullmatch(plain) or _TYPED.fullmatch(plain)
    if not match or any(len(part) > 4 for part in match.groups(default="")):
        raise Invalid("value.date-form")
    month, day = (int(part) if part else None for part in match.groups()[1:])
    return str(_checked(int(match[1]), month, day))


def _checked(year: int, month: int | None, day: int | None) -> Jalali:
    if year < 100:
        raise Invalid("value.date-year-short")
    if year in _GREGORIAN_YEARS:
        raise Invalid("value.date-gregorian")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Invalid("value.date-year", first=FIRST_YEAR, last=LAST_YEAR)
    if month is not None and not 1 <= month <= 12:
        raise Invalid("value.date-month")
    if month is not None and day is not None and not 1 <= day <= month_length(year, month):
        name, length = texts.say(f"calendar.month-{month}"), month_length(year, month)
        raise Invalid("value.date-day", month=name, year=year, length=length)
    return Jalali(year, month, day)


def parse_optional(text: str) -> str | None:
    """`parse`, but None where nothing is typed or the word for "unknown" is. Raises Invalid."""
    return None if not text.strip() or is_unknown(text) else parse(text)


def is_unknown(text: str) -> bool:
    """Whether the word for "unknown" is typed."""
    return text.strip() == texts.say("calendar.unknown")


def born(text: str, today: str) -> str:
    """`parse` of a birth date that is possible on `today`, a canonical day. Raises Invalid."""
    canonical = parse(text)
    if problem := birth_problem(of(canonical), of(today)):
        raise problem
    return canonical


def birth_problem(birth: Jalali, today: Jalali) -> Invalid | None:
    """What is wrong with a birth date: surely in the future, or surely over 120 years ago."""
    if birth.first() > today:
        return Invalid("value.birth-future")
    if birth.last() < plus_months(today, -12 * OLDEST_YEARS):
        return Invalid("value.birth-old", years=OLDEST_YEARS)
    return None


def from_gregorian(day: date) -> Jalali:
    """The Jalali day of a Gregorian date. Raises ValueError outside 1206–1498."""
    ordinal = day.toordinal()
    year = _ANCHOR_YEAR + (ordinal - _ANCHOR) * 33 // 12053
    while _new_year(year + 1) <= ordinal:
        year += 1
    while _new_year(year) > ordinal:
        year -= 1
    past = ordinal - _new_year(year)
    long_part = _LONG_MONTHS * _LONG
    month, at = divmod(past, _LONG) if past < long_part else divmod(past - long_part, _SHORT)
    return Jalali(year, month + 1 + (0 if past < long_part else _LONG_MONTHS), at + 1)


def _gregorian(day: Jalali) -> date:
    month, at = day.month or 1, day.day or 1
    past = (month - 1) * _SHORT + min(month - 1, _LONG_MONTHS) + at - 1
    return date.fromordinal(_new_year(day.year) + past)


def _new_year(year: int) -> int:
    """Ordinal of 1 Farvardin: 365 days a year and the leap years passed, the 33-year rule summed in closed form."""
    return _ANCHOR + 365 * (year - _ANCHOR_YEAR) + (8 * year - 12) // 33 - (8 * _ANCHOR_YEAR - 12) // 33


def today(now_us: int) -> Jalali:
    """The day in Asia/Tehran at an instant (microseconds, UTC)."""
    return from_gregorian((_EPOCH + timedelta(microseconds=now_us)).astimezone(_TEHRAN).date())


def begins(day: Jalali) -> int:
    """The first instant of a whole day in Tehran, µs UTC."""
    midnight = datetime.combine(_gregorian(day), time(), _TEHRAN)
    return int(midnight.timestamp()) * 1_000_000


def time_of_day(now_us: int) -> str:
    """ "HH:MM" in Asia/Tehran at an instant (microseconds, UTC)."""
    return (_EPOCH + timedelta(microseconds=now_us)).astimezone(_TEHRAN).strftime("%H:%M")


def plus_days(day: Jalali, days: int) -> Jalali:
    """The day `days` after a day. Raises ValueError for a month or a year."""
    return from_gregorian(day.gregorian() + timedelta(days=days))


def plus_months(day: Jalali, months: int) -> Jalali:
    """The same day `months` later, or the last day of a shorter month. Raises ValueError for a month or a year."""
    if day.month is None or day.day is None:
        raise ValueError("not a day")
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return Jalali(year, month + 1, min(day.day, month_length(year, month + 1)))


def age_months(birth: Jalali, on: Jalali) -> tuple[int, int]:
    """Completed Jalali months of age on a day, as (lowest, highest); equal where the birth day is known.

    A child born on the 31st completes a month of 30 days on the 1st of the next. A birth after `on` counts as 0.
    """
    return _completed(birth.last(), on), _completed(birth.first(), on)


def _completed(birth: Jalali, on: Jalali) -> int:
    if not (birth.month and birth.day and on.month and on.day):
        raise ValueError("not a day")
    months = (on.year - birth.year) * 12 + on.month - birth.month - (on.day < birth.day)
    return max(0, months)


def weekday(day: Jalali) -> str:
    """The key of the weekday's name. Raises ValueError for a month or a year."""
    return f"calendar.weekday-{day.gregorian().isoweekday() % 7}"


def long(value: Jalali) -> str:
    """For people: weekday, day, month's name and year, as far as they are known, in Persian digits."""
    if value.month is None:
        return digits.persian(value.year)
    month = texts.say(f"calendar.month-{value.month}")
    if value.day is None:
        return f"{month} {digits.persian(value.year)}"
    return f"{texts.say(weekday(value))} {digits.persian(value.day)} {month} {digits.persian(value.year)}"


def numeric(value: Jalali) -> str:
    """For tables: figures with "/", in Persian digits."""
    return digits.persian(str(value).replace("-", "/"))


def age(birth: Jalali, on: Jalali) -> str:
    """Age for people: months under two years, years and months after; a range where the birth day isn't known.

    Nobody is zero months or years old in words: less than one.
    """
    low, high = age_months(birth, on)
    if high == 0:
        return texts.say("calendar.age-newborn")
    if low == high:
        if low < 24:
            return texts.say("calendar.age-months", months=low)
        key = "calendar.age-years" if low % 12 == 0 else "calendar.age-years-months"
        return texts.say(key, years=low // 12, months=low % 12)
    if high < 12:
        return texts.say("calendar.age-first-year")
    if low // 12 == high // 12:
        return texts.say("calendar.age-years", years=low // 12)
    return texts.say("calendar.age-between", low=low // 12, high=high // 12)
