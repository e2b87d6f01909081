"""What every table projected from documents shares."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Mapped, mapped_column


class Entity:
    """Mixin of a typed row: column = field of the entity of the same name; `void` holds the reason it was voided.

    Every synced column may be null: unknown, redacted and not-yet-sent are states.
    """

    id: Mapped[str] = mapped_column(primary_key=True)
    void: Mapped[str | None]


def link() -> Any:
    """A reference to another entity. No foreign key: what it names may wait, leave, or be discarded (ADR 7)."""
    return mapped_column(index=True)
