"""All tables of the desk's database; importing this package makes `Row.metadata` whole."""

from db.models import entity, intake, journal, local, papers, people, screening, search, snapshot, staffing, transfers

__all__ = [
    "entity", "intake", "journal", "local", "papers", "people", "screening", "search", "snapshot", "staffing",
    "transfers",
]  # fmt: skip
