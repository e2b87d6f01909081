"""What became of printing a paper, step by step, and the question only the clerk can answer."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.domain.texts import say
from ui.access import announce
from ui.theme.look import Look
from ui.widgets import (
    Button,
    Card,
    Chip,
    Icon,
    Label,
    Note,
    Paragraph,
    PrimaryButton,
    clear,
    column,
    failure_note,
    heading,
    holder,
    row,
)

Stage = Literal["issued", "asking", "unknown", "failed", "accepted", "out", "not-out"]
"""issued: not sent yet · asking: the printer just took it · unknown: nobody knows · accepted: it took it earlier ·
out, not-out: the clerk said so, a moment ago."""

_SECOND: dict[Stage, tuple[str, str, str]] = {
    "issued": ("clock", "muted", "step-not-yet"),
    "asking": ("check", "ok", "step-accepted"),
    "unknown": ("alert", "warn", "step-unknown"),
    "failed": ("cross", "danger", "step-failed"),
    "accepted": ("check", "ok", "state-accepted"),
    "out": ("check", "ok", "step-accepted"),
    "not-out": ("check", "ok", "step-accepted"),
}


class PrintPart(Card):
    """The steps of printing. Emits `answered(whether paper came out)`."""

    answered = Signal(bool)

    def __init__(self, look: Look) -> None:
        super().__init__(look, gap="s")
        self._look = look
        self._copy = Chip(look)
        self._steps = column(look, gap="s")
        self.stage: Stage = "issued"
        self.yes = PrimaryButton(look, say("preview.yes"), key="F11")
        self.no = Button(look, say("preview.no"), key="F10")
        self.yes.clicked.connect(lambda: self.answered.emit(True))
        self.no.clicked.connect(lambda: self.answered.emit(False))
        answers = row(look)
        answers.addWidget(self.yes, 2)
        answers.addWidget(self.no, 1)
        self._ask = holder(column(look, answers, Paragraph(look, say("preview.if-no"), scale="caption", tone="muted")))
        self._printer = Paragraph(look, scale="caption", tone="muted")
        self._fault: Note | None = None
        title = row(look, Icon(look, "print"), heading(look, say("preview.print-card")), self._copy, 1)
        self.put(title, self._steps, self._ask, self._printer)

    def show_stage(self, stage: Stage, copy: int, printer: str) -> None:
        """Show where the paper is; `copy` 0 is the original."""
        self.stage = stage
        self._copy.setVisible(copy > 0)
        self._copy.tell(say("preview.copy", n=copy), "accent")
        clear(self._steps)
        self._steps.put(self._step("check", "ok", say("preview.step-issued")))
        icon, tone, key = _SECOND[stage]
        self._steps.put(self._step(icon, tone, say(f"preview.{key}")))
        if self.asking():
            self._steps.put(self._step("clock", "warn", say("preview.asked"), say("preview.from-you")))
        elif stage in ("out", "not-out"):
            icon, tone = ("check", "ok") if stage == "out" else ("cross", "danger")
            self._steps.put(self._step(icon, tone, say(f"preview.step-{stage}")))
        self._ask.setVisible(self.asking())
        self._printer.setText(say("preview.printer", name=printer) if printer else "")
        self._printer.setVisible(bool(printer))
        self.show_fault(None)

    def asking(self) -> bool:
        """Whether the clerk's answer is waited for."""
        return self.stage in ("asking", "unknown")

    def _step(self, icon: str, tone: str, words: str, more: str = "") -> QWidget:
        look = self._look
        line = row(look, Icon(look, icon, tone=tone))
        line.addWidget(Paragraph(look, words, weight="medium"), 1)
        if more:
            line.put(Label(look, more, scale="caption", tone="muted"))
        return holder(line)

    def show_fault(self, parts: tuple[str, str, str] | None) -> None:
        """Why nothing was printed, in three parts; None takes it away."""
        if self._fault is not None:
            self.body.removeWidget(self._fault)
            self._fault.hide()
            self._fault.deleteLater()
            self._fault = None
        if parts is not None:
            self._fault = failure_note(self._look, parts)
            self.put(self._fault)
            announce(self, " ".join(parts), now=True)
