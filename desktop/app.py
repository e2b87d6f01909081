"""The desk with its window: one running copy, the login, then the places. `python -m desktop [--training]`."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, QLocale, QTimer, QTranslator
from PySide6.QtWidgets import QApplication

from desktop.domain import digits, jalali, texts
from desktop.domain.faults import Known
from desktop.machine import clock, core_dumps, logs, paths, settings
from desktop.machine.paths import Places as Folders
from desktop.machine.single_instance import SingleInstance
from ui import tasks
from ui.access import announce
from ui.screens.login import LoginScreen, LoginUser
from ui.theme.look import Look
from ui.theme.tokens import THEMES
from ui.widgets import Button, Paragraph, column, failure_note, holder, row
from ui.window import Window

if TYPE_CHECKING:
    from desktop.locks import Locks

_SMALLEST = (960, 600)
_LOOK_KEPT_AFTER = 600
_PAINTED_MS = 100
_log = logging.getLogger(__name__)


def main(arguments: list[str] | None = None) -> int:
    """Run the desk until its window is closed; 0 where that went well, 1 where it couldn't be opened."""
    core_dumps.off()
    parser = argparse.ArgumentParser(prog="python -m desktop")
    parser.add_argument("--data-dir", type=Path)
    parser.add_argument("--training", action="store_true", help="practise: invented people, never the province's")
    parser.add_argument("--say-at-login", default="", help="a line under the title of the login")
    asked = parser.parse_args(arguments)
    application = QApplication(sys.argv[:1])
    application.setApplicationName(texts.say("app.title"))  # what a screen reader calls it
    _speak_persian(application)
    try:
        folders = paths.prepare(asked.data_dir, training=asked.training)
        alone = SingleInstance(folders.lock)
    except Known as fault:
        return _stop(application, fault)
    handler = logs.start(folders.logs)
    front = Front(application, folders, training=asked.training, said=asked.say_at_login)
    sys.excepthook = front.tell_bug
    alone.called.connect(front.come_forward)
    front.show()
    try:
        return int(application.exec())
    finally:
        sys.excepthook = sys.__excepthook__
        alone.release()
        logs.stop(handler)


def _speak_persian(application: QApplication) -> None:
    """Qt's own words, in Persian where it has them."""
    translator = QTranslator(application)
    if translator.load(QLocale("fa_IR"), "qtbase", "_", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        application.installTranslator(translator)


def _stop(application: QApplication, fault: Known) -> int:
    """Say why the desk can't open, in a window: a technician may not be there to read a terminal."""
    window = _alone(Look(application), fault)
    application.exec()
    window.deleteLater()
    return 1


def _alone(look: Look, fault: Known) -> Window:
    """A window that says this and nothing else."""
    window = Window(look, now=_time)
    window.show_alone(failure_note(look, fault.parts()))
    window.resize(720, 320)
    window.show()
    return window


def _come_in(root: Path, user: str, password: str) -> object:
    from desktop import keyholders  # SQLAlchemy costs more than Qt: it is loaded once there is something to see

    return keyholders.come_in(root, user, password)


def _load_the_rest() -> None:
    """What is needed once a password is right; loaded while it is typed."""
    from desktop import keyholders, locks, places

    del keyholders, locks, places


def _prepare(window: Window) -> None:
    tasks.run(window, _load_the_rest, lambda _done: None, lambda _failure: None)


def _time() -> str:
    return digits.persian(jalali.time_of_day(clock.now()))


class Front:
    """The window from login to closing."""

    def __init__(
        self,
        application: QApplication,
        folders: Folders,
        *,
        training: bool,
        said: str = "",
        look: Look | None = None,
        back: Callable[[], object] | None = None,
        steady: Callable[[], int] = clock.steady,
        wall: Callable[[], int] = clock.now,
    ) -> None:
        self._steady, self._wall = steady, wall
        self._folders, self._application, self._said = folders, application, said
        self._remembered = settings.load(folders.settings)
        theme = next((name for name in THEMES if name == self._remembered.theme), None) or "light"
        self.look = look or Look(application, theme, self._remembered.zoom / 100)
        self._back = back
        """Where a practice that was begun from a real desk goes when it ends."""
        self._practice: Front | None = None
        self.window = self._window(training=training)
        self.window.setMinimumSize(*_SMALLEST)
        self.window.closing.connect(self._close)
        self.window.practice_wanted.connect(self._leave_to_practise)
        self._look_rests = QTimer(self.window, singleShot=True, interval=_LOOK_KEPT_AFTER)
        self._look_rests.timeout.connect(self._remember_look)
        self.look.changed.connect(self._look_rests.start)
        self.locks: Locks | None = None
        self.last_words: Window | None = None
        if back is None:
            self.login()

    def _window(self, *, training: bool) -> Window:
        if self._back is not None:
            from desktop import practice  # as in _come_in

            banner = texts.say("practice.banner", password=digits.persian(practice.PASSWORD))
            return Window(self.look, now=_time, training=banner, leave=texts.say("practice.leave"))
        return Window(self.look, now=_time, training=texts.say("app.training") if training else "")

    def show(self) -> None:
        """Show the window as large as it last was, the whole screen at first."""
        if self._remembered.width and self._remembered.height:
            self.window.resize(self._remembered.width, self._remembered.height)
        if self._remembered.maximised:
            self.window.showMaximized()
        else:
            self.window.show()
        QTimer.singleShot(_PAINTED_MS, self.window, partial(_prepare, self.window))  # the window may be gone by then

    def come_forward(self) -> None:
        """A second copy was started: this one is meant."""
        self.window.setWindowState(self.window.windowState() & ~self.window.windowState().WindowMinimized)
        self.window.raise_()
        self.window.activateWindow()

    def login(self, said: str = "") -> None:
        """Ask who it is. Where there is no desk yet, or its vault can't be read, say so instead."""
        from desktop import door  # it reads the vault and no database, SQLAlchemy costs more than Qt

        root = self._folders.root
        try:
            users = [LoginUser(user, name) for user, name in door.users(root)]
            envelope = door.has_envelope(root) or door.province_can_open(root)
        except Known as fault:
            self.window.show_alone(failure_note(self.look, fault.parts()))
            return
        users.sort(key=lambda user: user.id != self._remembered.last_user)
        others = row(self.look, gap="s")
        if not self.window.training:
            others.put(self._other_way("practice.open", "F7", self.practise))
        if envelope:
            others.put(self._other_way("envelope.link", "F8", self.recover))
        come_in = partial(_come_in, root)
        screen = LoginScreen(self.look, users, come_in, centre=said or self._said, beside=holder(others))
        screen.opened.connect(self._opened)
        self.window.show_alone(screen)

    def _other_way(self, words: str, key: str, act: Callable[[], object]) -> Button:
        made = Button(self.look, texts.say(words), kind="quiet", key=key)
        made.clicked.connect(act)
        return made

    # -- practising
    def _leave_to_practise(self) -> None:
        """From an open desk: it is closed first, as at the end of work."""
        if self.locks is not None:
            self.locks.close_for(self.practise)

    def practise(self) -> None:
        """Open the practice centre; the real desk is closed and asks who it is when the practice ends."""
        from desktop import practice  # as in _come_in

        root = self._folders.root
        preparing = Paragraph(self.look, texts.say("practice.preparing"), scale="lead")
        self.window.show_alone(holder(column(self.look, 1, preparing, 1, margins=("xl", "xl", "xl", "xl"))))
        announce(self.window, texts.say("practice.preparing"))
        tasks.run(self.window, lambda: practice.begin(root), self._practising, self._no_practice)

    def _practising(self, desk: object) -> None:
        from desktop import practice  # as in _come_in

        folders = paths.prepare(practice.folder_of(self._folders.root), training=True)
        self._practice = Front(
            self._application, folders, training=True, look=self.look, back=self._practised, steady=self._steady,
            wall=self._wall,
        )  # fmt: skip
        self._practice.window.setGeometry(self.window.geometry())
        self._practice.show()
        self._practice._opened(desk)
        self.window.hide()

    def _practised(self) -> None:
        """The practice ended: who works here is asked as at the first opening."""
        practice, self._practice = self._practice, None
        self.login()
        self.window.show()
        self.window.activateWindow()
        if practice is not None:
            practice.window.deleteLater()

    def _no_practice(self, failure: tasks.Failure) -> None:
        self.login(" ".join(failure.parts))

    def recover(self) -> None:
        """The way in by the code of the sealed envelope."""
        from desktop import door, keyholders  # as in _come_in
        from ui.screens.recovery import Fresh, RecoveryScreen

        def by_code(code: str, password: str) -> Fresh:
            done = keyholders.recover(self._folders.root, code, password)
            return Fresh(done.name, done.code)

        asks = door.province_can_open(self._folders.root)
        other = Button(self.look, texts.say("way-back.link"), kind="quiet", key="F8") if asks else None
        screen = RecoveryScreen(self.look, keyholders.code_read, by_code, beside=other)
        screen.done.connect(self.login)
        if other is not None:
            other.clicked.connect(self.recover_by_province)
        self.window.show_alone(screen)

    def recover_by_province(self) -> None:
        """The way in where the envelope is gone too."""
        from desktop import recovering  # as in _come_in
        from ui.screens.province_recovery import ProvinceRecoveryScreen, WayBackActs
        from ui.screens.recovery import Fresh

        root = self._folders.root

        def use(path: str, password: str) -> Fresh:
            done = recovering.use(root, recovering.read(Path(path)), password)
            return Fresh(done.name, done.code)

        acts = WayBackActs(lambda path: recovering.ask_into(root, Path(path)), use, recovering.asked(root))
        screen = ProvinceRecoveryScreen(self.look, acts)
        screen.done.connect(self.login)
        self.window.show_alone(screen)

    def _opened(self, desk: object) -> None:
        from desktop.desk import Desk  # as in _come_in
        from desktop.locks import Locks
        from desktop.paperwork import Paperwork
        from desktop.places import Places

        assert isinstance(desk, Desk)  # noqa: S101  (what `unlock` returned)
        self._remember(last_user=desk.actor.staff_id)
        places = Places(self.window, self.look, desk)
        places.paperwork = Paperwork(desk, places.changed.emit, wanted=lambda: self._remembered.printer)
        if self.locks is None:
            self.locks = Locks(
                self.window, self.look, self._folders.root, login=self.login, opened=self._opened,
                steady=self._steady, wall=self._wall,
            )  # fmt: skip
        places.open()
        self.locks.sit(desk, places)

    def _remember(self, **values: object) -> None:
        self._remembered = replace(self._remembered, **values)  # type: ignore[arg-type]  # fields of Settings
        try:
            settings.save(self._folders.settings, self._remembered)
        except Known as fault:
            _log.warning("settings.unsaved %s", fault.code)

    def _remember_look(self) -> None:
        """The theme and the zoom this PC begins with, for whoever comes before their own are known."""
        theme, zoom = self.look.theme_name, round(self.look.zoom * 100)
        if (theme, zoom) != (self._remembered.theme, self._remembered.zoom):
            self._remember(theme=theme, zoom=zoom)

    def tell_bug(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """What a slot didn't catch: into the log, masked, and told; the desk goes on."""
        if not isinstance(error, Exception):
            sys.__excepthook__(kind, error, trace)
            return
        self.window.toast.say(" ".join(tasks.failure_of(error).parts))

    def _close(self) -> None:
        """The window goes at once; the desk when its work is done. What can't be brought home is said."""
        size = self.window.normalGeometry().size()
        maximised = self.window.isMaximized()
        self._look_rests.stop()
        self._remember_look()
        self._remember(width=size.width(), height=size.height(), maximised=maximised)
        if self._back is not None:
            self._back()
        self.window.hide()
        if not tasks.drain():  # it still writes: an engine let go under it would fail it, the log heals at opening
            _log.warning("window.closed-at-work")
            return
        try:
            if self.locks is not None:
                self.locks.shut()
        except Known as fault:
            _log.warning("window.unclosed %s", fault.code)
            self.last_words = _alone(self.look, fault)
