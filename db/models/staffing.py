"""The centre, its people and their keys, as rows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Row
from db.models.entity import Entity, link


class Centre(Entity, Row):
    __tablename__ = "centre"
    code: Mapped[str | None]
    province: Mapped[str | None]
    name: Mapped[str | None]
    county: Mapped[str | None]
    address: Mapped[str | None]
    phone: Mapped[str | None]
    licence_number: Mapped[str | None]
    licence_expiry: Mapped[str | None]


class Staff(Entity, Row):
    __tablename__ = "staff"
    name: Mapped[str | None]
    roles: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    active: Mapped[bool | None]


class StaffKey(Entity, Row):
    """A person's public keys on one desk, hex; `state` is active or removed."""

    __tablename__ = "staff_key"
    staff: Mapped[str | None] = link()
    desk: Mapped[str | None]
    sign_key: Mapped[str | None]
    box_key: Mapped[str | None]
    state: Mapped[str | None]
