"""Groups of things: cards, the hero block, notes, and a place that is loading, empty, failed or full."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QLayout, QVBoxLayout, QWidget

from desktop.domain import texts
from ui.access import announce
from ui.theme.look import Look
from ui.theme.tokens import MOTION, RADIUS, Space, Tone
from ui.widgets.buttons import Button
from ui.widgets.labels import Icon, Label, Paragraph
from ui.widgets.layout import Box, Item, column, holder, row


class Card(QFrame):
    """A group with one heading. `body` is its column; hand over the items or `put` them later."""

    def __init__(self, look: Look, *items: Item, gap: Space = "m", pad: Space = "l", ground: str = "card") -> None:
        super().__init__()
        self.setProperty("ground", ground)
        self.body: Box = column(look, *items, gap=gap, margins=(pad, pad, pad, pad))
        self.setLayout(self.body)

    def put(self, *items: Item) -> Card:
        self.body.put(*items)
        return self


class Hero(Card):
    """The petrol block: what to do now. One a screen."""

    def __init__(self, look: Look, *items: Item) -> None:
        super().__init__(look, *items, pad="xl", ground="hero")


class Note(QFrame):
    """A tinted note: an icon, one to three sentences (the first is the strongest) and perhaps a button.

    `big` is for what the whole screen is about, such as a result: its first sentence is large, in the tone's ink.
    """

    def __init__(
        self, look: Look, tone: Tone, icon: str, *sentences: str, action: QWidget | None = None, big: bool = False
    ) -> None:
        super().__init__()
        self._look, self.tone, self._big = look, tone, big
        self._icon = Icon(look, icon, tone="text" if tone == "accent" else tone)
        self._words = column(look, gap="hair")
        self._line: Box = row(look, self._icon, gap="m", margins=("m", "s", "m", "s"))
        self._line.addLayout(self._words, 1)
        self._sentences: list[Paragraph] = []
        self.setLayout(self._line)
        self.tell(*sentences)
        if action is not None:
            self._line.addWidget(action)
        look.changed.connect(self.update)

    def tell(self, *sentences: str) -> None:
        """Say something else."""
        for old in self._sentences:
            self._words.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._sentences = [
            self._paragraph(number, sentence) for number, sentence in enumerate(part for part in sentences if part)
        ]
        self._words.put(*self._sentences)

    def _paragraph(self, number: int, sentence: str) -> Paragraph:
        if number:
            return Paragraph(self._look, sentence, scale="body" if self._big else "caption")
        if self._big:
            ink = "text" if self.tone == "accent" else self.tone
            return Paragraph(self._look, sentence, scale="lead", weight="bold", tone=ink)
        return Paragraph(self._look, sentence, weight="medium")

    def sentences(self) -> tuple[str, ...]:
        return tuple(paragraph.text() for paragraph in self._sentences)

    def paintEvent(self, _: QPaintEvent) -> None:
        ink, ground = (QColor(colour) for colour in self._look.theme.tone(self.tone))
        radius, rim = self._look.px(RADIUS.control), self._look.theme.outlined
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(ground)
            painter.setPen(QPen(ink, 2) if rim else Qt.PenStyle.NoPen)
            painter.drawRoundedRect(
                QRectF(self.rect()).adjusted(1, 1, -1, -1) if rim else QRectF(self.rect()), radius, radius
            )


class NotePlace:
    """Where a screen says one thing at a time; `box` is what goes into its layout."""

    def __init__(self, look: Look) -> None:
        self.box = column(look)
        self.note: Note | None = None

    def say(self, note: Note | None) -> None:
        """This instead of what was said before, or nothing."""
        if self.note is not None:
            self.note.hide()
            self.note.deleteLater()
        self.note = note
        if note is not None:
            self.box.put(note)

    def sentences(self) -> tuple[str, ...]:
        """What is said now."""
        return self.note.sentences() if self.note is not None else ()


def failure_note(look: Look, parts: tuple[str, str, str], action: Button | None = None) -> Note:
    """A failure in three parts (`Known.parts()`): what happened, what is safe, what to do, and its button."""
    return Note(look, "danger", "alert", *parts, action=action)


class StateBox(QWidget):
    """A place for content that may be loading, empty or failed; it shows one of them in the same spot.

    `loading` appears only after 300 ms, so a quick answer never flickers, and only before the first answer: what is
    read again is shown in place of what stands here, which keeps the keyboard until then.
    """

    def __init__(self, look: Look, content: QWidget | QLayout) -> None:
        super().__init__()
        self._look = look
        self._content = content if isinstance(content, QWidget) else holder(content)
        self._other: QWidget | None = None
        self._told = False
        self._stack = QVBoxLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.addWidget(self._content)
        self._soon = QTimer(self, singleShot=True, interval=MOTION.loading_after)
        self._soon.timeout.connect(self._show_loading)

    def _instead(self, widget: QWidget | None) -> None:
        self._soon.stop()
        if self._other is not None:
            self._stack.removeWidget(self._other)
            self._other.hide()
            self._other.deleteLater()
        self._other = widget
        self._content.setVisible(widget is None)
        if widget is not None:
            self._stack.addWidget(widget)

    def _show_loading(self) -> None:
        self._instead(holder(column(self._look, Label(self._look, texts.say("ui.loading"), tone="muted"), 1)))

    def loading(self) -> None:
        if not self._told and not self._soon.isActive():
            self._soon.start()

    def full(self) -> None:
        """Show the content."""
        self._told = True
        self._instead(None)

    def empty(self, sentence: str, action: Button | None = None) -> None:
        """One sentence, and the button that would fill the place."""
        self._told = True
        body = column(self._look, Paragraph(self._look, sentence, tone="muted"), gap="m")
        if action is not None:
            body.put(row(self._look, action, 1))
        self._instead(holder(body.put(1)))

    def failed(self, parts: tuple[str, str, str], action: Button | None = None) -> None:
        """The three-part note in place of the content, and said aloud."""
        self._told = True
        note = failure_note(self._look, parts, action)
        self._instead(holder(column(self._look, note, 1)))
        announce(self, " ".join(parts), now=True)
