"""What is typed from paper: the journal's head, the recovery code."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.faults import Invalid
from desktop.seal import paper, recovery
from desktop.seal.refused import Refused

CODE = recovery.new_code()
SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
hashes = st.binary(min_size=32, max_size=32)


@given(hashes)
def test_twenty_five_digits_in_five_groups_come_back(digest: bytes) -> None:
    text = paper.typed(digest)
    assert [len(group) for group in text.split(" ")] == [5] * 5
    assert paper.read_typed(text) == digest[:10]
    assert paper.read_typed(text.translate(PERSIAN).replace(" ", "\u200c-")) == digest[:10]


@given(hashes)
def test_thirty_nine_digits_in_the_qr_come_back(digest: bytes) -> None:
    digits = paper.qr_digits(digest)
    assert len(digits) == 39
    assert paper.read_qr_digits(digits) == digest[:16]


def test_the_edges_are_frozen() -> None:
    assert paper.typed(b"\xff" * 10) == "12089 25819 61462 91747 06175"
    assert paper.typed(bytes(10)) == "00000 00000 00000 00000 00000"
    assert paper.qr_digits(b"\xff" * 16) == "340282366920938463463374607431768211455"
    assert paper.qr_digits(bytes(15) + b"\1") == "0" * 38 + "1"


@pytest.mark.parametrize("text", ["", "1" * 24, "1" * 26, "1" * 24 + "a", "12089 25819 61462 91747 06176", "9" * 25])
def test_what_was_never_printed_is_said_so(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        paper.read_typed(text)
    assert refused.value.sentence()


@pytest.mark.parametrize("digits", ["", "1" * 38, "1" * 40, "۱" * 39, "9" * 39, "+" + "1" * 38, "1_" + "1" * 37])
def test_a_qr_has_one_text_a_value(digits: str) -> None:
    with pytest.raises(Refused):
        paper.read_qr_digits(digits)


def test_a_short_hash_is_a_bug() -> None:
    with pytest.raises(ValueError, match="needed"):
        paper.typed(bytes(9))
    with pytest.raises(ValueError, match="needed"):
        paper.qr_digits(bytes(15))


def test_a_code_is_eight_groups_of_five_and_never_the_same() -> None:
    assert [len(group) for group in CODE.split(" ")] == [5] * 8
    assert len({recovery.new_code() for _ in range(50)}) == 50


@pytest.mark.parametrize(
    "typed",
    [
        CODE,
        CODE.lower(),
        CODE.replace(" ", ""),
        CODE.replace(" ", " - "),
        CODE.translate(PERSIAN),
        CODE.replace("0", "O").replace("1", "l"),
        f"\u2066{CODE}\u2069\n",
    ],
)
def test_however_it_is_typed(typed: str) -> None:
    assert recovery.read(typed) == CODE


def test_every_single_wrong_sign_names_its_group() -> None:
    for at, printed in enumerate(CODE):
        for sign in SIGNS:
            if printed not in {" ", sign}:
                with pytest.raises(Invalid) as refused:
                    recovery.read(CODE[:at] + sign + CODE[at + 1 :])
                assert refused.value.fields == {"group": at // 6 + 1}
                assert refused.value.sentence()


def test_swapped_neighbours_and_swapped_groups_are_named() -> None:
    groups = CODE.split(" ")
    for place in range(7):
        swapped = [*groups[:place], groups[place + 1], groups[place], *groups[place + 2 :]]
        with pytest.raises(Invalid) as refused:
            recovery.read(" ".join(swapped))
        assert refused.value.fields == {"group": place + 1}
    for at, (first, second) in enumerate(pairwise(CODE)):
        if " " not in {first, second} and first != second:
            with pytest.raises(Invalid):
                recovery.read(CODE[:at] + second + first + CODE[at + 2 :])


@pytest.mark.parametrize(
    ("typed", "key"), [("", "recovery.length"), (CODE[:-1], "recovery.length"), (CODE + "U", "recovery.sign")]
)
def test_a_code_that_is_none_is_said_so(typed: str, key: str) -> None:
    with pytest.raises(Invalid) as refused:
        recovery.read(typed)
    assert refused.value.key == key
    assert refused.value.sentence()
