"""Edits of numbers that have a rule or a unit: the national ID, judged as it is typed, and money, said in words."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent

from desktop.domain import digits, money, national_id
from desktop.domain.faults import Invalid
from desktop.domain.texts import say
from ui.access import announce
from ui.theme import icons, paint
from ui.theme.look import Look
from ui.widgets.edits import DigitsEdit
from ui.widgets.field import Field

_LONG = 40
_SIGN = 16


class NationalIdEdit(DigitsEdit):
    """A national ID: with the last digit the check digit is judged, in a sign and a word at the left end, and said.

    `masked` shows six stars and the last four digits of a right number while the keyboard is elsewhere; `value` is
    always the whole number. More digits than ten are kept, for the domain to name the fault.
    """

    def __init__(self, look: Look, hint: str = "", *, masked: bool = False) -> None:
        super().__init__(hint, longest=_LONG)
        self._look, self._masked, self._hidden = look, masked, ""
        self.changed.connect(self._judge)
        look.changed.connect(self.restyle)
        self.restyle()

    def restyle(self) -> None:
        words = max(paint.width_of(say(f"value.id-{each}"), self._look.font("caption")) for each in ("right", "wrong"))
        self.setTextMargins(words + self._look.px(_SIGN) + self._look.space("s"), 0, 0, 0)
        self.update()

    def value(self) -> str:
        return self._hidden or super().value()

    def set_text(self, text: str) -> None:
        self._hidden = ""
        super().set_text(text)
        if not self.hasFocus():
            self._mask()
        self.update()

    def right(self) -> bool | None:
        """Whether the number keeps the rule; None while digits are missing or none is typed."""
        number = self.value()
        if len(number) < national_id.LENGTH:
            return None
        try:
            national_id.parse(number)
        except Invalid:
            return False
        return True

    def _judge(self) -> None:
        self.update()
        if (right := self.right()) is not None:
            announce(self, say("value.id-right" if right else "value.id-wrong"))

    def _mask(self) -> None:
        if self._masked and not self._hidden and self.right():
            self._hidden = self.value()
            self._put(national_id.masked(self._hidden))

    def focusInEvent(self, event: QFocusEvent) -> None:
        if self._hidden:
            number, self._hidden = self._hidden, ""
            self._put(digits.persian(number))
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._mask()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        right = self.right()
        if right is None:
            return
        look, side = self._look, self._look.px(_SIGN)
        tone, name, words = ("ok", "check", "value.id-right") if right else ("danger", "alert", "value.id-wrong")
        left, middle, font = float(look.space("m")), self.height() / 2, look.font("caption")
        wide = paint.width_of(say(words), font)
        with QPainter(self) as painter:
            room = QRectF(left, 0, wide, self.height())
            paint.draw_line(painter, room, say(words), font, look.colour(tone))
            sign = QRectF(left + wide + look.space("xs"), middle - side / 2, side, side)
            icons.paint(painter, sign, name, look.theme.colour(tone))


class MoneyEdit(DigitsEdit):
    """Rials in threes with Persian separators as they are typed; `value` is ASCII digits, or "".

    Use `money_field`, which says the amount in words under it.
    """

    def __init__(self, hint: str = "") -> None:
        super().__init__(hint, longest=len(str(money.MOST)))

    def shape(self, text: str) -> str:
        number = digits.latin(super().shape(text.replace(money.SEPARATOR, "")))
        return money.grouped(int(number)) if number else ""

    def value(self) -> str:
        return digits.latin(self.text()).replace(money.SEPARATOR, "")

    def words(self) -> str:
        """The amount as it is said, "" where none stands."""
        return money.spoken(int(self.value())) if self.value() else ""


def money_field(look: Look, label: str, *, required: bool = False, hint: str = "") -> Field:
    """A `MoneyEdit` in its field: the hint gives way to the amount in words, which is how a zero too many is seen."""
    edit = MoneyEdit()
    field = Field(look, label, edit, required=required, hint=hint)
    edit.changed.connect(lambda: field.set_hint(edit.words() or hint))
    return field
