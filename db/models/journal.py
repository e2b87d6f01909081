"""The journal and the feed as this desk holds them: changes, signed commits, confirmed documents, conflicts."""

from __future__ import annotations

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Row


class ChangeRow(Row):
    """Own and received changes, exact bytes. `sseq` and `effective` are the feed's words, null while pending.

    `dropped`: the province discarded or rerouted it; the record stays, its effect goes.
    """

    __tablename__ = "change"
    change_id: Mapped[str] = mapped_column(primary_key=True)
    desk: Mapped[str]
    seq: Mapped[int]
    kind: Mapped[str]
    entity_id: Mapped[str]
    household: Mapped[str | None] = mapped_column(index=True)
    hlc: Mapped[str]
    header: Mapped[bytes]
    body: Mapped[bytes | None]
    salt: Mapped[bytes | None]
    sseq: Mapped[int | None] = mapped_column(unique=True)
    effective: Mapped[str | None] = mapped_column(index=True)
    dropped: Mapped[bool]
    __table_args__ = (
        Index("ix_change_entity_id_sseq", "entity_id", "sseq"),
        Index("uq_change_desk_seq", "desk", "seq", unique=True),
        Index("ix_change_pending", "entity_id", sqlite_where=sseq.is_(None)),
    )


class CommitRow(Row):
    """A signed commit, own or received. `verdict` and `reason` are the province's on an own one, null before."""

    __tablename__ = "signed_commit"
    desk: Mapped[str] = mapped_column(primary_key=True)
    first: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]
    message: Mapped[bytes]
    actor: Mapped[str]
    desk_signature: Mapped[bytes]
    actor_signature: Mapped[bytes]
    verdict: Mapped[str | None] = mapped_column()
    reason: Mapped[str | None]
    __table_args__ = (Index("ix_signed_commit_verdict", "verdict", sqlite_where=verdict.is_not(None)),)


class DocumentRow(Row):
    """The confirmed document of each entity: derived, rebuilt from the feed."""

    __tablename__ = "document"
    entity_id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    household: Mapped[str | None] = mapped_column(index=True)
    doc: Mapped[str]


class DeskKey(Row):
    """The public key of a desk whose changes are here: this one and those of its centre."""

    __tablename__ = "desk_key"
    desk: Mapped[str] = mapped_column(primary_key=True)
    sign_key: Mapped[bytes]


class Conflict(Row):
    """Derived: one row a contested field of a shown document."""

    __tablename__ = "conflict"
    entity_id: Mapped[str] = mapped_column(primary_key=True)
    field: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
