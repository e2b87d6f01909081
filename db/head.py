"""`head.json`: how far this PC's journal had come, kept beside the database to notice a restored copy (security 11).

Written after each commit. A database older than its head was rolled back; a head of another machine was cloned.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from db import durable
from desktop.seal.canonical import decode, encode
from desktop.seal.refused import Refused

NAME = "head.json"
_NEXT = "head.json.next"

Verdict = Literal["ok", "missing", "ahead", "behind", "other-machine", "forged"]


@dataclass(frozen=True, slots=True)
class Head:
    """The last change: its number in this desk's chain, its hash, the machine it was written on; `mac` proves them."""

    seq: int
    hash: bytes
    machine: str
    mac: bytes


def head_key(dbk: bytes) -> bytes:
    """The key of the MAC, derived from the database's; kept by whoever calls `write` after each commit."""
    return HKDF(SHA256(), 32, salt=None, info=b"head").derive(dbk)


def write(folder: Path, key: bytes, seq: int, digest: bytes, machine: str) -> None:
    """Replace the head; a power cut leaves it or the one before, whole. Raises OSError."""
    body = {"hash": digest.hex(), "machine": machine, "seq": seq}
    # An older head only reads as behind, so one wait for the disk after every commit is enough.
    durable.replace(folder / NAME, encode({**body, "mac": _mac(key, body).hex()}), lasting=False)


def prepare(folder: Path, key: bytes, seq: int, digest: bytes, machine: str) -> None:
    """Lay the head of a database under a new key beside the old one's, on disk before the vault names the new."""
    body = {"hash": digest.hex(), "machine": machine, "seq": seq}
    durable.replace(folder / _NEXT, encode({**body, "mac": _mac(key, body).hex()}))


def promote(folder: Path, key: bytes) -> None:
    """Put what `prepare` laid there in place if it was made with this key; it goes if its rotation was cut short."""
    try:
        laid = read(folder, _NEXT)
    except Refused:
        laid = None
    path = folder / _NEXT
    if laid is not None and hmac.compare_digest(_mac(key, _body(laid)), laid.mac):
        path.replace(folder / NAME)
    else:
        path.unlink(missing_ok=True)


def read(folder: Path, name: str = NAME) -> Head | None:
    """The head as written, None if there is no file. Raises `Refused` if it can't be read as one."""
    try:
        data = (folder / name).read_bytes()
    except FileNotFoundError:
        return None
    value = decode(data)
    match value:
        case {"hash": str(digest), "mac": str(mac), "machine": str(machine), "seq": int(seq), **rest} if not rest:
            try:
                return Head(seq, bytes.fromhex(digest), machine, bytes.fromhex(mac))
            except ValueError as error:
                raise Refused("not hexadecimal") from error
    raise Refused("not a head")


def judge(folder: Path, key: bytes, db_seq: int, db_hash: bytes, machine: str) -> Verdict:
    """What the head says of a database whose last own change is `db_seq` with `db_hash`.

    `ahead`: the head knows changes the database lost, or the same number with another hash. `behind`: the power went
    between commit and head, harmless. `forged`: unreadable, or not made with this database's key.
    """
    try:
        head = read(folder)
    except Refused:
        return "forged"
    if head is None:
        return "missing"
    if not hmac.compare_digest(_mac(key, _body(head)), head.mac):
        return "forged"
    if head.machine != machine:
        return "other-machine"
    if head.seq < db_seq:
        return "behind"
    return "ok" if (head.seq, head.hash) == (db_seq, db_hash) else "ahead"


def _body(head: Head) -> dict[str, object]:
    return {"hash": head.hash.hex(), "machine": head.machine, "seq": head.seq}


def _mac(key: bytes, body: dict[str, object]) -> bytes:
    return hmac.digest(key, encode(body), "sha256")
