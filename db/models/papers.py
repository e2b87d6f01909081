"""Issued documents, as rows."""

from __future__ import annotations

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Row
from db.models.entity import Entity, link


class IssuedDocument(Entity, Row):
    """A paper that was issued, before anything was sent to a printer; `print_state` says what became of it."""

    __tablename__ = "issued_document"
    number: Mapped[str | None] = mapped_column(index=True)
    paper: Mapped[str | None]
    variant: Mapped[str | None]
    request: Mapped[str | None] = link()
    visit: Mapped[str | None] = link()
    result: Mapped[str | None] = link()
    person: Mapped[str | None] = link()
    copy: Mapped[int | None]
    issued_at: Mapped[int | None] = mapped_column(BigInteger)
    print_state: Mapped[str | None]
