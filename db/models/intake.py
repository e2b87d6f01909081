"""Requests and visits, as rows."""

from __future__ import annotations

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Row
from db.models.entity import Entity, link


class Request(Entity, Row):
    __tablename__ = "request"
    person: Mapped[str | None] = link()
    service: Mapped[str | None]
    tracking_code: Mapped[str | None] = mapped_column(index=True)
    registered_on: Mapped[str | None]
    reason: Mapped[str | None]
    status: Mapped[str | None]


class Visit(Entity, Row):
    """`day` is a Jalali date, `at` µs UTC."""

    __tablename__ = "visit"
    request: Mapped[str | None] = link()
    person: Mapped[str | None] = link()
    service: Mapped[str | None]
    day: Mapped[str | None] = mapped_column(index=True)
    at: Mapped[int | None] = mapped_column(BigInteger)
    staff: Mapped[str | None]
    entered_after_outage: Mapped[bool | None]
