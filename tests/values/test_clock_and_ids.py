"""The clock that orders changes, and the ids of things."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain import hlc, identifiers

NEW = "01a20b43-a67b-7776-b9cf-dcb5090fea9b"
NOW = 1_796_000_000_000_000
instants = st.integers(0, NOW * 5 // 4)


@given(st.lists(st.tuples(st.booleans(), instants), max_size=50))
def test_the_clock_only_grows_whatever_the_pc_and_other_desks_say(steps: list[tuple[bool, int]]) -> None:
    clock, given_out, seen = hlc.Clock(), -1, 0
    for is_tick, us in steps:
        if is_tick:
            value = clock.tick(us)
            assert value > given_out
            assert value > seen or seen == 0
            assert hlc.microseconds(value) >= us
            given_out = value
        else:
            clock.witness(hlc.pack(us, 7))
            seen = max(seen, hlc.pack(us, 7))


@given(instants, st.integers(0, 4095), instants, st.integers(0, 4095))
def test_text_order_is_time_order(us: int, counter: int, other_us: int, other: int) -> None:
    first, second = hlc.pack(us, counter), hlc.pack(other_us, other)
    assert (hlc.text(first) < hlc.text(second)) == ((us, counter) < (other_us, other))
    assert hlc.parse(hlc.text(first)) == first
    assert len(hlc.text(first)) == 16


def test_5000_changes_in_one_microsecond_carry_into_the_next() -> None:
    clock = hlc.Clock()
    values = [clock.tick(NOW) for _ in range(5_000)]
    assert values == sorted(set(values))
    assert hlc.microseconds(values[-1]) == NOW + 1


@pytest.mark.parametrize("written", ["", "0", "g" * 16, "A" * 16, "0" * 17, "٠" * 16])
def test_text_that_is_no_clock_value_is_refused(written: str) -> None:
    with pytest.raises(ValueError):
        hlc.parse(written)
    with pytest.raises(ValueError):
        hlc.pack(1, 4096)


@given(st.integers(0, 2**48 - 1), st.integers(0, 2**74 - 1))
def test_a_uuid7_is_one_to_every_reader(ms: int, random: int) -> None:
    text = identifiers.uuid7(ms, random)
    read = uuid.UUID(text)
    assert (read.version, read.variant, read.int >> 80) == (7, uuid.RFC_4122, ms)
    assert identifiers.parse(text) == text


def test_ids_come_in_order_even_if_the_clock_goes_back() -> None:
    times = iter([5, 5, 9, 3, 3, 9, 10, 2])
    mint = identifiers.Mint(lambda: next(times))
    ids = [mint.new() for _ in range(8)]
    assert ids == sorted(set(ids))
    many = [identifiers.new() for _ in range(10_000)]
    assert many == sorted(set(many))


def test_importing_the_same_row_twice_gives_the_same_id() -> None:
    again = identifiers.imported("9074", "person", "12/34")
    assert again == identifiers.imported("9074", "person", "12/34")
    assert uuid.UUID(again).version == 5
    assert again != identifiers.imported("9075", "person", "12/34")
    assert identifiers.imported("90", "74person", "1") != identifiers.imported("9074", "person", "1")


@pytest.mark.parametrize("text", ["", "x", f"{{{NEW}}}", NEW.upper()])
def test_only_the_canonical_form_of_an_id_is_read(text: str) -> None:
    with pytest.raises(ValueError):
        identifiers.parse(text)
