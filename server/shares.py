"""The root's file as two halves, either of which says nothing: for two safes (security 6).

One half is random, the other is the file with the first laid over it.
"""

from __future__ import annotations

import hashlib
import secrets

from desktop.seal import canonical
from desktop.seal.refused import Refused

_TYPE = "root-share"


def split(whole: bytes) -> tuple[bytes, bytes]:
    """Two files that together are `whole`."""
    pad = secrets.token_bytes(len(whole))
    check = hashlib.sha256(pad + whole).hexdigest()
    halves = (pad, _over(whole, pad))
    first, second = (
        canonical.encode({"check": check, "half": half.hex(), "type": _TYPE, "which": at})
        for at, half in enumerate(halves, 1)
    )
    return first, second


def join(one: bytes, other: bytes) -> bytes:
    """What was split, from both halves in any order. Raises Refused for halves that aren't of one whole."""
    said = sorted((canonical.decode(one), canonical.decode(other)), key=lambda each: str(each.get("which")))
    try:
        if [(each["type"], each["which"]) for each in said] != [(_TYPE, 1), (_TYPE, 2)]:
            raise Refused("not the two halves")
        pad, laid = (bytes.fromhex(each["half"]) for each in said)
        whole = _over(laid, pad)
        if {each["check"] for each in said} != {hashlib.sha256(pad + whole).hexdigest()}:
            raise Refused("halves of different wholes")
    except (KeyError, TypeError, ValueError) as error:
        raise Refused("not the two halves") from error
    return whole


def _over(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
