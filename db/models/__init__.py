"""All tables of the desk's database; importing this package makes `Row.metadata` whole."""

from db.models import (
    blobs,
    entity,
    intake,
    journal,
    local,
    papers,
    people,
    screening,
    search,
    snapshot,
    staffing,
    transfers,
)

__all__ = [
    "blobs", "entity", "intake", "journal", "local", "papers", "people", "screening", "search", "snapshot", "staffing",
    "transfers",
]  # fmt: skip
