"""Numbers of the queue, as rows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Row
from db.models.entity import Entity


class Ticket(Entity, Row):
    """`day` is a Jalali date, times are µs UTC; `desk` the id of the desk that called it, `place` its words."""

    __tablename__ = "ticket"
    day: Mapped[str | None] = mapped_column(index=True)
    number: Mapped[str | None]
    taken_at: Mapped[int | None] = mapped_column(BigInteger)
    service: Mapped[str | None]
    person: Mapped[str | None]
    visit: Mapped[str | None]
    needs: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    turn: Mapped[int | None] = mapped_column(BigInteger)
    absences: Mapped[int | None]
    status: Mapped[str | None] = mapped_column(index=True)
    desk: Mapped[str | None]
    place: Mapped[str | None]
    called_at: Mapped[int | None] = mapped_column(BigInteger)
    served_at: Mapped[int | None] = mapped_column(BigInteger)
    ended_at: Mapped[int | None] = mapped_column(BigInteger)
    why: Mapped[str | None]
