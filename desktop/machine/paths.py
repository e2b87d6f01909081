"""Where this PC keeps the desk's data.

The data folder holds everything that is the centre's; it may be moved or backed up whole. The local folder belongs to
the PC and is never copied with it. Training has a data folder of its own, so practice never touches real files.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from desktop.domain.faults import Known


@dataclass(frozen=True, slots=True)
class Places:
    """The folders and files of one desk under its data folder `root`."""

    root: Path

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def settings(self) -> Path:
        return self.root / "this-pc.json"

    @property
    def lock(self) -> Path:
        return self.root / "desk.lock"


def data_folder(
    *, training: bool = False,
    platform: str = sys.platform, environ: Mapping[str, str] = os.environ, home: Path | None = None,
) -> Path:  # fmt: skip
    """The default data folder of this user on this operating system; it need not exist yet."""
    name = "pishkhan-training" if training else "pishkhan"
    at_home = Path.home() if home is None else home
    if platform == "win32":
        return Path(environ.get("LOCALAPPDATA") or at_home / "AppData" / "Local") / name
    if platform == "darwin":
        return at_home / "Library" / "Application Support" / name
    return Path(environ.get("XDG_DATA_HOME") or at_home / ".local" / "share") / name


def local_folder(
    *, platform: str = sys.platform, environ: Mapping[str, str] = os.environ, home: Path | None = None
) -> Path:
    """The folder of what belongs to this PC alone and must not travel with a copy of the data."""
    at_home = Path.home() if home is None else home
    if platform == "win32":
        return Path(environ.get("LOCALAPPDATA") or at_home / "AppData" / "Local") / "pishkhan-local"
    if platform == "darwin":
        return at_home / "Library" / "Application Support" / "pishkhan-local"
    return Path(environ.get("XDG_STATE_HOME") or at_home / ".local" / "state") / "pishkhan"


def prepare(chosen: Path | None = None, *, training: bool = False) -> Places:
    """The places under `chosen` (from --data-dir) or the default, made if missing, open to this user alone.

    Raises Known("data-folder-unusable") where the folder can't be made or written.
    """
    root = (chosen or data_folder(training=training)).expanduser().absolute()
    places = Places(root)
    try:
        for folder in (root, places.logs):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.chmod(0o700)
        trial = root / ".trial"
        trial.touch()
        trial.unlink()
    except OSError as error:
        raise Known("data-folder-unusable") from error
    return places
