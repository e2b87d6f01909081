"""Every screen of the desk with something real on it, in the whole window: to be measured and to be looked at."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from desktop.domain.queue import Board
from tests.desk.opened import NOW
from tests.desk.people import FOUND, SAME_NAME, TODAY
from tests.desk.people import Desk as IntakeDesk
from tests.desk.typist import Typist
from tests.ui import sample_desk, test_staff_screen
from tests.ui.conftest import Show
from tests.ui.test_client_screens import SCREENS as CLIENT_SCREENS
from tests.ui.test_client_screens import Desk as ClientDesk
from tests.ui.test_conflicts_screen import BIRTH, SEX
from tests.ui.test_conflicts_screen import Desk as ConflictsDesk
from tests.ui.test_downtime_screen import NUMBER
from tests.ui.test_downtime_screen import Centre as DowntimeCentre
from tests.ui.test_intake_screen import SERVICES, person
from tests.ui.test_intake_screen import acts as intake_acts
from tests.ui.test_preview_screen import Printer
from tests.ui.test_queue_screen import BUSY, EMPTY, SERVED
from tests.ui.test_queue_screen import Centre as QueueCentre
from tests.ui.test_transfers_screen import Centre as TransfersCentre
from tests.ui.test_vision_screen import Post, begin, read
from ui import tasks
from ui.screens.appearance import AppearanceScreen
from ui.screens.base import Screen
from ui.screens.conflicts import ConflictActs, ConflictsScreen
from ui.screens.downtime import DowntimeActs, DowntimeScreen
from ui.screens.home import HomeScreen
from ui.screens.intake import IntakeScreen
from ui.screens.preview import PreviewScreen
from ui.screens.queue import QueueScreen
from ui.screens.staff import StaffScreen
from ui.screens.staff_parts import Mode
from ui.screens.sync_truth import SyncActs, SyncScreen
from ui.screens.transfers import TransfersScreen
from ui.shell import Place
from ui.theme.look import Look
from ui.window import Window

Key = Qt.Key
Scene = Callable[[Look, Show], QWidget]
"""Shows a window and brings it to where the scene begins."""

_PLACES = (
    ("home", "خانه", "home"), ("queue", "نوبت", "queue"), ("intake", "پذیرش", "intake"),
    ("vision", "غربالگری بینایی", "eye"), ("papers", "چاپ", "print"), ("sync", "همگام‌سازی", "sync"),
    ("transfers", "جابه‌جایی", "house"), ("conflicts", "دوگانه‌ها", "files"),
    ("downtime", "برگه‌های قطعی", "paper"), ("staff", "همکاران", "person"),
)  # fmt: skip


def settle() -> None:
    """Let what is under way be finished and shown."""
    for _round in range(4):
        QApplication.processEvents()
        tasks.drain()
    QApplication.processEvents()


def at(look: Look, show: Show, place: str, screen: Screen, over: Screen | None = None) -> Window:
    """The whole window of a busy morning, with `screen` at its place, and perhaps another laid over it."""
    window = Window(look, now=lambda: "۱۰:۲۶", training="تمرین؛ آدم‌های این میز ساختگی‌اند")

    def build(name: str, words: str) -> Screen:
        if name == place:
            return screen
        empty = Screen(look, words)
        empty.build(QWidget())
        return empty

    window.open(
        [Place(name, words, icon, partial(build, name, words)) for name, words, icon in _PLACES],
        centre="مرکز مثبت زندگی نمونهٔ ۱۲۴", who="نرگس آبان‌پور", role="پذیرش، میز ۱", search="intake",
    )  # fmt: skip
    window.show_sync("۳ ثبت در راه استان", "warn", "send")
    for name, count in (("queue", 14), ("sync", 3), ("papers", 1)):
        window.set_badge(name, count)
    show(window)
    window.go(place)
    if over is not None:
        window.lay_over(over)
    settle()
    return window


def _home(look: Look, show: Show) -> QWidget:
    return at(look, show, "home", HomeScreen(look, lambda: sample_desk.SHEET))


def _sync(look: Look, show: Show) -> QWidget:
    return at(look, show, "sync", SyncScreen(look, SyncActs(lambda: sample_desk.TRUTH, lambda: None)))


def _queue(board: Board) -> Scene:
    return lambda look, show: at(look, show, "queue", QueueScreen(look, QueueCentre(board).acts()))


def _intake(state: str) -> Scene:
    def scene(look: Look, show: Show) -> QWidget:
        desk = IntakeDesk()
        screen = IntakeScreen(look, SERVICES, lambda: TODAY, intake_acts(desk))
        window = at(look, show, "intake", screen)
        screen.search()
        hand = Typist(window)
        if state == "found":
            hand.write("مهتاب")
            screen.view.finder.box.search_now()
        elif state == "open":
            screen.open_person(FOUND[0].person_id)
            hand.settle()
            screen.view.picker.focus()
            hand.choose(1)
        elif state == "calendar":
            hand.press(Key.Key_F6)
            birth = screen.view.person_form.fields["birth"]
            birth.focus()
            hand.settle()
            birth.control.open_calendar()  # type: ignore[attr-defined]  # a DateEdit
        else:
            hand.press(Key.Key_F6)
            person(hand, "9991234560", "مهتاب", "کاج‌نژاد", "یونس", "1371/1/40", 1)
            hand.press(Key.Key_F7)
            if state == "faults":
                hand.press(Key.Key_F9)
            else:
                desk.likenesses = [SAME_NAME]
                screen.look_for_likenesses()
        hand.settle()
        return window

    return scene


def _vision(state: str) -> Scene:
    def scene(look: Look, show: Show) -> QWidget:
        screen = Post().screen(look)
        window = at(look, show, "vision", screen)
        hand = Typist(window)
        hand.settle()
        if state == "refer":
            begin(screen, hand)
            read(screen, hand, "8", "4")
        hand.settle()
        return window

    return scene


def _papers(state: str) -> Scene:
    def scene(look: Look, show: Show) -> QWidget:
        screen = PreviewScreen(look, Printer().acts())
        window = at(look, show, "papers", screen)
        hand = Typist(window)
        hand.settle()
        if state == "asked":
            screen.open_document("d-1")
            hand.settle()
            hand.press(Key.Key_F9)
        hand.settle()
        return window

    return scene


def _transfers(look: Look, show: Show) -> QWidget:
    screen = TransfersScreen(look, TransfersCentre().acts())
    window = at(look, show, "transfers", screen)
    screen.open_person("p")
    settle()
    return window


def _conflicts(look: Look, show: Show) -> QWidget:
    desk = ConflictsDesk(BIRTH, SEX)
    return at(look, show, "conflicts", ConflictsScreen(look, ConflictActs(desk.read, desk.decide)))


def _downtime(look: Look, show: Show) -> QWidget:
    centre = DowntimeCentre()
    screen = DowntimeScreen(look, DowntimeActs(lambda: centre.today, centre.lay_aside, centre.unused, lambda: NOW))
    window = at(look, show, "downtime", screen)
    screen.number.set_text(NUMBER)
    screen.submit()
    settle()
    return window


def _staff(mode: Mode) -> Scene:
    def scene(look: Look, show: Show) -> QWidget:
        screen = StaffScreen(look, test_staff_screen.Centre(refused=["گلنار سپیدرود"]).acts())
        window = at(look, show, "staff", screen)
        screen.people.setCurrentIndex(screen.people.model().index(1, 0))
        screen.ask(mode)
        settle()
        return window

    return scene


def _over(name: str) -> Scene:
    def scene(look: Look, show: Show) -> QWidget:
        under = Screen(look, "پذیرش")
        under.build(QWidget())
        return at(look, show, "intake", under, CLIENT_SCREENS[name](look, ClientDesk()))

    return scene


def _appearance(look: Look, show: Show) -> QWidget:
    return at(look, show, "home", HomeScreen(look, lambda: sample_desk.SHEET), AppearanceScreen(look))


def _alone(build: Callable[[Look], Window]) -> Scene:
    def scene(look: Look, show: Show) -> QWidget:
        window = show(build(look))
        settle()
        return window

    return scene


SCENES: dict[str, Scene] = {
    "login": _alone(test_staff_screen.login),
    "cover": _alone(test_staff_screen.covered),
    "recovery": _alone(test_staff_screen.recovered),
    "home": _home,
    "queue": _queue(BUSY),
    "queue-served": _queue(SERVED),
    "queue-empty": _queue(EMPTY),
    "intake-found": _intake("found"),
    "intake-open": _intake("open"),
    "intake-calendar": _intake("calendar"),
    "intake-faults": _intake("faults"),
    "intake-alike": _intake("alike"),
    "vision-waiting": _vision("waiting"),
    "vision-refer": _vision("refer"),
    "papers": _papers("list"),
    "papers-asked": _papers("asked"),
    "sync": _sync,
    "transfers": _transfers,
    "conflicts": _conflicts,
    "downtime": _downtime,
    "staff-add": _staff("add"),
    "staff-roles": _staff("roles"),
    "show": _over("show"),
    "standing": _over("standing, found"),
    "incident": _over("incident"),
    "urgent": _over("urgent"),
    "incidents": _over("incidents"),
    "caution": _over("caution"),
    "appearance": _appearance,
}
