"""The request of a locked desk: what it is bound to, what is read aloud, whose answer opens."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest

from desktop.seal import canonical, keys, recovery_request, sealing, signing
from desktop.seal.recovery_request import Asked, Bound
from desktop.seal.refused import Refused

SAFE, ASK = keys.box_key(bytes(range(32))), keys.sign_key(bytes(range(1, 33)))
BOX, SIGN = keys.box_key(bytes(range(2, 34))), keys.sign_key(bytes(range(3, 35)))
BOUND = Bound(
    "yazd", "124", "desk-1", "db-1", keys.public_of(BOX), keys.public_of(SIGN), keys.public_of(ASK),
    keys.public_of(SAFE),
)  # fmt: skip
HELD = b"what the slot holds"
NOW = 1_795_500_000_000_000


def asked(bound: Bound = BOUND) -> tuple[Asked, keys.BoxKey]:
    return recovery_request.ask(bound, sealing.seal(HELD, SAFE.public_key(), BOUND.info()), 3, ASK, NOW)


def signed(**values: Any) -> Asked:
    message = canonical.encode({**canonical.decode(asked()[0].message), **values})
    return Asked(message, signing.sign(ASK, "recovery", "yazd", message))


def test_it_comes_back_as_it_was_asked_and_its_answer_opens_for_it() -> None:
    made, ephemeral = asked()
    read = recovery_request.read(recovery_request.loaded(recovery_request.dumped(made)))
    assert (read.bound, read.generation, read.at) == (BOUND, 3, NOW)
    answered = recovery_request.answer(made, SAFE)
    assert recovery_request.opened(answered, made, ephemeral) == HELD
    with pytest.raises(Refused):
        recovery_request.opened(answered, made, keys.box_key())
    with pytest.raises(Refused):
        recovery_request.answer(made, keys.box_key())


def test_an_answer_is_bound_to_every_word_of_its_request() -> None:
    made, ephemeral = asked()
    answered = recovery_request.answer(made, SAFE)
    other = signed(ephemeral_pub=keys.public_of(ephemeral).hex())
    with pytest.raises(Refused):
        recovery_request.opened(answered, other, ephemeral)


@pytest.mark.parametrize("name", [each.name for each in fields(Bound) if each.name not in ("realm", "ask_pub")])
def test_the_seal_is_bound_to_each_part(name: str) -> None:
    other: Any = bytes(32) if isinstance(getattr(BOUND, name), bytes) else "another"
    made, _ = asked(replace(BOUND, **{name: other}))
    recovery_request.read(made)
    with pytest.raises(Refused):
        recovery_request.answer(made, SAFE)


@pytest.mark.parametrize(
    "values",
    [
        {"type": "redaction"}, {"request": "../../etc"}, {"request": 1}, {"at": "now"}, {"at": True}, {"centre": ""},
        {"desk": None}, {"box_pub": 5}, {"ask_pub": "00"}, {"sealed": "zz"}, {"realm": "a\0b"}, {"ephemeral_pub": []},
    ],
)  # fmt: skip
def test_what_is_no_request_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        recovery_request.read(signed(**values))


def test_the_digits_are_of_the_whole_request_and_frozen() -> None:
    assert recovery_request.fingerprint(Asked(b"{}", b"")) == "6392 6208 2718 5533 9770"
    assert recovery_request.fingerprint(Asked(b"{ }", b"")) != recovery_request.fingerprint(Asked(b"{}", b""))


_LIST = '{"approvals": [], "message": "", "signature": ""}'


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"message": 1}', _LIST])
def test_a_file_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        recovery_request.loaded(text)
