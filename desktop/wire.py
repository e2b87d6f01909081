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


def directory(data: bytes) -> tuple[Listed, ...]:
    """A directory as it was signed. Raises Garbled."""
    try:
        return msgspec.msgpack.decode(data, type=tuple[Listed, ...]) if data else ()
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Garbled(str(error)) from error


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
    courier_key: bytes = b""
    """What courier files to the province are sealed to."""
    courier_proof: bytes = b""
    """The root key's signature over `enrolment.courier_vouched`, purpose `directory`."""


class Listed(msgspec.Struct, frozen=True, array_like=True):
    """A key that counts: a desk's own where `actor` is empty, else that person's on that desk.

    `instead_of`: the desk this one was before its chain forked. `through`: the last seq believed of a revoked desk.
    `kinds`: what an officer of the province may write.
    """

    desk: str
    actor: str
    sign_key: bytes
    instead_of: str = ""
    through: int | None = None
    kinds: tuple[str, ...] = ()


class Report(msgspec.Struct, frozen=True):
    """How a desk is, for those who support it; nothing of any person. Times in µs UTC, sizes in bytes."""

    version: str = ""
    unsent: int = 0
    oldest_unsent: int | None = None
    quarantined: int = 0
    unknown: int = 0
    conflicts: int = 0
    clock_offset: int = 0
    free_bytes: int | None = None
    backup_at: int | None = None
    fault: str = ""


class HelloAsk(msgspec.Struct, frozen=True):
    """Where the desk stands. `feed_id`, `cursor`: the telling of the feed it has folded, and how far.

    `series`: all paper series it holds; `spare`: how many of them are untouched. `open_files`: households on its
    screen. `intakes`: visits of people new here, to learn whether another centre has a file of theirs (security 23).
    """

    protocol: int = PROTOCOL
    schema_version: int = 1
    fold_version: str = ""
    feed_id: str = ""
    cursor: int = 0
    series: tuple[int, ...] = ()
    spare: int = 0
    open_files: tuple[str, ...] = ()
    report: Report | None = None
    intakes: tuple[str, ...] = ()


class HelloReply(msgspec.Struct, frozen=True):
    """Where the province stands. Times in µs UTC; `seq`/`hash` the desk's last stored change, `head` the centre's.

    Another `feed_id` than the desk's: the province was restored or replaced. `catalogue`: the etag of its catalogue,
    empty
    where the desk's own counts. `snapshot`: begin again from one. `open_elsewhere`: household → who has it open.
    `files_elsewhere`: visit asked about → whether another centre has a file of its client, as far as the day allows.
    """

    protocol: int
    schema_version: int
    fold_version: str
    server_time: int
    seq: int
    hash: str
    head: int
    series: tuple[int, ...] = ()
    feed_id: str = ""
    durable_seq: int = 0
    catalogue: str = ""
    snapshot: bool = False
    open_elsewhere: dict[str, str] = {}
    files_elsewhere: dict[str, bool] = {}
    recovery_key: bytes = b""
    """What a desk seals a manager's spare keys to."""
    recovery_proof: bytes = b""
    """The root key's signature over `enrolment.recovery_vouched`, purpose `directory`."""


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
    countersigned: bytes = b""
    countersignature: bytes = b""
    """What the province saw of this desk's chain, and its signature (security 13)."""


class Entry(msgspec.Struct, frozen=True):
    """One commit at its place in the feed: its changes have `sseq`, `sseq`+1, …, one effective clock each.

    Fewer changes than the commit signs, or headers alone, where a household moved between centres.
    """

    sseq: int
    effective: tuple[str, ...]
    commit: Transaction


class Notice(msgspec.Struct, frozen=True):
    """A server-signed word in the feed (scope.add, scope.remove, rerouted, redaction order); it takes one sseq."""

    sseq: int
    message: bytes
    signature: bytes


class Order(msgspec.Struct, frozen=True):
    """A root-signed redaction, sent beside the stubs it made wherever it stands in the feed."""

    message: bytes
    signature: bytes


class Mark(msgspec.Struct, frozen=True):
    """The state hash of the centre at a place of its feed."""

    sseq: int
    state: str


class PullReply(msgspec.Struct, frozen=True):
    """A page of whole commits and notices after the asked place; `head` is the centre's newest.

    `directory` is the packed tuple of `Listed` the page needs, signed by the province's sign key, purpose `directory`.
    """

    head: int
    server_time: int
    acked_seq: int
    entries: tuple[Entry, ...] = ()
    notices: tuple[Notice, ...] = ()
    judged: tuple[Judged, ...] = ()
    directory: bytes = b""
    directory_signature: bytes = b""
    orders: tuple[Order, ...] = ()
    marks: tuple[Mark, ...] = ()
    durable_seq: int = 0
    feed_id: str = ""
    fold_version: str = ""


class Problem(msgspec.Struct, frozen=True):
    """Why a request was refused: a code of the catalogue's `fault` table, and what the desk can do with it."""

    code: str
    expected: int | None = None
    server_time: int = 0


class Parcel(msgspec.Struct, frozen=True):
    """What one part of a courier file opens to: its signed label, and its share of the content (security 24)."""

    label: bytes
    signature: bytes
    share: bytes


class CourierAsk(msgspec.Struct, frozen=True):
    """What a desk sends by courier: where it stands, and all that waits, as pushes."""

    hello: HelloAsk
    pushes: tuple[PushAsk, ...] = ()


class CourierReply(msgspec.Struct, frozen=True):
    """The province's answer by courier: where it stands after the pushes, and the feed after the desk's cursor."""

    hello: HelloReply
    pushed: PushReply
    pages: tuple[PullReply, ...] = ()


class OwnReply(msgspec.Struct, frozen=True):
    """What the province holds of the asking desk's chain after a seq: whole commits in order, and where it ends."""

    commits: tuple[Transaction, ...]
    last: int
    judged: tuple[Judged, ...] = ()


class Chain(msgspec.Struct, frozen=True, array_like=True):
    """How far the province has a desk's chain, and the hash there."""

    desk: str
    seq: int
    hash: str


class ChainsReply(msgspec.Struct, frozen=True):
    """The other desks of the asking desk's centre."""

    chains: tuple[Chain, ...]


class RelayAsk(msgspec.Struct, frozen=True):
    """Commits of another desk of the centre, as it signed them, that a restored province lost; answered as a push."""

    desk: str
    commits: tuple[Transaction, ...]


class IncarnationAsk(msgspec.Struct, frozen=True):
    """A desk whose chain forked goes on under another id. Asked and signed as the old one; asking again changes
    nothing.

    `after` is the last seq both chains share, `branch` the losing one as evidence: messages, signatures and headers.
    `proof`: the new key's signature over `incarnation(ask)`, purpose `incarnation`.
    """

    desk: str
    sign_key: bytes
    box_key: bytes
    after: int
    branch: tuple[Transaction, ...]
    proof: bytes


class IncarnationReply(msgspec.Struct, frozen=True):
    """The new desk is known; `series` are its own, no number of which was ever given."""

    series: tuple[int, ...]
    server_time: int


def incarnation(old: str, new: str, sign_key: bytes, box_key: bytes, after: int) -> bytes:
    """The bytes the new key signs to say whose place it takes."""
    return _encoder.encode((old, new, sign_key, box_key, after))


class SnapshotReply(msgspec.Struct, frozen=True):
    """A snapshot's manifest, canonical bytes, and its signature, purpose `snapshot`."""

    manifest: bytes
    signature: bytes


class SnapshotPiece(msgspec.Struct, frozen=True):
    """One piece of it; the manifest has its hash."""

    data: bytes


class Kept(msgspec.Struct, frozen=True, array_like=True):
    """A confirmed document as the province folded it."""

    kind: str
    entity_id: str
    text: str


class Snapshot(msgspec.Struct, frozen=True):
    """What all the pieces are together, compressed: the centre's documents, the asking desk's own chain (verdicts
    other than accepted, and its last stored seq), and the redactions in force in the centre."""

    documents: tuple[Kept, ...]
    judged: tuple[Judged, ...]
    last_seq: int
    orders: tuple[Order, ...] = ()


class BlobsAsk(msgspec.Struct, frozen=True):
    """Where these blobs stand, by SHA-256 (32 bytes each): one question for the whole queue."""

    names: tuple[bytes, ...]


class BlobStands(msgspec.Struct, frozen=True, array_like=True):
    """`held`: bytes of the asking desk's own unfinished upload. `size` of the whole where the centre has it, else
    null."""

    held: int
    size: int | None


class BlobsReply(msgspec.Struct, frozen=True):
    """One for each that was asked, in the same order."""

    stands: tuple[BlobStands, ...]


class BlobPart(msgspec.Struct, frozen=True):
    """`data` begins at byte `at` of a blob of `size` bytes; either way."""

    size: int
    at: int
    data: bytes


class BlobTaken(msgspec.Struct, frozen=True):
    """How much of an upload is stored now, whatever was sent; `whole` where the centre has it all, and its name
    holds."""

    held: int
    whole: bool = False
