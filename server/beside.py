"""Decisions kept beside the database: a backup from before doesn't know of them, and a restore meets them first."""

from __future__ import annotations

import os
from pathlib import Path

_ENDING = ".json"


def keep(folder: Path, kind: str, name: str, text: str) -> None:
    """Lay one down, whole and lasting, in the data folder; the newest of a name counts."""
    place = folder / kind
    place.mkdir(exist_ok=True, mode=0o700)
    beside = place / f"{name}.new"
    with os.fdopen(os.open(beside, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    beside.replace(place / f"{name}{_ENDING}")
    held = os.open(place, os.O_RDONLY)
    try:
        os.fsync(held)
    finally:
        os.close(held)


def kept(folder: Path, kind: str) -> list[str]:
    """All of a kind, by their names."""
    return [path.read_text("utf-8") for path in sorted((folder / kind).glob(f"*{_ENDING}"))]
