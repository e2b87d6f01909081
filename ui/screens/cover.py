"""The cover: the desk stays open behind it and its jobs go on; a password takes it away, or brings somebody else."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal

from desktop.domain import texts
from ui.screens.login import LoginScreen, LoginUser
from ui.theme.look import Look
from ui.widgets import Button


class CoverScreen(LoginScreen):
    """As the login, with whoever sits here chosen. `opened` carries what `vouch(user id, password)` returned;
    `close_wanted` is the end of this person's work."""

    close_wanted = Signal()

    def __init__(
        self, look: Look, users: Sequence[LoginUser], vouch: Callable[[str, str], object], *, sitting: str, name: str
    ) -> None:
        self.close_button = Button(look, texts.say("lock.close"), icon="lock", key="F10")
        super().__init__(
            look, users, vouch, centre=texts.say("lock.whose", name=name), title=texts.say("lock.title"),
            safe=texts.say("lock.safe"), chosen=sitting, beside=self.close_button,
        )  # fmt: skip
        self.close_button.clicked.connect(self.close_wanted)
