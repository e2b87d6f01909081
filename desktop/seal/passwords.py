"""From a password to a key: Argon2id at a stated cost, with a ceiling no file can lift."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from desktop.seal.refused import Refused

_MIB = 1024
# The same word from a Persian, an Arabic and an English keyboard is the same password.
_KEYBOARDS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩يك", "01234567890123456789یک")


@dataclass(frozen=True, slots=True)
class Cost:
    """What one guess costs. A cost outside the caps can't be made: it raises `Refused` before anything is derived."""

    memory_kib: int = 64 * _MIB
    time: int = 3
    lanes: int = 4

    def __post_init__(self) -> None:
        within = 8 * _MIB <= self.memory_kib <= 1024 * _MIB and 1 <= self.time <= 10 and 1 <= self.lanes <= 8
        if not within:
            raise Refused(f"a cost outside the caps: {self.memory_kib} KiB, {self.time} passes, {self.lanes} lanes")


def derive(password: str, salt: bytes, cost: Cost) -> bytes:
    """32 bytes from the password; Unicode and keyboard forms of one word give the same."""
    plain = unicodedata.normalize("NFKC", password).translate(_KEYBOARDS)
    kdf = Argon2id(salt=salt, length=32, iterations=cost.time, lanes=cost.lanes, memory_cost=cost.memory_kib)
    return kdf.derive(plain.encode("utf-8", "surrogatepass"))
