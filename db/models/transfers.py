"""Households that came or went, as rows."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from db.base import Row
from db.models.entity import Entity


class Transfer(Entity, Row):
    """An offer of a household to another centre, and what became of it: `state` offered, accepted or cancelled."""

    __tablename__ = "transfer"
    household: Mapped[str | None] = mapped_column(index=True)
    source: Mapped[str | None]
    target: Mapped[str | None]
    file_number: Mapped[str | None]
    members: Mapped[int | None]
    day: Mapped[str | None]
    note: Mapped[str | None]
    state: Mapped[str | None] = mapped_column(index=True)
