"""The courier file (پیک): a message between desk and province that goes on a stick, for centres without a link.

A part is `header ‖ HPKE(payload, recipient, info = SHA-256(header))`, the header naming the format's version and the
recipient's key. The payload says by whom, to whom, in which realm, which part of how many and of what, under one
signature of purpose `courier`: HPKE alone says nothing of who sealed (security 24). Compression is the caller's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from desktop.domain.faults import Known
from desktop.seal import canonical, sealing, signing
from desktop.seal.keys import BoxKey, BoxPublic, SignKey, SignPublic
from desktop.seal.refused import Refused

PROVINCE = "province"
"""The province's name in a label; a desk's is `<centre>/<desk>`."""
MOST_PART = 8 * 1024 * 1024
MOST_PARTS = 16
SHARE = MOST_PART - 65_536
"""How much of the content a part takes: what is around it, and what doesn't compress, stay under `MOST_PART`."""
ROOM, MOST_CONTENT = 32 * 1024 * 1024, 64 * 1024 * 1024
"""A courier takes no further page once it holds `ROOM` bytes; one that opens to more than the other is refused."""

_MAGIC, _VERSION = b"pishkhan/courier\0", b"\1"
_KEY_ID = 16
_HEADER = len(_MAGIC) + len(_VERSION) + _KEY_ID


@dataclass(frozen=True, slots=True)
class Label:
    """What a part's sender signed. `first`–`last` are the seqs inside, `issued_at` µs UTC; `whole` and `share` are
    SHA-256 of the content and of this part's share of it, `part` counts from 1 to `of`."""

    realm: str
    sender: str
    to: str
    first: int
    last: int
    issued_at: int
    part: int = 1
    of: int = 1
    whole: str = ""
    share: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A part as it is signed: the label's exact bytes, the signature over them, the share they name."""

    label: bytes
    signature: bytes
    share: bytes


def desk_name(centre: str, desk: str) -> str:
    """How a label names a desk."""
    return f"{centre}/{desk}"


def split(content: bytes, label: Label, key: SignKey) -> list[Part]:
    """The content in signed parts, one at least. Raises ValueError for more than `MOST_PARTS` would hold."""
    shares = [content[at : at + SHARE] for at in range(0, len(content), SHARE)] or [b""]
    if len(shares) > MOST_PARTS:
        raise ValueError("a courier of too many parts")
    parts: list[Part] = []
    for at, share in enumerate(shares, 1):
        said = replace(label, part=at, of=len(shares), whole=_digest(content), share=_digest(share))
        raw = canonical.encode(asdict(said))
        parts.append(Part(raw, signing.sign(key, "courier", label.realm, raw), share))
    return parts


def seal(payload: bytes, to: BoxPublic) -> bytes:
    """The bytes of one file, for the holder of one key."""
    header = _MAGIC + _VERSION + _key_id(to)
    return header + sealing.seal(payload, to, hashlib.sha256(header).digest())


def unseal(data: bytes, key: BoxKey) -> bytes:
    """The payload. Raises Known: courier-damaged, courier-version, courier-not-ours."""
    header = data[:_HEADER]
    if len(header) < _HEADER or not header.startswith(_MAGIC) or len(data) > MOST_PART:
        raise Known("courier-damaged")
    if header[len(_MAGIC) : -_KEY_ID] != _VERSION:
        raise Known("courier-version")
    if header[-_KEY_ID:] != _key_id(key.public_key()):
        raise Known("courier-not-ours")
    try:
        return sealing.unseal(data[_HEADER:], key, hashlib.sha256(header).digest())
    except Refused as error:
        raise Known("courier-damaged") from error


def label(raw: bytes) -> Label:
    """Read a label; nothing of it is believed before `believed`. Raises Known("courier-damaged")."""
    try:
        said = Label(**canonical.decode(raw))
    except (Refused, TypeError) as error:
        raise Known("courier-damaged") from error
    numbers = (said.first, said.last, said.issued_at, said.part, said.of)
    if not all(type(each) is int and each >= 0 for each in numbers) or not 1 <= said.part <= said.of <= MOST_PARTS:
        raise Known("courier-damaged")
    if not all(type(each) is str for each in (said.realm, said.sender, said.to, said.whole, said.share)):
        raise Known("courier-damaged")
    return said


def believed(part: Part, key: SignPublic, *, realm: str, to: str) -> Label:
    """The label, once the sender's `key` signed it for this realm and this reader, and it names the share.

    Raises Known: courier-damaged, courier-not-ours.
    """
    said = label(part.label)
    try:
        signing.verify(key, "courier", realm, part.label, part.signature)
    except Refused as error:
        raise Known("courier-damaged") from error
    if (said.realm, said.to) != (realm, to):
        raise Known("courier-not-ours")
    if said.share != _digest(part.share):
        raise Known("courier-damaged")
    return said


def joined(parts: Sequence[tuple[Label, bytes]]) -> tuple[Label, bytes]:
    """The content of believed parts, in any order, given twice or not. The label is the first part's.

    Raises Known: courier-mixed for parts of two couriers, courier-parts naming the missing ones, courier-damaged.
    """
    shares: dict[int, bytes] = {}
    kinds: dict[Label, None] = {}
    for said, share in parts:
        kinds[replace(said, part=1, share="")] = None
        shares[said.part] = share
    if len(kinds) != 1:
        raise Known("courier-mixed" if kinds else "courier-damaged")
    [whole] = kinds
    missing = [at for at in range(1, whole.of + 1) if at not in shares]
    if missing:
        raise Known("courier-parts", of=whole.of, missing="، ".join(map(str, missing)))
    content = b"".join(shares[at] for at in range(1, whole.of + 1))
    if _digest(content) != whole.whole:
        raise Known("courier-damaged")
    return whole, content


def _key_id(key: BoxPublic) -> bytes:
    return hashlib.sha256(b"pishkhan/courier-key/v1\0" + key.public_bytes_raw()).digest()[:_KEY_ID]


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
