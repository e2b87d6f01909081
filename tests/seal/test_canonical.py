"""The bytes that are hashed, signed and sent."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.seal.canonical import decode, encode
from desktop.seal.refused import Refused

scalars = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(st.characters(codec="utf-8"))
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
    max_leaves=20,
)
objects = st.dictionaries(st.text(st.characters(codec="utf-8")), values, max_size=6)


@given(objects)
def test_what_is_written_is_read_back_and_written_the_same(value: dict[str, Any]) -> None:
    assert decode(encode(value)) == value
    assert encode(decode(encode(value))) == encode(value)


@given(objects)
def test_the_order_of_filling_in_a_form_leaves_no_trace(value: dict[str, Any]) -> None:
    assert encode(dict(reversed(value.items()))) == encode(value)


def test_the_bytes_are_frozen() -> None:
    value = {"ب": [1, -2, True, None], "a": {"z": '۱\u200c\n"\\', "b": ""}, "": False}
    golden = '{"":false,"a":{"b":"","z":"۱\u200c\\n\\"\\\\"},"ب":[1,-2,true,null]}'
    assert encode(value) == golden.encode()


@pytest.mark.parametrize(
    "value", [1.0, math.nan, b"x", {1: "a"}, {None: 1}, {"a": [{"b": 0.5}]}, 2**63, -(2**63) - 1, {1, 2}, object()]
)
def test_a_value_without_canonical_bytes_is_a_bug(value: object) -> None:
    with pytest.raises(TypeError):
        encode({"field": value})


def test_half_a_surrogate_pair_is_not_written() -> None:
    with pytest.raises(ValueError, match="surrogates"):
        encode({"name": "\ud800"})


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b'"a"',
        b"{",
        b'{"a":1}{}',
        b'{"a":1} ',
        b' {"a":1}',
        b'\xef\xbb\xbf{"a":1}',
        b'{"a":1,"a":1}',
        b'{"a":{"b":1,"b":2}}',
        b'{"a":1.0}',
        b'{"a":1e3}',
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"a":9223372036854775808}',
        b'{"a":' + b"9" * 5000 + b"}",
        b'{"a":"\xff"}',
        b'{"a":"\\ud800"}',
        b'{"\\udfff":1}',
        b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    ],
)
def test_bytes_two_readers_could_read_differently_are_refused(data: bytes) -> None:
    with pytest.raises(Refused):
        decode(data)
