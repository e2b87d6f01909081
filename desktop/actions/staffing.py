"""The centre and its people: founding a centre on its first desk, and who sits at the desk."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import NamedTuple, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from db import journal
from db.journal import Pen
from db.models.staffing import Centre as CentreRow
from db.models.staffing import Staff, StaffKey
from desktop.actions import cases
from desktop.actions.permission import require
from desktop.domain import identifiers, jalali, persian_text
from desktop.domain.changed import Changed
from desktop.domain.changes import Draft, Value
from desktop.domain.faults import Invalid, Known
from desktop.domain.roles import ROLES, Role
from desktop.domain.staffing import Actor, Centre, Colleague

_CODE_MOST = 8
FOUNDER: tuple[Role, ...] = ("manager", "receptionist")
"""The roles of whoever founds a centre."""


class Pair(NamedTuple):
    """Somebody's public keys on one desk, hex."""

    box: str
    sign: str


@dataclass(frozen=True, slots=True)
class Manager:
    """The first person of a centre, with their public keys on this desk."""

    staff_id: str
    name: str
    sign_key: bytes
    box_key: bytes
    spare: Pair
    """The keys in the sealed envelope: the manager's own, for the day the password is forgotten."""


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
            _key(pen.signer.desk, manager.staff_id, Pair(manager.box_key.hex(), manager.sign_key.hex())),
            _key(pen.signer.desk, manager.staff_id, manager.spare),
        ],
    )  # fmt: skip


def actor(session: Session, staff_id: str) -> Actor:
    """The person as an actor. Raises Known("not-allowed") for one who isn't active staff."""
    row = session.get(Staff, staff_id)
    if row is None or row.void or not row.active:
        raise Known("not-allowed")
    return Actor(row.id, row.name or "", _roles(row))


def roles_of(session: Session, staff_id: str) -> tuple[Role, ...]:
    """The roles somebody has, who may have left."""
    row = session.get(Staff, staff_id)
    return _roles(row) if row else ()


def _roles(row: Staff) -> tuple[Role, ...]:
    return tuple(cast("Role", role) for role in row.roles or () if role in ROLES)


def _working(session: Session) -> list[Staff]:
    return list(session.scalars(select(Staff).where(Staff.void.is_(None), Staff.active.is_(True))))


def keyholders(session: Session, desks: Sequence[str]) -> dict[Pair, str]:
    """Keys → person, of everyone working here who may hold a key to one of these desks: what slots are held against
    (security 4)."""
    working = {row.id for row in _working(session)}
    active = StaffKey.desk.in_(desks), StaffKey.state == "active", StaffKey.void.is_(None)
    rows = session.scalars(select(StaffKey).where(*active))
    return {Pair(row.box_key or "", row.sign_key or ""): row.staff or "" for row in rows if row.staff in working}


def colleagues(session: Session, who: Actor, here: Collection[str]) -> list[Colleague]:
    """Everyone of the centre, those who left last; `here` are who can open this PC. Raises Known("not-allowed")."""
    require(who, "staff.manage")
    rows = session.scalars(select(Staff).where(Staff.void.is_(None)))
    found = [Colleague(row.id, row.name or "", _roles(row), bool(row.active), row.id in here) for row in rows]
    return sorted(found, key=lambda each: (not each.active, persian_text.sort_key(each.name), each.staff_id))


def add(
    session: Session, pen: Pen, who: Actor, name: str, roles: Sequence[Role], pair: Pair | None = None
) -> tuple[str, Changed]:
    """Somebody new at the centre, with keys to this desk where a `pair` is given; their id.

    Raises Known("not-allowed"), Invalid for a name that isn't one or without a role.
    """
    require(who, "staff.manage")
    staff_id, cleaned = identifiers.new(), persian_text.name(name)
    facts: dict[str, Value] = {"name": cleaned, "roles": _known(roles), "active": True}
    drafts = [Draft("staff", staff_id, "create", facts)]
    if pair:
        drafts.append(_key(pen.signer.desk, staff_id, pair))
    return staff_id, journal.write(session, pen, drafts)


def _known(roles: Sequence[Role]) -> list[Role]:
    held = [role for role in ROLES if role in roles]
    if not held:
        raise Invalid("staff.roles-missing")
    return held


def change_roles(session: Session, pen: Pen, who: Actor, staff_id: str, roles: Sequence[Role]) -> Changed:
    """Give somebody these roles instead of theirs. Raises Known: not-allowed, staff-gone, last-manager; Invalid."""
    require(who, "staff.manage")
    held = _known(roles)
    if "manager" not in held:
        _not_the_last(session, staff_id)
    return journal.write(session, pen, [_set(session, staff_id, "roles", held)])


def leave(session: Session, pen: Pen, who: Actor, staff_id: str) -> Changed:
    """Somebody works here no more: they and every key of theirs, on every desk. Raises Known: not-allowed, staff-gone,
    last-manager."""
    require(who, "staff.manage")
    _not_the_last(session, staff_id)
    keys = session.scalars(select(StaffKey).where(StaffKey.staff == staff_id, StaffKey.void.is_(None)))
    ended = [_end(session, row) for row in keys if row.state == "active"]
    return journal.write(session, pen, [_set(session, staff_id, "active", False), *ended])


def give_keys(
    session: Session, pen: Pen, who: Actor, staff_id: str, pairs: Sequence[Pair], instead_of: Collection[Pair]
) -> Changed:
    """New keys for somebody on this desk, and the end of those they had. Raises Known: not-allowed, staff-gone."""
    require(who, "staff.manage")
    _still_here(session, staff_id)
    old = session.scalars(select(StaffKey).where(StaffKey.void.is_(None), StaffKey.state == "active"))
    ended = [_end(session, row) for row in old if Pair(row.box_key or "", row.sign_key or "") in instead_of]
    return journal.write(session, pen, [*ended, *(_key(pen.signer.desk, staff_id, pair) for pair in pairs)])


def _still_here(session: Session, staff_id: str) -> Staff:
    row = session.get(Staff, staff_id)
    if row is None or row.void is not None or not row.active:
        raise Known("staff-gone")
    return row


def _not_the_last(session: Session, staff_id: str) -> None:
    """A centre without a manager could never have one again."""
    _still_here(session, staff_id)
    managers = {row.id for row in _working(session) if "manager" in _roles(row)}
    if managers == {staff_id}:
        raise Known("last-manager")


def _set(session: Session, staff_id: str, field: str, value: Value) -> Draft:
    _still_here(session, staff_id)
    kept = journal.document(session, staff_id)
    return Draft("staff", staff_id, "set", {field: value}, kept.base(field) if kept else {})


def _key(desk: str, staff_id: str, pair: Pair) -> Draft:
    said = {"staff": staff_id, "desk": desk, "sign_key": pair.sign, "box_key": pair.box, "state": "active"}
    return Draft("staff_key", identifiers.new(), "create", said)


def _end(session: Session, row: StaffKey) -> Draft:
    kept = journal.document(session, row.id)
    return Draft("staff_key", row.id, "step", {"state": "removed"}, kept.base("state") if kept else {})


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
