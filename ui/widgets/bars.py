"""`ActionBar`: the acts of a screen, above the foot, never scrolling away."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ui.theme.look import Look
from ui.widgets.buttons import Button
from ui.widgets.labels import Icon, Label, Paragraph
from ui.widgets.layout import holder, row


class ActionBar(QWidget):
    """Primary act first (rightmost), then the others, then what is missing; the draft's state at the left end.

    The draft's line goes where the columns are folded.
    """

    def __init__(self, look: Look, *buttons: Button) -> None:
        super().__init__()
        self._look = look
        self.setProperty("ground", "bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._problem = Paragraph(look, weight="medium", tone="danger")
        missing = row(look, Icon(look, "alert", tone="danger"), gap="s")
        missing.addWidget(self._problem, 1)
        self._missing = holder(missing)
        self._quiet = Label(look, scale="caption", tone="muted")
        self._draft = holder(row(look, Icon(look, "save", tone="ok"), self._quiet, gap="s"))
        line = row(look, *buttons, gap="m", margins=("xl", "s", "xl", "s"))
        line.addWidget(self._missing, 1)
        self._space = holder(row(look))
        line.addWidget(self._space, 1)
        line.addWidget(self._draft)
        self.setLayout(line)
        look.changed.connect(self._fold)
        self._fold()

    def tell_problem(self, words: str) -> None:
        """What is missing, with count and field; "" clears it."""
        self._problem.setText(words)
        self._fold()

    def tell_draft(self, words: str) -> None:
        """That what was typed is kept, and since when; "" clears it."""
        self._quiet.setText(words)
        self._fold()

    def problem(self) -> str:
        return self._problem.text()

    def _fold(self) -> None:
        self._missing.setVisible(bool(self._problem.text()))
        self._space.setVisible(not self._problem.text())
        self._draft.setVisible(bool(self._quiet.text()) and not self._look.columns_folded)
