"""`Field`: a label, «required», the control, and one line that is the hint until it is the error."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from desktop.domain import texts
from ui.access import announce
from ui.theme.look import Look
from ui.widgets.choices import ChoiceTiles
from ui.widgets.edits import TextEdit
from ui.widgets.labels import Icon, Label, Paragraph
from ui.widgets.layout import column, holder, row


class Field(QWidget):
    """Wraps a control and gives it its accessible name (the label) and description (required, hint, error).

    The line under the control is kept in place of the hint, so an error moves only what is below a field that had
    no hint. `control` is the widget handed in.
    """

    def __init__(self, look: Look, label: str, control: QWidget, *, required: bool = False, hint: str = "") -> None:
        super().__init__()
        self.label, self.control, self.required, self.hint = label, control, required, hint
        self._error = ""
        name = Label(look, label, weight="medium")
        name.setBuddy(control)
        head = row(look, name)
        if required:
            head.put(Label(look, texts.say("ui.required"), scale="caption", tone="muted"))
        self._hint = Paragraph(look, hint, scale="caption", tone="muted")
        self._sentence = Paragraph(look, scale="caption", weight="medium", tone="danger")
        line = row(look, Icon(look, "alert", tone="danger", size=16), gap="xs")
        line.addWidget(self._sentence, 1)
        self._line = holder(line)
        self.setLayout(column(look, head.put(1), control, self._hint, self._line, 1, gap="xs"))
        control.setAccessibleName(label)
        if isinstance(control, TextEdit):
            control.changed.connect(self.clear_error)
        elif isinstance(control, ChoiceTiles):
            control.chosen.connect(self.clear_error)
        self._show()

    @property
    def error(self) -> str:
        return self._error

    def set_error(self, sentence: str) -> None:
        """Show what is wrong and what would be right, and have it said. Focusing is the form's: the first error."""
        self._error = sentence
        self._show()
        announce(self.control, texts.say("ui.error-said", label=self.label, error=sentence), now=True)

    def clear_error(self) -> None:
        if self._error:
            self._error = ""
            self._show()

    def set_hint(self, hint: str) -> None:
        """Say something else in the line under the control, while no error stands there."""
        self.hint = hint
        self._hint.setText(hint)
        self._hint.updateGeometry()
        self._show()

    def focus(self) -> None:
        self.control.setFocus()

    def _show(self) -> None:
        self._sentence.setText(self._error)
        self._sentence.updateGeometry()
        self._line.setVisible(bool(self._error))
        self._hint.setVisible(bool(self.hint) and not self._error)
        said = [texts.say("ui.required")] if self.required else []
        also = self.control.also_said if isinstance(self.control, TextEdit) else ""
        said += [part for part in (self._error or self.hint, also) if part]
        description = texts.say("ui.and").join(said)
        if isinstance(self.control, ChoiceTiles):
            self.control.set_description(description)
        else:
            self.control.setAccessibleDescription(description)
        if isinstance(self.control, TextEdit):
            self.control.set_invalid(bool(self._error))
