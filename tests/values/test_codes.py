"""Numbers as people give them at the desk: IDs, phones, postal codes, paper numbers."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain import digits, foreign_id, landline, mobile, national_id, paper_number, postal_code
from desktop.domain.faults import Invalid

digit_text = st.text("0123456789", min_size=1)
IDS = st.integers(0, 999_999).map(lambda n: f"999{n:06}").map(lambda nine: nine + national_id.check_digit(nine))


def refused(parse: Callable[[str], str], text: str) -> Invalid:
    with pytest.raises(Invalid) as fault:
        parse(text)
    return fault.value


@given(st.text())
def test_persian_digits_and_back(text: str) -> None:
    assert digits.latin(digits.persian(text)) == digits.latin(text)
    assert digits.persian(digits.persian(text)) == digits.persian(text)


def test_every_kind_of_digit_is_read() -> None:
    assert digits.latin("۰۱۲۳۴۵۶۷۸۹ ٠١٢٣٤٥٦٧٨٩") == "0123456789 0123456789"
    assert digits.persian(1405) == "۱۴۰۵"


@pytest.mark.parametrize("written", ["9999999980", "۹۹۹۹۹۹۹۹۸۰", "٩٩٩٩٩٩٩٩٨٠", " 999-999998-0 ", "\u200f999 999 9980"])
def test_a_national_id_is_read_however_it_is_typed(written: str) -> None:
    assert national_id.parse(written) == "9999999980"


def test_leading_zeros_that_were_left_out_come_back() -> None:
    assert national_id.parse("13542419") == "0013542419"
    assert national_id.parse("499370899") == "0499370899"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "این خانه خالی است."),
        ("99999999a0", "این‌جا فقط رقم نوشته می‌شود؛ حرف یا نشانهٔ دیگری در آن هست."),
        ("9999999", "۳ رقم کم است. کد ملی ۱۰ رقم دارد."),
        ("99999999801", "۱ رقم زیاد است. کد ملی ۱۰ رقم دارد."),
        ("0001111119", "کد ملی با ۰۰۰ آغاز نمی‌شود. رقم‌های اول را دوباره ببینید."),
        ("1234567890", "این کد ملی درست نیست؛ یک رقم جابه‌جا یا اشتباه است. رقم‌ها را با کارت یکی‌یکی ببینید."),
    ],
)
def test_a_wrong_national_id_says_what_to_look_at(typed: str, sentence: str) -> None:
    assert refused(national_id.parse, typed).sentence() == sentence


@given(IDS, st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_of_a_national_id_is_caught(number: str, place: int, shift: int) -> None:
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    assert national_id.parse(number) == number
    # Remainders 1 and 10 share the check digit 1: the national ID's own weakness, the only one.
    if place == 9 or number[-1] != "1":
        assert refused(national_id.parse, wrong)


def test_ten_equal_digits_are_asked_about_and_not_refused() -> None:
    assert national_id.parse("1111111111") == "1111111111"
    assert national_id.suspicious("1111111111")
    assert not national_id.suspicious("9999999980")


def test_others_see_only_the_last_four() -> None:
    assert national_id.masked("9999999980") == "******۹۹۸۰"


def test_a_foreign_number_of_eight_to_twelve_digits_is_taken() -> None:
    assert foreign_id.parse("۱۲۳۴۵۶۷۸۹۰۱۲") == "123456789012"
    assert not foreign_id.unusual("123456789012")
    assert foreign_id.unusual(foreign_id.parse("1234567890"))
    assert refused(foreign_id.parse, "1234567").fields == {"missing": 1}
    assert refused(foreign_id.parse, "1234567890123").fields == {"over": 1}


@pytest.mark.parametrize(
    "written",
    ["09123456789", "9123456789", "+989123456789", "00989123456789", "989123456789", "+98 (0)912 345 6789",
     "۰۹۱۲-۳۴۵-۶۷۸۹", "٠٩١٢٣٤٥٦٧٨٩", "\u202a+98 912 345 6789\u202c"],
)  # fmt: skip
def test_one_mobile_number_in_all_its_writings(written: str) -> None:
    assert mobile.parse(written) == "09123456789"


def test_a_mobile_that_begins_with_98_after_the_nought_keeps_it() -> None:
    assert mobile.parse("9812345678") == "09812345678"
    assert mobile.parse("09812345678") == "09812345678"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("091234567", "۲ رقم کم است. شمارهٔ همراه ۱۱ رقم دارد."),
        ("0912345678901", "۲ رقم زیاد است. شمارهٔ همراه ۱۱ رقم دارد."),
        ("02112345678", "شمارهٔ همراه با ۰۹ آغاز می‌شود."),
    ],
)
def test_a_wrong_mobile_says_how_many_digits(typed: str, sentence: str) -> None:
    assert refused(mobile.parse, typed).sentence() == sentence


def test_landlines_local_and_with_area_code() -> None:
    assert landline.parse("۳۶۲۴ ۱۲۳۴") == "36241234"
    assert landline.parse("(035) 3624-1234") == "03536241234"
    assert landline.shown("03536241234") == "۰۳۵ ۳۶۲۴۱۲۳۴"
    for wrong, key in (
        ("09123456789", "mobile"),
        ("12345678", "local"),
        ("3624123", "length"),
        ("35362412345", "area"),
    ):
        assert refused(landline.parse, wrong).key == f"value.landline-{key}"


def test_postal_code_is_ten_digits() -> None:
    assert postal_code.parse("۸۹۱۶۷-۱۳۳۴۵") == "8916713345"
    assert postal_code.shown("8916713345") == "۸۹۱۶۷ ۱۳۳۴۵"
    assert refused(postal_code.parse, "891671334").sentence() == "۱ رقم کم است. کد پستی ۱۰ رقم دارد."
    assert refused(postal_code.parse, "89167133456").fields == {"over": 1}


@given(digit_text)
def test_what_is_accepted_is_canonical_and_accepted_again(text: str) -> None:
    for module in (national_id, foreign_id, mobile, landline, postal_code, paper_number):
        with suppress(Invalid):
            value = module.parse(text)
            assert module.parse(value) == value == module.parse(digits.persian(value))


PAPERS = st.builds(
    paper_number.build, st.text("0123456789", min_size=2, max_size=6), st.integers(0, 999), st.integers(1, 999_999)
)


def test_a_paper_number_is_centre_series_counter_and_check() -> None:
    number = paper_number.build("9074", 1, 123)
    assert number == "9074/001/000123/2"
    assert paper_number.parts(number) == paper_number.PaperNumber("9074", 1, 123)
    assert paper_number.parse("۹۰۷۴۰۰۱۰۰۰۱۲۳۲") == number == paper_number.parse("9074 / 001 / 000123 / 2")
    assert paper_number.shown(number) == "۹۰۷۴/۰۰۱/۰۰۰۱۲۳/۲"
    assert paper_number.check_digit("572") == "4", "the example of Damm's thesis"


@given(PAPERS)
def test_every_wrong_digit_and_every_exchange_of_neighbours_is_caught(number: str) -> None:
    bare = number.replace("/", "")
    for place, digit in enumerate(bare):
        for other in "0123456789".replace(digit, ""):
            assert refused(paper_number.parse, bare[:place] + other + bare[place + 1 :])
    for place in range(len(bare) - 1):
        swapped = bare[:place] + bare[place + 1] + bare[place] + bare[place + 2 :]
        if swapped != bare:
            assert refused(paper_number.parse, swapped)


def test_a_used_up_series_is_never_printed() -> None:
    for centre, series, counter in (
        ("9074", 1000, 1),
        ("9074", 0, 1_000_000),
        ("9074", 0, 0),
        ("x", 0, 1),
        ("۹", 0, 1),
    ):
        with pytest.raises(ValueError):
            paper_number.build(centre, series, counter)


def test_a_page_pasted_into_a_code_field_is_refused_at_once() -> None:
    for module in (national_id, foreign_id, mobile, landline, postal_code, paper_number):
        assert refused(module.parse, "۹" * 5_000)
        assert refused(module.parse, "متن " * 5_000).key == "value.only-digits"
