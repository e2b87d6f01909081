"""The check at the door of every action."""

from __future__ import annotations

from desktop.domain.faults import Known
from desktop.domain.roles import Permission, may
from desktop.domain.staffing import Actor


def require(actor: Actor, *permissions: Permission) -> None:
    """Raises Known("not-allowed") unless one of the actor's roles allows any of these."""
    if not any(may(actor.roles, each) for each in permissions):
        raise Known("not-allowed")
