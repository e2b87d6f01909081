"""Signatures that say what they are for: one made for a purpose and a realm holds for no other.

Ed25519 over `"pishkhan/<purpose>/v1" ‖ 0 ‖ realm ‖ 0 ‖ message`; the realm is the province's id or `training`.
"""

from __future__ import annotations

from typing import Literal

from cryptography.exceptions import InvalidSignature

from desktop.seal.keys import SignKey, SignPublic
from desktop.seal.refused import Refused

Purpose = Literal[
    "actor",
    "approval",
    "catalogue",
    "commit",
    "countersign",
    "courier",
    "directory",
    "incarnation",
    "notice",
    "order",
    "qr",
    "recovery",
    "snapshot",
    "vault",
]


def _signed(purpose: Purpose, realm: str, message: bytes) -> bytes:
    if "\0" in realm or not realm:
        raise ValueError("a realm is a word without a zero byte")
    return b"pishkhan/%b/v1\0%b\0%b" % (purpose.encode(), realm.encode(), message)


def sign(key: SignKey, purpose: Purpose, realm: str, message: bytes) -> bytes:
    """The 64 bytes of the signature."""
    return key.sign(_signed(purpose, realm, message))


def verify(public: SignPublic, purpose: Purpose, realm: str, message: bytes, signature: bytes) -> None:
    """Raises `Refused` unless `signature` was made with this key for this purpose, realm and message."""
    try:
        public.verify(signature, _signed(purpose, realm, message))
    except InvalidSignature:
        raise Refused(f"the signature does not hold for {purpose} in {realm}") from None


def verified(public: SignPublic, purpose: Purpose, realm: str, message: bytes, signature: bytes) -> bool:
    """Whether `verify` lets it through."""
    try:
        verify(public, purpose, realm, message, signature)
    except Refused:
        return False
    return True
