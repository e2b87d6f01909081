"""Sealed to one person, and a password's cost."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.kdf import argon2

from desktop.seal import keys, passwords
from desktop.seal.passwords import Cost, derive
from desktop.seal.refused import Refused
from desktop.seal.sealing import seal, unseal

CHEAP = Cost(8 * 1024, 1, 1)


def test_only_the_holder_opens_and_only_under_the_same_info() -> None:
    box = keys.box_key()
    sealed = seal(b"secret", box.public_key(), b"info")
    assert unseal(sealed, box, b"info") == b"secret"
    for bad, key, info in [
        (sealed, keys.box_key(), b"info"),
        (sealed, box, b"other"),
        (sealed[:-1] + bytes([sealed[-1] ^ 1]), box, b"info"),
        (sealed[:20], box, b"info"),
        (bytes(32) + sealed[32:], box, b"info"),
    ]:
        with pytest.raises(Refused):
            unseal(bad, key, info)


@pytest.mark.parametrize(
    ("memory", "time", "lanes"),
    [
        (8 * 1024 - 1, 3, 4),
        (1024 * 1024 + 1, 3, 4),
        (1 << 30, 3, 4),
        (65536, 0, 4),
        (65536, 11, 4),
        (65536, 3, 0),
        (65536, 3, 9),
        (-65536, 3, 4),
    ],
)
def test_a_cost_outside_the_caps_can_not_even_be_stated(memory: int, time: int, lanes: int) -> None:
    with pytest.raises(Refused):
        Cost(memory, time, lanes)


def test_the_usual_cost_is_the_measured_one() -> None:
    assert Cost() == Cost(memory_kib=65536, time=3, lanes=4)


def test_the_key_is_argon2id_of_the_words() -> None:
    expected = argon2.Argon2id(salt=b"s" * 16, length=32, iterations=1, lanes=1, memory_cost=8192).derive(b"a1")
    assert derive("a1", b"s" * 16, CHEAP) == expected
    assert derive("a2", b"s" * 16, CHEAP) != expected
    assert derive("a1", b"t" * 16, CHEAP) != expected


@pytest.mark.parametrize(("one", "other"), [("کیک۱۲۳", "كيك123"), ("٤٥٦", "456"), ("é", "e\u0301"), ("ＡＢ", "AB")])
def test_the_same_word_from_another_keyboard_is_the_same_password(one: str, other: str) -> None:
    assert passwords.derive(one, b"s" * 16, CHEAP) == passwords.derive(other, b"s" * 16, CHEAP)


def test_half_a_surrogate_pair_is_a_password_like_another() -> None:
    assert derive("\ud800", b"s" * 16, CHEAP) != derive("\ud801", b"s" * 16, CHEAP)
