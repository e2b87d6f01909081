"""The proofs of enrolment: what each side's MAC binds, and how a code is typed."""

from __future__ import annotations

import pytest

from desktop.seal import enrolment
from desktop.seal.passwords import Cost
from desktop.seal.refused import Refused

DESK = {
    "realm": "yazd", "centre": "1203", "desk": "d", "sign_key": bytes(32), "box_key": bytes(32), "spki": bytes(32),
}  # fmt: skip
SERVER = {
    "centre": "1203", "desk": "d", "realm": "yazd", "root_key": bytes(32), "sign_key": bytes(32),
    "courier_key": bytes(32), "pins": (bytes(32),), "series": (1, 2, 3),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop.seal.passwords.Cost", lambda: Cost(8 * 1024, 1, 1))


def test_a_code_is_80_bits_in_letters_nobody_confuses() -> None:
    codes = {enrolment.new_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(len(code) == 19 and not set(code) & set("OILU") for code in codes)


def test_a_code_is_taken_as_people_type_it() -> None:
    key = enrolment.code_key("1A0B-CDEF-GHJK-MNPQ", "1203")
    assert enrolment.code_key(" laob cdef ghjk mnpq ", "1203") == key
    assert enrolment.code_key("1A0B-CDEF-GHJK-MNPQ", "1204") != key
    for wrong in ("1A0B-CDEF-GHJK-MNP", "1A0B-CDEF-GHJK-MNPQ0", "UA0B-CDEF-GHJK-MNPQ", ""):
        with pytest.raises(Refused):
            enrolment.code_key(wrong, "1203")


@pytest.mark.parametrize("part", sorted(DESK))
def test_the_desks_proof_is_of_every_part(part: str) -> None:
    other = {**DESK, part: b"\1" * 32 if isinstance(DESK[part], bytes) else "other"}
    assert enrolment.desk_mac(b"k", **other) != enrolment.desk_mac(b"k", **DESK)  # type: ignore[arg-type]


@pytest.mark.parametrize("part", sorted(SERVER))
def test_the_provinces_proof_is_of_every_part(part: str) -> None:
    changed = {bytes: b"\1" * 32, str: "other", tuple: ()}[type(SERVER[part])]
    other = {**SERVER, part: changed}
    assert enrolment.server_mac(b"k", **other) != enrolment.server_mac(b"k", **SERVER)  # type: ignore[arg-type]


def test_one_sides_proof_is_never_the_others() -> None:
    key = b"k"
    assert enrolment.desk_mac(key, **DESK) != enrolment.server_mac(key, **SERVER)  # type: ignore[arg-type]
    assert enrolment.desk_mac(key, **DESK) != enrolment.desk_mac(b"j", **DESK)  # type: ignore[arg-type]
