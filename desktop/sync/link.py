"""This desk's tie to its province: what enrolment left, and signed calls over one connection."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol, TypeVar

import msgspec
from sqlalchemy.orm import Session

from db import journal, settings
from desktop import wire
from desktop.domain.faults import Known
from desktop.seal import enrolment, keys, requests, signing
from desktop.seal.commits import Signer
from desktop.seal.keys import BoxPublic, SignPublic
from desktop.sync.http import Address, Line, Reply, Tally, address

SETTING, RECOVERY_KEY = "province", "recovery-key"
"""Settings: the tie; the province's recovery key, hex, which its root vouched for."""
_SKEW_US = 60_000_000  # a clock further off than this is corrected and the request made again
_KEY = 32
_Shape = TypeVar("_Shape", bound=msgspec.Struct)


class Desk(Protocol):
    """What syncing needs of an open desk."""

    @property
    def signer(self) -> Signer: ...

    @property
    def now(self) -> Callable[[], int]: ...

    @property
    def roles(self) -> Sequence[str]: ...

    def become(self, signer: Signer) -> None:
        """Go on under another id: called inside the transaction that made it so."""

    def reading(self) -> AbstractContextManager[Session]: ...

    def writing(self) -> AbstractContextManager[Session]: ...


@dataclass(frozen=True, slots=True)
class Link:
    """The province this desk trusts; courier files are sealed to `courier_key`. `offset`: its clock less this PC's, µs,
    when last heard."""

    server: Address
    pins: tuple[bytes, ...]
    root_key: bytes
    sign_key: SignPublic
    courier_key: BoxPublic
    offset: int


def load(session: Session) -> Link:
    """Raises Known("not-enrolled")."""
    kept = settings.get(session, SETTING)
    if kept is None:
        raise Known("not-enrolled")
    return Link(
        address(kept["server"]),
        tuple(bytes.fromhex(pin) for pin in kept["pins"]),
        bytes.fromhex(kept["root_key"]),
        keys.sign_public(bytes.fromhex(kept["sign_key"])),
        keys.box_public(bytes.fromhex(kept["courier_key"])),
        kept["offset"],
    )


def save(session: Session, link: Link) -> None:
    """Keep the tie; the desk counts as enrolled from then on."""
    settings.put(
        session,
        SETTING,
        {
            "server": link.server.base,
            "pins": [pin.hex() for pin in link.pins],
            "root_key": link.root_key.hex(),
            "sign_key": link.sign_key.public_bytes_raw().hex(),
            "courier_key": link.courier_key.public_bytes_raw().hex(),
            "offset": link.offset,
        },
    )
    settings.put(session, journal.OFFSET, link.offset)


def learn(session: Session, link: Link, realm: str, key: bytes, proof: bytes) -> None:
    """Keep the province's recovery key where the root that enrolment pinned vouches for it; else nothing changes."""
    vouched = enrolment.recovery_vouched(key)
    if len(key) == _KEY and signing.verified(keys.sign_public(link.root_key), "directory", realm, vouched, proof):
        settings.put(session, RECOVERY_KEY, key.hex())


class Expected(Exception):
    """The province wants this desk's changes from `seq` on."""

    def __init__(self, seq: int) -> None:
        super().__init__(f"expected {seq}")
        self.seq = seq


class Caller:
    """Signed calls of one desk over one line. `offset` follows what the server says of the time."""

    def __init__(self, line: Line, link: Link, signer: Signer, now: Callable[[], int]) -> None:
        self._line, self._link, self._signer, self._now = line, link, signer, now
        self.offset = link.offset

    @property
    def tie(self) -> Link:
        """The province it calls."""
        return self._link

    @property
    def tally(self) -> Tally:
        """What the calls over this line came to."""
        return self._line.tally

    def call(self, method: str, target: str, shape: type[_Shape], message: msgspec.Struct | None = None) -> _Shape:
        """The province's answer. Raises Expected, or Known: province-unreachable, province-unknown-desk,
        province-forked, province-refused, province-trouble, province-garbled."""
        body = wire.pack(message) if message is not None else b""
        asked_at = self._now() + self.offset
        reply = self._send(method, target, body, asked_at)
        if reply.status == 404 and reply.server_time and abs(reply.server_time - asked_at) > _SKEW_US:
            reply = self._send(method, target, body, self._now() + self.offset)
        if reply.status == 200:
            return _read(reply, shape)
        raise refusal(reply)

    def _send(self, method: str, target: str, body: bytes, now_us: int) -> Reply:
        signer = self._signer
        headers = {
            "content-type": wire.CONTENT_TYPE,
            "content-encoding": wire.CONTENT_ENCODING if body else "identity",
        }
        url = f"{self._link.server.base}{target}"
        key_id = f"{signer.centre}/{signer.desk}"
        signed = requests.sign(signer.desk_key, key_id, method, url, headers, body, now_us)
        reply = self._line.send(method, target, signed, body)
        if reply.server_time:
            self.offset = self.tally.clock_offset = reply.server_time - self._now()
        return reply


def _read(reply: Reply, shape: type[_Shape]) -> _Shape:
    try:
        return wire.unpack(reply.body, shape, 2 * wire.MOST_BYTES)
    except wire.Garbled as error:
        raise Known("province-garbled") from error


def refusal(reply: Reply) -> Expected | Known:
    """What an answer other than success means."""
    try:
        problem = wire.unpack(reply.body, wire.Problem)
    except wire.Garbled:
        return Known("province-trouble")
    match (reply.status, problem):
        case (409, wire.Problem(code="expected", expected=int(seq))):
            return Expected(seq)
        case (409, _):
            return Known("province-forked")
        case (404, _):
            return Known("province-unknown-desk")
        case (status, _) if status >= 500:
            return Known("province-trouble")
    return Known("province-refused")
