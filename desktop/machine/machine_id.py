"""A stable name of this PC, to notice that a data folder was copied to another one (security 11).

The operating system's own identifier is never stored: only a hash of it under our tag leaves this module.
"""

from __future__ import annotations

import hashlib
import sys
import uuid
from collections.abc import Sequence
from pathlib import Path

from desktop.machine import paths

_TAG = b"pishkhan/machine/v1\0"
_SYSTEM_FILES = (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id"))
_OWN_FILE = "machine-id"


def machine_id(files: Sequence[Path] = _SYSTEM_FILES, local: Path | None = None) -> str:
    """32 hex digits, the same at each start on this PC. `local` is where one is kept if the system has none.

    Raises OSError if the system has none and `local` can't be written.
    """
    source = _from_system(files) or _own(local or paths.local_folder())
    return hashlib.sha256(_TAG + source.encode("utf-8")).hexdigest()[:32]


def _from_system(files: Sequence[Path]) -> str:
    if sys.platform == "win32":
        import winreg  # exists on Windows alone

        with winreg.OpenKey(
            winreg.HKEY_LOCAL_MACHINE, r"SOFTWARE\Microsoft\Cryptography", 0, winreg.KEY_READ | winreg.KEY_WOW64_64KEY
        ) as key:
            return str(winreg.QueryValueEx(key, "MachineGuid")[0])
    for file in files:
        try:
            found = file.read_text("ascii").strip()
        except (OSError, UnicodeDecodeError):
            continue
        # an image that hasn't booted yet holds nothing or "uninitialized": every copy would be the same PC
        if len(found) >= 32:
            return found
    return ""


def _own(folder: Path) -> str:
    file = folder / _OWN_FILE
    try:
        return file.read_text("ascii")
    except FileNotFoundError:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = uuid.uuid4().hex
        file.write_text(made, "ascii")
        return made
