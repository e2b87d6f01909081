"""`ActionBar`: the acts of a screen, above the foot, never scrolling away."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ui.theme.look import Look
from ui.theme.tokens import Space
from ui.widgets.buttons import Button
from ui.widgets.labels import Icon, Label, Paragraph
from ui.widgets.layout import NO_MARGINS, column, holder, row


class ActionBar(QWidget):
    """Primary act first (rightmost), then the others, then what is missing; the draft's state at the left end.

    Where the columns are folded the draft's line goes, and what is missing stands above the buttons.
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
        self._line = row(look, *buttons, gap="m")
        self._space = holder(row(look))
        self._line.addWidget(self._space, 1)
        self._line.addWidget(self._draft)
        self._beside = len(buttons)
        self._whole = column(look, self._line, margins=("xl", "s", "xl", "s"))
        self.setLayout(self._whole)
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
        side: Space = "l" if self._look.columns_folded else "xl"
        self._line.refit("s" if self._look.columns_folded else "m", NO_MARGINS)
        self._whole.refit("s", (side, "s", side, "s"))
        self._line.removeWidget(self._missing)
        self._whole.removeWidget(self._missing)
        if self._look.columns_folded:
            self._whole.insertWidget(0, self._missing)
        else:
            self._line.insertWidget(self._beside, self._missing, 1)
        self._missing.setVisible(bool(self._problem.text()))
        self._space.setVisible(self._look.columns_folded or not self._problem.text())
        self._draft.setVisible(bool(self._quiet.text()) and not self._look.columns_folded)
