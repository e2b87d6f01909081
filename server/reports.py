"""What desks say of their own health, for those who support them; kept beside the desk, the newest only."""

from __future__ import annotations

import msgspec
from sqlalchemy import Engine, bindparam, update

from desktop import wire
from server import store
from server.store import DESK

_KEEP = (
    update(DESK)
    .where(DESK.c.centre_id == bindparam("centre"), DESK.c.desk_id == bindparam("desk"))
    .values(report=bindparam("said"), reported_at=bindparam("now"))
)


def keep(engine: Engine, centre_id: str, desk_id: str, report: wire.Report, now_us: int) -> None:
    """Keep the report of a desk."""
    said = msgspec.json.encode(report).decode()
    with store.writing(engine, centre_id) as connection:
        connection.execute(_KEEP, {"centre": centre_id, "desk": desk_id, "said": said, "now": now_us})
