"""`vault.json`: who may open this PC's database (security 1 and 2).

A slot is one person's: her two private keys and the vault's public key, locked by her password; and a grant, the
database key sealed to her. Opening goes slot → the vault's signature by the key found *inside* the slot → grant, so a
vault that somebody else made, with a database of his own, is never opened. Rotation needs no passwords. One slot is no
password's: a manager's spare keys, sealed to the province's recovery key (security 6).
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from db import durable
from db.vault_file import NAME, Province, Pubs, Slot, Vault, parse, signed_bytes, text_of
from desktop.domain.faults import Known
from desktop.seal import keys, passwords, sealing, signing
from desktop.seal.canonical import encode
from desktop.seal.keys import BoxKey, SignKey
from desktop.seal.passwords import Cost
from desktop.seal.recovery_request import Bound
from desktop.seal.refused import Refused

_NONCE = 12
_LARGEST = 1 << 20


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody to be given a slot. For kind `recovery` the password is the code as `recovery.new_code` printed it; for
    kind `province` there is none, and `province` says to whom it is sealed."""

    user_id: str
    label: str
    password: str = field(repr=False)
    kind: Literal["staff", "recovery", "province"] = "staff"
    province: Province | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """What a password opens: the database key, and the person's own two keys on this PC."""

    user_id: str
    dbk: bytes = field(repr=False)
    box_key: BoxKey = field(repr=False)
    sign_key: SignKey = field(repr=False)


class Created(NamedTuple):
    """A new vault, not yet on disk; its root key belongs inside the database. `opened` is the first member's."""

    vault: Vault
    root_key: SignKey
    opened: Opened


def create(
    members: Sequence[Member], *, realm: str, db_id: str, database: str, generation: int = 1, cost: Cost | None = None
) -> Created:
    """A vault for a new database named `database`, with a new key; the first member is opened at once."""
    dbk, root = secrets.token_bytes(32), keys.sign_key()
    vault = Vault(realm, db_id, generation, database, keys.public_of(root), (), b"")
    first = keys.box_key(), keys.sign_key()
    for place, member in enumerate(members):
        vault = with_slot(vault, root, dbk, member, owned=first if place == 0 else None, cost=cost)
    return Created(vault, root, Opened(members[0].user_id, dbk, *first))


def with_slot(
    vault: Vault,
    root: SignKey,
    dbk: bytes,
    member: Member,
    *,
    owned: tuple[BoxKey, SignKey] | None = None,
    cost: Cost | None = None,
) -> Vault:
    """The vault with a slot for `member` instead of the one she had. Nothing is saved.

    A new password keeps the keys that are `owned`; without them she gets new ones, as when hers is forgotten.
    """
    box, sign = owned or (keys.box_key(), keys.sign_key())
    pubs = Pubs(keys.public_of(box), keys.public_of(sign))
    salt, cost = secrets.token_bytes(16), cost or Cost()
    slot = Slot(member.user_id, member.label, member.kind, salt, cost, pubs, b"", b"", member.province)
    plaintext = keys.secret_of(box) + keys.secret_of(sign) + vault.root_pub
    sealed = _locked(vault, slot, member.password, plaintext)
    made = replace(slot, sealed=sealed, grant=sealing.seal(dbk, box.public_key(), _grant_bytes(vault, slot)))
    slots = tuple(made if other.user_id == member.user_id else other for other in vault.slots)
    changed = replace(vault, slots=slots if made in slots else (*slots, made))
    return replace(changed, signature=signing.sign(root, "vault", vault.realm, signed_bytes(changed)))


def _locked(vault: Vault, slot: Slot, password: str, plaintext: bytes) -> bytes:
    """Locked by her password, or sealed to the province."""
    if slot.province is not None:
        bound = bound_of(vault, slot, slot.province)
        return sealing.seal(plaintext, keys.box_public(slot.province.to), bound.info())
    nonce = secrets.token_bytes(_NONCE)
    key = AESGCM(passwords.derive(password, slot.salt, slot.cost))
    return nonce + key.encrypt(nonce, plaintext, _slot_bytes(vault, slot))


def bound_of(vault: Vault, slot: Slot, province: Province) -> Bound:
    """What the province's slot is bound to, and a request for it repeats."""
    ask_pub = keys.public_of(keys.sign_key(province.ask))
    return Bound(
        vault.realm, province.centre, province.desk, vault.db_id, slot.pubs.box, slot.pubs.sign, ask_pub, province.to
    )


def rotated(vault: Vault, root: SignKey, dbk: bytes, kept: Collection[str], database: str) -> Vault:
    """The next generation: a new key for a new database file, granted to the slots of `kept` alone. Nothing is saved.

    It needs nobody's password: each slot's own keys stay as they are.
    """
    later = replace(vault, generation=vault.generation + 1, database=database)
    slots = tuple(
        replace(slot, grant=sealing.seal(dbk, keys.box_public(slot.pubs.box), _grant_bytes(later, slot)))
        for slot in vault.slots
        if slot.user_id in kept
    )
    later = replace(later, slots=slots)
    return replace(later, signature=signing.sign(root, "vault", later.realm, signed_bytes(later)))


def read(folder: Path) -> Vault:
    """The vault in `folder`, its signature not yet judged: for the list of names before anyone has opened it.

    Raises `Known`: vault-missing, vault-damaged, data-newer.
    """
    path = folder / NAME
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except FileNotFoundError:
        raise Known("vault-missing") from None
    except OSError as error:
        raise Known("database-unreachable") from error
    return parse(data[:_LARGEST])


def save(folder: Path, vault: Vault) -> None:
    """Replace the vault in `folder`; on disk when this returns. Raises OSError."""
    durable.replace(folder / NAME, text_of(vault))


def unlock(vault: Vault, user_id: str, password: str) -> Opened:
    """Open `user_id`'s slot; a quarter of a second at the usual cost. KeyError if she has none.

    Raises `Known`: wrong-password (or her slot was tampered with), vault-foreign (made with another root than the one
    in her slot), vault-damaged (not as it was signed).
    """
    slot = vault.slot(user_id)
    key = AESGCM(passwords.derive(password, slot.salt, slot.cost))
    try:
        plaintext = key.decrypt(slot.sealed[:_NONCE], slot.sealed[_NONCE:], _slot_bytes(vault, slot))
    except (InvalidTag, ValueError):
        raise Known("wrong-password") from None
    return unlock_with(vault, user_id, plaintext)


def unlock_with(vault: Vault, user_id: str, plaintext: bytes) -> Opened:
    """Open with what `user_id`'s slot holds, however it came. KeyError if they have none.

    Raises `Known`: vault-foreign and vault-damaged, as `unlock`.
    """
    slot = vault.slot(user_id)
    box_raw, sign_raw, pinned = plaintext[:32], plaintext[32:64], plaintext[64:]
    if pinned != vault.root_pub:
        raise Known("vault-foreign")
    try:
        signing.verify(keys.sign_public(pinned), "vault", vault.realm, signed_bytes(vault), vault.signature)
        box, sign = keys.box_key(box_raw), keys.sign_key(sign_raw)
        if (keys.public_of(box), keys.public_of(sign)) != (slot.pubs.box, slot.pubs.sign):
            raise Refused("another's keys")
        dbk = sealing.unseal(slot.grant, box, _grant_bytes(vault, slot))
        return Opened(user_id, dbk, box, sign)
    except Refused:
        raise Known("vault-damaged") from None


def _slot_bytes(vault: Vault, slot: Slot) -> bytes:
    """What the password's lock is bound to; never the generation, since rotation has no passwords."""
    return encode(
        {
            "db_id": vault.db_id,
            "kdf": slot.kdf(),
            "pubs": slot.pubs.as_text(),
            "tag": "pishkhan/slot/v1",
            "user_id": slot.user_id,
        }
    )


def _grant_bytes(vault: Vault, slot: Slot) -> bytes:
    """What the seal of the database key is bound to."""
    return encode(
        {
            "db_id": vault.db_id,
            "generation": vault.generation,
            "tag": "pishkhan/grant/v1",
            "user_id": slot.user_id,
            "user_pub": slot.pubs.box.hex(),
        }
    )
