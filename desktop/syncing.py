"""The province tried for ever in the background: by the clock, when the network comes back, after each local write."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, replace
from random import Random
from threading import Lock

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop import keyholders
from desktop.actions import sync_truth
from desktop.actions.permission import require
from desktop.desk import Desk
from desktop.domain import pace
from desktop.domain.faults import Known
from desktop.domain.pace import Cause, Pace
from desktop.domain.roles import may
from desktop.machine import clock as clocks
from desktop.machine import network
from desktop.sync import attempt
from desktop.sync.http import Tally
from ui import tasks

_SECOND_US, _MS_US = 1_000_000, 1_000
_QUIET = Random()  # noqa: S311  (spreads attempts over time, no secret)


@dataclass(frozen=True, slots=True)
class _End:
    """How an attempt ended: `hint` µs of quiet the province asked for, `moved` whether anything came through."""

    good: bool
    hint: int = 0
    moved: bool = False


class Syncing(QObject):
    """Attempts of one open desk, one at a time. `pulled` is emitted with what came, `elsewhere` with which of
    `open_files` (households) other desks have open, `ended` after each attempt in the background.

    `fault` is how the last one failed, None after a good one; `next_at` when the next is due, µs UTC by the desk's
    clock, None while one is under way or none will come. `random` and `clock` (µs, never jumping) are handed in.
    """

    pulled = Signal(object)
    elsewhere = Signal(object)
    ended = Signal()
    _finished = Signal(object)

    def __init__(
        self,
        parent: QObject,
        desk: Desk,
        *,
        random: Random = _QUIET,
        clock: Callable[[], int] = clocks.steady,
        watched: Callable[[QObject], network.Network] = network.watched,
        open_files: Callable[[], Collection[str]] = tuple,
    ) -> None:
        super().__init__(parent)
        self._desk, self._random, self._clock, self._watched = desk, random, clock, watched
        self._open_files = open_files
        self.fault: tuple[str, str, str] | None = None
        self.next_at: int | None = None
        self.pace = Pace()
        self._cause: Cause = "timer"
        self._running, self._stopped, self._written = False, False, False
        self._one = Lock()
        self.timer = QTimer(self, singleShot=True)
        self.timer.timeout.connect(self.try_now)
        self._finished.connect(self._paced)

    def start(self) -> None:
        """Try now, and from now on."""
        self._watched(self).back.connect(self.reconnected)
        self.try_now()

    def stop(self) -> None:
        """No further attempt; one under way goes on."""
        self._stopped, self.next_at = True, None
        self.timer.stop()

    # -- what brings an attempt
    @Slot()
    def reconnected(self) -> None:
        """The network came back."""
        self._bring("reconnect", pace.reconnected(self.pace, self._clock(), self._random.random()))

    def written(self) -> None:
        """Something was saved here. While an attempt is under way it may have come too late for that one."""
        self._written = self._running
        self._bring("write", pace.written(self.pace, self._clock()))

    def _bring(self, cause: Cause, other: Pace) -> None:
        if other.due < self.pace.due:
            self._cause = cause
        self.pace = other
        self._wait()

    def _wait(self) -> None:
        if not self._running and not self._stopped:
            left = max(0, self.pace.due - self._clock())
            self.timer.start(-(-left // _MS_US))
            self.next_at = self._desk.now() + left

    # -- attempts
    @Slot()
    def try_now(self) -> None:
        """One attempt off the window's thread; does nothing while one is under way."""
        if self._running or self._stopped:
            return
        self._running, cause = True, self._cause
        self._cause, self.next_at = "timer", None
        tasks.run(self, lambda: self._quietly(cause), self._ended, self._ended)

    def _quietly(self, cause: Cause) -> _End:
        """An unenrolled desk doesn't try, nor does somebody who may not; a fault is kept for the truth."""
        with self._desk.reading() as session:
            joined = sync_truth.enrolled(session)
        if not joined or not may(self._desk.actor.roles, "sync.run"):
            return _End(good=True)
        tally, good = Tally(), False
        with suppress(Known):
            self._sync(cause, tally)
            good = True
        return _end(tally, good=good)

    def once(self, cause: Cause) -> None:
        """One full sync, in the caller's thread; a second one waits for the first. Raises Known, and keeps it."""
        require(self._desk.actor, "sync.run")
        tally, good = Tally(), False
        try:
            self._sync(cause, tally)
            good = True
        finally:
            self._finished.emit(_end(tally, good=good))

    def _sync(self, cause: Cause, tally: Tally) -> None:
        try:
            with self._one:
                report = attempt.attempt(self._desk, cause, tally, self._open_files())
                with suppress(Known):  # no failure of the sync: the next one tries again
                    if keyholders.seal_to_province(self._desk):  # what it wrote goes too
                        again = attempt.attempt(self._desk, cause, tally, self._open_files())
                        report = replace(again, changed=report.changed | again.changed)
        except Known as fault:
            self.fault = fault.parts()
            raise
        self.fault = None
        self.pulled.emit(report.changed)
        self.elsewhere.emit(report.open_elsewhere)

    def _ended(self, end: _End | tasks.Failure) -> None:
        """The attempt in the background is over; one that nobody foresaw to fail so is a failed one."""
        self._running = False
        self._paced(end if isinstance(end, _End) else _End(good=False))
        self.ended.emit()

    @Slot(object)
    def _paced(self, end: _End) -> None:
        """The next one, by how this one ended; it comes whether or not anything is written here."""
        now, draw = self._clock(), self._random.random()
        if end.good:
            self.pace = pace.succeeded(now, draw)
        else:
            self.pace = pace.failed(self.pace, now, draw, hint=end.hint, moved=end.moved)
        if self._written:
            self._written, self._cause, self.pace = False, "write", pace.written(self.pace, now)
        self._wait()


def _end(tally: Tally, *, good: bool) -> _End:
    return _End(good, tally.wait_s * _SECOND_US, tally.smaller or tally.pushed + tally.pulled > 0)
