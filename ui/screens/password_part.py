"""A new password, typed twice by whoever will use it; and a code that is shown once."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from desktop.domain import passwords
from desktop.domain.faults import Invalid
from desktop.domain.texts import say
from ui.access import announce
from ui.theme.look import Look
from ui.widgets import Field, Note, Paragraph, PasswordEdit, column

_GROUPS_A_LINE = 4


class NewPassword(QWidget):
    """The password and once more; `complete` gives it, or shows what is missing and gives None."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.name = ""
        """Whose it will be, so that a name isn't taken for a password."""
        self.new, self.again = PasswordEdit(), PasswordEdit()
        self.new_field = Field(look, say("password.new"), self.new, required=True, hint=say("password.rule"))
        self.again_field = Field(look, say("password.again"), self.again, required=True)
        self.setLayout(column(look, self.new_field, self.again_field, gap="m"))

    def complete(self) -> str | None:
        """The password if it holds and both are the same."""
        try:
            passwords.checked(self.new.value(), self.name)
        except Invalid as wrong:
            self.new_field.set_error(wrong.sentence())
            self.new_field.focus()
            return None
        if self.again.value() != self.new.value():
            self.again_field.set_error(say("password.differs"))
            self.again.selectAll()
            self.again_field.focus()
            return None
        return self.new.value()

    def clear(self) -> None:
        """Forget what was typed."""
        for edit, field in ((self.new, self.new_field), (self.again, self.again_field)):
            edit.clear()
            field.clear_error()


class CodeNote(Note):
    """The new code for the sealed envelope, to be written down: it is said once and kept nowhere."""

    def __init__(self, look: Look, said: str, code: str) -> None:
        groups = code.split()
        lines = [groups[at : at + _GROUPS_A_LINE] for at in range(0, len(groups), _GROUPS_A_LINE)]
        shown = [f"\u2066{'  '.join(line)}\u2069" for line in lines]
        super().__init__(look, "warn", "lock", said, *shown, say("envelope.write-down"), big=True)
        announce(self, f"{said} {code}", now=True)

    def _paragraph(self, number: int, sentence: str) -> Paragraph:
        if sentence.startswith("\u2066"):
            return Paragraph(self._look, sentence, scale="title", weight="bold")
        return super()._paragraph(number, sentence)
