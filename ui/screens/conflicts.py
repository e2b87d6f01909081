"""The list of what two people wrote differently: both values, who, when; one key says which is right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from desktop.domain.conflicts import Choice, Contested
from desktop.domain.texts import say
from ui import tasks
from ui.access import announce
from ui.screens.base import Screen
from ui.theme.look import Look
from ui.widgets import (
    ActionBar,
    Button,
    Card,
    Chip,
    ChoiceTiles,
    Found,
    Note,
    NotePlace,
    Paragraph,
    PrimaryButton,
    ResultList,
    StateBox,
    clear,
    column,
    columns,
    heading,
    holder,
    row,
)
from ui.widgets import Choice as Tile


@dataclass(frozen=True, slots=True)
class ConflictActs:
    """What the screen can do; both block and are called off the window's thread.

    `read` gives some and the count of all; `decide` takes the id of one, the head that is right, all that were seen.
    """

    read: Callable[[], tuple[Sequence[Contested], int]]
    decide: Callable[[str, str, Sequence[str]], object]


class QuestionPart(QWidget):
    """One thing to decide: the question, and each value with who wrote it and when. `chosen` when a value is."""

    chosen = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.contested: Contested | None = None
        self.tiles: ChoiceTiles | None = None
        self._question = Paragraph(look, scale="lead", weight="bold")
        self._hint = Paragraph(look, tone="muted")
        self._values = column(look)
        self.setLayout(column(look, self._question, self._hint, self._values, gap="m"))

    def show_contested(self, contested: Contested) -> bool:
        """This one; what was chosen stays while it is the same. Returns whether it is another."""
        if contested == self.contested:
            return False
        self.contested = contested
        self._question.setText(contested.question)
        self._hint.setText(contested.hint)
        self._hint.setVisible(bool(contested.hint))
        clear(self._values)
        self.tiles = None
        if contested.choices:
            tiles = [Tile(choice.head, choice.words, _about(choice)) for choice in contested.choices]
            self.tiles = ChoiceTiles(self._look, contested.words, tiles, wide=1, narrow=1)
            self.tiles.setEnabled(contested.act == "choose")
            self.tiles.chosen.connect(self.chosen)
            self._values.put(self.tiles)
        for part in (self._question, self._hint):
            part.updateGeometry()
        return True

    def choice(self) -> Choice | None:
        """The value that was chosen."""
        head = self.tiles.value() if self.tiles is not None else None
        choices = self.contested.choices if self.contested is not None else ()
        return next((each for each in choices if each.head == head), None)

    def spoken(self) -> str:
        """The question, for a screen reader."""
        shown = self.contested
        return " ".join(part for part in (shown.question, shown.hint) if part) if shown is not None else ""

    def words(self) -> tuple[str, ...]:
        """What stands here, as it is read."""
        tiles = self.tiles.tiles if self.tiles is not None else []
        lines = (f"{each.choice.words}: {each.choice.about}" for each in tiles)
        return (self._question.text(), self._hint.text(), *lines)


class ConflictsScreen(Screen):
    """Reads the list off the window's thread. A digit or an arrow chooses a value, F9 decides, F10 goes to the next.

    Emits `wanted_person` for a file that is to be opened.
    """

    help_name = "conflicts"

    wanted_person = Signal(str)

    def __init__(self, look: Look, acts: ConflictActs) -> None:
        super().__init__(look, say("conflicts.title"), say("conflicts.subtitle"))
        self._acts = acts
        self._latest: tasks.Latest[tuple[Sequence[Contested], int]] = tasks.Latest(self)
        self._contested: dict[str, Contested] = {}
        self._deciding = self._read = self._asking = False
        self.list = ResultList(look, say("conflicts.list"))
        self.list.picked.connect(lambda _id: self.first().setFocus())
        self.list.selectionModel().currentChanged.connect(self._show_current)
        self.question = QuestionPart(look)
        self.question.chosen.connect(self._tell_buttons)
        self.more = Paragraph(look, scale="caption", tone="muted")
        self.more.hide()
        calm = Note(look, "ok", "backup", say("conflicts.how"), say("conflicts.how-more"))
        self._box = StateBox(look, column(look, Card(look, self.question), calm, gap="m"))
        self._count = Chip(look)
        self._notes = NotePlace(look)
        self.right = PrimaryButton(look, say("conflicts.right"), icon="check")
        self.right.clicked.connect(self.decide)
        self.later = Button(look, say("conflicts.later"), icon="next", key="F10")
        self.later.clicked.connect(self.put_off)
        self.open = Button(look, say("conflicts.see"), icon="house", key="F8")
        self.open.clicked.connect(self._open)
        self.build(self._body(), ActionBar(look, self.right, self.later, self.open))
        self._tell_buttons()

    def _body(self) -> QWidget:
        look = self.look
        head = row(look, heading(look, say("conflicts.list")), self._count, 1)
        self._waiting = Card(look, head, self.list, self.more, 1, gap="s")
        whole = column(look, self._notes.box, gap="m")
        deciding = holder(column(look, self._box, 1))
        whole.addLayout(columns(look, (deciding, 16), (self._waiting, 11)), 1)
        return holder(whole)

    def first(self) -> QWidget:
        tiles = self.question.tiles
        return tiles if tiles is not None and tiles.isEnabled() and self._contested else self.list

    def shown(self) -> None:
        self._box.loading()
        self._latest.run(self._acts.read, lambda found: self.show_contested(*found), self._failed)

    def show_contested(self, contested: Sequence[Contested], count: int) -> None:
        """Show these, of `count`; the keyboard stays with the question, be it another now."""
        has = self.focusWidget()
        opened_by_key = not self._read and has is self.list  # before it was known what waits
        deciding = opened_by_key or (has is not None and self.question.isAncestorOf(has))
        self._read, self._asking = True, deciding
        self._contested = {each.id: each for each in contested}
        self.list.show_results([_row(each) for each in contested])
        self._waiting.setVisible(bool(contested))
        self._count.tell(say("ui.number", n=count), "danger")
        left = count - len(contested)
        self.more.setText(say("conflicts.more", n=left) if left > 0 else "")
        self.more.setVisible(left > 0)
        if contested:
            self._box.full()
        else:
            self._box.empty(say("conflicts.none"))
        self._show_current()
        self._asking = False
        if deciding and contested:
            self.first().setFocus()

    def _show_current(self) -> None:
        found = self.list.current() if self.list.results() else None
        contested = self._contested.get(found.id) if found else None
        in_list = self.list.hasFocus() and not self._asking  # whoever looks along the list hears its rows
        if contested is not None and self.question.show_contested(contested) and not in_list:
            announce(self.question, self.question.spoken())
            QTimer.singleShot(0, self, lambda: self.page.verticalScrollBar().setValue(0))  # the question in sight
        self._tell_buttons()

    def _tell_buttons(self) -> None:
        """F9 does the one thing there is to do, or says why it can't yet."""
        contested = self.question.contested if self._contested else None
        for button in (self.right, self.later):
            button.setVisible(contested is not None)
        self.open.setVisible(contested is not None and contested.act == "choose" and bool(contested.person))
        if contested is None:
            return
        opens = contested.act == "open"
        self.right.icon_name = "house" if opens else "check"
        self.right.set_words(say("conflicts.open" if opens else "conflicts.right"))
        if contested.act == "tell":
            self.right.disable(say("conflicts.province-decides"))
        elif not opens and self.question.choice() is None:
            self.right.disable(say("conflicts.choose-first"))
        elif not self._deciding:
            self.right.enable()

    def put_off(self) -> None:
        """F10: the next one; after the last the first again."""
        rows = self.list.results()
        if rows:
            self.list.stand((self.list.currentIndex().row() + 1) % len(rows))
            self.first().setFocus()

    def _open(self) -> None:
        if self.question.contested is not None:
            self.wanted_person.emit(self.question.contested.person)

    def decide(self) -> None:
        """F9: what was chosen is right. Where nothing can be chosen the file is opened."""
        contested, choice = self.question.contested, self.question.choice()
        if not self.right.isEnabled() or contested is None or self._deciding:
            return
        if contested.act == "open":
            self._open()
        elif choice is not None:
            self._deciding = True
            given = contested.id, choice.head, contested.seen
            if self.right.hasFocus():
                self.first().setFocus()  # a button out of use would hand the keyboard to the next
            self.right.disable(say("conflicts.deciding"))
            tasks.run(self, lambda: self._acts.decide(*given), lambda _done: self._decided(choice), self._refused)

    def _decided(self, choice: Choice) -> None:
        self._deciding = False
        self._notes.say(None)
        self.told.emit(say("conflicts.told", value=choice.words))
        self.shown()

    def _refused(self, failure: tasks.Failure) -> None:
        self._deciding = False
        self._failed(failure)
        self.shown()

    # -- what is said above
    def _failed(self, failure: tasks.Failure) -> None:
        self._notes.say(Note(self.look, "danger", "alert", *failure.parts))
        announce(self, " ".join(failure.parts))

    def problem(self) -> tuple[str, ...]:
        """What is said above the list."""
        return self._notes.sentences()


def _about(choice: Choice) -> str:
    shown = say("conflicts.shown") if choice.shown else ""
    return say("ui.and").join(part for part in (choice.more, choice.who, choice.when, shown) if part)


def _row(contested: Contested) -> Found:
    late = say("conflicts.late-chip") if contested.late else ""
    name = contested.whom or contested.words
    return Found(contested.id, name, contested.words if contested.whom else "", late, "warn")
