"""Keys as 32 raw bytes and back: Ed25519 signs, X25519 opens what was sealed to it."""

from __future__ import annotations

from typing import TypeAlias

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from desktop.seal.refused import Refused

SignKey: TypeAlias = Ed25519PrivateKey
SignPublic: TypeAlias = Ed25519PublicKey
BoxKey: TypeAlias = X25519PrivateKey
BoxPublic: TypeAlias = X25519PublicKey


def sign_key(raw: bytes | None = None) -> SignKey:
    """The signing key of these bytes, a new one if none are given. Raises `Refused`."""
    return SignKey.generate() if raw is None else SignKey.from_private_bytes(_whole(raw))


def sign_public(raw: bytes) -> SignPublic:
    """The key that checks signatures. Raises `Refused`."""
    return SignPublic.from_public_bytes(_whole(raw))


def box_key(raw: bytes | None = None) -> BoxKey:
    """The opening key of these bytes, a new one if none are given. Raises `Refused`."""
    return BoxKey.generate() if raw is None else BoxKey.from_private_bytes(_whole(raw))


def box_public(raw: bytes) -> BoxPublic:
    """The key things are sealed to. Raises `Refused`."""
    return BoxPublic.from_public_bytes(_whole(raw))


def secret_of(key: SignKey | BoxKey) -> bytes:
    """The 32 private bytes."""
    return key.private_bytes_raw()


def public_of(key: SignKey | BoxKey) -> bytes:
    """The 32 public bytes."""
    return key.public_key().public_bytes_raw()


def _whole(raw: bytes) -> bytes:
    if len(raw) != 32:
        raise Refused("a key is 32 bytes")
    return raw
