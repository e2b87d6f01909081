"""Who may do what: one table, checked in actions, shown by screens, judged again by the province.

The roles and their reach follow knowledge of small centres: one person often holds several (the union counts).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, get_args

Role = Literal["receptionist", "social_worker", "screener", "manager", "technician"]
Permission = Literal[
    "intake.register", "person.read", "person.write", "screening.record", "screening.read", "document.issue",
    "staff.manage", "centre.manage", "sync.run",
]  # fmt: skip
ROLES: tuple[Role, ...] = get_args(Role)
PERMISSIONS: tuple[Permission, ...] = get_args(Permission)

_DESK_WORK: frozenset[Permission] = frozenset(
    {"intake.register", "person.read", "person.write", "document.issue", "sync.run"}
)
TABLE: dict[Role, frozenset[Permission]] = {
    "receptionist": _DESK_WORK,
    "social_worker": _DESK_WORK | {"screening.read"},
    "screener": frozenset({"person.read", "screening.record", "screening.read", "document.issue", "sync.run"}),
    "manager": frozenset(PERMISSIONS),
    "technician": frozenset({"sync.run"}),
}

WRITES: dict[str, Permission] = {
    "centre": "centre.manage",
    "staff": "staff.manage",
    "staff_key": "staff.manage",
    "person": "person.write",
    "household": "person.write",
    "membership": "person.write",
    "contact": "person.write",
    "needs": "person.write",
    "request": "intake.register",
    "visit": "intake.register",
    "screening_result": "screening.record",
    "issued_document": "document.issue",
}
"""The permission a change of each kind asks of its actor: what the province judges by."""


def may(roles: Iterable[Role], permission: Permission) -> bool:
    """Whether any of `roles` allows it."""
    return any(permission in TABLE[role] for role in roles)


def may_write(roles: Iterable[str], kind: str) -> bool:
    """Whether any of `roles` (unknown ones allow nothing) may change an entity of `kind`."""
    wanted = WRITES.get(kind)
    return wanted is not None and any(wanted in TABLE[role] for role in ROLES if role in set(roles))
