"""Files beside the records: named by what is in them, so that the same one is stored once and never altered."""

from __future__ import annotations

import hashlib
import re

MOST = 20 * 1024 * 1024
"""Bytes of the largest one that is taken."""
PIECE = 64 * 1024
"""Bytes that travel at once: what a cut line costs at most."""
_NAME = re.compile(r"[0-9a-f]{64}")


def name(data: bytes) -> str:
    """SHA-256, hex."""
    return hashlib.sha256(data).hexdigest()


def is_name(text: str) -> bool:
    """Whether this can be a blob's name."""
    return _NAME.fullmatch(text) is not None
