"""Messages from outside: bounded before they are believed."""

from __future__ import annotations

import msgspec
import pytest
import zstandard

from desktop import wire
from desktop.wire import Garbled, Problem, PushAsk, Record, Transaction

ASK = PushAsk((Transaction(b"m", "a", b"d", b"s", (Record(b"h", None, b"t"),)),))


def test_a_message_comes_out_as_it_went_in() -> None:
    assert wire.unpack(wire.pack(ASK), PushAsk) == ASK


def test_a_bomb_that_declares_its_size_is_refused() -> None:
    with pytest.raises(Garbled, match="larger"):
        wire.unpack(zstandard.compress(bytes(1 << 30)), PushAsk)


def test_a_bomb_that_hides_its_size_is_refused() -> None:
    tool = zstandard.ZstdCompressor(write_content_size=False).compressobj()
    bomb = b"".join(tool.compress(bytes(1 << 20)) for _ in range(200)) + tool.flush()
    assert len(bomb) < 100_000
    with pytest.raises(Garbled, match="larger"):
        wire.unpack(bomb, PushAsk)


def test_a_window_too_wide_is_refused() -> None:
    wide = zstandard.ZstdCompressionParameters.from_level(3, window_log=27, write_content_size=0)
    tool = zstandard.ZstdCompressor(compression_params=wide).compressobj()
    with pytest.raises(Garbled):
        wire.unpack(tool.compress(msgspec.msgpack.encode(ASK)) + tool.flush(), PushAsk)


@pytest.mark.parametrize("tail", [b"x", wire.pack(Problem("x")), b"\0" * 8])
def test_anything_after_the_message_is_refused(tail: bytes) -> None:
    with pytest.raises(Garbled, match="one whole frame"):
        wire.unpack(wire.pack(ASK) + tail, PushAsk)


def test_a_message_cut_anywhere_is_refused() -> None:
    whole = wire.pack(ASK)
    for at in range(len(whole)):
        with pytest.raises(Garbled):
            wire.unpack(whole[:at], PushAsk)


def test_another_shape_is_refused() -> None:
    for other in (Problem("x"), wire.EnrolAsk("c", "d", b"", b"", b"", b"")):
        with pytest.raises(Garbled):
            wire.unpack(wire.pack(other), PushAsk)


def test_a_directory_that_is_none_is_refused() -> None:
    listed = (wire.Listed("desk", "", b"\1" * 32), wire.Listed("desk", "person", b"\2" * 32, through=7))
    sent = msgspec.msgpack.encode(listed)
    assert wire.directory(sent) == listed
    for data in (sent[:-1], sent + b"\0", b"\xff", msgspec.msgpack.encode(["x"])):
        with pytest.raises(Garbled):
            wire.directory(data)
