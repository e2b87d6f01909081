"""What belongs to this PC alone: never journaled, never sent (design §3)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Row


class Keyring(Row):
    """A private key of this desk, raw bytes: `desk-sign`, `desk-box`, `vault-root`."""

    __tablename__ = "keyring"
    name: Mapped[str] = mapped_column(primary_key=True)
    secret: Mapped[bytes]


class Setting(Row):
    """A setting kept behind the password, by name."""

    __tablename__ = "setting"
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)


class Draft(Row):
    """A form as one person left it; `saved_at` in µs UTC."""

    __tablename__ = "draft"
    user_id: Mapped[str] = mapped_column(primary_key=True)
    form: Mapped[str] = mapped_column(primary_key=True)
    fields: Mapped[dict[str, Any]] = mapped_column(JSON)
    saved_at: Mapped[int] = mapped_column(BigInteger)


class PaperSeries(Row):
    """A run of paper numbers this desk may print; `state` is in-use, spare or spent; `next` is the counter to use."""

    __tablename__ = "paper_series"
    series: Mapped[str] = mapped_column(String(3), primary_key=True)
    state: Mapped[str]
    next: Mapped[int]


class Watermark(Row):
    """How far something has come, by name: acked, durable, pulled."""

    __tablename__ = "watermark"
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger)


class SyncEvent(Row):
    """One attempt to sync. `at` µs UTC by this PC's clock; `outcome` is `ok` or the code of a fault; the offset is the
    province's clock less this PC's, µs, null where nothing was heard; `begun` why it began from a snapshot, if it
    did."""

    __tablename__ = "sync_event"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[int] = mapped_column(BigInteger)
    cause: Mapped[str]
    outcome: Mapped[str]
    pushed: Mapped[int]
    pulled: Mapped[int]
    held: Mapped[int]
    bytes_up: Mapped[int]
    bytes_down: Mapped[int]
    round_trips: Mapped[int]
    milliseconds: Mapped[int]
    clock_offset: Mapped[int | None] = mapped_column(BigInteger)
    begun: Mapped[str]


class SeenVerdict(Row):
    """A verdict on an own commit that somebody at this desk has read: it asks for nobody any more."""

    __tablename__ = "seen_verdict"
    first: Mapped[int] = mapped_column(primary_key=True)
    desk: Mapped[str] = mapped_column(primary_key=True)
    verdict: Mapped[str] = mapped_column(primary_key=True)
