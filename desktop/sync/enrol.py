"""Joining the province with a code read over the telephone (security 17)."""

from __future__ import annotations

from sqlalchemy.orm import Session

from db import paper_numbers
from db.models.local import Keyring
from desktop import wire
from desktop.domain.faults import Known
from desktop.seal import enrolment, keys, signing
from desktop.seal.keys import BoxKey
from desktop.seal.refused import Refused
from desktop.sync import link
from desktop.sync.http import Line, Reply, address
from desktop.sync.link import Desk, Link

_BOX = "desk-box"


def enrol(desk: Desk, server: str, code: str) -> wire.EnrolReply:
    """Join the province at `server`; the desk keeps its id, gets three paper series, and syncs from then on.

    Raises Known: enrol-refused (the code), enrol-lying (the server couldn't prove it knows the code),
    province-address, province-plain, province-unreachable, province-trouble. Asking again after a lost reply is safe.
    """
    to, signer = address(server), desk.signer
    with desk.reading() as session:
        box = box_key(session)
    try:
        code_key = enrolment.code_key(code, signer.centre)
    except Refused as error:
        raise Known("enrol-refused") from error
    mine = keys.public_of(signer.desk_key), keys.public_of(box)
    with Line(to, None) as line:
        mac = enrolment.desk_mac(
            code_key, realm=signer.realm, centre=signer.centre, desk=signer.desk, sign_key=mine[0], box_key=mine[1],
            spki=line.spki,
        )  # fmt: skip
        ask = wire.EnrolAsk(signer.centre, signer.desk, mine[0], mine[1], line.spki, mac)
        headers = {"content-type": wire.CONTENT_TYPE, "content-encoding": wire.CONTENT_ENCODING}
        reply = _answer(line.send("POST", "/enrol", headers, wire.pack(ask)))
        _believe(reply, code_key, desk, line.spki)
    trusted = keys.sign_public(reply.sign_key), keys.box_public(reply.courier_key)
    tie = Link(to, reply.pins, reply.root_key, *trusted, reply.server_time - desk.now())
    with desk.writing() as session:
        link.save(session, tie)
        paper_numbers.add(session, reply.series)
    return reply


def box_key(session: Session) -> BoxKey:
    """The key that opens what is sealed to this desk. Raises Known("database-damaged")."""
    kept = session.get(Keyring, _BOX)
    if kept is None:
        raise Known("database-damaged")
    return keys.box_key(kept.secret)


def _answer(reply: Reply) -> wire.EnrolReply:
    if reply.status == 403:
        raise Known("enrol-refused")
    if reply.status != 200:
        raise link.refusal(reply)
    try:
        return wire.unpack(reply.body, wire.EnrolReply)
    except wire.Garbled as error:
        raise Known("enrol-lying") from error


def _believe(reply: wire.EnrolReply, code_key: bytes, desk: Desk, spki: bytes) -> None:
    """Raises Known("enrol-lying") unless the reply was made by one who knows the code, for us, over this TLS key."""
    signer = desk.signer
    mac = enrolment.server_mac(
        code_key, centre=signer.centre, desk=signer.desk, realm=signer.realm, root_key=reply.root_key,
        sign_key=reply.sign_key, courier_key=reply.courier_key, pins=reply.pins, series=reply.series,
    )  # fmt: skip
    try:
        root = keys.sign_public(reply.root_key)
        signing.verify(root, "directory", signer.realm, reply.sign_key, reply.sign_proof)
        vouched = enrolment.courier_vouched(keys.box_public(reply.courier_key).public_bytes_raw())
        signing.verify(root, "directory", signer.realm, vouched, reply.courier_proof)
    except Refused as error:
        raise Known("enrol-lying") from error
    if not enrolment.same(mac, reply.mac) or (spki and spki not in reply.pins) or (not spki and reply.pins):
        raise Known("enrol-lying")
