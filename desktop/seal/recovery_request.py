"""A locked PC asks its province for a manager's keys back (security 6): what is sealed, asked, read aloud, answered.

Beside people's slots the vault has one whose two private keys only the province's offline recovery key opens. The PC
has nobody's key while it is locked, so what signs its request is a key that lies open in that slot: it shows that the
asker holds this vault and not just an older request. Who the asker is, people find out by telephone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from desktop.domain import identifiers
from desktop.seal import canonical, keys, sealing, signing
from desktop.seal.canonical import encode
from desktop.seal.keys import BoxKey, SignKey
from desktop.seal.refused import Refused

_TYPE = "recovery"
_DIGITS, _GROUP = 20, 4


@dataclass(frozen=True, slots=True)
class Bound:
    """Whose slot of which database of which desk: the seal to the province holds for nothing else.

    `to` is the province's recovery key, `ask_pub` what checks the requests.
    """

    realm: str
    centre: str
    desk: str
    db_id: str
    box_pub: bytes
    sign_pub: bytes
    ask_pub: bytes
    to: bytes

    def info(self) -> bytes:
        """What the seal is bound to."""
        return encode({**self.as_text(), "tag": "pishkhan/province-slot/v1"})

    def as_text(self) -> dict[str, str]:
        return {
            "ask_pub": self.ask_pub.hex(), "box_pub": self.box_pub.hex(), "centre": self.centre, "db_id": self.db_id,
            "desk": self.desk, "realm": self.realm, "sign_pub": self.sign_pub.hex(), "to": self.to.hex(),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """A request on its way from hand to hand. `approvals` are (officer, signature) over `message`."""

    message: bytes
    signature: bytes
    approvals: tuple[tuple[str, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """What a request says. `at` is the PC's own clock, µs UTC; `sealed` only the province opens."""

    request_id: str
    at: int
    generation: int
    ephemeral_pub: bytes
    bound: Bound
    sealed: bytes


def ask(bound: Bound, sealed: bytes, generation: int, ask_key: SignKey, now_us: int) -> tuple[Asked, BoxKey]:
    """A new request, and the key that opens its answer: it belongs nowhere but on this PC."""
    ephemeral = keys.box_key()
    said = {
        **bound.as_text(), "at": now_us, "ephemeral_pub": keys.public_of(ephemeral).hex(), "generation": generation,
        "request": identifiers.new(), "sealed": sealed.hex(), "type": _TYPE,
    }  # fmt: skip
    message = encode(said)
    return Asked(message, signing.sign(ask_key, "recovery", bound.realm, message)), ephemeral


def read(asked: Asked) -> Request:
    """What a request says, whoever brought it. Raises Refused unless it is as the holder of its vault signed it."""
    said = canonical.decode(asked.message)
    try:
        if said["type"] != _TYPE or encode(said) != asked.message:
            raise Refused("not a request")
        bound = _bound(said)
        request = Request(
            _text(said, "request"), _number(said, "at"), _number(said, "generation"),
            bytes.fromhex(said["ephemeral_pub"]), bound, bytes.fromhex(said["sealed"]),
        )  # fmt: skip
        identifiers.parse(request.request_id)  # it becomes the name of a file
        signing.verify(keys.sign_public(bound.ask_pub), "recovery", bound.realm, asked.message, asked.signature)
    except (KeyError, TypeError, ValueError) as error:
        raise Refused("not a request") from error
    return request


def _bound(said: Mapping[str, Any]) -> Bound:
    realm, centre, desk, db_id = (_text(said, name) for name in ("realm", "centre", "desk", "db_id"))
    box, sign, ask_pub, to = (bytes.fromhex(said[name]) for name in ("box_pub", "sign_pub", "ask_pub", "to"))
    return Bound(realm, centre, desk, db_id, box, sign, ask_pub, to)


def _text(said: Mapping[str, Any], name: str) -> str:
    if not isinstance(value := said[name], str) or not value or "\0" in value:
        raise Refused(f"no {name}")
    return value


def _number(said: Mapping[str, Any], name: str) -> int:
    if type(value := said[name]) is not int:
        raise Refused(f"no {name}")
    return value


def fingerprint(asked: Asked) -> str:
    """Twenty digits in groups of four, 66 bits of the whole request: read aloud on both ends of the telephone."""
    digest = hashlib.sha256(b"pishkhan/recovery-fingerprint/v1\0" + asked.message).digest()
    digits = f"{int.from_bytes(digest) % 10**_DIGITS:0{_DIGITS}}"
    return " ".join(digits[at : at + _GROUP] for at in range(0, _DIGITS, _GROUP))


def approve(asked: Asked, officer: str, key: SignKey, realm: str) -> Asked:
    """The request with one more officer behind it; saying it twice counts once."""
    others = tuple(each for each in asked.approvals if each[0] != officer)
    return replace(asked, approvals=(*others, (officer, signing.sign(key, "recovery", realm, asked.message))))


def dumped(asked: Asked) -> str:
    """A request as a file."""
    said = {
        "approvals": {name: signature.hex() for name, signature in asked.approvals}, "message": asked.message.decode(),
        "signature": asked.signature.hex(),
    }  # fmt: skip
    return json.dumps(said, ensure_ascii=False, sort_keys=True, indent=1)


def loaded(text: str) -> Asked:
    """The request in a file. Raises Refused."""
    try:
        said = json.loads(text)
        approvals = tuple((str(name), bytes.fromhex(hexed)) for name, hexed in said["approvals"].items())
        return Asked(said["message"].encode(), bytes.fromhex(said["signature"]), approvals)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refused("not a request") from error


def answer(asked: Asked, recovery: BoxKey) -> bytes:
    """The answer's file: what the slot holds, sealed again to the one who asked. Raises Refused for a seal that isn't
    to this key, or not of what the request says."""
    request = read(asked)
    held = sealing.unseal(request.sealed, recovery, request.bound.info())
    sealed = sealing.seal(held, keys.box_public(request.ephemeral_pub), _answers(asked.message))
    return encode({"request": request.request_id, "sealed": sealed.hex(), "type": f"{_TYPE}-answer"})


def opened(answered: bytes, asked: Asked, ephemeral: BoxKey) -> bytes:
    """What the slot holds. Raises Refused for the answer to another request."""
    try:
        said = canonical.decode(answered)
        return sealing.unseal(bytes.fromhex(said["sealed"]), ephemeral, _answers(asked.message))
    except (KeyError, TypeError, ValueError) as error:
        raise Refused("not an answer") from error


def _answers(message: bytes) -> bytes:
    return b"pishkhan/recovery-answer/v1\0" + hashlib.sha256(message).digest()
