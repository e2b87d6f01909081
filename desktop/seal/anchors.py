"""Countersignatures: the province signs what it saw of a desk's chain, and the desk's next commit carries that as its
anchor. What lies between two anchors was written between two moments the province vouches for (security 13).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from desktop.seal import canonical, signing
from desktop.seal.keys import SignKey, SignPublic
from desktop.seal.refused import Refused

SLACK_US = 10 * 60 * 1_000_000
"""How far a corrected clock may honestly be from the province's."""
OLD_US = 7 * 86_400 * 1_000_000
"""A window open longer than this is pointed out."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """The province had this desk's chain up to `seq`, whose hash is `hash`, at `received_at` (µs UTC)."""

    desk: str
    seq: int
    hash: str
    centre_head: int
    received_at: int


@dataclass(frozen=True, slots=True)
class Dated:
    """A commit in its chain: its first change, when its author says it was written (µs UTC), the anchor it carries."""

    first: int
    written: int
    anchor: Anchor | None


def countersign(key: SignKey, realm: str, seen: Anchor) -> tuple[bytes, bytes]:
    """The province's message and signature."""
    message = canonical.encode(_said(seen))
    return message, signing.sign(key, "countersign", realm, message)


def believed(message: bytes, signature: bytes, realm: str, sign_key: SignPublic) -> str:
    """The text a commit carries as its anchor, of a countersignature that holds. Raises Refused."""
    signing.verify(sign_key, "countersign", realm, message, signature)
    said = _said(_read(canonical.decode(message)))
    return canonical.encode({**said, "signature": signature.hex()}).decode()


def opened(text: str, realm: str, sign_key: SignPublic) -> Anchor:
    """The anchor of a commit. Raises Refused for one the province didn't sign."""
    said = dict(canonical.decode(text.encode()))
    try:
        signature = bytes.fromhex(said.pop("signature"))
    except (KeyError, TypeError, ValueError) as error:
        raise Refused("an anchor without its signature") from error
    found = _read(said)
    signing.verify(sign_key, "countersign", realm, canonical.encode(_said(found)), signature)
    return found


def outside(chain: Iterable[Dated]) -> list[int]:
    """The first seqs of commits that say they were written before the anchor they follow: dated back.

    `chain` is one desk's, in order. A clock may be `SLACK_US` off.
    """
    found: list[int] = []
    after = 0
    for each in chain:
        after = max(after, each.anchor.received_at if each.anchor else 0)
        if each.written < after - SLACK_US:
            found.append(each.first)
    return found


def _said(anchor: Anchor) -> dict[str, str | int]:
    return {
        "centre_head": anchor.centre_head, "desk": anchor.desk, "hash": anchor.hash,
        "received_at": anchor.received_at, "seq": anchor.seq,
    }  # fmt: skip


def _read(said: object) -> Anchor:
    match said:
        case {
            "centre_head": int(head), "desk": str(desk), "hash": str(digest), "received_at": int(at), "seq": int(seq),
            **rest,
        } if not rest:  # fmt: skip
            return Anchor(desk, seq, digest, head, at)
    raise Refused("not a countersignature")
