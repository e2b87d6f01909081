"""Sync truth: where each record is, in four stages read from right to left, and what needs a person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from desktop.domain import texts
from desktop.domain.sync_truth import SyncItem, SyncTruth
from ui import tasks
from ui.access import announce
from ui.screens.base import Screen
from ui.screens.sync_item import ItemPart
from ui.theme import icons
from ui.theme.look import Look
from ui.widgets import (
    ActionBar,
    Button,
    Card,
    Chip,
    Found,
    Grid,
    Icon,
    Label,
    Note,
    NotePlace,
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
from ui.widgets.save_dialog import asked_path, save_dialog


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


@dataclass(frozen=True, slots=True)
class SyncActs:
    """What the screen can do; all but `ask_path` block and are called off the window's thread.

    `seen` notes that somebody read an item; `report` writes the file for support, of the name `report_name`, where
    `ask_path` (the suggested name to a path, "" for none) says.
    """

    read: Callable[[], SyncTruth]
    sync_now: Callable[[], object]
    seen: Callable[[str], object] = str
    report: Callable[[str], object] = str
    report_name: str = ""
    ask_path: Callable[[str], str] | None = None


class SyncScreen(Screen):
    """Reads `SyncTruth` off the window's thread; F9 calls `sync_now` there and reads again, whatever came of it.

    Emits `wanted_person` for an item whose file is to be opened, `wanted_place` for one that is dealt with elsewhere.
    """

    help_name = "sync"

    wanted_person = Signal(str)
    wanted_place = Signal(str)

    def __init__(self, look: Look, acts: SyncActs) -> None:
        super().__init__(look, texts.say("sync.title"), texts.say("sync.subtitle"))
        self._acts = acts
        self._latest: tasks.Latest[SyncTruth] = tasks.Latest(self)
        self._back = False
        self._items: dict[str, SyncItem] = {}
        self.saved = Stage(look, "save", texts.say("sync.saved"))
        self.sent = Stage(look, "send", texts.say("sync.sent"))
        self.accepted = Stage(look, "server", texts.say("sync.accepted"))
        self.needs_you = Stage(look, "hand", texts.say("sync.needs-you"))
        self.on_way = ResultList(look, texts.say("sync.on-way"), enter=False)
        self.needing = ResultList(look, texts.say("sync.needing"))
        self.needing.picked.connect(self._picked)
        self.needing.selectionModel().currentChanged.connect(self._show_current)
        self.item = ItemPart(look)
        self.item.wanted.connect(self._act)
        self.item.opened.connect(lambda: QTimer.singleShot(0, self, self._show_item))
        self._dealing = holder(column(look, self.needing, self.item, gap="m"))
        self.on_way_box, self.needing_box = StateBox(look, self.on_way), StateBox(look, self._dealing)
        self.oldest, self.next = Paragraph(look, tone="muted"), Paragraph(look, tone="muted")
        self._clock: Note | None = None
        self._on_way_count, self._needing_count = Chip(look), Chip(look)
        self.button = PrimaryButton(look, texts.say("sync.now"), icon="send")
        self.button.clicked.connect(self.sync)
        self._notes = NotePlace(look)
        self.quiet = Paragraph(look, texts.say("sync.sending"), tone="muted")
        self.quiet.hide()
        self.report = Button(look, texts.say("sync.report"), icon="save", key="F8")
        self.report.clicked.connect(self.save_report)
        self.build(self._body(), ActionBar(look, self.button, self.report))

    def _body(self) -> QWidget:
        look = self.look
        stages = Stages(look, [self.saved, self.sent, self.accepted, self.needs_you])
        head = row(look, heading(look, texts.say("sync.needing")), self._needing_count, 1)
        needing = Card(look, head, self.needing_box, 1, gap="s")
        head = row(look, heading(look, texts.say("sync.on-way")), self._on_way_count, 1)
        on_way = Card(look, head, self.oldest, self.on_way_box, self.next, gap="s")
        calm = Note(look, "ok", "backup", texts.say("sync.calm"), texts.say("sync.calm-more"))
        side = holder(column(look, on_way, calm, 1, gap="m"))
        whole = column(look, self._notes.box, self.quiet, stages, gap="m")
        whole.addLayout(columns(look, (needing, 17), (side, 10)), 1)
        return holder(whole)

    def first(self) -> QWidget:
        return self.button

    def shown(self) -> None:
        self._latest.run(self._acts.read, self.show_truth, self._failed)

    def show_truth(self, truth: SyncTruth) -> None:
        """Show these values."""
        self._tell_stages(truth)
        on_way = (truth.on_way, truth.on_way_count)
        self._fill(self.on_way, self.on_way_box, self._on_way_count, on_way, "sync.on-way-none")
        self._items = {each.id: each for each in truth.needs_you}
        needing = (truth.needs_you, truth.needs_you_count)
        self._fill(self.needing, self.needing_box, self._needing_count, needing, "sync.needing-none")
        self._show_current()
        self._tell_quietly(self.oldest, texts.say("sync.oldest", span=truth.oldest) if truth.oldest else "")
        self._tell_quietly(self.next, truth.next_attempt if truth.enrolled else "")
        self._tell_clock(truth.clock)
        if not truth.enrolled:
            keys = ("sync.not-enrolled", "sync.not-enrolled-safe", "sync.not-enrolled-do")
            self._notes.say(Note(self.look, "warn", "server", *map(texts.say, keys)))
            self.button.disable(texts.say("sync.not-enrolled-why"))
            return
        self._notes.say(Note(self.look, "danger", "alert", *truth.fault) if truth.fault else None)
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
        view.show_results([Found(item.id, item.words, about=item.reason, lead=item.since) for item in items])
        count.setVisible(all_of_them > 0)
        count.tell(texts.say("ui.number", n=all_of_them), "muted")
        if items:
            box.full()
        else:
            box.empty(texts.say(none))

    @staticmethod
    def _tell_quietly(line: Paragraph, words: str) -> None:
        line.setText(words)
        line.setVisible(bool(words))
        line.updateGeometry()

    def _tell_clock(self, words: str) -> None:
        """A wrong clock, above the stages."""
        more = f"{texts.say('sync.clock-safe')} {texts.say('sync.clock-hint')}"
        sentences = (words, more) if words else ()
        if self._clock is not None and self._clock.sentences() == sentences:
            return
        if self._clock is not None:
            self._clock.hide()
            self._clock.deleteLater()
        self._clock = Note(self.look, "warn", "clock", *sentences) if words else None
        if self._clock is not None:
            self._notes.box.put(self._clock)

    # -- what asks for a person
    def _show_current(self) -> None:
        """The item the list stands at, below it."""
        found = self.needing.current()
        self.item.show_item(self._items.get(found.id) if found else None)

    def _picked(self, item_id: str) -> None:
        """Enter or a click: the item is shown, and Enter again does its one thing."""
        self.item.show_item(self._items.get(item_id))
        if self.needing.hasFocus():
            self.item.button.setFocus()

    def _show_item(self) -> None:
        """When the layout has come to rest: what is to be read out in sight."""
        self.page.ensureWidgetVisible(self.item, 0, self.look.space("m"))

    def _act(self, item: SyncItem) -> None:
        match item.act:
            case "send":
                self.sync()
            case "open":
                self.wanted_person.emit(item.target)
            case "look":
                tasks.run(self, lambda: self._acts.seen(item.id), lambda _: self.wanted_person.emit(item.target),
                          self._failed)
            case "conflicts":
                self.wanted_place.emit(item.target)
            case "behind":
                self._stand_at(item.target)
            case "seen":
                tasks.run(self, lambda: self._acts.seen(item.id), self._was_seen, self._failed)

    def _stand_at(self, item_id: str) -> None:
        ids = [each.id for each in self.needing.results()]
        if item_id in ids:
            self.needing.stand(ids.index(item_id))
            self.needing.setFocus()

    def _was_seen(self, _result: object) -> None:
        self.told.emit(texts.say("sync.told"))
        self.needing.setFocus()
        self.shown()

    # -- for support
    def save_report(self) -> None:
        """F8: the file for support, where the person says."""
        path = (self._acts.ask_path or self._ask_path)(self._acts.report_name)
        if path:
            tasks.run(self, lambda: self._acts.report(path), self._reported, self._failed)

    def _ask_path(self, name: str) -> str:
        files = texts.say("sync.report-files")
        return asked_path(save_dialog(self, texts.say("sync.report"), name, folder="", files=files, suffix="json"))

    def _reported(self, _result: object) -> None:
        self.told.emit(texts.say("sync.report-saved"))

    # -- sending
    def sync(self) -> None:
        """Send and fetch now; does nothing while that is under way."""
        if not self.button.isEnabled():
            return
        self._back = self.button.hasFocus()
        self.button.disable(texts.say("sync.sending"))
        self.quiet.show()
        announce(self, self.quiet.text())
        tasks.run(self, self._acts.sync_now, self._synced, self._sync_failed)

    def _ready(self) -> None:
        self.quiet.hide()
        self.button.enable()
        if self._back and self.report.hasFocus():  # where Qt put the keyboard when the button went out of use
            self.button.setFocus()

    def _synced(self, _result: object) -> None:
        self._ready()
        self.told.emit(texts.say("sync.sent-told"))
        self.shown()

    def _sync_failed(self, failure: tasks.Failure) -> None:
        self._ready()
        self._failed(failure)

    def _failed(self, failure: tasks.Failure) -> None:
        self._notes.say(Note(self.look, "danger", "alert", *failure.parts))

    def note(self) -> tuple[str, ...]:
        """What is said above the stages."""
        return self._notes.sentences()
