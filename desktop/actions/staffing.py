"""The centre and its people: founding a centre on its first desk, and who sits at the desk."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from db import journal
from db.journal import Pen
from db.models.staffing import Centre as CentreRow
from db.models.staffing import Staff
from desktop.actions import cases
from desktop.actions.permission import require
from desktop.domain import identifiers, jalali, persian_text
from desktop.domain.changed import Changed
from desktop.domain.changes import Draft
from desktop.domain.faults import Invalid, Known
from desktop.domain.roles import ROLES, Role
from desktop.domain.staffing import Actor, Centre

_CODE_MOST = 8
FOUNDER: tuple[Role, ...] = ("manager", "receptionist")
"""The roles of whoever founds a centre."""


@dataclass(frozen=True, slots=True)
class Manager:
    """The first person of a centre, with their public keys on this desk."""

    staff_id: str
    name: str
    sign_key: bytes
    box_key: bytes


@dataclass(frozen=True, slots=True)
class Founding:
    """A centre as its technician names it; all but code, province and name may be empty."""

    code: str
    province: str
    name: str
    county: str = ""
    address: str = ""
    phone: str = ""
    licence_number: str = ""
    licence_expiry: str = ""


def checked(centre: Founding) -> None:
    """Raises Invalid for a code that can't stand in a paper number, or a licence date that isn't one."""
    if not (centre.code.isascii() and centre.code.isdigit() and len(centre.code) <= _CODE_MOST):
        raise Invalid("value.centre-code", most=_CODE_MOST)
    persian_text.note(centre.name, 120)
    if centre.licence_expiry:
        jalali.parse(centre.licence_expiry)


def found(session: Session, pen: Pen, centre: Founding, manager: Manager) -> Changed:
    """The desk's first transaction: the centre, its manager, and the manager's keys, signed by themself."""
    known = {name: value for name, value in asdict(centre).items() if value}
    return journal.write(
        session,
        pen,
        [
            Draft("centre", identifiers.of_centre(centre.code), "create", known),
            Draft(
                "staff", manager.staff_id, "create",
                {"name": manager.name, "roles": list(FOUNDER), "active": True},
            ),
            Draft(
                "staff_key", identifiers.new(), "create",
                {
                    "staff": manager.staff_id, "desk": pen.signer.desk, "sign_key": manager.sign_key.hex(),
                    "box_key": manager.box_key.hex(), "state": "active",
                },
            ),
        ],
    )  # fmt: skip


def actor(session: Session, staff_id: str) -> Actor:
    """The person as an actor. Raises Known("not-allowed") for one who isn't active staff."""
    row = session.get(Staff, staff_id)
    if row is None or row.void or not row.active:
        raise Known("not-allowed")
    roles = tuple(cast("Role", role) for role in row.roles or () if role in ROLES)
    return Actor(row.id, row.name or "", roles)


def centre(session: Session) -> Centre:
    """The centre this desk belongs to. Raises Known("no-centre") before it was founded."""
    row = session.scalars(select(CentreRow).where(CentreRow.void.is_(None)).order_by(CentreRow.id)).first()
    if row is None:
        raise Known("no-centre")
    return Centre(
        row.id, row.code or "", row.name or "", row.county or "", row.address or "", row.phone or "",
        row.licence_number or "", row.licence_expiry or "",
    )  # fmt: skip


def desk_words(session: Session, who: Actor, desk: str) -> str:
    """What a desk of this centre is called, "" for an unknown one."""
    require(who, "sync.run")
    return cases.desk_words(session, desk)
