"""The shapes desk and province exchange: msgpack inside zstd, one struct a message.

Exact bytes of changes and messages travel as bytes and are stored as they came. New fields get a default; an old
reader ignores them.
"""

from __future__ import annotations

from typing import Literal, TypeVar

import msgspec
import zstandard

PROTOCOL = 1
MOST_BYTES = 8 * 1024 * 1024
"""Largest request, as sent and decompressed; a reply may be twice that, so that every commit taken in can go out."""
CONTENT_TYPE, CONTENT_ENCODING = "application/msgpack", "zstd"
MOST_CHANGES = 2_000
"""Most changes of one page of the feed."""

Verdict = Literal["accepted", "quarantined", "discarded", "rerouted"]

_Message = TypeVar("_Message", bound=msgspec.Struct)
_encoder = msgspec.msgpack.Encoder()


class Garbled(ValueError):
    """Bytes that aren't one whole message: cut, too large, trailing bytes, another shape. English, for a log."""


def pack(message: msgspec.Struct) -> bytes:
    """A message as it is sent."""
    return zstandard.compress(_encoder.encode(message))


def unpack(data: bytes, shape: type[_Message], most: int = MOST_BYTES) -> _Message:
    """The message in `data`. Raises Garbled; never holds more than `most` + 1 decompressed bytes (security 26)."""
    try:
        return msgspec.msgpack.decode(_decompressed(data, most), type=shape)
    except (zstandard.ZstdError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Garbled(str(error)) from error


def _decompressed(data: bytes, most: int) -> bytes:
    # A frame's declared size is not believed: the first pass stops counting in time, the second tells where it ended.
    tool = zstandard.ZstdDecompressor(max_window_size=MOST_BYTES)
    if len(tool.stream_reader(data).read(most + 1)) > most:
        raise Garbled(f"larger than {most} bytes")
    frame = tool.decompressobj()
    plain = frame.decompress(data)
    if not frame.eof or frame.unused_data:
        raise Garbled("not exactly one whole frame")
    return plain


def key_list(keys: dict[str, bytes]) -> bytes:
    """The bytes of a list of desks' keys that the province signs."""
    return "".join(f"{desk} {key.hex()}\n" for desk, key in sorted(keys.items())).encode()


class Record(msgspec.Struct, frozen=True, array_like=True):
    """One sealed change."""

    header: bytes
    body: bytes | None
    salt: bytes | None


class Transaction(msgspec.Struct, frozen=True):
    """One commit: its signed message, signatures, changes."""

    message: bytes
    actor: str
    desk_signature: bytes
    actor_signature: bytes
    changes: tuple[Record, ...]


class EnrolAsk(msgspec.Struct, frozen=True):
    """Join a centre: the code itself is never sent, `mac` proves it (security 17)."""

    centre: str
    desk: str
    sign_key: bytes
    box_key: bytes
    spki: bytes
    """SHA-256 of the public key the desk saw in TLS."""
    mac: bytes
    protocol: int = PROTOCOL


class EnrolReply(msgspec.Struct, frozen=True):
    """The province's proof and what the desk needs: root key, sign key, TLS pins, three paper series."""

    realm: str
    desk: str
    root_key: bytes
    sign_key: bytes
    pins: tuple[bytes, ...]
    series: tuple[int, ...]
    mac: bytes
    server_time: int
    sign_proof: bytes = b""
    """The root key's signature over the sign key, purpose `directory`."""


class HelloReply(msgspec.Struct, frozen=True):
    """Where the province stands. Times in µs UTC; `seq`/`hash` the desk's last stored change, `head` the centre's."""

    protocol: int
    schema_version: int
    fold_version: str
    server_time: int
    seq: int
    hash: str
    head: int
    series: tuple[int, ...] = ()


class PushAsk(msgspec.Struct, frozen=True):
    """Contiguous commits, oldest first; idempotent by (desk, seq)."""

    commits: tuple[Transaction, ...]


class Judged(msgspec.Struct, frozen=True):
    """The verdict on one of the desk's commits, by its first and last seq; `reason` where it waits."""

    first: int
    last: int
    verdict: Verdict
    reason: str = ""


class PushReply(msgspec.Struct, frozen=True):
    """`acked_seq` is stored; `durable_seq` is in a verified backup or standby."""

    acked_seq: int
    durable_seq: int
    server_time: int
    judged: tuple[Judged, ...] = ()


class Entry(msgspec.Struct, frozen=True):
    """One commit at its place in the feed: its changes have `sseq`, `sseq`+1, …, one effective clock each."""

    sseq: int
    effective: tuple[str, ...]
    commit: Transaction


class Notice(msgspec.Struct, frozen=True):
    """A server-signed word in the feed (scope.add, scope.remove, rerouted, redaction order); it takes one sseq."""

    sseq: int
    message: bytes
    signature: bytes


class PullReply(msgspec.Struct, frozen=True):
    """A page of whole commits after the asked sseq; `head` is the centre's newest. `keys` are the desks it needs."""

    head: int
    server_time: int
    acked_seq: int
    entries: tuple[Entry, ...] = ()
    notices: tuple[Notice, ...] = ()
    judged: tuple[Judged, ...] = ()
    keys: dict[str, bytes] = {}
    keys_signature: bytes = b""
    """By the province's sign key over `key_list(keys)`, purpose `directory`."""


class Problem(msgspec.Struct, frozen=True):
    """Why a request was refused: a code of the catalogue's `fault` table, and what the desk can do with it."""

    code: str
    expected: int | None = None
    server_time: int = 0
