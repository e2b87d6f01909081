"""What this PC remembers before anyone unlocks it: who was here last, which printer, how the window stood.

Nothing here is personal or secret, and losing it costs a click: a damaged file reads as the defaults.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from PySide6.QtCore import QIODevice, QSaveFile

from desktop.domain.faults import Known

_THEMES = ("light", "dark", "contrast")
_ZOOMS = range(100, 201)
_SIDES = range(200, 20_001)


@dataclass(frozen=True, slots=True)
class Settings:
    """Of this PC. `last_user` is a staff id; `printer` a system name, empty for the system's default; zoom in percent;
    `width` and `height` of the window in device-independent pixels, 0 until it was once sized; `maximised`: it filled
    the screen."""

    last_user: str = ""
    printer: str = ""
    theme: str = "light"
    zoom: int = 100
    width: int = 0
    height: int = 0
    maximised: bool = True


def load(path: Path) -> Settings:
    """What was saved; each value that is missing or makes no sense is its default."""
    try:
        read = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return Settings()
    if not isinstance(read, dict):
        return Settings()
    names = (each.name for each in fields(Settings))
    return Settings(**{name: read[name] for name in names if _fits(name, read.get(name))})


def save(path: Path, settings: Settings) -> None:
    """Replace the file whole: a power cut leaves the old one or the new. Raises Known("settings-unsaved")."""
    file = QSaveFile(str(path))
    body = json.dumps(asdict(settings), ensure_ascii=False, indent=1, sort_keys=True).encode("utf-8")
    written = file.open(QIODevice.OpenModeFlag.WriteOnly) and file.write(body) == len(body)
    if not written or not file.commit():
        raise Known("settings-unsaved")


def _fits(name: str, value: Any) -> bool:
    if name == "theme":
        return value in _THEMES
    if name == "zoom":
        return type(value) is int and value in _ZOOMS
    if name in ("width", "height"):
        return type(value) is int and (value == 0 or value in _SIDES)
    if name == "maximised":
        return isinstance(value, bool)
    return isinstance(value, str)
