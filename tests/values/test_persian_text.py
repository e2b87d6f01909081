"""Names and notes as they are typed, stored, searched and sorted."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain import persian_text as words
from desktop.domain.faults import Invalid

ALPHABET = "آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"
typed = st.text(st.one_of(st.sampled_from(ALPHABET + "يكىؤئأةۀء \u200c\u200fـًّٔ۱٤7"), st.characters()), max_size=40)
names = st.text(st.sampled_from(ALPHABET), min_size=1, max_size=12)


def refused(text: str) -> Invalid:
    with pytest.raises(Invalid) as fault:
        words.name(text)
    return fault.value


@pytest.mark.parametrize(
    ("typed_name", "stored"),
    [
        ("علي", "علی"), ("مصطفى كريمي", "مصطفی کریمی"), ("محمـــد", "محمد"), ("مُحَمَّد", "محمد"),
        ("  رضا \t نوری ", "رضا نوری"),
        ("علی\u200c\u200cرضا", "علی‌رضا"), ("\u200cزهرا\u200c", "زهرا"), ("سید \u200cحسن", "سید حسن"),
        ("\u202bمریم\u202c", "مریم"), ("نور\u00a0محمدی", "نور محمدی"), ("ﺣﺴﻴﻦ", "حسین"), ("زهرهٔ", "زهرهٔ"),
        ("ا\u0653رش", "آرش"),
    ],
)  # fmt: skip
def test_what_is_stored(typed_name: str, stored: str) -> None:
    assert words.clean(typed_name) == stored


@given(typed)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = words.clean(text)
    assert words.clean(once) == once
    assert once == once.strip()
    once.encode("utf-8")


@given(typed)
def test_folding_is_settled_and_blind_to_cleaning(text: str) -> None:
    assert words.fold(words.clean(text)) == words.fold(text)
    assert words.fold(words.fold(text)) == words.fold(text)
    assert " " not in words.squashed(text)


def test_writings_of_one_name_are_one_key() -> None:
    assert len({words.squashed(name) for name in ("علی‌رضا", "علیرضا", "علی رضا", "علي رضا", "عَلی‌رِضا")}) == 1
    assert words.fold("علی‌رضا") == words.fold("علیرضا")
    for one, other in (
        ("مؤذن", "موذن"),
        ("رضائی", "رضایی"),
        ("آرش", "ارش"),
        ("فاطمة", "فاطمه"),
        ("عطاءالله", "عطاالله"),
    ):
        assert words.fold(one) == words.fold(other)
    assert words.fold("پلاک ۱۲، کوچهٔ نور") == "پلاک 12 کوچه نور"
    assert words.fold("رضا") != words.fold("رضوی")


def test_names_that_sound_alike_share_a_skeleton() -> None:
    for one, other in (
        ("صغری", "سغرا"),
        ("طاهری", "تاهری"),
        ("غلامی", "قلامی"),
        ("حاتمی", "هاتمی"),
        ("ذاکری", "زاکری"),
    ):
        assert words.skeleton(one) == words.skeleton(other)
    assert words.skeleton("حسن کریمی") == f"{words.skeleton('حسن')} {words.skeleton('کریمی')}"
    assert words.skeleton("کریمی") != words.skeleton("نوری")


def test_the_persian_alphabet_is_the_order() -> None:
    shuffled = list(ALPHABET)
    random.Random(7).shuffle(shuffled)
    assert "".join(sorted(shuffled, key=words.sort_key)) == ALPHABET
    surnames = ["آذری", "احمدی", "پارسا", "چمنی", "ژاله", "کریمی", "گلی", "نوری", "وحیدی", "هاشمی", "یزدی"]
    assert sorted(surnames, key=words.sort_key) == surnames
    assert sorted(surnames) != surnames, "code points alone get it wrong"


@given(names, names)
def test_the_key_sorts_as_the_alphabet_does(one: str, other: str) -> None:
    by_letter = [ALPHABET.index(char) for char in one] < [ALPHABET.index(char) for char in other]
    assert (words.sort_key(one) < words.sort_key(other)) == by_letter
    assert words.sort_key(one).isascii()
    assert (words.sort_key(one).encode() < words.sort_key(other).encode()) == by_letter


def test_a_word_that_ends_comes_before_one_that_goes_on() -> None:
    ordered = ["علی", "علی احمدی", "علی ۲", "علی یزدی", "علیرضا", "Ali"]
    ordered[1], ordered[2] = ordered[2], ordered[1]
    assert sorted(ordered, key=words.sort_key) == ordered
    assert words.sort_key("علي‌رضا") == words.sort_key("علیرضا")
    assert words.sort_key("مؤمن") == words.sort_key("مومن")


@pytest.mark.parametrize("name", ["نی", "سید علی‌اکبر", "زهرهٔ", "Anna-Maria", "پ. کریمی", "O'Neil", "مؤذن"])
def test_names_people_have(name: str) -> None:
    assert words.name(name) == words.clean(name)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("", "empty"), ("   ", "empty"), ("\u200c", "empty"), ("ا", "name-short"), ("ا.", "name-short"),
        ("علی۲", "name-digits"), ("رضا7", "name-digits"), ("علی@", "name-signs"), ("<b>", "name-signs"),
        ("ع" * 61, "name-long"), ("\x00", "empty"),
    ],
)  # fmt: skip
def test_names_nobody_has(name: str, key: str) -> None:
    assert refused(name).key == f"value.{key}"


def test_a_pasted_page_is_refused_with_the_limit_and_at_once() -> None:
    began = time.process_time()
    assert refused("متن‌ " * 1_000).sentence().endswith("این‌جا حداکثر ۶۰ حرف جا می‌گیرد.")
    assert refused("ع" * 5_000).fields == {"most": 60, "over": 4_940}
    assert refused("\u200c " * 100_000).key == "value.empty"
    assert time.process_time() - began < 2


def test_a_note_keeps_its_lines_and_names_its_limit() -> None:
    assert words.note(" خط اول \r\n\r\n خط دوم\u200c \n\n") == "خط اول\n\nخط دوم"
    assert words.note("") == ""
    with pytest.raises(Invalid) as fault:
        words.note("ب" * 301, 300)
    assert fault.value.sentence() == "۱ حرف زیاد است. این‌جا حداکثر ۳۰۰ حرف جا می‌گیرد."


def test_a_file_number_may_hold_letters() -> None:
    assert words.code(" ۱۲/ب-٣٤ ") == "12/ب-34"
    with pytest.raises(Invalid):
        words.code("1" * 31)
