"""What desks say of their own health, for those who support them; kept beside the desk, the newest only."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, bindparam, select, update

from desktop import wire
from server import look_up, store
from server.store import DESK

_KEEP = (
    update(DESK)
    .where(DESK.c.centre_id == bindparam("centre"), DESK.c.desk_id == bindparam("desk"))
    .values(report=bindparam("said"), reported_at=bindparam("now"))
)
_ALL = select(DESK.c.centre_id, DESK.c.desk_id, DESK.c.report, DESK.c.reported_at).order_by(
    DESK.c.centre_id, DESK.c.desk_id
)


def keep(engine: Engine, centre_id: str, desk_id: str, report: wire.Report, now_us: int) -> None:
    """Keep the report of a desk."""
    said = msgspec.json.encode(report).decode()
    with store.writing(engine, centre_id) as connection:
        connection.execute(_KEEP, {"centre": centre_id, "desk": desk_id, "said": said, "now": now_us})


def by_centre(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    """What the desks of each centre said last; `reported_at` (µs UTC) is null of one that never did."""
    found: dict[str, list[dict[str, Any]]] = {}
    refused = look_up.refused(connection)
    for row in connection.execute(_ALL):
        said = msgspec.json.decode(row.report) if row.report else {}
        one = {"desk": row.desk_id, "reported_at": row.reported_at, **said}
        if count := refused.get((row.centre_id, row.desk_id)):
            one["look_ups_refused"] = count
        found.setdefault(row.centre_id, []).append(one)
    return found
