"""Joining a centre with a code that is never sent (security 17).

Both sides derive one key from the code; each proves with it that it knows the code *and* what it saw: the desk names
the TLS key it met, so a machine in the middle would have to know the code to pass its own certificate off.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence

from desktop.seal import canonical, passwords
from desktop.seal.refused import Refused

CODE_LENGTH = 16
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's 32: five bits each, 80 in all
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
_TAG = b"pishkhan/enrol/v1\0"


def new_code() -> str:
    """A code to read over the telephone: 80 random bits in four groups of four."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(CODE_LENGTH))
    return "-".join(letters[at : at + 4] for at in range(0, CODE_LENGTH, 4))


def code_key(code: str, centre: str) -> bytes:
    """The key of both MACs, a quarter of a second of work. The province keeps this instead of the code.

    The code is taken as people type it: any case, with or without dashes, O for 0, I and L for 1. Raises Refused.
    """
    typed = "".join(letter for letter in code.upper() if letter.isalnum()).translate(_READ_AS)
    if len(typed) != CODE_LENGTH or set(typed) - set(_LETTERS):
        raise Refused("not an enrolment code")
    return passwords.derive(typed, _TAG + centre.encode(), passwords.Cost())


def desk_mac(key: bytes, *, realm: str, centre: str, desk: str, sign_key: bytes, box_key: bytes, spki: bytes) -> bytes:
    """The desk's proof: it knows the code, these are its keys, and it met the TLS key whose SHA-256 is `spki`.

    The realm is in it, so a desk can't join another province, nor practice the real one.
    """
    return _mac(
        key,
        {
            "box_key": box_key.hex(), "centre": centre, "desk": desk, "from": "desk", "realm": realm,
            "sign_key": sign_key.hex(), "spki": spki.hex(),
        },
    )  # fmt: skip


def server_mac(
    key: bytes,
    *,
    centre: str,
    desk: str,
    realm: str,
    root_key: bytes,
    sign_key: bytes,
    courier_key: bytes,
    pins: Sequence[bytes],
    series: Sequence[int],
) -> bytes:
    """The province's proof: it knows the code, and this is all the desk will trust from now on."""
    return _mac(
        key,
        {
            "centre": centre, "courier_key": courier_key.hex(), "desk": desk, "from": "server",
            "pins": [pin.hex() for pin in pins], "realm": realm, "root_key": root_key.hex(), "series": list(series),
            "sign_key": sign_key.hex(),
        },
    )  # fmt: skip


def courier_vouched(courier_key: bytes) -> bytes:
    """What the root signs of the key courier files are sealed to: never what it signs of a signing key."""
    return b"courier\0" + courier_key


def recovery_vouched(recovery_key: bytes) -> bytes:
    """What the root signs of the key that gives a locked desk back to its manager."""
    return b"recovery\0" + recovery_key


def same(one: bytes, other: bytes) -> bool:
    """Whether two MACs are equal, in constant time."""
    return hmac.compare_digest(one, other)


def _mac(key: bytes, said: dict[str, object]) -> bytes:
    return hmac.digest(key, _TAG + canonical.encode(said), "sha256")
