"""A snapshot on its way here, and the one this desk began from."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from db.base import Row


class SnapshotPiece(Row):
    """A piece that came and is what the manifest says; gone once the whole was opened."""

    __tablename__ = "snapshot_piece"
    place: Mapped[int] = mapped_column(primary_key=True)
    data: Mapped[bytes]


class BaseDocument(Row):
    """A document of the snapshot this desk began from: what is folded again begins here. Empty where it left since."""

    __tablename__ = "base_document"
    entity_id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    doc: Mapped[str]
    hash: Mapped[str]


class BaseOrder(Row):
    """A root-signed redaction that was in force when the snapshot was taken; its notice comes with the history."""

    __tablename__ = "base_order"
    order_id: Mapped[str] = mapped_column(primary_key=True)
    message: Mapped[bytes]
    signature: Mapped[bytes]
