"""A sealed file of any size, written and read in pieces: for backups that leave the machine.

`header ‖ pieces`: the header holds a random key, HPKE-sealed to the recipient; a piece is AES-256-GCM under it, its
nonce
the piece's number, its associated data whether it is the last. A piece cut off, dropped, swapped or doubled is noticed.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from desktop.seal import sealing
from desktop.seal.keys import BoxKey, BoxPublic
from desktop.seal.refused import Refused

PIECE = 1024 * 1024
_TAG = 16
_LENGTH = 2


def write(out: BinaryIO, magic: bytes, to: BoxPublic, data: Iterable[bytes]) -> bytes:
    """Write `data` sealed to `to`; returns the file's key, by which whoever wrote it may read it back at once."""
    key = os.urandom(32)
    sealed = sealing.seal(key, to, magic)
    out.write(magic + len(sealed).to_bytes(_LENGTH) + sealed)
    cipher, number, held = AESGCM(key), 0, bytearray()
    for part in data:
        held += part
        while len(held) > PIECE:
            out.write(_piece(cipher, number, bytes(held[:PIECE]), last=False))
            del held[:PIECE]
            number += 1
    out.write(_piece(cipher, number, bytes(held), last=True))
    return key


def read(source: BinaryIO, magic: bytes, by: BoxKey | bytes) -> Iterator[bytes]:
    """The data, piece by piece; `by` is the recipient's key, or what `write` returned.

    Raises Refused for another file, another recipient, or anything missing, moved or altered; then what came before is
    not to be used.
    """
    if source.read(len(magic)) != magic:
        raise Refused("not such a file")
    sealed = source.read(int.from_bytes(source.read(_LENGTH)))
    cipher = AESGCM(by if isinstance(by, bytes) else sealing.unseal(sealed, by, magic))
    number = 0
    piece = source.read(PIECE + _TAG)
    while True:
        following = source.read(PIECE + _TAG)
        try:
            yield cipher.decrypt(_nonce(number), piece, _said(last=not following))
        except InvalidTag as error:
            raise Refused(f"piece {number} is not what was written") from error
        if not following:
            return
        number, piece = number + 1, following


def _piece(cipher: AESGCM, number: int, data: bytes, *, last: bool) -> bytes:
    return cipher.encrypt(_nonce(number), data, _said(last=last))


def _nonce(number: int) -> bytes:
    return number.to_bytes(12)


def _said(*, last: bool) -> bytes:
    return b"last" if last else b"more"
