"""Sealing to a public key: HPKE base mode, X25519, HKDF-SHA256, AES-256-GCM.

Base mode says nothing of who sealed: whoever opens must have a signature to go by (security 1).
"""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from desktop.seal.keys import BoxKey, BoxPublic
from desktop.seal.refused import Refused

_suite = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def seal(plaintext: bytes, public: BoxPublic, info: bytes) -> bytes:
    """`plaintext` for the holder of the key alone, and only under the same `info`."""
    return _suite.encrypt(plaintext, public, info)


def unseal(sealed: bytes, key: BoxKey, info: bytes) -> bytes:
    """What was sealed to `key` under `info`. Raises `Refused`."""
    try:
        return _suite.decrypt(sealed, key, info)
    except (InvalidTag, ValueError):
        raise Refused("it was not sealed to this key under this info") from None
