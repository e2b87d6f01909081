"""How this desk is, told with every greeting: numbers for those who support it, nothing of any person."""

from __future__ import annotations

import shutil
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db import settings, sync_history
from db.models.journal import ChangeRow, Conflict
from desktop import wire
from desktop.actions import sync_support
from desktop.domain import program
from desktop.sync import link

_FILE = "SELECT file FROM pragma_database_list WHERE name = 'main'"
_UNKNOWN = select(func.count()).where(ChangeRow.standing == "unknown")
_CONFLICTS = select(func.count()).select_from(Conflict)


def report(session: Session) -> wire.Report:
    """Times in µs UTC by this PC's clock; `fault` is how the last attempt failed, empty after a good one."""
    said = sync_support.counts(session, settings.get(session, "desk")["id"])
    tie = settings.get(session, link.SETTING) or {}
    outcome = next((each.outcome for each in sync_history.attempts(session, 1)), sync_history.OK)
    return wire.Report(
        program.version(), said["unsent"], said["oldest_pending"], said["quarantined"],
        session.scalar(_UNKNOWN) or 0, session.scalar(_CONFLICTS) or 0, tie.get("offset", 0), _free(session),
        fault="" if outcome == sync_history.OK else outcome,
    )  # fmt: skip


def _free(session: Session) -> int | None:
    file = session.connection().exec_driver_sql(_FILE).scalar()
    try:
        return shutil.disk_usage(Path(file).parent).free if file else None
    except OSError:
        return None
