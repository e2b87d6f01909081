"""One item that asks for a person: why it waits, what for, and the one thing to do about it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.domain.sync_truth import Act, SyncItem
from desktop.domain.texts import say
from ui.access import announce
from ui.theme.look import Look
from ui.widgets import Button, Label, Paragraph, clear, column, holder, row

_ICONS: dict[Act, str] = {
    "send": "send", "open": "house", "look": "house", "tell": "phone", "seen": "check", "behind": "next",
    "conflicts": "next",
}  # fmt: skip


class ItemPart(QWidget):
    """Shows an item. Emits `wanted` with it when its button is pressed; «به استان بگو» opens what is to be read out
    and emits `opened`."""

    wanted = Signal(object)
    opened = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look, self.item = look, SyncItem("", "")
        self._reason = Paragraph(look, weight="medium")
        self._waits = Paragraph(look, tone="muted")
        self.button = Button(look, say("sync.act.seen"))
        self.button.clicked.connect(self._pressed)
        self._lines = column(look, gap="xs", margins=("m", "s", "m", "s"))
        self._read_out = holder(self._lines, "sunken")
        whole = column(look, self._reason, self._waits, row(look, self.button, 1), self._read_out, gap="s")
        self.setLayout(whole)
        self._read_out.hide()
        self.hide()

    def show_item(self, item: SyncItem | None) -> None:
        """This item, or nothing. What was opened to be read out stays open while it is the same item's."""
        self.setVisible(item is not None)
        if item is None or item == self.item:
            self.item = item or SyncItem("", "")
            return
        self.item = item
        self._reason.setText(item.reason or item.words)
        self._waits.setText(item.waits)
        self._waits.setVisible(bool(item.waits))
        self.button.setVisible(item.act is not None)
        if item.act is not None:
            self.button.icon_name = _ICONS[item.act]
            self.button.set_words(say(f"sync.act.{item.act}"))
        self._read_out.hide()
        for part in (self._reason, self._waits):
            part.updateGeometry()

    def words(self) -> tuple[str, ...]:
        """What stands here, as it is read."""
        lines = [each.text() for each in self._read_out.findChildren(Label)] if not self._read_out.isHidden() else []
        return (self._reason.text(), self._waits.text(), *lines)

    def _pressed(self) -> None:
        if self.item.act != "tell":
            self.wanted.emit(self.item)
            return
        clear(self._lines)
        head = Label(self._look, say("sync.read-out"), scale="caption", tone="muted")
        lines = [Label(self._look, line, scale="lead", weight="medium") for line in self.item.read_out]
        pairs = (row(self._look, *lines[at : at + 2], 1, gap="xl") for at in range(0, len(lines), 2))
        self._lines.put(head, *(holder(pair) for pair in pairs))
        self._read_out.show()
        self.opened.emit()
        announce(self, " ".join((say("sync.read-out"), *self.item.read_out)))
