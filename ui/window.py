"""The window round every screen: navigation at the right, title and sync truth on top, keys at the foot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import shiboken6
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QDialog, QMainWindow, QStackedWidget, QWidget

from desktop.domain import texts
from desktop.domain.changed import Changed
from ui import bound
from ui.access import announce
from ui.access.keys import shortcut
from ui.bound import Bound
from ui.floating import Floor, Panel
from ui.screens.appearance import AppearanceScreen, theme_words
from ui.screens.base import Screen
from ui.screens.help import HelpPanel
from ui.shell import DIGITS, LOCK_KEY, LOOK_KEY, Place, Shell
from ui.theme.look import Look
from ui.theme.tokens import Tone
from ui.undo import UNDO_KEY
from ui.widgets.buttons import Button
from ui.widgets.labels import Icon, Paragraph
from ui.widgets.layout import column, holder, row
from ui.widgets.overlays import FocusRing, Toast

_CLOCK_EVERY = 10_000
_LOOK_KEYS = ("Ctrl++", "Ctrl+=", "Ctrl+-", "Ctrl+0", LOOK_KEY)


class Window(QMainWindow):
    """The one window, a frame to a screen reader. First `show_alone` (the login, a cover), then `open` with the places.

    `closing` is emitted once, when the person closes it, after every screen was told to `leave`; whoever started work
    drains it there.
    """

    closing = Signal()
    lock_wanted = Signal()
    """F12 was pressed while the places were open."""
    practice_wanted = Signal()
    """Somebody at the open desk wants to practise."""

    def __init__(self, look: Look, *, now: Callable[[], str], training: str = "", leave: str = "") -> None:
        """`training` is what the banner says that never goes away, `leave` the words of its way back to real work."""
        super().__init__()
        self._look, self._now, self.training = look, now, bool(training)
        self._shell: Shell | None = None
        self._cover: QWidget | None = None
        self._covered_focus: QWidget | None = None
        self._stack = QStackedWidget()
        self.setProperty("ground", "practice" if training else "paper")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        whole = column(look, gap="none")
        if training:
            whole.put(self._banner(training, leave))
        whole.addWidget(self._stack, 1)
        self.setCentralWidget(holder(whole))
        self.setWindowTitle(texts.say("app.title"))
        self._floor = Floor(look, self, self._stack, whole)
        self.ring, self.toast = FocusRing(look, self), Toast(look, self, self._stack)
        self._clock = QTimer(self, interval=_CLOCK_EVERY)
        self._clock.timeout.connect(self.tick)
        for keys, act, words in (
            ("Ctrl++", look.zoom_in, "ui.key-larger"),
            ("Ctrl+=", look.zoom_in, ""),
            ("Ctrl+-", look.zoom_out, "ui.key-smaller"),
            ("Ctrl+0", look.zoom_reset, "ui.key-zoom-reset"),
            ("F1", self.help, "ui.key-help"),
            ("F3", partial(self._unless_held, self.search), "ui.key-find"),
            (LOOK_KEY, self.choose_look, "appearance.open"),
            (LOCK_KEY, self._lock, "ui.key-lock"),
        ):
            shortcut(self, keys, act, texts.say(words) if words else "")
        for number in range(1, DIGITS + 1):
            shortcut(self, f"Ctrl+{number}", partial(self._unless_held, partial(self._go_to_number, number)))

    def _banner(self, training: str, leave: str) -> QWidget:
        words = Paragraph(self._look, training, scale="caption", weight="medium", tone="on_accent")
        mark = Icon(self._look, "training", tone="on_accent", size=16)
        line = row(self._look, mark, margins=("l", "xs", "l", "xs"))
        line.addWidget(words, 1)
        if leave:
            back = Button(self._look, leave, kind="ghost", icon="back", key="Shift F9", bind=False)
            back.clicked.connect(self.close)
            shortcut(back, "Shift+F9", self.close)  # its own: over the lock there is a way back, too
            line.put(back)
        return holder(line, "training")

    def show_alone(self, widget: QWidget) -> None:
        """Fill the window with one widget: before the desk is open, or to cover it."""
        self._replace(widget)
        self._shell = None

    def cover(self, widget: QWidget) -> None:
        """Lay `widget` over everything until `uncover`: nothing behind is seen, said or reached by a key. Work goes on,
        and what it has to say waits."""
        if self._cover is not None:
            return
        self.sink()
        self.leave()
        self._cover, self._covered_focus = widget, self.focusWidget()
        for other in QApplication.topLevelWidgets():
            if other is not self and other.isVisible() and (isinstance(other, QDialog) or other.isModal()):
                other.close()
        while (popup := QApplication.activePopupWidget()) is not None and popup.close():
            pass
        self.ring.follow(None)
        self.toast.hold()
        self._let_keys(work=False)
        self._stack.addWidget(widget)
        self._stack.setCurrentWidget(widget)
        self.setWindowTitle(texts.say("app.title"))

    def uncover(self) -> None:
        """Take the cover away: everything stands as it was, the keyboard too."""
        cover, back = self._cover, self._covered_focus
        if cover is None:
            return
        self._cover = self._covered_focus = None
        if self._shell is not None:
            self._stack.setCurrentWidget(self._shell)
        self._stack.removeWidget(cover)
        cover.deleteLater()
        self._let_keys(work=True)
        self._show_head()
        if back is None or not shiboken6.isValid(back) or not back.isVisibleTo(self):
            front = self.front()
            back = front.first() if front is not None else None
        if back is not None:
            back.setFocus()
        self.toast.release()

    def covered(self) -> bool:
        """Whether a cover lies over the places."""
        return self._cover is not None

    def _let_keys(self, *, work: bool, but: tuple[str, ...] = _LOOK_KEYS) -> None:
        """The window's own keys work, or none `but` these: whoever binds one to the window is under this, too."""
        for each in self.findChildren(QShortcut, options=Qt.FindChildOption.FindDirectChildrenOnly):
            each.setEnabled(work or each.key().toString() in but)

    def float_over(self, panel: Panel) -> None:
        """Lay a panel over everything for a moment; Esc or its own key takes it away, and the keyboard is back exactly
        where it was. Beneath it no key works but those of the look and the lock."""
        if self._cover is not None:
            return
        panel.left.connect(self.sink)
        self._let_keys(work=False, but=(*_LOOK_KEYS, LOCK_KEY))
        self._floor.lay(panel)

    def sink(self) -> None:
        """Take away what floats, if anything does."""
        if self._floor.up():
            self._floor.lift()
            self._let_keys(work=self._cover is None)

    def help(self) -> None:
        """F1: what the screen in front is for, its steps and its keys."""
        front = self.front() or self._stack.currentWidget()
        name = getattr(front, "help_name", "")
        if front is None or not name:
            return
        title = front.title if isinstance(front, Screen) else texts.say("app.title")
        panel = HelpPanel(self._look, name, title, bound.of_screen(front), self.bound_keys())
        self.float_over(panel)
        panel.read_out()

    def places(self) -> list[tuple[str, str, str]]:
        """The places: id, words, and the key of each that has one."""
        places = self._shell.places.values() if self._shell is not None else ()
        return [(each.id, each.words, f"Ctrl {at}" if at <= DIGITS else "") for at, each in enumerate(places, 1)]

    def bound_keys(self) -> list[Bound]:
        """The keys that work everywhere, and what they do."""
        return bound.of_window(self, *([self._shell] if self._shell is not None else ()))

    def _lock(self) -> None:
        if self._shell is not None:
            self.lock_wanted.emit()

    def leave(self) -> None:
        """Tell every screen to begin keeping what was typed and isn't kept yet."""
        for screen in self._shell.built.values() if self._shell is not None else ():
            screen.leave()

    def place(self) -> str:
        """The place in front, empty while the desk isn't open."""
        front, built = self.front(), self._shell.built if self._shell is not None else {}
        return next((name for name, screen in built.items() if screen is front), "")

    def open(self, places: Sequence[Place], *, centre: str, who: str, role: str = "", search: str = "intake") -> None:
        """Show the navigation and go to the first place. `search` is the place F3 leads to."""
        self._shell = Shell(self._look, places, centre, who, role, search)
        self._shell.side.navigation.wanted.connect(self._show)
        self._shell.top.back.clicked.connect(self.back)
        self._shell.foot.look_button.clicked.connect(self.choose_look)
        self._replace(self._shell)
        self.bind(UNDO_KEY.replace(" ", "+"), self.undo, texts.say("ui.key-undo"), foot=False)
        self.bind("Ctrl+Z", self.undo)  # in a field it takes back what was typed, as everywhere
        self.tick()
        self._clock.start()
        self.go(places[0].id)

    def _replace(self, widget: QWidget) -> None:
        self.sink()
        self.ring.follow(None)
        olds = [old for at in range(self._stack.count()) if (old := self._stack.widget(at)) is not None]
        self._stack.addWidget(widget)
        self._stack.setCurrentWidget(widget)
        for old in olds:
            self._stack.removeWidget(old)
            old.deleteLater()
        if self._cover is not None:
            self._cover = self._covered_focus = None
            self._let_keys(work=True)
            self.toast.forget()

    def go(self, place: str) -> Screen | None:
        """Go to a place and put the keyboard in its first control. None while the desk isn't open."""
        if self._shell is None or place not in self._shell.places:
            return None
        screen = self._show(place)
        if (first := screen.first()) is not None:
            first.setFocus()
        return screen

    def built(self, place: str) -> Screen | None:
        """The screen of a place, None before its first visit."""
        return self._shell.built.get(place) if self._shell else None

    def front(self) -> Screen | None:
        """The screen in front."""
        front = self._shell.pages.currentWidget() if self._shell else None
        return front if isinstance(front, Screen) else None

    def _show(self, place: str) -> Screen:
        shell = self._shell
        assert shell is not None  # noqa: S101 - only a shell's navigation leads here
        self.sink()
        screen = shell.built.get(place)
        if screen is None:
            screen = shell.places[place].build()
            self._take_in(screen)
            shell.built[place] = screen
        self._lift()
        shell.pages.setCurrentWidget(screen)
        shell.side.navigation.show_place(place)
        self._show_head()
        screen.shown()
        return screen

    def _take_in(self, screen: Screen) -> None:
        assert self._shell is not None  # noqa: S101 - only an open desk has screens
        screen.headed.connect(self._show_head)
        screen.told.connect(self.toast.say)
        screen.undoable.connect(self.toast.say)
        self._shell.pages.addWidget(screen)

    def bind(
        self, key: str, act: Callable[[], object], words: str = "", *, foot: bool = True, always: bool = False
    ) -> None:
        """A key that works at every place, until another desk is opened; with `words` the help lists it, and it is
        shown at the `foot`. Over a screen whose words are kept nowhere else it works only if `always`."""
        if self._shell is not None:
            shortcut(self._shell, key, act if always else partial(self._unless_held, act), words)
            if words and foot:
                self._shell.foot.add(key.replace("+", " "), words)

    def undo(self) -> None:
        """Take back what the toast offers to, if it still stands there."""
        if (undo := self.toast.take_undo()) is not None:
            undo.act()

    def held(self) -> bool:
        """Whether what lies over the place holds words that are kept nowhere else."""
        return self._shell is not None and self._shell.over is not None and self._shell.over.holds

    def _unless_held(self, act: Callable[[], object]) -> None:
        if self.held():
            self.toast.say(texts.say("ui.held"))
        else:
            act()

    def lay_over(self, screen: Screen) -> None:
        """Show a screen over the place in front. Esc, or `back`, takes it off; so does going to a place."""
        shell, front = self._shell, self.front()
        if shell is None or front is None:
            return
        self.sink()
        beneath = shell.beneath or (front, self.focusWidget())
        self._take_in(screen)
        shell.pages.setCurrentWidget(screen)
        self._lift()
        shell.over, shell.beneath = screen, beneath
        shell.top.back.show()
        self._show_head()
        screen.shown()
        if (first := screen.first()) is not None:
            first.setFocus()

    def back(self) -> None:
        """Take off what was laid over: the place beneath is as it was, and so is the keyboard."""
        shell = self._shell
        if shell is None or shell.beneath is None:
            return
        place, had = shell.beneath
        shell.pages.setCurrentWidget(place)
        self._lift()
        self._show_head()
        place.shown()
        if had is not None and shiboken6.isValid(had):
            had.setFocus()

    def choose_look(self) -> None:
        """Lay the appearance over the place in front, or take it off; where no place is seen, go to the next theme."""
        if self._shell is None or self._cover is not None:
            self._look.next_theme()
            announce(self, theme_words(self._look.theme_name))
        elif isinstance(self.front(), AppearanceScreen):
            self.back()
        else:
            self._unless_held(lambda: self.lay_over(AppearanceScreen(self._look)))

    def _lift(self) -> None:
        """Let go of what was laid over."""
        assert self._shell is not None  # noqa: S101 - only an open desk has screens
        shell, over = self._shell, self._shell.over
        shell.over = shell.beneath = None
        shell.top.back.hide()
        if over is not None:
            shell.pages.removeWidget(over)
            over.leave()
            over.deleteLater()

    def _go_to_number(self, number: int) -> None:
        if self._shell is not None and number <= len(self._shell.places):
            self.go(list(self._shell.places)[number - 1])

    def search(self) -> None:
        """F3: the place with the search box, and the keyboard in it."""
        if self._shell is not None and (screen := self.go(self._shell.search_place)) is not None:
            screen.search()

    def _show_head(self) -> None:
        if self._shell is not None and (screen := self.front()) is not None:
            self._shell.top.show_head(screen.title, screen.subtitle)
            if self._cover is None:
                self.setWindowTitle(texts.say("ui.window-title", screen=screen.title, app=texts.say("app.title")))

    def show_sync(self, words: str, tone: Tone, icon: str) -> None:
        """The chip of sync truth in the top bar."""
        if self._shell is not None:
            self._shell.top.sync.tell(words, tone, icon)
            self._shell.top.sync.setVisible(bool(words))
            self._shell.top.fold()

    def set_badge(self, place: str, count: int) -> None:
        if self._shell is not None:
            self._shell.side.navigation.set_badge(place, count)

    def refresh(self, changed: Changed) -> None:
        """Something was written or pulled: the screen in front reads again; the others do when they are shown."""
        if (screen := self.front()) is not None:
            screen.refresh(changed)

    def tick(self) -> None:
        """Show the time now."""
        if self._shell is not None:
            self._shell.top.clock.setText(self._now())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._look.set_width(self.width())

    def closeEvent(self, event: QCloseEvent) -> None:
        self._clock.stop()
        self.leave()
        self.closing.emit()
        super().closeEvent(event)
