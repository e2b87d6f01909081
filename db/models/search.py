"""The search index: local, rebuilt at will."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from db.base import Row


class PersonEntry(Row):
    """One searchable person; `row` is their row in the full-text index, `sort_key` the Persian order of their name."""

    __tablename__ = "search_person"
    row: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    person: Mapped[str] = mapped_column(unique=True)
    sort_key: Mapped[str] = mapped_column(index=True)
    likeness: Mapped[str] = mapped_column(index=True)


class Identifier(Row):
    """A number a person can be found by, for range scans: national or foreign ID, phone, file number, tracking code."""

    __tablename__ = "search_identifier"
    value: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(primary_key=True, index=True)
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012  (SQLAlchemy reads it as it stands)
