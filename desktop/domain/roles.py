"""Who may do what: one table, checked in actions, shown by screens, judged again by the province.

The roles and their reach follow knowledge of small centres: one person often holds several (the union counts).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, get_args

Role = Literal["receptionist", "social_worker", "screener", "manager", "technician"]
Permission = Literal[
    "intake.register", "person.read", "person.write", "screening.record", "screening.read", "document.issue",
    "staff.manage", "centre.manage", "sync.run", "transfer.offer", "transfer.decide", "queue.serve",
    "caution.write", "incident.record", "incident.read",
]  # fmt: skip
ROLES: tuple[Role, ...] = get_args(Role)
PERMISSIONS: tuple[Permission, ...] = get_args(Permission)

_DESK_WORK: frozenset[Permission] = frozenset(
    {
        "intake.register", "person.read", "person.write", "document.issue", "sync.run", "queue.serve",
        "incident.record",
    }
)  # fmt: skip
TABLE: dict[Role, frozenset[Permission]] = {
    "receptionist": _DESK_WORK,
    "social_worker": _DESK_WORK | {"screening.read", "transfer.offer", "caution.write", "incident.read"},
    "screener": frozenset(
        {
            "person.read", "screening.record", "screening.read", "document.issue", "sync.run", "queue.serve",
            "incident.record",
        }
    ),
    "manager": frozenset(PERMISSIONS),
    "technician": frozenset({"sync.run"}),
}

_INTAKE: frozenset[Permission] = frozenset({"intake.register", "screening.record"})
WRITES: dict[str, frozenset[Permission]] = {
    "centre": frozenset({"centre.manage"}),
    "staff": frozenset({"staff.manage"}),
    "staff_key": frozenset({"staff.manage"}),
    "person": frozenset({"person.write"}),
    "household": frozenset({"person.write"}),
    "membership": frozenset({"person.write"}),
    "contact": frozenset({"person.write"}),
    "needs": frozenset({"person.write"}),
    "request": _INTAKE,
    "visit": _INTAKE,
    "screening_result": frozenset({"screening.record"}),
    "issued_document": frozenset({"document.issue"}),
    "transfer": frozenset({"transfer.offer", "transfer.decide"}),
    "ticket": frozenset({"queue.serve"}),
    "slip_block": frozenset({"intake.register"}),
    "caution": frozenset({"caution.write"}),
    "incident": frozenset({"incident.record"}),
}
"""The permissions, any of which a change of each kind asks of its actor: what desk and province judge by.

A screener opens a visit for a child nobody registered, and closes the request of one who passed.
"""

SAYS: dict[str, Permission] = {
    "transfer.offer": "transfer.offer",
    "transfer.accept": "transfer.decide",
    "transfer.cancel": "transfer.decide",
}
"""Verbs that ask for a permission of their own."""

RESTRICTED: dict[str, Permission] = {"incident": "incident.read"}
"""Kinds whose very existence is kept from everybody without this permission: in lists, counts, badges, reports."""

DESK_WRITES = frozenset({"issued_document"})
"""What a desk records by itself, without a person: that a paper came out."""


def may(roles: Iterable[Role], permission: Permission) -> bool:
    """Whether any of `roles` allows it."""
    return any(permission in TABLE[role] for role in roles)


def hidden(roles: Iterable[Role]) -> frozenset[str]:
    """The kinds that `roles` aren't told of."""
    held = tuple(roles)
    return frozenset(kind for kind, wanted in RESTRICTED.items() if not may(held, wanted))


def may_say(roles: Iterable[str], verb: str) -> bool:
    """Whether any of `roles` (unknown ones allow nothing) may use a verb."""
    wanted = SAYS.get(verb)
    held = set(roles)
    return wanted is None or any(wanted in TABLE[role] for role in ROLES if role in held)


def may_write(roles: Iterable[str], kind: str) -> bool:
    """Whether any of `roles` (unknown ones allow nothing) may change an entity of `kind`."""
    held, wanted = set(roles), WRITES.get(kind, frozenset())
    return any(role in held and not wanted.isdisjoint(TABLE[role]) for role in ROLES)
