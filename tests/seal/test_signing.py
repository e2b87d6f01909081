"""A signature says what it is for."""

from __future__ import annotations

from itertools import product
from typing import get_args

import pytest

from desktop.seal import keys
from desktop.seal.refused import Refused
from desktop.seal.signing import Purpose, sign, verified, verify

KEY = keys.sign_key(bytes(range(32)))
PUBLIC = KEY.public_key()
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)
REALMS = ("yazd", "training", "yazd-2")
USES = list(product(PURPOSES, REALMS))


@pytest.mark.parametrize(("purpose", "realm"), USES)
def test_one_made_for_a_purpose_and_a_realm_holds_for_no_other(purpose: Purpose, realm: str) -> None:
    signature = sign(KEY, purpose, realm, b"words")
    holds = [use for use in USES if verified(PUBLIC, *use, b"words", signature)]
    assert holds == [(purpose, realm)]


def test_the_bytes_signed_are_frozen() -> None:
    assert sign(KEY, "commit", "yazd", b"m") == KEY.sign(b"pishkhan/commit/v1\0yazd\0m")


def test_another_key_another_message_or_a_flipped_bit_is_refused() -> None:
    signature = sign(KEY, "commit", "yazd", b"words")
    with pytest.raises(Refused):
        verify(keys.sign_key().public_key(), "commit", "yazd", b"words", signature)
    with pytest.raises(Refused):
        verify(PUBLIC, "commit", "yazd", b"word", signature)
    for bit in range(0, 512, 37):
        flipped = bytearray(signature)
        flipped[bit // 8] ^= 1 << bit % 8
        assert not verified(PUBLIC, "commit", "yazd", b"words", bytes(flipped))
    assert not verified(PUBLIC, "commit", "yazd", b"words", b"")


@pytest.mark.parametrize("realm", ["", "yazd\0commit"])
def test_a_realm_can_not_run_into_the_message(realm: str) -> None:
    with pytest.raises(ValueError, match="realm"):
        sign(KEY, "commit", realm, b"m")


@pytest.mark.parametrize("make", [keys.sign_key, keys.sign_public, keys.box_key, keys.box_public])
def test_a_key_of_another_length_is_refused(make: object) -> None:
    assert callable(make)
    for size in (0, 31, 33, 64):
        with pytest.raises(Refused):
            make(bytes(size))


def test_a_key_is_its_bytes() -> None:
    box = keys.box_key()
    assert keys.secret_of(keys.box_key(keys.secret_of(box))) == keys.secret_of(box)
    assert keys.public_of(KEY) == PUBLIC.public_bytes_raw()
