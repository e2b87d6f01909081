"""The program round the window: how it was left is how it comes back, and closing loses nothing and hides nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from desktop import app
from desktop.app import Front
from desktop.desk import Desk
from desktop.domain.faults import Known
from desktop.machine import paths, settings
from tests.desk.sitting import settle, until
from ui import tasks
from ui.access import walk
from ui.theme.look import Look
from ui.window import Window


@pytest.fixture
def front(folder: Path, look: Look) -> Front:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    return Front(application, paths.prepare(folder, training=True), training=True)


def unlocked(front: Front, desk: Desk) -> None:
    front.show()
    front._opened(desk)
    until(lambda: front.window.front(), "the desk's home")
    settle()


def words_of(window: Window) -> str:
    return " ".join(node.name for node in walk.walk(window))


def test_a_window_that_filled_the_screen_fills_it_again(front: Front, folder: Path) -> None:
    kept = paths.prepare(folder, training=True).settings
    front.show()
    assert front.window.isMaximized(), "the first time"
    front.window.showNormal()
    front.window.resize(1000, 700)
    front.window.close()
    assert (settings.load(kept).maximised, settings.load(kept).width) == (False, 1000)
    again = Front(front._application, paths.prepare(folder, training=True), training=True)
    again.show()
    assert not again.window.isMaximized()
    again.window.showMaximized()
    again.window.close()
    assert settings.load(kept).maximised
    assert settings.load(kept).width == 1000, "the size to come back to"


def test_the_window_goes_before_the_desk_is_let_go(front: Front, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    unlocked(front, desk)
    seen: list[tuple[str, bool]] = []
    drain: Callable[[], bool] = tasks.drain

    def drained() -> bool:
        seen.append(("drain", front.window.isVisible()))
        return drain()

    monkeypatch.setattr(tasks, "drain", drained)
    with monkeypatch.context() as patch:
        patch.setattr(Desk, "close", lambda _self: seen.append(("close", front.window.isVisible())))
        front.window.close()
    assert seen == [("drain", False), ("close", False)]


def test_a_desk_that_still_writes_keeps_its_database(front: Front, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    unlocked(front, desk)
    monkeypatch.setattr(tasks, "drain", lambda: False)
    closed: list[object] = []
    with monkeypatch.context() as patch:
        patch.setattr(Desk, "close", lambda _self: closed.append(_self))
        front.window.close()
    assert closed == []


def test_a_full_disk_at_closing_is_said(front: Front, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_self: Desk) -> None:
        raise Known("disk-full")

    unlocked(front, desk)
    with monkeypatch.context() as patch:
        patch.setattr(Desk, "close", full)
        front.window.close()
    assert front.last_words is not None
    assert front.last_words.isVisible()
    assert all(part in words_of(front.last_words) for part in Known("disk-full").parts())
    front.last_words.close()


def test_a_fault_in_a_slot_is_logged_without_names_and_told(
    front: Front, desk: Desk, caplog: pytest.LogCaptureFixture, announced: list[str]
) -> None:
    unlocked(front, desk)
    try:
        raise ValueError("مهتاب کاج‌نژاد")
    except ValueError as error:
        front.tell_bug(type(error), error, error.__traceback__)
    assert [each.getMessage() for each in caplog.records] == ["window.bug ValueError"]
    assert Known("bug").parts()[0] in front.window.toast.text()
    front.window.close()


def test_the_program_hears_of_its_own_faults(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """While the window runs, what no slot caught goes to it; afterwards Python has its own way again."""
    heard: list[object] = []
    monkeypatch.setattr(app, "QApplication", lambda _argv: QApplication.instance())

    def run(*_: object) -> int:
        heard.append(sys.excepthook)
        return 0

    monkeypatch.setattr(QApplication, "exec", run)
    assert app.main(["--data-dir", str(folder), "--training"]) == 0
    assert getattr(heard[0], "__func__", None) is Front.tell_bug
    assert sys.excepthook is sys.__excepthook__
