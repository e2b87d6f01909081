"""The files of a courier on a stick: whole or not there at all, read with a bound, and named after nobody."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from desktop.domain.faults import Known
from desktop.seal.courier import MOST_PART

ENDING = ".courier"


def write(folder: Path, name: str, parts: Sequence[bytes]) -> list[Path]:
    """Write every part as `<name>-1of2.courier`. Raises Known("courier-unwritable"); a name never holds half a file."""
    written: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for at, part in enumerate(parts, 1):
            path = folder / f"{name}-{at}of{len(parts)}{ENDING}"
            _whole(path, part)
            written.append(path)
    except OSError as error:
        raise Known("courier-unwritable", folder=folder) from error
    return written


def read(paths: Sequence[Path]) -> list[bytes]:
    """The files, none held further than one byte past the largest part. Raises Known("courier-unreadable")."""
    found: list[bytes] = []
    for path in paths:
        try:
            with path.open("rb") as file:
                found.append(file.read(MOST_PART + 1))
        except OSError as error:
            raise Known("courier-unreadable", path=path) from error
    return found


def _whole(path: Path, data: bytes) -> None:
    beside = path.with_suffix(".part")
    with os.fdopen(os.open(beside, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    beside.replace(path)
