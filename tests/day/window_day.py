"""The day's part at the real window: each main screen is visited and pictured, and two walk-ins are typed by keys."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from db import vault, verify
from db.models.intake import Request, Visit
from desktop import desk as desks
from desktop.desk import Desk
from desktop.domain import national_id, texts
from desktop.domain.intake import Registered
from desktop.paperwork import Paperwork
from desktop.places import Places
from desktop.training.work import Worked
from tests.desk.sitting import Sitting, settle, sitting, until
from ui.screens.intake import IntakeScreen
from ui.screens.login import LoginScreen, LoginUser
from ui.screens.preview import PreviewScreen
from ui.screens.vision import VisionScreen
from ui.theme.look import Look
from ui.window import Window

PRINTER = "چاپگر پذیرش"


@dataclass(frozen=True, slots=True)
class Picture:
    """A screen as it was seen."""

    name: str
    path: str
    theme: str
    zoom: int


class Pictures:
    """Keeps pictures under `folder`/screens."""

    def __init__(self, folder: Path, look: Look) -> None:
        self._folder, self._look = folder, look
        self.taken: list[Picture] = []

    def take(self, at: Sitting, name: str) -> None:
        path = f"screens/{len(self.taken) + 1:02d}-{name}.png"
        at.picture(self._folder / path)
        self.taken.append(Picture(name, path, self._look.theme_name, round(self._look.zoom * 100)))


def look_at_every_screen(desk: Desk, password: str, folder: Path) -> tuple[list[Picture], list[Worked]]:
    """Sit down, register a child by keys, screen them, see both papers, look at every place."""
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    application.setCursorFlashTime(0)
    look = Look(application)
    pictures = Pictures(folder, look)
    _login(desk, password, look, pictures)
    before = _visits(desk)
    with sitting(desk, look, training=texts.say("app.training"), paperwork=_with_a_printer) as at:
        pictures.take(at, "home")
        _register_by_keys(at, pictures)
        pictures.take(at, "receipt")
        _screen_by_keys(at, pictures)
        pictures.take(at, "slip")
        at.press("Ctrl+6")
        pictures.take(at, "sync")
        at.press("F9")
        assert at.places is not None
        _all_there(at.places)
        pictures.take(at, "sync-done")
        at.press("Ctrl+1")
        pictures.take(at, "home-evening")
    return pictures.taken, _worked(desk, before)


def _all_there(places: Places) -> None:
    """What was typed at the window is with the province by the time the screen says so."""
    until(lambda: not places.truth().on_way_count, "everything at the province")
    truth = places.truth()
    if truth.fault or truth.accepted != truth.saved:
        raise AssertionError(f"the sync ended with {truth}")
    settle()


def _with_a_printer(desk: Desk, told: object) -> Paperwork:
    """Paper goes nowhere here; the print system takes every job."""
    assert callable(told)
    return Paperwork(desk, told, choose=lambda _wanted: PRINTER, send=lambda _pages, _printer, _title: "accepted")


def _login(desk: Desk, password: str, look: Look, pictures: Pictures) -> None:
    users = [LoginUser(user, name) for user, name in desks.users(desk.folder)]
    window = Window(look, now=lambda: "۱۰:۲۰", training=texts.say("app.training"))
    window.resize(1366, 768)
    opened: list[object] = []

    def unlock(user: str, typed: str) -> object:
        return vault.unlock(vault.read(desk.folder), user, typed)

    screen = LoginScreen(look, users, unlock, centre=desk.centre.name)
    screen.opened.connect(opened.append)
    window.show_alone(screen)
    window.show()
    at = Sitting(window, look)
    settle()
    pictures.take(at, "login")
    at.type(password + "؟")
    at.press("Return")
    pictures.take(at, "login-wrong-password")
    assert not opened
    at.type(password)
    at.press("Return")
    until(lambda: opened, "the desk's opening")
    window.close()
    window.deleteLater()


def _register_by_keys(at: Sitting, pictures: Pictures) -> None:
    """A mother and her son, who are new; keys alone."""
    at.press("F3")
    at.press("F6")
    at.type("9990")
    at.press("F9")
    pictures.take(at, "intake-faults")
    for _ in range(4):
        at.press("Backspace")
    body = "999990001"
    at.type(body + national_id.check_digit(body))
    screen = at.screen()
    assert isinstance(screen, IntakeScreen)
    form = screen.view.person_form
    for name, typed in (
        ("given_name", "سوگند"), ("family_name", "چنارزاده"), ("father_name", "بهرام"), ("birth", "1401/2/5"),
        ("mobile", "09990001234"),
    ):  # fmt: skip
        form.fields[name].focus()
        settle()
        at.type(typed)
    form.fields["sex"].focus()
    at.press("Space")
    screen.view.picker.focus()
    at.press("1")
    pictures.take(at, "intake")
    at.press("F9")
    until(lambda: isinstance(at.screen(), PreviewScreen), "the receipt")
    settle()


def _screen_by_keys(at: Sitting, pictures: Pictures) -> None:
    at.press("Ctrl+4")
    screen = at.screen()
    assert isinstance(screen, VisionScreen)
    until(lambda: screen.list.model().rowCount(), "somebody who waits")
    screen.list.setFocus()
    at.press("Return")
    until(lambda: screen.child, "the child's test")
    for eye, presses in (("right", 8), ("left", 4)):
        screen.eyes[eye].setFocus()
        for _ in range(presses):
            at.press("Down")
    pictures.take(at, "vision")
    at.press("F9")
    until(lambda: isinstance(at.screen(), PreviewScreen), "the slip")
    settle()


def _visits(desk: Desk) -> set[str]:
    with desk.reading() as session:
        return set(session.scalars(select(Visit.id)))


def _worked(desk: Desk, before: set[str]) -> list[Worked]:
    """What was registered at the window, told as the morning's work is."""
    with desk.reading() as session:
        rows = session.execute(
            select(Visit, Request).join(Request, Request.id == Visit.request).where(Visit.id.not_in(before))
        ).all()
        return [
            Worked(
                Registered(visit.id, request.id, visit.person or "", "", request.tracking_code or "", ()),
                visit.service or "", verify.record_hash(session, "visit", visit.id), None, (),
            )
            for visit, request in rows
        ]  # fmt: skip
