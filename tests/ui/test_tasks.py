"""Work off the window's thread: results, known faults, bugs, and answers that come too late."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QApplication

from desktop.domain.faults import Known
from ui import tasks


@pytest.fixture
def owner(qapp: QApplication) -> Iterator[QObject]:
    thing = QObject()
    yield thing
    tasks.drain()


def never(value: object) -> None:
    pytest.fail(f"not expected: {value}")


def test_work_is_done_elsewhere_and_answered_here(owner: QObject) -> None:
    seen: list[object] = []

    def work() -> int:
        seen.append(threading.get_ident())
        return 7

    tasks.run(owner, work, lambda n: seen.extend((n, threading.get_ident())), never)
    assert tasks.busy()
    assert tasks.drain()
    assert not tasks.busy()
    assert seen[1:] == [7, threading.get_ident()]
    assert seen[0] != threading.get_ident()


def test_a_known_fault_comes_in_three_parts(owner: QObject) -> None:
    def work() -> None:
        raise Known("wrong-password")

    heard: list[tasks.Failure] = []
    tasks.run(owner, work, never, heard.append)
    tasks.drain()
    assert heard == [tasks.Failure(Known("wrong-password").parts(), "wrong-password")]


def test_a_bug_is_said_to_be_one_and_logged(owner: QObject, caplog: pytest.LogCaptureFixture) -> None:
    def work() -> None:
        raise ZeroDivisionError

    heard: list[tasks.Failure] = []
    with caplog.at_level(logging.ERROR):
        tasks.run(owner, work, never, heard.append)
        tasks.drain()
    assert [failure.code for failure in heard] == ["bug"]
    assert all(heard[0].parts)
    assert "ZeroDivisionError" in caplog.text


def test_only_the_newest_search_is_answered(owner: QObject) -> None:
    newest: tasks.Latest[str] = tasks.Latest(owner)
    first_may_end, answers = threading.Event(), list[str]()

    def slow() -> str:
        first_may_end.wait(10)
        return "مه"

    newest.run(slow, answers.append, never)
    newest.run(lambda: "مهتاب", answers.append, never)
    first_may_end.set()
    tasks.drain()
    assert answers == ["مهتاب"]


def test_an_old_search_may_even_fail_unheard(owner: QObject) -> None:
    newest: tasks.Latest[str] = tasks.Latest(owner)

    def failing() -> str:
        raise Known("database-busy")

    newest.run(failing, never, never)
    newest.forget()
    tasks.drain()


def test_a_closed_screen_hears_nothing() -> None:
    gone = QObject()
    tasks.run(gone, lambda: 1, never, never)
    gone.deleteLater()
    QCoreApplication.sendPostedEvents(gone, QEvent.Type.DeferredDelete.value)
    assert tasks.drain()


def test_what_an_answer_starts_is_drained_too(owner: QObject) -> None:
    seen: list[int] = []
    tasks.run(owner, lambda: 1, lambda n: tasks.run(owner, lambda: n + 1, seen.append, never), never)
    tasks.drain()
    assert seen == [2]
