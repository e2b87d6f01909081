"""Sync truth: where each record is, in four stages read from right to left, and what needs a person."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from desktop.domain import texts
from desktop.domain.sync_truth import SyncItem, SyncTruth
from ui import tasks
from ui.access import announce
from ui.screens.base import Screen
from ui.theme import icons
from ui.theme.look import Look
from ui.widgets import (
    ActionBar,
    Card,
    Chip,
    Found,
    Grid,
    Icon,
    Label,
    Note,
    Paragraph,
    PrimaryButton,
    ResultList,
    StateBox,
    column,
    columns,
    heading,
    holder,
    row,
)


class Stage(Card):
    """One of the four: an icon, its name, how many, and a word about them."""

    def __init__(self, look: Look, icon: str, name: str) -> None:
        self._icon_name = icon
        self._icon = Icon(look, icon, size=24)
        self._count = Label(look, scale="figure", weight="bold")
        self._more = Paragraph(look, scale="caption", tone="muted")
        head = row(look, self._icon, Label(look, name, weight="medium"), 1)
        line = row(look, self._count, gap="m")
        line.addWidget(self._more, 1)
        super().__init__(look, head, line, 1, gap="none", pad="m")

    def tell(self, count: int, more: str, tone: str) -> None:
        """`tone` is ok, muted, warn or danger."""
        self._icon.show_icon(self._icon_name, tone)
        self._count.setText(texts.say("ui.number", n=count))
        self._count.set_tone("danger" if tone == "danger" else "text")
        self._more.setText(more)

    def words(self) -> tuple[str, str]:
        return self._count.text(), self._more.text()


class Stages(QWidget):
    """The four in a row, a chevron between each two; two by two where there is no room."""

    def __init__(self, look: Look, stages: Sequence[Stage]) -> None:
        super().__init__()
        self._look, self._stages = look, list(stages)
        self._grid = Grid(look, self._stages, 4, 2, gap="xl")
        self.setLayout(self._grid)

    def paintEvent(self, _: QPaintEvent) -> None:
        side = self._look.px(18)
        with QPainter(self) as painter:
            for number, stage in enumerate(self._stages[:-1], 1):
                if number % self._grid.across:
                    box = stage.geometry()
                    x = box.left() - self._look.space("xl") / 2 - side / 2
                    place = QRectF(x, box.center().y() - side / 2, side, side)
                    icons.paint(painter, place, "next", self._look.theme.border)


class SyncScreen(Screen):
    """Reads `SyncTruth` off the window's thread; F9 calls `sync_now` there and reads again, whatever came of it."""

    def __init__(self, look: Look, read: Callable[[], SyncTruth], sync_now: Callable[[], object]) -> None:
        super().__init__(look, texts.say("sync.title"), texts.say("sync.subtitle"))
        self._read, self._sync_now = read, sync_now
        self._latest: tasks.Latest[SyncTruth] = tasks.Latest(self)
        self._note: Note | None = None
        self.saved = Stage(look, "save", texts.say("sync.saved"))
        self.sent = Stage(look, "send", texts.say("sync.sent"))
        self.accepted = Stage(look, "server", texts.say("sync.accepted"))
        self.needs_you = Stage(look, "hand", texts.say("sync.needs-you"))
        self.on_way = ResultList(look, texts.say("sync.on-way"), enter=False)
        self.needing = ResultList(look, texts.say("sync.needing"), enter=False)
        self.on_way_box, self.needing_box = StateBox(look, self.on_way), StateBox(look, self.needing)
        self._on_way_count, self._needing_count = Chip(look), Chip(look)
        self.button = PrimaryButton(look, texts.say("sync.now"), icon="send")
        self.button.clicked.connect(self.sync)
        self._notes = column(look)
        self.quiet = Paragraph(look, texts.say("sync.sending"), tone="muted")
        self.quiet.hide()
        self.build(self._body(), ActionBar(look, self.button))

    def _body(self) -> QWidget:
        look = self.look
        stages = Stages(look, [self.saved, self.sent, self.accepted, self.needs_you])
        head = row(look, heading(look, texts.say("sync.needing")), self._needing_count, 1)
        needing = Card(look, head, self.needing_box, 1, gap="s")
        head = row(look, heading(look, texts.say("sync.on-way")), self._on_way_count, 1)
        on_way = Card(look, head, self.on_way_box, gap="s")
        calm = Note(look, "ok", "backup", texts.say("sync.calm"), texts.say("sync.calm-more"))
        side = holder(column(look, on_way, calm, 1, gap="m"))
        whole = column(look, self._notes, self.quiet, stages, gap="m")
        whole.addLayout(columns(look, (needing, 17), (side, 10)), 1)
        return holder(whole)

    def first(self) -> QWidget:
        return self.button

    def shown(self) -> None:
        self._latest.run(self._read, self.show_truth, self._failed)

    def show_truth(self, truth: SyncTruth) -> None:
        """Show these values."""
        self._tell_stages(truth)
        on_way = (truth.on_way, truth.on_way_count)
        self._fill(self.on_way, self.on_way_box, self._on_way_count, on_way, "sync.on-way-none")
        needing = (truth.needs_you, truth.needs_you_count)
        self._fill(self.needing, self.needing_box, self._needing_count, needing, "sync.needing-none")
        if not truth.enrolled:
            keys = ("sync.not-enrolled", "sync.not-enrolled-safe", "sync.not-enrolled-do")
            self._tell(Note(self.look, "warn", "server", *map(texts.say, keys)))
            self.button.disable(texts.say("sync.not-enrolled-why"))
            return
        self._tell(Note(self.look, "danger", "alert", *truth.fault) if truth.fault else None)
        if not self.button.isEnabled():
            self.button.enable()

    def _tell_stages(self, truth: SyncTruth) -> None:
        way, needs = truth.on_way_count, truth.needs_you_count
        self.saved.tell(truth.saved, texts.say("sync.saved-more"), "ok")
        under = texts.say("sync.sent-more", n=way) if way > 0 else texts.say("sync.sent-none")
        self.sent.tell(truth.sent, under, "warn" if way > 0 else "ok")
        last = texts.say("sync.accepted-more", time=truth.last_success) if truth.last_success else ""
        self.accepted.tell(truth.accepted, last or texts.say("sync.accepted-never"), "ok" if last else "muted")
        more = texts.say("sync.needs-you-more" if needs else "sync.needs-you-none")
        self.needs_you.tell(needs, more, "danger" if needs else "muted")

    @staticmethod
    def _fill(view: ResultList, box: StateBox, count: Chip, found: tuple[Sequence[SyncItem], int], none: str) -> None:
        """Some of them are listed, and how many there are is told."""
        items, all_of_them = found
        view.show_results([Found(item.id, item.words, lead=item.since) for item in items])
        count.setVisible(all_of_them > 0)
        count.tell(texts.say("ui.number", n=all_of_them), "muted")
        if items:
            box.full()
        else:
            box.empty(texts.say(none))

    def sync(self) -> None:
        """Send and fetch now; does nothing while that is under way."""
        if not self.button.isEnabled():
            return
        self.button.disable(texts.say("sync.sending"))
        self.quiet.show()
        announce(self, self.quiet.text())
        tasks.run(self, self._sync_now, self._synced, self._sync_failed)

    def _ready(self) -> None:
        self.quiet.hide()
        self.button.enable()

    def _synced(self, _result: object) -> None:
        self._ready()
        self.told.emit(texts.say("sync.sent-told"))
        self.shown()

    def _sync_failed(self, failure: tasks.Failure) -> None:
        self._ready()
        self._failed(failure)

    def _failed(self, failure: tasks.Failure) -> None:
        self._tell(Note(self.look, "danger", "alert", *failure.parts))

    def _tell(self, note: Note | None) -> None:
        if self._note is not None:
            self._note.hide()
            self._note.deleteLater()
        self._note = note
        if note is not None:
            self._notes.put(note)

    def note(self) -> tuple[str, ...]:
        """What is said above the stages."""
        return self._note.sentences() if self._note is not None else ()
