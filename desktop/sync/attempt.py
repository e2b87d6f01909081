"""One attempt to sync, and the line about it in this PC's history. One at a time is the caller's care."""

from __future__ import annotations

import time
from collections.abc import Collection
from contextlib import suppress

from db import sync_history
from db.sync_history import Attempt
from desktop.domain.faults import Known
from desktop.domain.pace import Cause
from desktop.domain.sync_report import SyncReport
from desktop.sync import round_trip
from desktop.sync.http import Tally
from desktop.sync.link import Desk


def attempt(desk: Desk, cause: Cause, tally: Tally | None = None, open_files: Collection[str] = ()) -> SyncReport:
    """Sync once and keep what came of it. Raises Known as `round_trip.sync` does, which is given the rest."""
    tally = tally or Tally()
    at, begun = desk.now(), time.monotonic()
    report, outcome = None, "bug"
    try:
        report = round_trip.sync(desk, tally, open_files)
        outcome = sync_history.OK
    except Known as fault:
        outcome = fault.code
        raise
    finally:
        row = Attempt(
            at, cause, outcome, tally.pushed, tally.pulled, report.held if report else 0,
            tally.bytes_up, tally.bytes_down, tally.round_trips,
            int((time.monotonic() - begun) * 1_000), tally.clock_offset, tally.begun,
        )  # fmt: skip
        with suppress(Known), desk.writing() as session:  # a full disk mustn't hide what the attempt came to
            sync_history.keep(session, row)
    return report
