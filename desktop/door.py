"""Who may open a desk, read from its vault alone: what the login shows, before the database is thought of."""

from __future__ import annotations

from pathlib import Path

from db import vault


def users(folder: Path) -> list[tuple[str, str]]:
    """(staff id, name) of everyone who can open this desk, as the list at the door shows them."""
    return [(slot.user_id, slot.label) for slot in vault.read(folder).slots if slot.kind == "staff"]


def has_envelope(folder: Path) -> bool:
    """Whether a code can open this desk."""
    return any(slot.kind == "recovery" for slot in vault.read(folder).slots)


def province_can_open(folder: Path) -> bool:
    """Whether the province has a slot on this PC."""
    return any(slot.province for slot in vault.read(folder).slots)
