"""A sealed file of any size: what is missing, moved or altered is noticed."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.seal import keys, vessel
from desktop.seal.refused import Refused

KEY = keys.box_key()
MAGIC = b"pishkhan/test\0"


def written(*data: bytes) -> bytes:
    out = io.BytesIO()
    vessel.write(out, MAGIC, KEY.public_key(), data)
    return out.getvalue()


def back(data: bytes, by: keys.BoxKey | bytes = KEY, magic: bytes = MAGIC) -> bytes:
    return b"".join(vessel.read(io.BytesIO(data), magic, by))


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vessel, "PIECE", 64)


@pytest.mark.parametrize("size", [0, 1, 63, 64, 65, 128, 129, 1000])
def test_what_was_written_is_read(size: int) -> None:
    whole = bytes(at % 251 for at in range(size))
    assert back(written(whole)) == whole
    assert back(written(*(whole[at : at + 7] for at in range(0, size, 7)))) == whole


def test_who_wrote_it_may_read_it_back_at_once() -> None:
    out = io.BytesIO()
    key = vessel.write(out, MAGIC, KEY.public_key(), [b"x" * 200])
    assert back(out.getvalue(), key) == b"x" * 200


@given(st.data())
def test_any_byte_matters(data: st.DataObject) -> None:
    sent = written(b"a" * 300)
    at = data.draw(st.integers(0, len(sent) - 1))
    altered = bytearray(sent)
    altered[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Refused):
        back(bytes(altered))


def test_a_cut_a_swap_and_another_reader_are_refused() -> None:
    sent = written(b"a" * 64 + b"b" * 64 + b"c" * 20)
    body = sent[-(2 * (64 + 16) + 20 + 16) :]
    head, one, two, three = sent[: -len(body)], body[:80], body[80:160], body[160:]
    for wrong in (head + one + two, head + one, head, head + two + one + three, head + one + three, sent + three):
        with pytest.raises(Refused):
            back(wrong)
    with pytest.raises(Refused):
        back(sent, keys.box_key())
    with pytest.raises(Refused):
        back(sent, magic=b"pishkhan/tast\0")
