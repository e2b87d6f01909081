"""One-line edits that read right to left whatever is typed, and take every form a person types or pastes."""

from __future__ import annotations

import re

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit

_TO_ASCII = {**{0x06F0 + n: str(n) for n in range(10)}, **{0x0660 + n: str(n) for n in range(10)}}
_TO_PERSIAN = {**{ord(str(n)): chr(0x06F0 + n) for n in range(10)}, **{0x0660 + n: chr(0x06F0 + n) for n in range(10)}}
# Arabic yeh, alef maksura and kaf as Arabic layouts and old files write them.
_LETTERS = {0x064A: "\u06cc", 0x0649: "\u06cc", 0x0643: "\u06a9"}
# Direction marks and isolates that come along with pasted text.
_UNSEEN = dict.fromkeys((8206, 8207, 8234, 8235, 8236, 8237, 8238, 8294, 8295, 8296, 8297))


class TextEdit(QLineEdit):
    """What every edit shares: `changed` after the person altered it, and a `shape` its text is kept in.

    `set_text` is for the program and emits nothing. The whole text is selected when the keyboard comes in.
    """

    changed = Signal()

    def __init__(self, hint: str = "") -> None:
        super().__init__()
        self.setPlaceholderText(hint)
        self.textEdited.connect(self._edited)

    def shape(self, text: str) -> str:
        """`text` as this edit keeps it. Subclasses say how."""
        return text.translate(_UNSEEN)

    def _edited(self, text: str) -> None:
        shaped = self.shape(text)
        if shaped != text:
            cursor = len(self.shape(text[: self.cursorPosition()]))
            self.setText(shaped)
            self.setCursorPosition(min(cursor, len(shaped)))
        self.changed.emit()

    def set_text(self, text: str) -> None:
        self.setText(self.shape(text))
        self.setCursorPosition(0)

    def value(self) -> str:
        """What was typed, without space around it."""
        return self.text().strip()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.selectAll()

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
        ascii_digits = re.sub(r"[^0-9]", "", text.translate(_TO_ASCII))
        return ascii_digits[: self._longest].translate(_TO_PERSIAN)

    def value(self) -> str:
        return self.text().translate(_TO_ASCII)


def jalali_form(typed: str) -> str | None:
    """A typed date as canonical text (`1404-05-09`, `1404-05`, `1404`), "" for nothing, None if it is no date's form.

    Takes any digits, `/ - . space` between parts, day first or year first, and 13990112 in one piece. A year has
    four digits: a shorter one is asked again, not guessed. Whether the day exists is the domain's to say.
    """
    text = typed.translate(_UNSEEN).translate(_TO_ASCII).strip()
    if not text:
        return ""
    parts = [part for part in re.split(r"[\s/\-.,\u066b\u060c]+", text) if part]
    if len(parts) == 1 and len(parts[0]) in (6, 8):
        whole = parts[0]
        parts = [whole[:4], whole[4:6], *([whole[6:]] if len(whole) == 8 else [])]
    if not 1 <= len(parts) <= 3 or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    if len(parts) > 1 and len(parts[-1]) == 4 and len(parts[0]) <= 2:
        parts.reverse()
    year, rest = parts[0], [int(part) for part in parts[1:]]
    if len(year) != 4 or any(len(part) > 2 for part in parts[1:]):
        return None
    in_range = all(1 <= number <= highest for number, highest in zip(rest, (12, 31), strict=False))
    return "-".join([year, *(f"{number:02d}" for number in rest)]) if in_range else None


class JalaliEdit(_LeftToRight):
    """A Jalali date on one line: typed, pasted in any form, left empty, or only a year or a year and month.

    `canonical` is its text, "" when empty, None when what stands there is no date. On leaving the field a date is
    rewritten as ۱۴۰۴/۰۵/۰۹.
    """

    def __init__(self, hint: str = "") -> None:
        super().__init__(hint)
        self.setMaxLength(24)
        self.editingFinished.connect(self._tidy)

    def shape(self, text: str) -> str:
        kept = re.sub(r"[^0-9/\-. ]", "", text.translate(_UNSEEN).translate(_TO_ASCII).replace("\u066b", "/"))
        return re.sub(r"[\-. ]+", "/", kept).translate(_TO_PERSIAN)

    def _tidy(self) -> None:
        if canonical := jalali_form(self.text()):
            self.set_text(canonical)

    def canonical(self) -> str | None:
        return jalali_form(self.text())


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
