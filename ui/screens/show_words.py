"""Choosing the sentence a client is shown over the whole screen: one box, the ready ones, and what is theirs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from desktop.domain import digits, persian_text
from desktop.domain.standing import Standing, next_words
from desktop.domain.texts import say
from ui import tasks
from ui.screens.base import Screen
from ui.theme.look import Look
from ui.widgets import Button, Card, Choice, ChoiceTiles, Paragraph, ResultList, SearchBox, row
from ui.widgets import Found as Row

READY = (
    "welcome", "sit", "wait", "your-turn", "write", "national-id", "phone", "papers", "sign", "interpreter", "repeat",
    "keep", "free", "done",
)  # fmt: skip
_OWN, _CODE, _NEXT = "own", "code", "next"


@dataclass(frozen=True, slots=True)
class InFront:
    """Who stands at the desk, for whoever sits there to see; `standing` of their newest request, if they have one."""

    name: str
    standing: Standing | None


@dataclass(frozen=True, slots=True)
class ShowActs:
    """`in_front` blocks and is called off the window's thread. `show` puts a sentence over a screen, the second one
    if so chosen; `shown` is what stands there now, `take_away` ends it; `second` says whether there is one."""

    in_front: Callable[[], InFront | None]
    show: Callable[[str, bool], None]
    shown: Callable[[], str]
    take_away: Callable[[], None]
    second: Callable[[], bool]


class _Box(SearchBox):
    """The rows follow every letter at once, so Enter takes the one that is current now."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.search_now()
        super().keyPressEvent(event)


def code_words(standing: Standing) -> str:
    """The tracking code as the client is shown it, and nothing else of theirs."""
    return say("show.code-words", code=f"\u2066{digits.persian(standing.tracking_code)}\u2069")


class ShowScreen(Screen):
    """Enter shows the current row: what was typed, else the first. `on_second` is remembered by whoever made this."""

    help_name = "show"

    def __init__(self, look: Look, acts: ShowActs, *, on_second: bool = False) -> None:
        super().__init__(look, say("show.title"), say("show.subtitle"))
        self._acts = acts
        self._front: InFront | None = None
        self._words: dict[str, str] = {}
        self.box = _Box(look, say("show.own"), say("show.own-hint"), "Shift F5")
        self.rows = ResultList(look, say("show.ready"))
        self.box.drive(self.rows)
        self.box.changed.connect(self._list)
        self.rows.picked.connect(self.pick)
        self.rows.selectionModel().currentChanged.connect(self._in_sight)
        self.take_away = Button(look, say("show.take-away"), icon="cross", key="F8")
        self.take_away.clicked.connect(self._taken_away)
        self.second = ChoiceTiles(
            look, say("show.second"), [Choice("second", say("show.second-yes"))], several=True, wide=1, compact=True
        )
        self.second.choose("second" if on_second else None)
        self._nobody = Paragraph(look, tone="muted")
        line = row(look, self.second, self.take_away, 1, gap="m")
        self.build(Card(look, self.box, self._nobody, self.rows, line, 1, gap="m"))
        self._list()
        self._tell_shown()

    def first(self) -> QWidget:
        return self.box

    def shown(self) -> None:
        self.second.setVisible(self._acts.second())
        tasks.run(self, self._acts.in_front, self.show_front, lambda _failure: None)

    def show_front(self, front: InFront | None) -> None:
        """Offer what belongs to whoever stands here."""
        self._front = front
        self._nobody.setVisible(front is None or front.standing is None)
        self._nobody.setText(say("show.nobody" if front is None else "show.nothing"))
        self._list()

    def _list(self) -> None:
        typed = self.box.value()
        rows = [Row(_OWN, typed, say("show.own"))] if typed else []
        self._words = {_OWN: typed}
        if self._front is not None and (standing := self._front.standing) is not None and not typed:
            self._words[_CODE] = code_words(standing)
            shown = f"\u2066{digits.persian(standing.tracking_code)}\u2069"
            rows.append(Row(_CODE, say("show.code-of", name=self._front.name), shown))
            if following := next_words(standing):
                self._words[_NEXT] = following
                rows.append(Row(_NEXT, say("show.next-of", name=self._front.name), following))
        wanted = persian_text.squashed(typed)
        for name in READY:
            words = say(f"show.ready-list.{name}")
            if not typed or wanted in persian_text.squashed(words):
                self._words[name] = words
                rows.append(Row(name, words, ""))
        self.rows.show_results(rows, afresh=True)

    def pick(self, row_id: str) -> None:
        """Show what this row says."""
        words = self._words.get(row_id, "")
        if words:
            self._acts.show(words, self._acts.second() and bool(self.second.values()))
            self._tell_shown()

    def _taken_away(self) -> None:
        self._acts.take_away()
        self._tell_shown()
        self.box.setFocus()
        self.told.emit(say("show.taken-away"))

    def _tell_shown(self) -> None:
        self.take_away.setVisible(bool(self._acts.shown()))

    def _in_sight(self, current: QModelIndex) -> None:
        """The row the arrows reached, while the keyboard stays in the box."""
        spot, inside = self.rows.visualRect(current), self.page.widget()
        if inside is not None and self.rows.isVisible():
            at = self.rows.mapTo(inside, spot.center())
            self.page.ensureVisible(at.x(), at.y(), 0, spot.height())
