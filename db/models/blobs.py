"""Files beside the records, in this PC's encrypted database: in pieces, with their own queue to the province."""

from __future__ import annotations

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Row


class Blob(Row):
    """A file by the SHA-256 of its bytes. `standing`: `unsent` was made here, `sent` the province has it too, `wanted`
    is known and comes, `here` came whole, `spoiled` isn't what its name says any more. `size` is null until known."""

    __tablename__ = "blob"
    name: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int | None]
    standing: Mapped[str]
    __table_args__ = (Index("ix_blob_standing", "standing", "size"),)


class BlobPiece(Row):
    """Its bytes from `at` on."""

    __tablename__ = "blob_piece"
    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[int] = mapped_column(primary_key=True)
    data: Mapped[bytes]


class BlobOf(Row):
    """The entity a file belongs to: it goes with the last of them."""

    __tablename__ = "blob_of"
    name: Mapped[str] = mapped_column(primary_key=True)
    entity_id: Mapped[str] = mapped_column(primary_key=True, index=True)
