"""What one run is: who there is, what they suffer, for how long; and where its files are."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

REALM = "training"
CENTRES = ("124", "125")
_MEMORY = Path("/dev/shm")  # noqa: S108
PASSWORD = "گذرواژهٔ نمونه ۱۲۳"


def memory() -> Path | None:
    """A folder in memory, where there is one: whoever is killed loses nothing the system has, and six desks and a
    province syncing every commit to one disk would do little else than wait for it."""
    return _MEMORY if _MEMORY.is_dir() else None


@dataclass(frozen=True, slots=True)
class Seat:
    """A desk of a centre."""

    name: str
    centre: str


@dataclass(frozen=True, slots=True)
class Plan:
    """`seconds` of faults at least, and on until `changes`, `server_kills` and `desk_kills` are reached."""

    folder: Path
    backend: str
    seconds: float
    seed: int
    changes: int = 0
    server_kills: int = 0
    desk_kills: int = 0
    mutant: str = ""
    desks_a_centre: int = 3
    server_life_s: float = 3.0
    desk_life_s: float = 5.0
    database: str = ""
    port: int = 0
    proxy_port: int = 0
    seats: tuple[Seat, ...] = field(default=())

    @property
    def province(self) -> Path:
        return self.folder / "province"

    @property
    def url(self) -> str:
        """Where the desks believe the province to be."""
        return f"https://127.0.0.1:{self.proxy_port}"

    def desk(self, seat: Seat) -> Path:
        return self.folder / f"desk-{seat.name}"

    def journal(self, name: str) -> Path:
        return self.folder / "journals" / f"{name}.jsonl"

    def dump(self, name: str) -> Path:
        return self.folder / "dumps" / f"{name}.json"

    def log(self, name: str) -> Path:
        return self.folder / "logs" / name
