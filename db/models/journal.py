"""The journal and the feed as this desk holds them: changes, signed commits, confirmed documents, conflicts."""

from __future__ import annotations

from sqlalchemy import Index, literal_column
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Row


class ChangeRow(Row):
    """Own and received changes, exact bytes. `sseq` and `effective` are the feed's words, null while pending.

    `standing`: `pending` is own and not in the feed, shown on top of it; `placed` is in the feed (its `sseq` may be
    unknown
    on a desk begun from a snapshot); `ended` was discarded or rerouted by the province, the record stays, its effect
    goes;
    `unknown` is in the feed under a key nobody listed, kept and not folded. No body: its household left this centre.
    A body without salt was redacted.
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
    standing: Mapped[str] = mapped_column()
    __table_args__ = (
        Index("ix_change_entity_id_sseq", "entity_id", "sseq"),
        Index("uq_change_desk_seq", "desk", "seq", unique=True),
        Index("ix_change_pending", "entity_id", sqlite_where=standing == "pending"),
        Index("ix_change_unknown", "sseq", sqlite_where=standing == "unknown"),
    )


PENDING = ChangeRow.standing == literal_column("'pending'")
"""Written out, not bound: the planner uses the partial index only for the words it was made with."""


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


class NoticeRow(Row):
    """A word of the province in the feed, exact bytes: signed by its sign key, an order by its root."""

    __tablename__ = "notice"
    sseq: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[str]
    message: Mapped[bytes]
    signature: Mapped[bytes]


class LeftPlace(Row):
    """A place of the feed whose change has another now: its household left this centre and came back."""

    __tablename__ = "left_place"
    sseq: Mapped[int] = mapped_column(primary_key=True)


class LeftEntity(Row):
    """An entity whose household belongs to another centre now; nothing of it is kept here but that it left."""

    __tablename__ = "left_entity"
    entity_id: Mapped[str] = mapped_column(primary_key=True)


class ListedKey(Row):
    """A key the province's directory listed, which no journal here brings: of another centre's people, of officers."""

    __tablename__ = "listed_key"
    desk: Mapped[str] = mapped_column(primary_key=True)
    actor: Mapped[str] = mapped_column(primary_key=True)
    sign_key: Mapped[bytes] = mapped_column(primary_key=True)


class DocumentRow(Row):
    """The confirmed document of each entity: derived, rebuilt from the feed."""

    __tablename__ = "document"
    entity_id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    household: Mapped[str | None] = mapped_column(index=True)
    doc: Mapped[str]
    hash: Mapped[str]


class DeskKey(Row):
    """The public key of a desk whose changes are here. `instead_of` is the desk this one was, before its chain forked;
    `through` the last seq that is believed of a desk that was revoked."""

    __tablename__ = "desk_key"
    desk: Mapped[str] = mapped_column(primary_key=True)
    sign_key: Mapped[bytes]
    instead_of: Mapped[str | None]
    through: Mapped[int | None]


class Conflict(Row):
    """Derived: one row a contested field of a shown document."""

    __tablename__ = "conflict"
    entity_id: Mapped[str] = mapped_column(primary_key=True)
    field: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
