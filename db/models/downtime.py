"""Paper numbers laid aside for slips written by hand, as rows."""

from __future__ import annotations

from sqlalchemy.orm import Mapped

from db.base import Row
from db.models.entity import Entity


class SlipBlock(Entity, Row):
    """Counters `first` to `last` of a series."""

    __tablename__ = "slip_block"
    series: Mapped[int | None]
    first: Mapped[int | None]
    last: Mapped[int | None]
    day: Mapped[str | None]
