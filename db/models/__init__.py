"""All tables of the desk's database; importing this package makes `Row.metadata` whole."""

from db.models import (
    blobs,
    cautions,
    downtime,
    entity,
    incidents,
    intake,
    journal,
    local,
    papers,
    people,
    queue,
    screening,
    search,
    snapshot,
    staffing,
    transfers,
)

__all__ = [
    "blobs", "cautions", "downtime", "entity", "incidents", "intake", "journal", "local", "papers", "people",
    "queue", "screening", "search",
    "snapshot", "staffing", "transfers",
]  # fmt: skip
