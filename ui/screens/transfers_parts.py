"""Parts of the transfers screen: an open offer with its answers, and the form of a new one."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.domain import digits
from desktop.domain.people import Found, PersonCard
from desktop.domain.texts import say
from desktop.domain.transfers import Listed
from ui.access import announce
from ui.access.keys import shortcut
from ui.screens.intake_parts import SearchPart
from ui.theme.look import Look
from ui.widgets import Button, Card, DigitsEdit, Field, Paragraph, PersianEdit, column, heading, row


class OfferPart(QWidget):
    """An open offer. `answered` carries its id and accept, decline or take-back."""

    answered = Signal(str, str)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._id = ""
        self._what, self._note = Paragraph(look, weight="medium"), Paragraph(look, tone="muted")
        self.accept = Button(look, say("transfers.accept"), icon="check", key="F7")
        self.decline = Button(look, say("transfers.decline"), icon="cross", key="F10")
        self.take_back = Button(look, say("transfers.take-back"), icon="back", key="F8")
        buttons = {"accept": self.accept, "decline": self.decline, "take-back": self.take_back}
        for answer, button in buttons.items():
            button.clicked.connect(self._answers(answer))
        self._why = Paragraph(look, scale="caption", tone="muted")
        self._why.hide()
        line = row(look, *buttons.values(), 1, gap="m")
        self.setLayout(column(look, self._what, self._note, line, self._why, gap="s"))
        self.hide()

    def _answers(self, answer: str) -> Callable[[], None]:
        return lambda: self.answered.emit(self._id, answer)

    def forbid(self, why: str) -> None:
        """Only show offers: whoever sits here may not decide, and is told why."""
        for button in (self.accept, self.decline, self.take_back):
            button.disable(why)
        self._why.setText(why)
        self._why.show()

    def show_offer(self, listed: Listed | None) -> None:
        """This offer, or nothing."""
        self.setVisible(listed is not None)
        self._id = listed.transfer_id if listed else ""
        if listed is None:
            return
        words = "transfers.waits-for-them" if listed.outgoing else "transfers.waits-for-us"
        self._what.setText(say(words, centre=digits.persian(listed.other_centre)))
        self._note.setText(listed.note)
        self._note.setVisible(bool(listed.note))
        for button in (self.accept, self.decline):
            button.setVisible(not listed.outgoing)
        self.take_back.setVisible(listed.outgoing)
        for part in (self._what, self._note):
            part.updateGeometry()

    def first(self) -> Button:
        """The button the keyboard goes to."""
        return self.take_back if not self.take_back.isHidden() else self.accept

    def words(self) -> tuple[str, str]:
        return self._what.text(), self._note.text()


class OfferForm(QWidget):
    """Find a household, say where it goes and why. `changed` when another household is shown, or none."""

    changed = Signal()

    def __init__(self, look: Look, find: Callable[[str], list[Found]], today: Callable[[], str]) -> None:
        super().__init__()
        self.household = ""
        self.finder = SearchPart(look, find, today, "F6")
        self.finder.new.hide()
        shortcut(self.finder, "F6", self.finder.box.setFocus, self.finder.box.accessibleName())
        self.finder.box.setAccessibleName(say("transfers.find"))
        self._who, self._with = Paragraph(look, weight="medium"), Paragraph(look, tone="muted")
        self.target, self.note = DigitsEdit(longest=8), PersianEdit(longest=300)
        self._target = Field(
            look, say("transfers.target"), self.target, required=True, hint=say("transfers.target-hint")
        )
        note = Field(look, say("transfers.note"), self.note, hint=say("transfers.note-hint"))
        how = Paragraph(look, say("transfers.offer-how"), tone="muted")
        about = Card(look, heading(look, say("transfers.offer")), how, gap="s")
        self._fields = Card(look, self._who, self._with, self._target, note, gap="m")
        self.setLayout(column(look, about, self.finder, self._fields, 1, gap="m"))
        self._fields.hide()

    def show_household(self, card: PersonCard) -> None:
        """Whoever was found, with those who go along; who lives in no household can't be offered."""
        self.finder.show_none("" if card.household_id else say("transfers.no-household", name=card.name))
        self.finder.box.set_text("")
        self.household = card.household_id
        self._fields.setVisible(bool(card.household_id))
        if card.household_id:
            file = digits.persian(card.file_number)
            head = say("transfers.file", number=file) if file else say("transfers.file-none")
            self._who.setText(f"{head}{say('ui.and')}{card.name}")
            others = say("ui.and").join(each.name for each in card.members)
            self._with.setText(say("transfers.with", names=others) if others else say("transfers.alone"))
            self.target.setFocus()
            announce(self.target, self._who.text())
        self.changed.emit()

    def complete(self) -> bool:
        """Whether it can be sent; what is missing is shown at its field."""
        if self.target.value():
            return True
        self._target.set_error(say("transfers.target-missing"))
        self._target.focus()
        return False

    def start_again(self) -> None:
        """As it was before anybody was found."""
        self.household = ""
        for edit in (self.target, self.note):
            edit.set_text("")
        self._target.clear_error()
        self._fields.hide()
        self.changed.emit()

    def words(self) -> tuple[str, str]:
        return self._who.text(), self._with.text()
