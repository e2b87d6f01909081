"""The file a person sends to support: how syncing goes on this desk, without a word of anybody."""

from __future__ import annotations

import json
import platform
from pathlib import Path
from typing import Any

from desktop import wire
from desktop.actions import sync_support
from desktop.desk import Desk
from desktop.domain import program
from desktop.domain.faults import Known


def report(desk: Desk) -> dict[str, Any]:
    """Counts, versions and attempts as plain values. Raises Known("not-allowed")."""
    signer = desk.signer
    versions: dict[str, str | int] = {
        "program": program.version(), "protocol": wire.PROTOCOL, "python": platform.python_version(),
        "system": platform.system(), "release": platform.release(),
    }  # fmt: skip
    with desk.reading() as session:
        return sync_support.report(
            session, desk.actor, desk=signer.desk, centre=signer.centre, realm=signer.realm, now=desk.now(),
            versions=versions,
        )  # fmt: skip


def save(desk: Desk, path: Path | str) -> None:
    """Write it. Raises Known("file-not-saved")."""
    said = json.dumps(report(desk), ensure_ascii=False, indent=1, sort_keys=True)
    try:
        Path(path).write_text(said + "\n", "utf-8")
    except OSError as error:
        raise Known("file-not-saved") from error
