"""The place of colleagues and passwords: what its screen may call."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from desktop import keyholders
from desktop.desk import Desk
from desktop.domain import texts
from desktop.domain.changed import Changed
from desktop.domain.roles import Role, may
from desktop.keyholders import Done
from ui.screens.staff import StaffActs, StaffRead, StaffScreen
from ui.shell import Place
from ui.theme.look import Look


def place(look: Look, desk: Desk, changed: Callable[[Changed], object]) -> Place:
    """The staff for who manages it, the own password for everybody else."""
    manages = may(desk.actor.roles, "staff.manage")
    words = texts.say("staff.title" if manages else "staff.own-title")
    return Place("staff", words, "person", lambda: StaffScreen(look, acts(desk, changed)))


def acts(desk: Desk, changed: Callable[[Changed], object]) -> StaffActs:
    """Each tells what it wrote, and gives back the envelope's new code where there is one."""

    def told(done: Done) -> str:
        changed(done.changed)
        return done.code

    def read() -> StaffRead:
        found = keyholders.read(desk)
        return StaffRead(found.people, found.envelope, found.refused)

    def add(name: str, roles: Sequence[Role], password: str) -> str:
        return told(keyholders.add(desk, name, roles, password))

    return StaffActs(
        read=read,
        add=add,
        change_roles=lambda staff_id, roles: told(keyholders.change_roles(desk, staff_id, roles)),
        admit=lambda staff_id, password: told(keyholders.admit(desk, staff_id, password)),
        leave=lambda staff_id: told(keyholders.leave(desk, staff_id)),
        new_code=lambda: told(keyholders.new_code(desk)),
        seen=lambda: keyholders.seen(desk),
        change_password=lambda old, new: keyholders.change_password(desk, old, new),
        me=desk.actor.staff_id,
        manages=may(desk.actor.roles, "staff.manage"),
    )
