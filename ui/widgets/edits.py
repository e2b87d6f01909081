"""One-line edits that read right to left whatever is typed, and take every form a person types or pastes."""

from __future__ import annotations

import re
from contextlib import suppress

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit

from desktop.domain import digits, jalali
from desktop.domain.faults import Invalid
from ui.access.keys import types_by_alt

# Arabic yeh, alef maksura and kaf as Arabic layouts and old files write them.
_LETTERS = {0x064A: "\u06cc", 0x0649: "\u06cc", 0x0643: "\u06a9"}
# Direction marks and isolates that come along with pasted text.
_UNSEEN = dict.fromkeys((0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))


class TextEdit(QLineEdit):
    """What every edit shares: `changed` after the person altered it, and a `shape` its text is kept in.

    `set_text` is for the program and emits nothing; what a screen reader, a Braille display or dictation writes is the
    person's, as if it were typed. The whole text is selected when the keyboard comes in.
    """

    changed = Signal()
    also_said = ""
    """What a screen reader says after the hint, such as a key that works here."""

    def __init__(self, hint: str = "") -> None:
        super().__init__()
        self._seen = ""
        self.setPlaceholderText(hint)
        self.textEdited.connect(self._edited)
        self.textChanged.connect(self._written)

    def shape(self, text: str) -> str:
        """`text` as this edit keeps it. Subclasses say how."""
        return text.translate(_UNSEEN)

    def _edited(self, text: str) -> None:
        shaped = self._seen = self.shape(text)
        if shaped != text:
            cursor = len(self.shape(text[: self.cursorPosition()]))
            self.setText(shaped)
            self.setCursorPosition(min(cursor, len(shaped)))
        self._seen = self.text()  # no longer than the edit takes
        self.changed.emit()

    def _written(self, _text: str) -> None:
        """Assistive technology sets the text whole, and Qt then doesn't say that it was edited."""
        if self.text() != self._seen:
            self._edited(self.text())

    def set_text(self, text: str) -> None:
        self._seen = self.shape(text)[: self.maxLength()]
        self.setText(self._seen)
        self.setCursorPosition(0)

    def _put(self, text: str) -> None:
        """Show this as it is; nobody typed it."""
        self._seen = text
        self.setText(text)

    def value(self) -> str:
        """What was typed, without space around it."""
        return self.text().strip()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not types_by_alt(event):
            super().keyPressEvent(event)

    def set_invalid(self, invalid: bool) -> None:
        """Draw the edge of an error, or of none; `Field` calls it."""
        self.setProperty("invalid", invalid)
        self.style().unpolish(self)
        self.style().polish(self)


class PersianEdit(TextEdit):
    """Persian words. Base direction is right to left even if the text begins with a digit or a Latin letter;
    Arabic ye and kaf become Persian as they are typed."""

    def __init__(self, hint: str = "", *, longest: int = 200) -> None:
        super().__init__(hint)
        self.setMaxLength(longest)
        # Alone among the ways tried, this key fixes both the side and the order of the text.
        none = Qt.KeyboardModifier.NoModifier
        QLineEdit.keyPressEvent(self, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Direction_R, none))

    def shape(self, text: str) -> str:
        return super().shape(text).translate(_LETTERS)


class _LeftToRight(TextEdit):
    """Figures: they read left to right and stand at the right edge."""

    def __init__(self, hint: str = "") -> None:
        super().__init__(hint)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter)
        self.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)


class DigitsEdit(_LeftToRight):
    """A number that is a name: national ID, phone, code. Takes digits of any alphabet, drops all else,
    shows Persian digits; `value` is ASCII digits."""

    def __init__(self, hint: str = "", *, longest: int = 20) -> None:
        super().__init__(hint)
        self._longest = longest

    def shape(self, text: str) -> str:
        return digits.persian(re.sub(r"[^0-9]", "", digits.latin(text))[: self._longest])

    def value(self) -> str:
        return digits.latin(self.text())


class JalaliEdit(_LeftToRight):
    """A Jalali date on one line: typed or pasted in any form, left empty, or only a year or a year and month.

    `value` is what was typed, in ASCII digits, for the domain to judge. A readable date is rewritten as
    year/month/day when the field is left; anything else stays as it was typed.
    """

    def __init__(self, hint: str = "") -> None:
        super().__init__(hint)
        self.setMaxLength(24)
        self.editingFinished.connect(self._tidy)

    def shape(self, text: str) -> str:
        return digits.persian(super().shape(text))

    def value(self) -> str:
        return digits.latin(super().value())

    def canonical(self) -> str:
        """`1404-05-09`, `1404-05`, `1404`, or "" when empty. Raises Invalid for what can't be read as a date."""
        return jalali.parse_optional(self.value()) or ""

    def _tidy(self) -> None:
        with suppress(Invalid):
            if canonical := self.canonical():
                self.set_text(jalali.numeric(jalali.of(canonical)))


class CodeEdit(_LeftToRight):
    """A code of Latin letters and digits in groups, as it stands on paper; small letters are shown large."""

    def __init__(self, hint: str = "") -> None:
        super().__init__(hint)
        self.setInputMethodHints(Qt.InputMethodHint.ImhPreferUppercase | Qt.InputMethodHint.ImhNoPredictiveText)

    def shape(self, text: str) -> str:
        return super().shape(text).upper()


class PasswordEdit(_LeftToRight):
    """A password: hidden, left to right, taken exactly as typed."""

    def __init__(self, hint: str = "") -> None:
        super().__init__(hint)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setInputMethodHints(Qt.InputMethodHint.ImhHiddenText | Qt.InputMethodHint.ImhNoPredictiveText)

    def shape(self, text: str) -> str:
        return text

    def value(self) -> str:
        return self.text()
