"""Incidents and urgent referrals, as rows. Whoever asks for them must be one of those who may know of them."""

from __future__ import annotations

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Row
from db.models.entity import Entity, link


class Incident(Entity, Row):
    """`day` is a Jalali date, `at` µs UTC."""

    __tablename__ = "incident"
    nature: Mapped[str | None]
    person: Mapped[str | None] = link()
    happened: Mapped[str | None]
    harmed: Mapped[str | None]
    done: Mapped[str | None]
    reached: Mapped[str | None]
    day: Mapped[str | None] = mapped_column(index=True)
    at: Mapped[int | None] = mapped_column(BigInteger)
    staff: Mapped[str | None]
