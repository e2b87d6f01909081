"""The check at the door of every action."""

from __future__ import annotations

from desktop.domain.faults import Known
from desktop.domain.roles import Permission, may
from desktop.domain.staffing import Actor


def require(actor: Actor, permission: Permission) -> None:
    """Raises Known("not-allowed") unless one of the actor's roles allows it."""
    if not may(actor.roles, permission):
        raise Known("not-allowed")
