"""The two locks of an open desk, and who comes after whom.

The cover hides it and its jobs go on; the same person's password takes it away. The close ends it: jobs drained, key
forgotten. Another person of this PC comes in through the cover: whoever sat there keeps a draft of each form, and finds
the place they were at when they return.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Slot

from desktop import desk as desks
from desktop import keyholders
from desktop.desk import Desk
from desktop.domain import texts
from desktop.domain.faults import Known
from desktop.machine import clock
from desktop.places import Places
from ui import tasks
from ui.access import announce
from ui.idle import Idle
from ui.screens.cover import CoverScreen
from ui.screens.login import LoginUser
from ui.theme.look import Look
from ui.window import Window

_LOOK_EVERY_MS = 50
_log = logging.getLogger(__name__)


class Locks(QObject):
    """Of one window. `login(said)` asks who it is; `opened(desk)` shows somebody's desk, and is told to `sit` here."""

    def __init__(
        self,
        window: Window,
        look: Look,
        folder: Path,
        *,
        login: Callable[[str], object],
        opened: Callable[[Desk], object],
        steady: Callable[[], int] = clock.steady,
        wall: Callable[[], int] = clock.now,
    ) -> None:
        super().__init__(window)
        self._window, self._look, self._folder = window, look, folder
        self._login, self._opened = login, opened
        self._desk: Desk | None = None
        self._places: Places | None = None
        self._cover: CoverScreen | None = None
        self._was_at: dict[str, str] = {}
        self._then: Callable[[], object] | None = None
        self._quiet = QTimer(self, interval=_LOOK_EVERY_MS)
        self._quiet.timeout.connect(self._if_quiet)
        self.idle = Idle(self, steady, wall)
        self.idle.cover_due.connect(self.cover)
        self.idle.close_due.connect(self.close_now)
        window.lock_wanted.connect(self.cover)
        if (handle := window.windowHandle()) is not None:
            self.idle.watch(handle)

    def sit(self, desk: Desk, places: Places) -> None:
        """This desk is open now, with these places; they go to where this person last was."""
        self._desk, self._places, self._cover = desk, places, None
        if (place := self._was_at.pop(desk.actor.staff_id, "")) not in ("", "home"):
            self._window.go(place)

    # -- the cover
    @Slot()
    def cover(self) -> None:
        """Cover the desk: nothing of it is seen until a password is typed; what is under way goes on."""
        desk = self._desk
        if desk is None or self._window.covered():
            return
        users = [LoginUser(user, name) for user, name in desks.users(self._folder)]
        users.sort(key=lambda user: user.id != desk.actor.staff_id)
        screen = CoverScreen(self._look, users, self._vouch, sitting=desk.actor.staff_id, name=desk.actor.name)
        screen.opened.connect(self._answered)
        screen.close_wanted.connect(self.close_now)
        self._cover = screen
        if self._places is not None:
            self._places.client.take_away()  # a sentence on the second monitor is part of what is covered
        self._window.cover(screen)
        announce(screen, texts.say("lock.locked"))

    def _vouch(self, user: str, password: str) -> tuple[str, str]:
        if self._desk is not None:
            keyholders.vouch(self._desk, user, password)
        return user, password

    def _answered(self, given: object) -> None:
        assert isinstance(given, tuple)  # noqa: S101  (what `_vouch` returned)
        user, password = given
        if self._desk is None or self._then is not None:
            return
        self.idle.touch()
        if user == self._desk.actor.staff_id:
            self._cover = None
            self._window.uncover()
        else:
            self._end(lambda: self._bring(user, password))

    # -- the close
    @Slot()
    def close_now(self) -> None:
        """Close the desk: it is covered at once, its jobs end, its key is forgotten, and the login asks who it is."""
        self.close_for(lambda: self._login(texts.say("lock.closed")))

    def close_for(self, then: Callable[[], object]) -> None:
        """Close the desk as the end of work does, and go on with `then`."""
        self.cover()
        self._end(then)

    def _end(self, then: Callable[[], object]) -> None:
        """Let what is under way end without holding the window up, close the desk, and go on with `then`."""
        if self._desk is None or self._places is None or self._then is not None:
            return
        self._was_at[self._desk.actor.staff_id] = self._window.place()
        self._window.leave()
        self._places.stop()
        if self._cover is not None:
            self._cover.wait(texts.say("lock.closing"))
        self._then = then
        self._quiet.start()

    def _if_quiet(self) -> None:
        then = self._then
        if then is None or tasks.busy():
            return
        self._quiet.stop()
        self._then = None
        try:
            self.shut()
        except Known as fault:  # all is saved; the log is brought home at the next opening
            _log.warning("desk.unclosed %s", fault.code)
        then()

    def shut(self) -> None:
        """Let go of the desk; work under way is over. Raises Known: storage faults."""
        desk, places = self._desk, self._places
        self._desk = self._places = None
        if desk is None or places is None:
            return
        try:
            keyholders.drop_unvouched(desk)
        except Known as fault:
            _log.warning("desk.not-rotated %s", fault.code)
        try:
            places.close()
        finally:
            places.deleteLater()

    # -- the next person
    def _bring(self, user: str, password: str) -> None:
        def failed(failure: tasks.Failure) -> None:
            self._login(" ".join(failure.parts))

        tasks.run(self, lambda: keyholders.come_in(self._folder, user, password), self._opened, failed)
