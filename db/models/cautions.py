"""Cautions, as rows."""

from __future__ import annotations

from sqlalchemy.orm import Mapped

from db.base import Row
from db.models.entity import Entity, link


class Caution(Entity, Row):
    """`day` and `until` are canonical Jalali days, which sort as text."""

    __tablename__ = "caution"
    person: Mapped[str | None] = link()
    text: Mapped[str | None]
    day: Mapped[str | None]
    until: Mapped[str | None]
    staff: Mapped[str | None]
