"""A locked desk gets a manager's keys back: asked by the PC, heard by telephone, approved by two officers, answered
once by whoever keeps the recovery key offline (security 6).

What was answered is kept beside the database too, so that a restored backup doesn't answer it again.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import BigInteger, Column, Connection, Table, Text, bindparam, insert, select

from desktop.domain import identifiers, merging, roles
from desktop.domain.faults import Known
from desktop.domain.merging import Document
from desktop.seal import recovery_request, signing
from desktop.seal.keys import BoxKey, public_of, sign_public
from desktop.seal.recovery_request import Asked, Request
from desktop.seal.refused import Refused
from server import beside, judging
from server.keys import Identity
from server.orders import APPROVALS, OFFICER
from server.store import CENTRE, DESK, DOCUMENT, metadata

LIFE_US = 24 * 3_600_000_000
AHEAD_US = 15 * 60_000_000
"""How far the clock of a PC may be ahead."""
FOLDER = "recoveries"

ANSWERED = Table(
    "recovery_answered",
    metadata,
    Column("centre_id", Text, primary_key=True),
    Column("request_id", Text, primary_key=True),
    Column("desk_id", Text, nullable=False),
    Column("db_id", Text, nullable=False),
    Column("generation", BigInteger, nullable=False),
    Column("officers", Text, nullable=False),
    Column("answered_at", BigInteger, nullable=False),
)
"""A request that was answered: never again. `officers` approved it, JSON."""

_KNOWN = select(ANSWERED.c.request_id).where(
    ANSWERED.c.centre_id == bindparam("centre"), ANSWERED.c.request_id == bindparam("request")
)
_CENTRE = select(CENTRE.c.name).where(CENTRE.c.centre_id == bindparam("centre"))
_DESKS = select(DESK.c.desk_id, DESK.c.instead_of, DESK.c.lost_at).where(DESK.c.centre_id == bindparam("centre"))
_PEOPLE = select(DOCUMENT.c.kind, DOCUMENT.c.entity_id, DOCUMENT.c.doc).where(
    DOCUMENT.c.centre_id == bindparam("centre"), DOCUMENT.c.kind.in_(("staff", "staff_key"))
)
_ITSELF = select(DOCUMENT.c.kind, DOCUMENT.c.entity_id, DOCUMENT.c.doc).where(
    DOCUMENT.c.centre_id == bindparam("centre"), DOCUMENT.c.entity_id == bindparam("entity")
)


@dataclass(frozen=True, slots=True)
class Told:
    """A request as an officer looks at it. `phone` is the number on record, `manager` whose keys it asks for, both
    empty where unknown; `officers` approved it so far; `refused` is why it isn't answered, whoever approves, else
    empty."""

    request: Request
    centre: str
    phone: str
    manager: str
    revoked: bool
    fingerprint: str
    officers: tuple[str, ...]
    refused: str


def look(connection: Connection, identity: Identity, asked: Asked, folder: Path, now_us: int) -> Told:
    """What a request is. Raises Known("server-recovery-damaged") for one its PC didn't make."""
    request = _read(asked)
    here = {"centre": request.bound.centre}
    itself = connection.execute(_ITSELF, {**here, "entity": identifiers.of_centre(request.bound.centre)}).first()
    phone = merging.loaded(itself.kind, itself.entity_id, itself.doc).value("phone") if itself else ""
    manager, lost = _manager(connection, request), _lost(connection, request)
    return Told(
        request, connection.execute(_CENTRE, here).scalar() or "", str(phone or ""),
        str(manager.value("name") or "") if manager else "", lost is True, recovery_request.fingerprint(asked),
        tuple(sorted(_behind(connection, identity, asked))),
        _why_not(connection, identity, request, folder, now_us),
    )  # fmt: skip


def _read(asked: Asked) -> Request:
    try:
        return recovery_request.read(asked)
    except Refused as error:
        raise Known("server-recovery-damaged") from error


def _why_not(connection: Connection, identity: Identity, request: Request, folder: Path, now_us: int) -> str:
    """The code of what keeps a request from being answered, empty for nothing."""
    if (request.bound.realm, request.bound.to) != (identity.realm, identity.recovery_public):
        return "server-recovery-stranger"
    lost = _lost(connection, request)
    if lost is None:
        return "server-recovery-unknown"
    if lost:
        return "server-recovery-revoked"
    if _manager(connection, request) is None:
        return "server-recovery-unknown"
    if not now_us - LIFE_US <= request.at <= now_us + AHEAD_US:
        return "server-recovery-old"
    if _answered(connection, folder, request):
        return "server-recovery-answered"
    return ""


def _lost(connection: Connection, request: Request) -> bool | None:
    """Whether the desk was revoked, or one it took the place of or that took its place: these share the database's key.
    None for no such desk."""
    rows = connection.execute(_DESKS, {"centre": request.bound.centre}).all()
    family = {request.bound.desk} & {row.desk_id for row in rows}
    if not family:
        return None
    while more := {
        each
        for row in rows
        if row.instead_of and not family.isdisjoint(pair := {row.desk_id, row.instead_of})
        for each in pair - family
    }:
        family |= more
    return any(row.lost_at is not None for row in rows if row.desk_id in family)


def _manager(connection: Connection, request: Request) -> Document | None:
    """Who holds the keys of the slot on that desk by what the centre journaled, where they may still manage it."""
    rows = connection.execute(_PEOPLE, {"centre": request.bound.centre}).all()
    found = {row.entity_id: merging.loaded(row.kind, row.entity_id, row.doc) for row in rows}
    pair = request.bound.box_pub.hex(), request.bound.sign_pub.hex()
    for key in found.values():
        if key.kind == "staff_key" and (key.value("box_key"), key.value("sign_key")) == pair:
            staff = found.get(str(key.value("staff")))
            held = [role for role in judging.roles_of(staff) if role in roles.ROLES]
            mine = staff is not None and judging.opens(key, staff.entity_id, request.bound.desk)
            return staff if mine and roles.may_write(held, "staff_key") else None
    return None


def _answered(connection: Connection, folder: Path, request: Request) -> bool:
    this = {"centre": request.bound.centre, "request": request.request_id}
    known = connection.execute(_KNOWN, this).first() is not None
    return known or any(json.loads(text)["request_id"] == request.request_id for text in beside.kept(folder, FOLDER))


def _behind(connection: Connection, identity: Identity, asked: Asked) -> dict[str, bytes]:
    """The officers who approved, with their keys: two names on one key count once."""
    known = {row.name: row.sign_key for row in connection.execute(select(OFFICER))}
    return {
        name: known[name]
        for name, signature in asked.approvals
        if name in known
        and signing.verified(sign_public(known[name]), "recovery", identity.realm, asked.message, signature)
    }


def must_hold(connection: Connection, identity: Identity, asked: Asked, folder: Path, now_us: int) -> Told:
    """The request, where it may be answered. Raises Known for why it may not."""
    told = look(connection, identity, asked, folder, now_us)
    if told.refused:
        raise Known(told.refused)
    return told


def answer(
    connection: Connection, identity: Identity, asked: Asked, recovery: BoxKey, folder: Path, now_us: int
) -> bytes:
    """The answer's file, made once; the caller commits before it lets go of it.

    Raises Known: server-recovery-damaged, -stranger, -unknown, -revoked, -old, -answered, -approvals.
    """
    request = must_hold(connection, identity, asked, folder, now_us).request
    behind = _behind(connection, identity, asked)
    if len(set(behind.values())) < APPROVALS:
        raise Known("server-recovery-approvals")
    if public_of(recovery) != identity.recovery_public:
        raise Known("server-recovery-stranger")
    try:
        made = recovery_request.answer(asked, recovery)
    except Refused as error:
        raise Known("server-recovery-damaged") from error
    row = {
        "request_id": request.request_id, "centre_id": request.bound.centre, "desk_id": request.bound.desk,
        "db_id": request.bound.db_id, "generation": request.generation,
        "officers": json.dumps(sorted(behind), ensure_ascii=False), "answered_at": now_us,
    }  # fmt: skip
    connection.execute(insert(ANSWERED), row)
    beside.keep(folder, FOLDER, request.request_id, json.dumps(row, ensure_ascii=False, sort_keys=True))
    return made


def again(connection: Connection, folder: Path) -> None:
    """Know every answer that was ever given, after a restore."""
    known: Sequence[str] = connection.execute(select(ANSWERED.c.request_id)).scalars().all()
    for text in beside.kept(folder, FOLDER):
        if (row := json.loads(text))["request_id"] not in known:
            connection.execute(insert(ANSWERED), row)
