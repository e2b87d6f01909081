"""Jalali dates against the official table, and as people write them.

The leap years below are those of the Iranian calendar authority's table of 1206–1498 (University of Tehran, Institute
of Geophysics, «کبیسهٔ شمسی ۱۲۰۶–۱۴۹۸»), taken from its public-domain plain text by Roozbeh Pournader
(github.com/roozbehp/persiancalendar, kabise.txt), as are the new year's days. None comes from the rule under test.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain import jalali, texts
from desktop.domain.faults import Invalid
from desktop.domain.jalali import Jalali
from desktop.domain.persian_text import clean

OFFICIAL_LEAP_YEARS = {
    1210, 1214, 1218, 1222, 1226, 1230, 1234, 1238, 1243, 1247, 1251, 1255, 1259, 1263, 1267, 1271, 1276, 1280, 1284,
    1288, 1292, 1296, 1300, 1304, 1309, 1313, 1317, 1321, 1325, 1329, 1333, 1337, 1342, 1346, 1350, 1354, 1358, 1362,
    1366, 1370, 1375, 1379, 1383, 1387, 1391, 1395, 1399, 1403, 1408, 1412, 1416, 1420, 1424, 1428, 1432, 1436, 1441,
    1445, 1449, 1453, 1457, 1461, 1465, 1469, 1474, 1478, 1482, 1486, 1490, 1494, 1498,
}  # fmt: skip
OFFICIAL_NEW_YEARS = {
    1206: date(1827, 3, 22), 1210: date(1831, 3, 21), 1211: date(1832, 3, 21), 1243: date(1864, 3, 20),
    1276: date(1897, 3, 20), 1281: date(1902, 3, 22), 1300: date(1921, 3, 21), 1309: date(1930, 3, 21),
    1342: date(1963, 3, 21), 1343: date(1964, 3, 21), 1375: date(1996, 3, 20), 1399: date(2020, 3, 20),
    1403: date(2024, 3, 20), 1404: date(2025, 3, 21), 1408: date(2029, 3, 20), 1436: date(2057, 3, 20),
    1437: date(2058, 3, 21), 1469: date(2090, 3, 20), 1474: date(2095, 3, 20), 1498: date(2119, 3, 21),
}  # fmt: skip
TODAY = Jalali(1405, 9, 17)
FIRST, LAST = date(1827, 3, 22), date(2120, 3, 20)
days = st.dates(FIRST, LAST).map(jalali.from_gregorian)
recent_days = st.dates(date(1930, 1, 1), date(2100, 1, 1)).map(jalali.from_gregorian)


def refused(text: str) -> Invalid:
    with pytest.raises(Invalid) as fault:
        jalali.parse(text)
    return fault.value


def test_leap_years_are_the_official_ones() -> None:
    assert {year for year in range(1206, 1499) if jalali.is_leap(year)} == OFFICIAL_LEAP_YEARS


def test_new_years_days_are_the_official_ones() -> None:
    assert {year: Jalali(year, 1, 1).gregorian() for year in OFFICIAL_NEW_YEARS} == OFFICIAL_NEW_YEARS


def test_every_day_of_the_table_follows_the_day_before_it() -> None:
    """Counted day by day with the official leap years, not by the closed form."""
    year, month, day, gregorian = 1206, 1, 1, FIRST
    while year <= 1498:
        assert jalali.from_gregorian(gregorian) == Jalali(year, month, day)
        assert Jalali(year, month, day).gregorian() == gregorian
        length = 31 if month <= 6 else 30 if month < 12 or year in OFFICIAL_LEAP_YEARS else 29
        day, month, year = (1, 1, year + 1) if (month, day) == (12, length) else (
            (1, month + 1, year) if day == length else (day + 1, month, year))  # fmt: skip
        gregorian += timedelta(days=1)
    assert gregorian == LAST + timedelta(days=1)


def test_days_outside_the_table_are_refused() -> None:
    for outside in (FIRST - timedelta(days=1), LAST + timedelta(days=1)):
        with pytest.raises(ValueError):
            jalali.from_gregorian(outside)


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("۱۴۰۴/۵/۹", "1404-05-09"), ("1404-05-09", "1404-05-09"), ("١٤٠٤/٥/٩", "1404-05-09"),
        ("13990112", "1399-01-12"),
        ("۱۳۹۹۰۱۱۲", "1399-01-12"), ("۱۳۹۸", "1398"), ("۱۳۹۸/۵", "1398-05"), (" ۱۳۹۸ ۵ ۱۲ ", "1398-05-12"),
        ("1398.5.12", "1398-05-12"), ("\u200f۱۳۹۸/۰۵/۱۲\u200f", "1398-05-12"), ("1403/12/30", "1403-12-30"),
    ],
)  # fmt: skip
def test_a_date_is_read_however_it_is_typed(typed: str, canonical: str) -> None:
    assert jalali.parse(typed) == canonical
    assert str(jalali.of(canonical)) == canonical


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("", "empty"), ("نامعلوم", "date-form"), ("98/1/1", "date-year-short"), ("12/5/1398", "date-year-short"),
        ("1987/3/2", "date-gregorian"), ("1999/1/1", "date-gregorian"), ("1100/1/1", "date-year"),
        ("1600", "date-year"), ("1206/1/1/1", "date-form"),
        ("1399/13/1", "date-month"), ("1399/0/1", "date-month"), ("1404/12/30", "date-day"), ("1404/7/31", "date-day"),
        ("1404/1/0", "date-day"), ("1404/1/1/1", "date-form"), ("139901", "date-form"), ("1404/1/00001", "date-form"),
        ("۱" * 5_000, "date-form"), ("۱۴۰۴" + " " * 5_000 + "x", "date-form"), ("१३९९", "date-form"),
    ],
)  # fmt: skip
def test_a_date_that_is_not_one_says_why(typed: str, key: str) -> None:
    assert refused(typed).key == f"value.{key}"
    assert refused(typed).sentence()


def test_the_sentence_names_the_month_and_its_length() -> None:
    assert refused("1404/12/30").sentence() == "اسفند ۱۴۰۴، ۲۹ روز دارد."


def test_unknown_is_no_date() -> None:
    assert jalali.parse_optional(" نامعلوم ") is None
    assert jalali.parse_optional("") is None
    assert jalali.parse_optional("۱۳۹۸") == "1398"


@given(days, st.sampled_from([4, 7, 10]))
def test_what_is_written_is_read_back_at_its_precision(day: Jalali, precision: int) -> None:
    value = jalali.of(str(day)[:precision])
    assert jalali.of(jalali.parse(jalali.numeric(value))) == value
    assert jalali.parse(str(value)) == str(value)
    first, last = value.range()
    assert first <= day.gregorian() <= last
    assert (first == last) == (precision == 10)
    assert jalali.from_gregorian(first) == value.first()
    assert jalali.from_gregorian(last) == value.last()


@given(days, days)
def test_text_order_is_day_order(one: Jalali, other: Jalali) -> None:
    assert (str(one) < str(other)) == (one < other) == (one.gregorian() < other.gregorian())


def test_only_dates_that_exist_can_be_made() -> None:
    wrong: list[tuple[Any, ...]] = [(1205,), (1499,), (1400, 0), (1400, 13), (1400, None, 3)]
    wrong += [(1400, 12, 30), (1400, 7, 31)]
    for parts in wrong:
        with pytest.raises(ValueError):
            Jalali(*parts)
    for wrong_text in ("1400-1", "1400/01", "۱۴۰۰", "1400-01-1", "", "1400-13"):
        with pytest.raises(ValueError):
            jalali.of(wrong_text)


def test_people_read_the_weekday_and_the_months_name() -> None:
    assert jalali.long(TODAY) == "سه‌شنبه ۱۷ آذر ۱۴۰۵"
    assert jalali.long(Jalali(1405, 9)) == "آذر ۱۴۰۵"
    assert jalali.long(Jalali(1405)) == "۱۴۰۵"
    assert jalali.numeric(TODAY) == "۱۴۰۵/۰۹/۱۷"
    assert jalali.long(Jalali(1357, 11, 22)) == "یکشنبه ۲۲ بهمن ۱۳۵۷"
    for key, word in texts.catalogue().items():
        assert not key.startswith("calendar.") or word == clean(word)


def test_the_day_turns_at_midnight_in_tehran() -> None:
    midnight = 1_796_760_000_000_000 - (1_796_760_000_000_000 + 12_600_000_000) % 86_400_000_000
    assert jalali.plus_days(jalali.today(midnight - 1), 1) == jalali.today(midnight)
    assert (jalali.time_of_day(midnight - 1), jalali.time_of_day(midnight)) == ("23:59", "00:00")
    summer_1401 = 1_655_756_999_000_000  # 2022-06-20 20:29:59 UTC: summer time, already the 31st
    assert str(jalali.today(summer_1401)) == "1401-03-31"


@given(recent_days, st.integers(0, 1200))
def test_age_grows_by_whole_months(birth: Jalali, months: int) -> None:
    on = jalali.plus_months(birth, months) if birth.year + months // 12 < 1498 else birth
    low, high = jalali.age_months(birth, on)
    assert low == high
    assert jalali.age_months(birth, jalali.plus_days(on, 1))[0] >= low
    assert (
        jalali.age_months(Jalali(birth.year, birth.month), on)[0] <= low <= jalali.age_months(Jalali(birth.year), on)[1]
    )


@pytest.mark.parametrize(
    ("birth", "months", "words"),
    [
        ("1401-09-17", (48, 48), "۴ سال"), ("1401-09-18", (47, 47), "۳ سال و ۱۱ ماه"),
        ("1404-09-17", (12, 12), "۱۲ ماه"),
        ("1405-09-17", (0, 0), "کمتر از یک ماه"), ("1401", (44, 56), "۳ تا ۴ سال"), ("1401-02", (54, 55), "۴ سال"),
        ("1405", (0, 8), "کمتر از یک سال"), ("1406", (0, 0), "کمتر از یک ماه"), ("1404-10", (10, 11), "کمتر از یک سال"),
        ("1404-09", (11, 12), "۰ تا ۱ سال"),
    ],
)  # fmt: skip
def test_age_of_whole_and_partial_birth_dates(birth: str, months: tuple[int, int], words: str) -> None:
    assert jalali.age_months(jalali.of(birth), TODAY) == months
    assert jalali.age(jalali.of(birth), TODAY) == words


def test_a_birth_must_be_possible() -> None:
    assert jalali.born("۱۴۰۵/۹/۱۷", str(TODAY)) == "1405-09-17"
    assert jalali.born("1405", str(TODAY)) == "1405", "some day of this year is past"
    assert jalali.born("1285", str(TODAY)) == "1285"
    assert jalali.birth_problem(Jalali(1285, 9, 17), TODAY) is None
    for wrong, key in (
        ("1405-09-18", "birth-future"),
        ("1406", "birth-future"),
        ("1284", "birth-old"),
        ("1285-09-16", "birth-old"),
    ):
        with pytest.raises(Invalid) as fault:
            jalali.born(wrong, str(TODAY))
        assert fault.value.key == f"value.{key}"


@given(recent_days, st.integers(-5_000, 5_000))
def test_adding_days_comes_back(day: Jalali, count: int) -> None:
    assert jalali.plus_days(jalali.plus_days(day, count), -count) == day


def test_a_month_later_is_the_last_day_of_a_shorter_month() -> None:
    assert str(jalali.plus_months(Jalali(1404, 6, 31), 1)) == "1404-07-30"
    assert str(jalali.plus_months(Jalali(1403, 12, 30), 12)) == "1404-12-29"
    assert str(jalali.plus_months(Jalali(1404, 1, 5), -1)) == "1403-12-05"


def test_a_day_begins_where_it_is_that_day_first() -> None:
    day = jalali.of("1405-09-03")
    begins = jalali.begins(day)
    assert jalali.today(begins) == day
    assert jalali.today(begins - 1) == jalali.plus_days(day, -1)
