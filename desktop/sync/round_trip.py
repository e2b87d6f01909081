"""One full sync. Unknown is not failed: whatever is cut, the next one goes on from what both sides hold."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db import blobs as kept_blobs
from db import feed, journal, look_up, paper_numbers, restored, scope, settings
from db.models.journal import CommitRow
from desktop import wire
from desktop.domain import merging
from desktop.domain.changed import Changed
from desktop.domain.changes import SCHEMA
from desktop.domain.faults import Known
from desktop.domain.sync_report import SyncReport
from desktop.sync import blobs, health, link, snapshot
from desktop.sync.http import Line, Tally
from desktop.sync.incarnation import mend
from desktop.sync.link import Caller, Desk, Expected
from desktop.sync.pull import FEED_ID, Diverged, pull
from desktop.sync.push import last, push, stand
from desktop.sync.relay import relay

LAST_SYNC = "last_sync"
_LINE = frozenset({"province-unreachable", "province-trouble"})
NOTHING = Changed(frozenset(), frozenset())


def sync(desk: Desk, tally: Tally | None = None, open_files: Collection[str] = ()) -> SyncReport:
    """Greet, push until all is stored, pull until the head. Work at the desk may go on meanwhile; `tally` counts along,
    `open_files` are the households on its screen.

    Raises Known: not-enrolled, province-pin, and what `push` and `pull` do; what came before the fault is kept.
    """
    with desk.reading() as session:
        tie = link.load(session)
    with Line(tie.server, tie.pins, tally) as line:
        caller = Caller(line, tie, desk.signer, desk.now)
        try:
            hello = _greeted(desk, caller, open_files)
            if not _agrees(desk, hello):
                if mend(desk, caller):
                    caller = Caller(line, tie, desk.signer, desk.now)
                hello = _greet(desk, caller, open_files)
            with desk.reading() as session:
                newest, _ = journal.tip(session, desk.signer.desk)
            stand(desk, hello.seq, newest, hello.hash)
            pushed = push(desk, caller)
        except Known as fault:
            forked(desk, fault)
            raise
        pulled, changed = _bring_up(desk, caller, tie, hello)
        with desk.writing() as session:
            link.save(session, replace(tie, offset=caller.offset))
            heard(session, hello, desk.now())
            link.learn(session, tie, desk.signer.realm, hello.recovery_key, hello.recovery_proof)
        _afterwards(desk, caller, tie)
    with desk.reading() as session:
        position = feed.position(session)
        held = session.scalar(select(func.count()).select_from(CommitRow).where(CommitRow.verdict == "quarantined"))
    return SyncReport(
        pushed, pulled, held or 0, position.acked_seq, position.durable_seq, position.cursor, caller.offset, changed,
        hello.open_elsewhere,
    )  # fmt: skip


def _bring_up(desk: Desk, caller: Caller, tie: link.Link, hello: wire.HelloReply) -> tuple[int, Changed]:
    """Fold what is new; from a snapshot first where this desk has folded nothing yet, or something else.

    A province that was restored or replaced tells its feeds anew, so the places this desk knows mean nothing there: it
    has sent what was lacking, and begins again.
    """
    if hello.snapshot:
        with desk.writing() as session:
            settings.put(session, scope.WANTED, "asked")  # the province says it once
    with desk.reading() as session:
        why = snapshot.wanted(session, hello)
    begun = _begin(desk, caller, tie, why) if why else NOTHING
    try:
        pulled, changed = pull(desk, caller, tie)
    except Diverged:
        begun = begun | _begin(desk, caller, tie, "diverged")
        pulled, changed = _pull_again(desk, caller, tie)
    with desk.reading() as session:
        why = settings.get(session, scope.WANTED) or ""
    if why:
        begun = begun | _begin(desk, caller, tie, why)
        again, more = _pull_again(desk, caller, tie)
        pulled, changed = pulled + again, changed | more
    return pulled, begun | changed


def _begin(desk: Desk, caller: Caller, tie: link.Link, why: str) -> Changed:
    """From a snapshot, and say so in the history of attempts."""
    caller.tally.begun = why
    if why == "restored":
        relay(desk, caller)
        with desk.writing() as session:
            kept_blobs.offer_again(session)
    return snapshot.take(desk, caller, tie)


def _pull_again(desk: Desk, caller: Caller, tie: link.Link) -> tuple[int, Changed]:
    """What came since the snapshot. A state that differs even so is for a person to look at."""
    try:
        return pull(desk, caller, tie)
    except Diverged as error:
        raise Known("state-differs") from error


def _afterwards(desk: Desk, caller: Caller, tie: link.Link) -> None:
    """What can wait for a better line: all that people write went and came before it.

    A line that breaks here fails nothing. Raises Known for what asks for a person, after all of it was tried.
    """
    faults: list[Known] = []
    for work in (lambda: blobs.exchange(desk, caller), lambda: snapshot.history(desk, caller, tie)):
        try:
            work()
        except Known as fault:
            if fault.code in _LINE:
                return
            faults.append(fault)
    if faults:
        raise faults[0]


def _greet(desk: Desk, caller: Caller, open_files: Collection[str]) -> wire.HelloReply:
    with desk.reading() as session:
        standing = greeting(session, open_files)
    return caller.call("POST", "/hello", wire.HelloReply, standing)


def _greeted(desk: Desk, caller: Caller, open_files: Collection[str]) -> wire.HelloReply:
    """The answer to the first greeting. A province that has revoked this desk knows it no more, but takes one push,
    into quarantine: so no work is lost with a desk that was found again."""
    try:
        return _greet(desk, caller, open_files)
    except Known as fault:
        if fault.code == "province-unknown-desk":
            with suppress(Known, Expected):
                last(desk, caller)
        raise


def _agrees(desk: Desk, hello: wire.HelloReply) -> bool:
    """Whether what the province has of this desk's chain is here, and the same."""
    with desk.reading() as session:
        newest, _ = journal.tip(session, desk.signer.desk)
        if not hello.seq:
            return True
        return hello.seq <= newest and journal.ended_by(session, desk.signer.desk, hello.seq) == hello.hash


def greeting(session: Session, open_files: Collection[str] = ()) -> wire.HelloAsk:
    """Where this desk stands, as it tells the province first."""
    return wire.HelloAsk(
        schema_version=SCHEMA,
        fold_version=merging.fold_version(),
        feed_id=settings.get(session, FEED_ID) or "",
        cursor=feed.position(session).cursor,
        series=paper_numbers.held(session),
        spare=paper_numbers.spare(session),
        open_files=tuple(sorted(open_files)),
        report=health.report(session),
        intakes=look_up.due(session, settings.get(session, "desk")["id"]),
    )


def heard(session: Session, hello: wire.HelloReply, at_us: int) -> None:
    """Keep what the province said of this desk, however it came. `at_us`: when it was so, by this PC's clock."""
    paper_numbers.add(session, hello.series, used=bool(restored.noticed(session)))
    restored.agree(session)
    look_up.heard(session, settings.get(session, "desk")["id"], hello.files_elsewhere)
    settings.put(session, LAST_SYNC, at_us)


def forked(desk: Desk, fault: Known) -> None:
    """A copy restored together with its head is whole to this PC; the province knows what it lost."""
    if fault.code == "province-forked":
        with desk.writing() as session:
            if not restored.noticed(session):
                restored.notice(session, "forked")
