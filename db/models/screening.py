"""Screening results, as rows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Row
from db.models.entity import Entity, link


class ScreeningResult(Entity, Row):
    """An immutable fact. `answers` are the values entered, `reasons` why the outcome is what it is."""

    __tablename__ = "screening_result"
    visit: Mapped[str | None] = link()
    person: Mapped[str | None] = link()
    programme: Mapped[str | None]
    pack_version: Mapped[str | None]
    day: Mapped[str | None] = mapped_column(index=True)
    answers: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    outcome: Mapped[str | None]
    reasons: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    next_step: Mapped[str | None]
    due: Mapped[str | None]
    urgent: Mapped[bool | None]
