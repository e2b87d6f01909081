"""The shape of `vault.json` and its bytes: canonical JSON, binary values in hexadecimal."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from desktop.domain.faults import Known
from desktop.seal.canonical import decode, encode
from desktop.seal.passwords import Cost
from desktop.seal.refused import Refused

NAME = "vault.json"
VERSION = 2
"""Written where the province has a slot; without one the file is as version 1 wrote it."""

_BARE_NAME = re.compile(r"[a-z0-9][a-z0-9.-]*")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Pubs:
    """A person's public keys on this PC: things are sealed to `box`, her commits checked by `sign`."""

    box: bytes
    sign: bytes

    def as_text(self) -> dict[str, str]:
        return {"box": self.box.hex(), "sign": self.sign.hex()}


@dataclass(frozen=True, slots=True)
class Province:
    """Of the slot that no password opens: the province's recovery key it is sealed `to`, the desk it was sealed for,
    and the key that signs requests, which lies open here."""

    to: bytes
    centre: str
    desk: str
    ask: bytes = field(repr=False)

    def as_text(self) -> dict[str, str]:
        return {"ask": self.ask.hex(), "centre": self.centre, "desk": self.desk, "to": self.to.hex()}


@dataclass(frozen=True, slots=True)
class Slot:
    """One person's way in. `label` is the name in the list at the door."""

    user_id: str
    label: str
    kind: Literal["staff", "recovery", "province"]
    salt: bytes
    cost: Cost
    pubs: Pubs
    sealed: bytes
    grant: bytes
    province: Province | None = None

    def kdf(self) -> dict[str, str | int]:
        cost = self.cost
        return {"lanes": cost.lanes, "memory": cost.memory_kib, "salt": self.salt.hex(), "time": cost.time}


@dataclass(frozen=True, slots=True)
class Vault:
    """The file as read. `database` is a bare file name beside it; nothing here is proven before `vault.unlock`."""

    realm: str
    db_id: str
    generation: int
    database: str
    root_pub: bytes
    slots: tuple[Slot, ...]
    signature: bytes

    def slot(self, user_id: str) -> Slot:
        """Raises KeyError."""
        for slot in self.slots:
            if slot.user_id == user_id:
                return slot
        raise KeyError(user_id)


def text_of(vault: Vault) -> bytes:
    """The bytes of the file."""
    return encode({**_body(vault), "signature": vault.signature.hex()})


def signed_bytes(vault: Vault) -> bytes:
    """All of the file but the signature."""
    return encode(_body(vault))


def _body(vault: Vault) -> dict[str, Any]:
    newer = any(slot.province for slot in vault.slots)
    return {
        "database": vault.database,
        "db_id": vault.db_id,
        "generation": vault.generation,
        "realm": vault.realm,
        "slots": [_slot_text(slot) for slot in vault.slots],
        "vault_root_pub": vault.root_pub.hex(),
        "version": VERSION if newer else 1,
    }


def _slot_text(slot: Slot) -> dict[str, Any]:
    said = {
        "grant": slot.grant.hex(),
        "kdf": slot.kdf(),
        "kind": slot.kind,
        "label": slot.label,
        "pubs": slot.pubs.as_text(),
        "sealed": slot.sealed.hex(),
        "user_id": slot.user_id,
    }
    return said | {"province": slot.province.as_text()} if slot.province else said


def parse(data: bytes) -> Vault:
    """The vault in `data`. Raises `Known`: vault-damaged, or data-newer for a later version of the format.

    A cost outside the caps is refused here, before any derivation.
    """
    try:
        value = decode(data)
        if isinstance(version := value.get("version"), int) and version > VERSION:
            raise Known("data-newer")
        vault = _vault(value)
        if text_of(vault) != data:
            raise Refused("not the bytes this vault is written as")
    except (Refused, ValueError, KeyError, TypeError) as error:
        raise Known("vault-damaged") from error
    return vault


def _vault(value: dict[str, Any]) -> Vault:
    slots = tuple(_slot(slot) for slot in _is(list, value["slots"]))
    database = _is(str, value["database"])
    if not _BARE_NAME.fullmatch(database) or not slots:
        raise Refused("the database has a bare name and somebody who may open it")
    if len({slot.user_id for slot in slots}) != len(slots):
        raise Refused("somebody has two slots")
    return Vault(
        _word(value["realm"]),
        _is(str, value["db_id"]),
        _is(int, value["generation"]),
        database,
        _bytes(value["vault_root_pub"]),
        slots,
        _bytes(value["signature"]),
    )


def _slot(value: dict[str, Any]) -> Slot:
    kdf, pubs, kind = value["kdf"], value["pubs"], value["kind"]
    if kind not in ("staff", "recovery", "province"):
        raise Refused("a slot of no known kind")
    province = _province(value["province"]) if kind == "province" else None
    return Slot(
        _is(str, value["user_id"]),
        _is(str, value["label"]),
        kind,
        _bytes(kdf["salt"]),
        Cost(_is(int, kdf["memory"]), _is(int, kdf["time"]), _is(int, kdf["lanes"])),
        Pubs(_bytes(pubs["box"]), _bytes(pubs["sign"])),
        _bytes(value["sealed"]),
        _bytes(value["grant"]),
        province,
    )


def _province(value: dict[str, Any]) -> Province:
    return Province(_bytes(value["to"]), _word(value["centre"]), _word(value["desk"]), _bytes(value["ask"]))


def _is(kind: type[T], value: object) -> T:
    if type(value) is not kind:
        raise Refused(f"a {kind.__name__} is missing")
    return value


def _word(value: object) -> str:
    word = _is(str, value)
    if not word or "\0" in word:
        raise Refused("an empty word")
    return word


def _bytes(value: object) -> bytes:
    return bytes.fromhex(_is(str, value))
