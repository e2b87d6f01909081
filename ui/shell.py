"""What stands round the screens of an open desk: the places at the right, title and truth on top, keys at the foot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop.domain import texts
from ui.screens.base import Screen
from ui.theme.look import Look
from ui.theme.tokens import SIZE
from ui.widgets.buttons import Button
from ui.widgets.labels import Chip, Initials, KeyCap, Label, Paragraph, Star
from ui.widgets.layout import column, holder, row
from ui.widgets.navigation import Entry, Navigation

LOOK_KEY = "Shift+F4"
LOCK_KEY = "F12"
DIGITS = 9
"""Places that a digit leads to."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the navigation. `build` makes its screen, on the first visit and not before."""

    id: str
    words: str
    icon: str
    build: Callable[[], Screen]


class _Yielding(Label):
    """Asks for no room: where it doesn't fit whole it isn't shown, and the window may be narrower than with it."""

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())


class TopBar(QWidget):
    """Title, subtitle, the way back from what was laid over a place, one chip of sync truth, the clock."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.title = Label(look, scale="page", weight="bold")
        self.subtitle = _Yielding(look, tone="muted")
        self.back = Button(look, texts.say("ui.back"), kind="quiet", icon="back", key="Esc")
        self.back.hide()
        self.sync = Chip(look)
        self.sync.hide()
        self.clock = _Yielding(look, scale="lead", weight="medium")
        line = row(look, self.title, self.subtitle, 1, self.back, self.sync, self.clock, gap="m")
        self.setLayout(column(look, line, margins=("xl", "none", "xl", "none")))
        look.changed.connect(self.fold)
        self.fold()

    def fold(self) -> None:
        self.setFixedHeight(self._look.px(SIZE.top))
        left = self.width() - 2 * self._look.space("xl")
        left -= sum(self._wide(each) for each in (self.title, self.back, self.sync) if not each.isHidden())
        self.clock.setVisible(self._wide(self.clock) <= left)
        left -= self._wide(self.clock)
        roomy = not self._look.columns_folded and self._wide(self.subtitle) <= left
        self.subtitle.setVisible(bool(self.subtitle.text()) and roomy)

    def _wide(self, widget: QWidget) -> int:
        return widget.sizeHint().width() + self._look.space("m")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fold()

    def show_head(self, title: str, subtitle: str) -> None:
        self.title.setText(title)
        self.subtitle.setText(subtitle)
        self.fold()


class Foot(QWidget):
    """The keys that work everywhere, quietly."""

    def __init__(self, look: Look, places: int, *, finds: bool) -> None:
        super().__init__()
        self._look = look
        self.setProperty("ground", "foot")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        line = row(look, gap="l", margins=("xl", "none", "xl", "none"))
        line.put(self._key("F1", "ui.key-help"), self._key("F2", "ui.key-commands"))
        if finds:
            line.put(self._key("F3", "ui.key-find"))
        self._more = row(look, gap="l")
        self._more_holder = holder(self._more)
        line.put(self._more_holder, 1)
        self._far = holder(row(look, self._key(f"Ctrl 1…{places}", "ui.key-places"), gap="l"))
        self.look_button = Button(
            look, texts.say("appearance.open"), kind="quiet", key=LOOK_KEY.replace("+", " "), bind=False
        )
        self.look_button.setFocusPolicy(
            Qt.FocusPolicy.NoFocus
        )  # the key leads there; Tab stays among what is worked on
        line.put(self._far, self._key(LOCK_KEY, "ui.key-lock"), self.look_button)
        self.setLayout(line)
        look.changed.connect(self.fold)
        self.fold()

    def add(self, key: str, words: str) -> None:
        """One more key that works everywhere; shown where there is room."""
        self._more.put(self._named(key, words))

    def _key(self, key: str, words: str) -> QWidget:
        return self._named(key, texts.say(words))

    def _named(self, key: str, words: str) -> QWidget:
        label = Label(self._look, words, scale="caption", tone="muted")
        return holder(row(self._look, KeyCap(self._look, key), label, gap="xs"))

    def fold(self) -> None:
        self.setFixedHeight(self._look.px(SIZE.foot))
        for each in (self._more_holder, self._far):
            each.setVisible(not self._look.columns_folded)


class Side(QWidget):
    """The mark and the centre, the places, and who sits at the desk."""

    def __init__(self, look: Look, entries: Sequence[Entry], centre: str, who: str, role: str) -> None:
        super().__init__()
        self._look = look
        self.setProperty("ground", "sunken")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.navigation = Navigation(look, entries)
        name = Label(look, texts.say("app.name"), scale="lead", weight="bold")
        self._centre = holder(column(look, name, Paragraph(look, centre, scale="caption", tone="muted"), gap="none"))
        words = column(look, Paragraph(look, who, weight="medium"), gap="none")
        words.put(Paragraph(look, role, scale="caption", tone="muted"))
        self._who = holder(words)
        top = row(look, Star(look), gap="s", margins=("l", "m", "l", "m"))
        top.addWidget(self._centre, 1)
        end = row(look, Initials(look, who[:1], 36), gap="s", margins=("l", "m", "l", "m"))
        end.addWidget(self._who, 1)
        whole = column(look, top, gap="none")
        whole.addWidget(self.navigation, 1)
        whole.addLayout(end)
        self.setLayout(whole)
        self.setToolTip(who)
        look.changed.connect(self.fold)
        self.fold()

    def fold(self) -> None:
        folded = self._look.navigation_folded
        self._centre.setVisible(not folded)
        self._who.setVisible(not folded)
        self.setFixedWidth(self._look.px(SIZE.navigation_folded if folded else SIZE.navigation))


class Shell(QWidget):
    """What is shown once the desk is open; made anew by `Window.open`."""

    def __init__(self, look: Look, places: Sequence[Place], centre: str, who: str, role: str, search: str) -> None:
        super().__init__()
        self.places = {place.id: place for place in places}
        self.search_place = search
        self.built: dict[str, Screen] = {}
        self.over: Screen | None = None
        self.beneath: tuple[Screen, QWidget | None] | None = None
        self.side = Side(look, [Entry(p.id, p.words, p.icon) for p in places], centre, who, role)
        self.top = TopBar(look)
        self.pages = QStackedWidget()
        page = column(look, self.top, gap="none")
        page.addWidget(self.pages, 1)
        self.foot = Foot(look, min(len(places), DIGITS), finds=search in self.places)
        page.addWidget(self.foot)
        whole = row(look, self.side, gap="none")
        whole.addLayout(page, 1)
        self.setLayout(whole)
