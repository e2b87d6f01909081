"""The rooms of the house, as data: who may import whom, and which library each may know.

`importlinter.ini` is written from this table (`python -m tests.house.contract`), and the tests hold both together.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

TOPS = ("desktop", "ui", "db", "server", "resources", "installer", "tests")


@dataclass(frozen=True, slots=True)
class Room:
    """A package or module, the other rooms it may import, and the libraries beyond Python's own."""

    name: str
    may: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()

    def exists(self, root: Path) -> bool:
        path = root.joinpath(*self.name.split("."))
        return (path / "__init__.py").exists() or path.with_suffix(".py").exists()


_DOMAIN, _SEAL, _WIRE, _SHEETS = "desktop.domain", "desktop.seal", "desktop.wire", "desktop.sheets"
_DESK_SIDE = (
    _DOMAIN, _SEAL, _WIRE, _SHEETS, "desktop.documents", "db", "desktop.actions", "desktop.sync", "desktop.machine",
    "desktop.training", "ui", "resources",
)  # fmt: skip
_DATABASE = ("sqlalchemy", "sqlcipher3")
_QT = ("PySide6", "shiboken6")

ROOMS = (
    Room(_DOMAIN, ("resources",)),
    Room(_SEAL, (_DOMAIN,), ("cryptography", "http_message_signatures")),
    Room(_WIRE, (_DOMAIN,), ("msgspec", "zstandard")),
    Room(_SHEETS, (_DOMAIN,)),
    Room(
        "desktop.documents", (_DOMAIN, _SEAL, "resources"),
        ("arabic_reshaper", "bidi", "fontTools", "pypdfium2", "reportlab", "segno", "uharfbuzz"),
    ),
    Room("db", (_DOMAIN, _SEAL), (*_DATABASE, "alembic", "cryptography")),
    Room("desktop.actions", (_DOMAIN, "db", _SHEETS, _SEAL), ("sqlalchemy",)),
    Room(
        "desktop.sync", ("desktop.actions", "db", _WIRE, _SEAL, _DOMAIN),
        ("cryptography", "msgspec", "sqlalchemy", "zstandard"),
    ),
    Room("desktop.machine", (_DOMAIN,), _QT),
    Room("desktop.training", (_DOMAIN, "desktop.actions", "db"), ("sqlalchemy",)),
    Room("ui", (_DOMAIN, "resources"), _QT),
    Room(
        "server", (_DOMAIN, _WIRE, _SEAL, _SHEETS),
        ("alembic", "cryptography", "jinja2", "msgspec", "psycopg", "sqlalchemy", "starlette", "uvicorn", "zstandard"),
    ),
    Room("resources"),
    Room("installer", ("desktop.app", "desktop.admin", "desktop.machine", _DOMAIN)),
)  # fmt: skip

LIBRARIES = tuple(sorted({library for room in ROOMS for library in room.libraries}))

# One file a feature, and features are strangers; these two anyone of them may use.
FEATURES = "desktop.actions"
SHARED_BY_FEATURES = ("cases", "permission")


def present(root: Path) -> tuple[Room, ...]:
    """The rooms that are built in the checkout at `root`.

    What stands beside the rooms in `desktop/` is wiring (desk, app, admin …): it alone may know both the database and
    what is rendered, printed or shown, and everything of the desk's side; never the server.
    """
    named = {room.name for room in ROOMS}
    beside = (f"desktop.{file.stem}" for file in sorted((root / "desktop").glob("*.py")) if file.stem != "__init__")
    wiring = tuple(name for name in beside if name not in named)
    return (
        *(room for room in ROOMS if room.exists(root)),
        *(Room(name, (*_DESK_SIDE, *wiring), (*_QT, "sqlalchemy")) for name in wiring),
    )


def forbidden(room: Room, built: tuple[Room, ...]) -> tuple[str, ...]:
    """The rooms among `built`, `tests`, and the libraries that `room` may not import."""
    rooms = (each.name for each in built if each is not room and each.name not in room.may)
    return (*rooms, "tests", *(library for library in LIBRARIES if library not in room.libraries))
