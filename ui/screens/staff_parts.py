"""The form at the side of the colleagues' screen: one form that asks what each thing needs."""

from __future__ import annotations

from typing import Literal, cast

from PySide6.QtWidgets import QWidget

from desktop.domain import persian_text
from desktop.domain.faults import Invalid
from desktop.domain.roles import ROLES, Role
from desktop.domain.staffing import Colleague
from desktop.domain.texts import say
from ui.access import announce
from ui.screens.password_part import NewPassword
from ui.theme.look import Look
from ui.widgets import Choice, ChoiceTiles, Field, Paragraph, PasswordEdit, PersianEdit, column

Mode = Literal["add", "roles", "admit", "leave", "code", "own"]


class Form(QWidget):
    """Name, roles, the old password, the new one twice: those that `mode` needs are shown."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.mode: Mode = "own"
        self._who: Colleague | None = None
        self._head = Paragraph(look, scale="lead", weight="bold")
        self._about = Paragraph(look, tone="muted")
        self.name = PersianEdit(longest=60)
        self.name_field = Field(look, say("staff.name"), self.name, required=True)
        choices = [Choice(role, say(f"role.{role}"), say(f"staff.about-{role}")) for role in ROLES]
        self.role_tiles = ChoiceTiles(look, say("staff.roles-of"), choices, several=True, wide=1, narrow=1)
        self.roles_field = Field(look, say("staff.roles-of"), self.role_tiles, required=True)
        self.old = PasswordEdit()
        self.old_field = Field(look, say("password.old"), self.old, required=True)
        self.new = NewPassword(look)
        self.setLayout(
            column(
                look, self._head, self._about, self.name_field, self.roles_field, self.old_field, self.new, 1, gap="m"
            )
        )

    def ask(self, mode: Mode, who: Colleague | None) -> None:
        """What is needed for this, for `who` where it is about somebody; nothing of an earlier form stays."""
        self.mode, self._who = mode, who
        self.name.set_text("")
        self.old.clear()
        self.new.clear()
        for field in (self.name_field, self.roles_field, self.old_field):
            field.clear_error()
        self.role_tiles.choose(who.roles if who is not None and mode == "roles" else ())
        self._head.setText(say(f"staff.head-{mode}", name=self.called()))
        self._about.setText(say(f"staff.about-{mode}"))
        for part in (self._head, self._about):
            part.updateGeometry()
        self.name_field.setVisible(mode == "add")
        self.roles_field.setVisible(mode in ("add", "roles"))
        self.old_field.setVisible(mode == "own")
        self.new.setVisible(mode in ("add", "admit", "own"))
        if self.isVisible() and mode in ("leave", "code"):
            announce(self, f"{self._head.text()} {self._about.text()}")

    def first(self) -> QWidget:
        """The control the keyboard goes to."""
        by_mode: dict[Mode, QWidget] = {"add": self.name, "roles": self.role_tiles, "admit": self.new.new}
        return by_mode.get(self.mode, self.old)

    def called(self) -> str:
        return self._who.name if self._who is not None else ""

    def whose(self) -> str:
        """The id of who it is about, empty where it is nobody on the list."""
        return self._who.staff_id if self._who is not None else ""

    def roles(self) -> tuple[Role, ...]:
        return tuple(cast("Role", each) for each in self.role_tiles.values())

    def password(self) -> str:
        return self.new.new.value()

    def complete(self) -> bool:
        """Whether it can be done; what is missing is shown at its field, the first one focused."""
        if self.mode == "add" and not self._named():
            return False
        if self.mode in ("add", "roles") and not self.roles():
            self.roles_field.set_error(say("staff.roles-missing"))
            self.role_tiles.setFocus()
            return False
        if self.mode == "own" and not self.old.value():
            self.old_field.set_error(say("login.password-missing"))
            self.old_field.focus()
            return False
        self.new.name = self.name.value() or self.called()
        return self.mode not in ("add", "admit", "own") or self.new.complete() is not None

    def _named(self) -> bool:
        try:
            persian_text.name(self.name.value())
        except Invalid as wrong:
            self.name_field.set_error(wrong.sentence())
            self.name_field.focus()
            return False
        return True

    def forget(self) -> None:
        """Whoever covers the desk leaves no half-typed password behind."""
        self.old.clear()
        self.new.clear()
