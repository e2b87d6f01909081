"""The files of a courier on a stick: whole or not there at all, read with a bound, and named after nobody."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from desktop.domain.faults import Known
from desktop.seal.courier import MOST_PART, PROVINCE, Label

ENDING = ".courier"


def name(said: Label) -> str:
    """What its files are called: centre, end of the desk's id, which way, first and last seq (last before first: none).

    The end of the id, not its beginning: that is the time it was made.
    """
    answer = said.sender == PROVINCE
    centre, _, desk = (said.to if answer else said.sender).partition("/")
    return f"pishkhan-{centre}-{desk[-8:]}-{'answer-' if answer else ''}{said.first}-{said.last}"


def write(folder: Path, called: str, parts: Sequence[bytes]) -> list[Path]:
    """Write each part as `<called>-1of2.courier`. Raises Known("courier-unwritable"); a name never holds half a file.

    Parts of an older courier of the same name and another number of parts are left: reading tells them apart.
    """
    written: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for at, part in enumerate(parts, 1):
            path = folder / f"{called}-{at}of{len(parts)}{ENDING}"
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
