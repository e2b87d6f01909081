"""A draft is kept in the order things happened: never a keeping after the dropping."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from ui import tasks
from ui.screens.draft_keeper import DraftKeeper, Drafts, Plain
from ui.tasks import Failure

Job = tuple[Callable[[], object], Callable[[object], object], Callable[[Failure], object]]


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[Job]:
    """Work handed over, finished only when a test says so."""
    jobs: list[Job] = []
    monkeypatch.setattr(tasks, "run", lambda _owner, work, done, failed: jobs.append((work, done, failed)))
    return jobs


def keeper(calls: list[str], plain: Callable[[], Plain | None]) -> tuple[DraftKeeper, QObject]:
    owner = QObject()
    drafts = Drafts(lambda: None, lambda what: calls.append(str(what["n"])), lambda: calls.append("drop"))
    return DraftKeeper(owner, drafts, plain), owner


def finish(job: Job) -> None:
    job[1](job[0]())


def test_one_writing_at_a_time_in_the_order_asked(qapp: QApplication, begun: list[Job]) -> None:
    calls: list[str] = []
    made, _owner = keeper(calls, lambda: {"n": 1})
    made.keep_now()
    made.drop()
    assert len(begun) == 1, "the dropping waits for the writing"
    finish(begun[0])
    finish(begun[1])
    assert calls == ["1", "drop"]


def test_what_is_kept_is_what_stood_there_then(qapp: QApplication, begun: list[Job]) -> None:
    calls: list[str] = []
    now: list[Plain | None] = [{"n": 1}]
    made, _owner = keeper(calls, lambda: now[0])
    made.keep_now()
    now[0] = {"n": 2}
    made.keep_now()
    now[0] = None
    made.keep_now()
    for at in range(3):
        finish(begun[at])
    assert calls == ["1", "2", "drop"], "a form that was emptied leaves no draft"


def test_a_change_while_the_timer_runs_doesnt_put_it_off(qapp: QApplication, begun: list[Job]) -> None:
    made, _owner = keeper([], lambda: None)
    made.touch()
    running = made.timer.timerId()
    made.touch()
    assert made.timer.timerId() == running, "a timer begun anew has another id"


def test_a_failed_writing_is_told_and_the_next_goes_on(qapp: QApplication, begun: list[Job]) -> None:
    calls: list[str] = []
    made, _owner = keeper(calls, lambda: {"n": 1})
    lost: list[object] = []
    made.lost.connect(lost.append)
    made.keep_now()
    made.keep_now()
    begun[0][2](Failure(("happened", "safe", "do"), "disk-full"))
    finish(begun[1])
    assert lost == [("happened", "safe", "do")]
    assert calls == ["1"]
    assert not tasks.busy()
