"""Persons, households and what belongs to them, as rows. Dates are canonical Jalali text."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from db.base import Row
from db.models.entity import Entity, link


class Household(Entity, Row):
    """`head` may lead out of this centre's scope, so it is no foreign key."""

    __tablename__ = "household"
    head: Mapped[str | None]
    file_number: Mapped[str | None] = mapped_column(index=True)
    address: Mapped[str | None]
    postal_code: Mapped[str | None]
    landline: Mapped[str | None]
    transfer: Mapped[str | None]


class Person(Entity, Row):
    """`merged_into` may lead out of scope or into a ring: resolved on read, never a foreign key."""

    __tablename__ = "person"
    id_kind: Mapped[str | None]
    national_id: Mapped[str | None] = mapped_column(index=True)
    foreign_id: Mapped[str | None] = mapped_column(index=True)
    id_reason: Mapped[str | None]
    given_name: Mapped[str | None]
    family_name: Mapped[str | None]
    father_name: Mapped[str | None]
    birth: Mapped[str | None]
    sex: Mapped[str | None]
    coverage: Mapped[str | None]
    merged_into: Mapped[str | None]


class Membership(Entity, Row):
    __tablename__ = "membership"
    person: Mapped[str | None] = link()
    household: Mapped[str | None] = link()
    relation: Mapped[str | None]
    until: Mapped[str | None]


class Contact(Entity, Row):
    __tablename__ = "contact"
    person: Mapped[str | None] = link()
    channel: Mapped[str | None]
    value: Mapped[str | None]
    note: Mapped[str | None]


class Needs(Entity, Row):
    __tablename__ = "needs"
    person: Mapped[str | None] = link()
    variant: Mapped[str | None]
    sign_language: Mapped[bool | None]
    wheelchair: Mapped[bool | None]
    companion: Mapped[bool | None]
    does_not_read: Mapped[bool | None]
    braille: Mapped[bool | None]
    lip_reading: Mapped[bool | None]
    language: Mapped[str | None]
    channel: Mapped[str | None]
    relay_name: Mapped[str | None]
    relay_phone: Mapped[str | None]
