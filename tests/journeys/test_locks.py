"""Locked, handed over, closed, cut off: whatever happens at the desk, no work is lost, no draft meets other eyes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from db import vault, verify
from desktop import desk as desks
from desktop import keyholders
from desktop.actions import queue
from desktop.app import Front
from desktop.machine import clock, paths
from tests.desk.opened import CHEAP, PASSWORD, Clock, at_work, found
from tests.desk.sitting import settle, until
from tests.desk.typing import press, type_text
from ui import tasks
from ui.idle import CLOSE_AFTER, COVER_AFTER, SECOND
from ui.screens.cover import CoverScreen
from ui.screens.intake import IntakeScreen
from ui.screens.login import LoginScreen
from ui.theme.look import Look
from ui.widgets import PersianEdit

Key = Qt.Key
PEOPLE = {"نرگس آبان‌پور": PASSWORD, "بهار سروستان": "باغِ انار و ماه", "سلیم رودبارک": "رود از کوه می‌آید"}
NARGES, BAHAR, SALIM = PEOPLE
NAMES = ("گلنار", "حبیب", "یونس", "مهتاب", "آوا", "دارا", "پریا", "سپیده")


class Time:
    """A clock that stands until it is moved, µs."""

    def __init__(self) -> None:
        self.at = 1_795_500_000 * SECOND

    def __call__(self) -> int:
        return self.at


class Room:
    """A PC in a centre and those who come to it, by the keyboard of the real window."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.steady, self.wall = folder, Time(), Time()
        self.start()

    def start(self) -> None:
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        here = paths.prepare(self.folder, training=True)
        self.front = Front(application, here, training=True, steady=self.steady, wall=self.wall)
        self.front.show()
        settle()

    @property
    def door(self) -> LoginScreen | None:
        """The login or the cover, whichever asks for a password now."""
        return next((each for each in self.front.window.findChildren(LoginScreen) if each.isVisible()), None)

    def sitting(self) -> str:
        """Who sits at the open desk, covered or not; empty where it is closed."""
        locks = self.front.locks
        return locks._desk.actor.name if locks is not None and locks._desk is not None else ""

    def come(self, name: str, password: str = "") -> None:
        """Choose a name at the login or the cover, type the password, Enter."""
        door = self.door
        assert door is not None
        door.who.choose({label: user for user, label in desks.users(self.folder)}[name])
        door.password.setFocus()
        door.password.clear()
        type_text(door.password, password or PEOPLE[name])
        press(door.password, Key.Key_Return)
        settle()
        if not password:
            until(lambda: self.sitting() == name and self.front.window.front() is not None and self.door is None, name)
            settle()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def lock(self) -> None:
        press(self.front.window, Key.Key_F12)
        settle()
        assert isinstance(self.door, CoverScreen)

    def close(self) -> None:
        """The end of somebody's work, from the cover."""
        assert self.front.locks is not None
        self.front.locks.close_now()
        self.until_closed()

    def until_closed(self) -> None:
        until(lambda: not self.sitting() and self.door is not None and not isinstance(self.door, CoverScreen), "login")
        settle()

    def intake(self) -> IntakeScreen:
        screen = self.front.window.go("intake")
        settle()
        assert isinstance(screen, IntakeScreen)
        return screen

    def type_name(self, name: str) -> None:
        """Somebody new has come; their name is typed, and no more."""
        screen = self.intake()
        if not screen.view.person_form.isVisible():
            press(screen, Key.Key_F6)
        edit = screen.view.person_form.fields["given_name"].control
        assert isinstance(edit, PersianEdit)
        edit.setFocus()
        edit.selectAll()
        type_text(edit, name)

    def two_seconds_pass(self) -> None:
        keeper = self.intake().keeper
        if keeper.timer.isActive():
            keeper.timer.timeout.emit()
        settle()

    def typed(self) -> str:
        """The name that stands in the intake form of who sits here."""
        form = self.intake().view.person_form
        return form.typed("given_name") if form.isVisible() else ""

    def visit(self, seed: int) -> tuple[str, str]:
        """A visit is registered; its id and hash after it is on disk."""
        locks = self.front.locks
        assert locks is not None
        assert locks._desk is not None
        done = at_work(locks._desk, seed).whole()
        return done.registered.visit_id, done.hash

    def crash(self, elsewhere: Path) -> None:
        """The power goes: what is on disk at this moment is all there is, with nobody told. It starts again from
        there."""
        shutil.copytree(self.folder, elsewhere, ignore=shutil.ignore_patterns("*.lock"))
        self.leave()
        self.folder = elsewhere
        self.start()

    def leave(self) -> None:
        """Close the window."""
        self.front.window.close()
        settle()
        self.front.window.deleteLater()
        settle()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def room(tmp_path: Path, session_look: Look) -> Iterator[Room]:
    del session_look  # the application's fonts
    folder = found(tmp_path / "desk")
    desk = desks.unlock(folder, desks.users(folder)[0][0], PASSWORD)
    desk.cost, desk.now = CHEAP, Clock()
    keyholders.add(desk, BAHAR, ["receptionist", "screener"], PEOPLE[BAHAR])
    keyholders.add(desk, SALIM, ["social_worker", "screener"], PEOPLE[SALIM])
    desk.close()
    made = Room(folder)
    yield made
    made.leave()


def test_another_comes_in_through_the_cover_and_each_finds_their_own_form(room: Room) -> None:
    room.come(NARGES)
    room.type_name("گلنار")
    room.lock()
    assert not room.intake().isVisible()
    room.come(NARGES, "نادرست")
    assert room.front.window.covered(), "a wrong password opens nothing"
    room.come(BAHAR)
    assert room.typed() == ""
    room.type_name("حبیب")
    room.lock()
    room.come(NARGES)
    assert room.front.window.place() == "intake", "where she was"
    assert room.typed() == "گلنار"
    room.lock()
    room.come(NARGES)
    assert room.typed() == "گلنار"
    room.lock()
    room.come(BAHAR)
    assert room.typed() == "حبیب"


def test_a_sentence_shown_to_the_client_goes_with_the_cover(room: Room) -> None:
    room.come(NARGES)
    locks = room.front.locks
    assert locks is not None
    assert locks._places is not None
    locks._places.client.show_words("بفرمایید بنشینید.", second=True)
    assert locks._places.client.shown_words()
    locks.cover()
    assert locks._places.client.shown_words() == ""
    room.come(NARGES)
    assert locks._places.client.shown_words() == ""


def test_the_next_person_calls_with_the_same_key(room: Room) -> None:
    room.come(NARGES)
    room.lock()
    room.come(BAHAR)
    locks = room.front.locks
    assert locks is not None
    assert locks._places is not None
    board = locks._places.queue
    board._writing(queue.take, clock.now())
    settle()
    press(room.front.window, Key.Key_F5)
    settle()
    until(lambda: board.read().current is not None, "the call")


def test_five_minutes_cover_it_sixty_close_it_and_so_does_a_sleep(room: Room) -> None:
    room.come(NARGES)
    locks = room.front.locks
    assert locks is not None
    room.type_name("گلنار")
    room.steady.at += COVER_AFTER - SECOND
    locks.idle.look()
    assert not room.front.window.covered()
    handle = room.front.window.windowHandle()
    assert handle is not None
    QTest.keyClick(handle, Key.Key_Shift)
    room.steady.at += COVER_AFTER - SECOND
    locks.idle.look()
    assert not room.front.window.covered(), "a key was pressed meanwhile"
    room.steady.at += SECOND
    locks.idle.look()
    assert room.front.window.covered()
    room.steady.at += CLOSE_AFTER
    locks.idle.look()
    room.until_closed()
    room.come(NARGES)
    assert room.typed() == "گلنار"
    room.wall.at += 8 * 3600 * SECOND  # the lid was shut over night
    locks.idle.look()
    assert room.front.window.covered(), "covered at once, before its jobs end"
    room.until_closed()
    assert not list(room.folder.glob("*-wal")), "the database was brought home and let go"


def test_who_was_removed_meanwhile_does_not_come_back_through_the_cover(room: Room) -> None:
    room.come(NARGES)
    locks = room.front.locks
    assert locks is not None
    desk = locks._desk
    assert desk is not None
    leaver = next(each for each in keyholders.read(desk).people if each.name == BAHAR)
    keyholders.leave(desk, leaver.staff_id)
    room.visit(3)
    assert vault.read(room.folder).generation == 2
    room.lock()
    assert room.door is not None
    assert [tile.choice.words for tile in room.door.who.tiles] == [NARGES, SALIM]
    room.come(SALIM)
    room.close()


def _play(room: Room, seed: int, steps: int, crashes: Path) -> None:
    """One sequence of logins, locks, switches, closings and crashes; what was promised is looked for at its end."""
    rng = Random(seed)
    drafts: dict[str, str] = {}
    visits: dict[str, str] = {}
    for step in range(steps):
        who = rng.choice(list(PEOPLE))
        act = rng.choice(("type", "type", "visit", "lock", "switch", "close", "sleep", "restart", "crash"))
        if not room.sitting():
            room.come(who)
            assert room.typed() == drafts.get(who, "")
            continue
        sits = room.sitting()
        if act == "type":
            drafts[sits] = rng.choice(NAMES)
            room.type_name(drafts[sits])
            if rng.random() < 0.5:
                room.two_seconds_pass()
            else:  # typed a moment ago: whatever comes next but a crash keeps it all the same
                room.lock()
                room.come(sits)
        elif act == "visit":
            visit, digest = room.visit(seed * 1_000 + step)
            visits[visit] = digest
        elif act in ("lock", "switch"):
            room.lock()
            room.come(sits if act == "lock" else who)
        elif act == "close":
            room.close()
        elif act == "sleep":
            room.wall.at += 3600 * SECOND
            assert room.front.locks is not None
            room.front.locks.idle.look()
            room.until_closed()
        elif act == "restart":
            room.leave()
            room.start()
        else:
            room.crash(crashes / f"{seed}-{step}")
    _all_there(room, drafts, visits)


def _all_there(room: Room, drafts: dict[str, str], visits: dict[str, str]) -> None:
    for name in PEOPLE:
        if room.sitting():
            room.lock()
        room.come(name)
        assert room.typed() == drafts.get(name, ""), name
    room.leave()
    desk = desks.unlock(room.folder, desks.users(room.folder)[0][0], PASSWORD)
    seen = verify.verify(desk.engine, desk.signer.desk, desk.signer.realm, visits)
    desk.close()
    assert seen.missing == []
    assert (seen.chain, seen.signatures, seen.state_differs) == (True, True, [])
    assert not tasks.busy()
    room.start()


def _sequences(room: Room, count: int, crashes: Path) -> None:
    crashes.mkdir()
    kept = room.folder
    for seed in range(count):
        room.leave()
        room.folder = crashes / f"begun-{seed}"  # each begins at the same desk, with nothing typed
        shutil.copytree(kept, room.folder, ignore=shutil.ignore_patterns("*.lock"))
        room.start()
        _play(room, seed, 8, crashes)


@pytest.mark.timeout(600)
def test_twenty_sequences_of_login_lock_switch_and_crash_lose_nothing(room: Room, tmp_path: Path) -> None:
    _sequences(room, 20, tmp_path / "crashes")


@pytest.mark.long
@pytest.mark.timeout(6 * 3600)
def test_five_hundred_sequences_lose_nothing(room: Room, tmp_path: Path) -> None:
    _sequences(room, 500, tmp_path / "crashes")
