"""The one way to do something off the window's thread: `run(owner, work, done, failed)`.

`work` runs in a pool and returns a plain value; `done` or `failed` is then called in the window's thread, unless
`owner` is gone by then. A `Known` fault arrives as its three parts; anything else is a bug, logged and said to be one.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import shiboken6
from PySide6.QtCore import QCoreApplication, QObject, QRunnable, Qt, QThreadPool, Signal, Slot

from desktop.domain import texts
from desktop.domain.faults import Known

Result = TypeVar("Result")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a task failed: three sentences for the person, and the fault's code ("bug" for what nobody foresaw)."""

    parts: tuple[str, str, str]
    code: str


def failure_of(error: Exception) -> Failure:
    """The words for an exception; a bug is logged with its traceback."""
    if isinstance(error, Known):
        return Failure(error.parts(), error.code)
    _log.error("window.bug %s", type(error).__name__, exc_info=error)
    happened, safe, do = (texts.say(f"fault.bug.{part}") for part in ("happened", "safe", "do"))
    return Failure((happened, safe, do), "bug")


class _Delivery(QObject):
    """Lives in the window's thread and hands the result over there; a bare callable across threads can crash."""

    finished = Signal(object, object)

    def __init__(self, owner: QObject, done: Callable[[Any], object], failed: Callable[[Failure], object]) -> None:
        super().__init__()
        self._owner, self._done, self._failed = owner, done, failed
        self.finished.connect(self.deliver, Qt.ConnectionType.QueuedConnection)

    @Slot(object, object)
    def deliver(self, result: object, error: Exception | None) -> None:
        _live.discard(self)
        if not shiboken6.isValid(self._owner):
            return
        if error is None:
            self._done(result)
        else:
            self._failed(failure_of(error))


class _Job(QRunnable):
    def __init__(self, work: Callable[[], object], delivery: _Delivery) -> None:
        super().__init__()
        self._work, self._delivery = work, delivery

    def run(self) -> None:
        result, problem = None, None
        try:
            result = self._work()
        except Exception as error:
            problem = error
        self._delivery.finished.emit(result, problem)


_live: set[_Delivery] = set()  # kept until delivered: neither side may be collected while the pool works
_pools: list[QThreadPool] = []


def _pool() -> QThreadPool:
    if not _pools:
        pool = QThreadPool()
        pool.setMaxThreadCount(3)
        _pools.append(pool)
    return _pools[0]


def run(
    owner: QObject,
    work: Callable[[], Result],
    done: Callable[[Result], object],
    failed: Callable[[Failure], object],
) -> None:
    """Do `work` off the window's thread, then call `done(result)` or `failed(failure)` in it."""
    delivery = _Delivery(owner, done, failed)
    _live.add(delivery)
    _pool().start(_Job(work, delivery))


class Latest(QObject, Generic[Result]):
    """Tasks of which only the newest matters, such as searching while typing: older answers are dropped."""

    def __init__(self, owner: QObject) -> None:
        super().__init__(owner)
        self._owner, self._newest = owner, 0

    def run(
        self, work: Callable[[], Result], done: Callable[[Result], object], failed: Callable[[Failure], object]
    ) -> None:
        self._newest += 1
        mine = self._newest

        def if_newest(answer: Callable[[Any], object]) -> Callable[[Any], object]:
            return lambda value: answer(value) if mine == self._newest else None

        run(self._owner, work, if_newest(done), if_newest(failed))

    def forget(self) -> None:
        """Drop what is under way."""
        self._newest += 1


def busy() -> bool:
    """Whether anything is under way or waiting to be delivered."""
    return bool(_live)


def drain(milliseconds: int = 30_000) -> bool:
    """Wait for all work and deliver it; for closing the desk, and for tests. False if work is left after that time."""
    while _live:
        if not _pool().waitForDone(milliseconds):
            return False
        for delivery in list(_live):
            QCoreApplication.sendPostedEvents(delivery)
    return True
