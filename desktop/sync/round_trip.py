"""One full sync. Unknown is not failed: whatever is cut, the next one goes on from what both sides hold."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import func, select

from db import feed, journal, paper_numbers, restored, settings
from db.models.journal import CommitRow
from desktop import wire
from desktop.domain.faults import Known
from desktop.domain.sync_report import SyncReport
from desktop.sync import link
from desktop.sync.http import Line, Tally
from desktop.sync.link import Caller, Desk
from desktop.sync.pull import pull
from desktop.sync.push import push, stand

LAST_SYNC = "last_sync"


def sync(desk: Desk, tally: Tally | None = None) -> SyncReport:
    """Greet, push until all is stored, pull until the head. Work at the desk may go on meanwhile; `tally` counts along.

    Raises Known: not-enrolled, province-pin, and what `push` and `pull` do; what came before the fault is kept.
    """
    with desk.reading() as session:
        tie = link.load(session)
    with Line(tie.server, tie.pins, tally) as line:
        caller = Caller(line, tie, desk.signer, desk.now)
        hello = caller.call("GET", "/hello", wire.HelloReply)
        with desk.reading() as session:
            newest, _ = journal.tip(session, desk.signer.desk)
        try:
            stand(desk, hello.seq, newest, hello.hash)
            pushed = push(desk, caller)
        except Known as fault:
            _forked(desk, fault)
            raise
        pulled, changed = pull(desk, caller, tie.sign_key)
    with desk.writing() as session:
        link.save(session, replace(tie, offset=caller.offset))
        paper_numbers.add(session, hello.series)
        restored.agree(session)
        settings.put(session, LAST_SYNC, desk.now())
        position = feed.position(session)
        held = session.scalar(select(func.count()).select_from(CommitRow).where(CommitRow.verdict == "quarantined"))
    return SyncReport(
        pushed, pulled, held or 0, position.acked_seq, position.durable_seq, position.cursor, caller.offset, changed
    )


def _forked(desk: Desk, fault: Known) -> None:
    """A copy restored together with its head is whole to this PC; the province knows what it lost."""
    if fault.code == "province-forked":
        with desk.writing() as session:
            if not restored.noticed(session):
                restored.notice(session, "forked")
