"""Who holds a key to this PC: colleagues let in, passwords given and changed, leavers locked out (security 1 to 4).

The journal comes first and the vault after it. A cut between leaves a person whose key has no slot, who is given a
password again, or a slot whose key has ended, which is refused and goes with the next rotation.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from db import restored, settings, vault
from db.vault import Member
from db.vault_file import Province, Slot
from desktop import desk as desks
from desktop.actions import staffing
from desktop.actions.permission import require
from desktop.actions.staffing import Pair
from desktop.desk import PROVINCE, RECOVERY, REFUSED, Desk, Owned
from desktop.domain.changed import Changed
from desktop.domain.faults import Known
from desktop.domain.passwords import checked
from desktop.domain.roles import Role, may
from desktop.domain.staffing import Colleague
from desktop.seal import keys, recovery
from desktop.sync.link import RECOVERY_KEY

REQUEST = "recovery-request.json"
"""What waits beside the vault for the province's answer."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Done:
    """What was written, and the new code for the sealed envelope where there is one: it is shown once."""

    changed: Changed
    code: str = ""


@dataclass(frozen=True, slots=True)
class Recovered:
    """Whose password was set by the envelope's code, and the code that takes its place."""

    staff_id: str
    name: str
    code: str


@dataclass(frozen=True, slots=True)
class Staffing:
    """Everyone of the centre; whether this PC has a sealed envelope; whose slots were refused and not spoken of."""

    people: Sequence[Colleague]
    envelope: bool
    refused: Sequence[str] = ()


def _new() -> tuple[Owned, Pair]:
    box, sign = keys.box_key(), keys.sign_key()
    return (box, sign), Pair(keys.public_of(box).hex(), keys.public_of(sign).hex())


def _pair(slot: Slot) -> Pair:
    return Pair(slot.pubs.box.hex(), slot.pubs.sign.hex())


def _vouched(desk: Desk) -> tuple[list[Slot], list[Slot]]:
    """The slots of this PC that the journal vouches for, and those it doesn't."""
    with desk.reading() as session:
        whose = desk.pairs(session)
    good, bad = list[Slot](), list[Slot]()
    for slot in vault.read(desk.folder).slots:
        owner = whose.get(_pair(slot))
        (good if owner and slot.user_id in (owner, RECOVERY, PROVINCE) else bad).append(slot)
    return good, bad


def read(desk: Desk) -> Staffing:
    """The staff as the manager sees them. Raises Known("not-allowed")."""
    good, _ = _vouched(desk)
    here = {slot.user_id for slot in good}
    with desk.reading() as session:
        people = staffing.colleagues(session, desk.actor, here)
        return Staffing(people, RECOVERY in here, tuple(settings.get(session, REFUSED) or ()))


def seen(desk: Desk) -> None:
    """The manager has read whose slots were refused."""
    require(desk.actor, "staff.manage")
    with desk.writing() as session:
        settings.put(session, REFUSED, [])


def add(desk: Desk, name: str, roles: Sequence[Role], password: str) -> Done:
    """Somebody new, who opens this PC with a password of their own. Raises Known("not-allowed"), Invalid."""
    checked(password, name)
    owned, pair = _new()
    with desk.writing() as session:
        staff_id, changed = staffing.add(session, desk.pen, desk.actor, name, roles, pair)
        called = staffing.actor(session, staff_id).name
    desk.grant(Member(staff_id, called, password), owned)
    return Done(changed)


def admit(desk: Desk, staff_id: str, password: str) -> Done:
    """A password on this PC for a colleague who had none here or forgot it: new keys, the old ones ended.

    Raises Known: not-allowed, staff-gone; Invalid for the password.
    """
    with desk.reading() as session:
        called = staffing.actor(session, staff_id).name
    checked(password, called)
    owned, pair = _new()
    before = [_pair(slot) for slot in vault.read(desk.folder).slots if slot.user_id == staff_id]
    with desk.writing() as session:
        changed = staffing.give_keys(session, desk.pen, desk.actor, staff_id, [pair], before)
    desk.grant(Member(staff_id, called, password), owned)
    if staff_id == desk.actor.staff_id:
        desk.signer = replace(desk.signer, actor_key=owned[1])
    return Done(changed)


def change_password(desk: Desk, old: str, new: str) -> None:
    """Another password for who sits here, the same keys. Raises Known("wrong-password"), Invalid."""
    opened = vault.unlock(vault.read(desk.folder), desk.actor.staff_id, old)
    checked(new, desk.actor.name)
    desk.grant(Member(desk.actor.staff_id, desk.actor.name, new), (opened.box_key, opened.sign_key))


def change_roles(desk: Desk, staff_id: str, roles: Sequence[Role]) -> Done:
    """Other roles for somebody. The envelope is a manager's: who is none any more loses it, and a new one is made.

    Raises Known: not-allowed, staff-gone, last-manager, own-manager-role; Invalid without a role.
    """
    if staff_id == desk.actor.staff_id and "manager" not in roles:
        raise Known("own-manager-role")
    mine = "manager" not in roles and _holds_envelope(desk, staff_id)
    with desk.writing() as session:
        changed = staffing.change_roles(session, desk.pen, desk.actor, staff_id, roles)
        if staff_id == desk.actor.staff_id:
            desk.actor = staffing.actor(session, staff_id)
    done = new_code(desk) if mine else Done(changed)
    seal_to_province(desk)
    return done


def leave(desk: Desk, staff_id: str) -> Done:
    """Somebody left: their keys end everywhere, and this PC's database gets a key they never had.

    With a manager goes the envelope, whose code they may have read. Raises Known: not-allowed, staff-gone,
    last-manager.
    """
    with desk.reading() as session:
        a_manager = "manager" in staffing.roles_of(session, staff_id)
    sealed = a_manager or _holds_envelope(desk, staff_id)
    with desk.writing() as session:
        changed = staffing.leave(session, desk.pen, desk.actor, staff_id)
    if sealed:
        code = new_code(desk).code
        seal_to_province(desk)
        return Done(changed, code)
    good, bad = _vouched(desk)
    if bad:
        desk.rotate([slot.user_id for slot in good])
    return Done(changed)


def new_code(desk: Desk) -> Done:
    """A new sealed envelope in the name of the manager who sits here; the old code opens nothing any more."""
    good, bad = _vouched(desk)
    old = [_pair(slot) for slot in (*good, *bad) if slot.kind == "recovery"]
    owned, pair = _new()
    with desk.writing() as session:
        changed = staffing.give_keys(session, desk.pen, desk.actor, desk.actor.staff_id, [pair], old)
    code = recovery.new_code()
    desk.rotate(_kept(good), [(Member(RECOVERY, "", code, "recovery"), owned)])
    return Done(changed, code)


def seal_to_province(desk: Desk) -> bool:
    """Give the province a slot on this PC, where it has none that holds: spare keys of the manager who sits here,
    sealed to its recovery key. Whether one was made.

    Nothing for anybody else, before the desk heard of that key, or where the database was restored.
    """
    with desk.reading() as session:
        to, doubtful, whose = settings.get(session, RECOVERY_KEY), restored.noticed(session), desk.pairs(session)
        slots = [slot for slot in vault.read(desk.folder).slots if slot.kind == "province"]
        owners = [staff_id for slot in slots if (staff_id := whose.get(_pair(slot)))]
        stands = any(may(staffing.roles_of(session, staff_id), "staff.manage") for staff_id in owners)
    if not to or doubtful or not may(desk.roles, "staff.manage"):
        return False
    here = desk.signer.centre, desk.signer.desk
    at = [(each.to.hex(), each.centre, each.desk) for slot in slots if (each := slot.province)]
    if stands and at == [(to, *here)]:
        return False
    owned, pair = _new()
    with desk.writing() as session:
        old = [_pair(slot) for slot in slots]
        staffing.give_keys(session, desk.pen, desk.actor, desk.actor.staff_id, [pair], old)
    desk.grant(_for_province(desk, to), owned)
    return True


def _for_province(desk: Desk, to: str) -> Member:
    ask = keys.secret_of(keys.sign_key())
    province = Province(bytes.fromhex(to), desk.signer.centre, desk.signer.desk, ask)
    return Member(PROVINCE, "", "", "province", province)


def drop_unvouched(desk: Desk) -> tuple[str, ...]:
    """Rotate the slots away that the journal doesn't vouch for; the names of whose they were.

    Not where the database was restored: what it lacks may vouch for them. Nor where nobody would be left.
    """
    good, bad = _vouched(desk)
    with desk.reading() as session:
        doubtful = restored.noticed(session)
    if not bad or doubtful or not _staff(good):
        return ()
    desk.rotate([slot.user_id for slot in good])
    return tuple(slot.label for slot in bad if slot.kind == "staff")


def come_in(folder: Path, user_id: str, password: str) -> Desk:
    """Open the desk for the window, the only program at work in this folder: whoever was removed elsewhere is locked
    out of this PC first. Raises Known as `desk.unlock`."""
    desk = desks.unlock(folder, user_id, password)
    try:
        drop_unvouched(desk)
    except Known as fault:  # the disk may be full: they are refused all the same, and the next opening tries again
        _log.warning("desk.not-rotated %s", fault.code)
    with suppress(Known):  # as is this
        seal_to_province(desk)
    if may(desk.roles, "staff.manage"):  # a request to the province has no use any more
        (folder / REQUEST).unlink(missing_ok=True)
    return desk


def vouch(desk: Desk, user_id: str, password: str) -> None:
    """Prove that `password` is `user_id`'s on this PC, who still works here. Raises Known: wrong-password,
    slot-unlisted, vault faults."""
    held = vault.read(desk.folder)
    vault.unlock(held, user_id, password)
    if user_id not in {slot.user_id for slot in _vouched(desk)[0]}:
        raise Known("slot-unlisted")


def code_read(typed: str) -> str:
    """The envelope's code as it was printed. Raises Invalid: what no code can be, with the group to look at."""
    return recovery.read(typed)


def recover(folder: Path, code: str, password: str) -> Recovered:
    """Set the password of the manager whose envelope it is, by its code; both that and the old code are dead then.

    Raises Known: no-envelope, wrong-code, slot-unlisted, not-allowed, vault and database faults; Invalid for a code
    that can't be one.
    """
    return renewed(desks.unlock_with_code(folder, code), password)


def renewed(desk: Desk, password: str) -> Recovered:
    """Set the password of the manager by whose spare keys this desk was opened, and close it: those keys, the
    envelope's and the province's end, new ones take their place, and the database gets a new key.

    Raises Known: not-allowed, storage faults.
    """
    try:
        who, good = desk.actor, _vouched(desk)[0]
        with desk.reading() as session:
            to = settings.get(session, RECOVERY_KEY)
        old = [_pair(slot) for slot in good if slot.user_id in (who.staff_id, RECOVERY, PROVINCE)]
        code = recovery.new_code()
        members = [Member(who.staff_id, who.name, password), Member(RECOVERY, "", code, "recovery")]
        members += [_for_province(desk, to)] if to else []
        made = [_new() for _ in members]
        with desk.writing() as session:
            staffing.give_keys(session, desk.pen, who, who.staff_id, [pair for _, pair in made], old)
        desk.rotate(_staff(good), [(member, owned) for member, (owned, _) in zip(members, made, strict=True)])
        return Recovered(who.staff_id, who.name, code)
    finally:
        desk.close()


def _kept(slots: Collection[Slot]) -> list[str]:
    """Who stays when the envelope is made anew."""
    return [slot.user_id for slot in slots if slot.kind != "recovery"]


def _staff(slots: Collection[Slot]) -> list[str]:
    return [slot.user_id for slot in slots if slot.kind == "staff"]


def _holds_envelope(desk: Desk, staff_id: str) -> bool:
    spare = [_pair(slot) for slot in vault.read(desk.folder).slots if slot.kind == "recovery"]
    with desk.reading() as session:
        return any(desk.pairs(session).get(pair) == staff_id for pair in spare)
