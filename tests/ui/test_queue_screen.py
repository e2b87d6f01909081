"""The queue at the window: a number, a call, an answer, each by one key; and what the waiting room sees."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from desktop.domain.faults import Known
from desktop.domain.queue import MINUTE, Board, Called, Need, Ticket
from tests.desk.fits import cut, every_look
from tests.desk.typing import hold, press, type_text
from tests.ui.conftest import Show
from ui import tasks
from ui.access.walk import faults
from ui.screens.queue import QueueActs, QueueScreen
from ui.screens.wall import Wall
from ui.shell import Place
from ui.theme.look import Look
from ui.theme.tokens import ThemeName
from ui.window import Window

Key = Qt.Key
NOW = 600 * MINUTE


def ticket(number: str, waited: int, *needs: Need, **more: Any) -> Ticket:
    taken = NOW - waited * MINUTE
    return replace(Ticket(number, number, "waiting", taken, taken, needs=needs), **more)


WAITING = (
    ticket("128", 9, "wheelchair", "with_child", name="حبیب مهرگیاه", service="وسایل کمک‌توانبخشی"),
    ticket("129", 12, "blind", "elderly", name="گلنار سپیدرود", service="تکمیل مدارک"),
    ticket("122", 31), ticket("124", 75, name="پریا نیک‌دشت", absences=2), ticket("1131", 0, "deaf"),
    *(ticket(f"1{at}", at) for at in range(40, 50)),
)  # fmt: skip
CURRENT = ticket(
    "127", 15, "blind", name="مهتاب کاج‌نژاد", status="invited", called_at=NOW - 3 * MINUTE, place="باجهٔ ۱", here=True
)
SERVING = (
    ticket("120", 40, status="serving", called_at=NOW - 13 * MINUTE, served_at=NOW - 12 * MINUTE, place="مددکار"),
    ticket("221", 40, status="invited", called_at=NOW - MINUTE, place="باجهٔ ۲", contested=True),
)
HELD = (ticket("119", 80, status="held", called_at=NOW - 50 * MINUTE, served_at=NOW - 45 * MINUTE, place="باجهٔ ۱"),)
CALLS = (Called("127", "باجهٔ ۱"), Called("221", "باجهٔ ۲"), Called("123", "اتاق غربالگری"), Called("120", "مددکار"))
BUSY = Board(WAITING, CURRENT, SERVING, HELD, 22, CALLS, 11, "باجهٔ ۱", True, NOW)
SERVED = replace(BUSY, current=replace(CURRENT, status="serving", served_at=NOW - 2 * MINUTE))
EMPTY = Board(place="باجهٔ ۱", now=NOW)


class Centre:
    """What the screen is given: it shows this board and remembers what was asked."""

    def __init__(self, board: Board = BUSY) -> None:
        self.board, self.done = board, list[tuple[Any, ...]]()
        self.fault: Known | None = None

    def act(self, *said: Any) -> Any:
        if self.fault:
            raise self.fault
        self.done.append(said)
        found = {each.id: each for each in (*self.board.waiting, *self.board.held, CURRENT)}
        return found.get(said[1], CURRENT) if len(said) > 1 and isinstance(said[1], str) else WAITING[2]

    def acts(self) -> QueueActs:
        def doing(what: str) -> Callable[..., Any]:
            return lambda *given: self.act(what, *given)

        return QueueActs(
            read=lambda: self.board, take=doing("take"), call=doing("call"), came=doing("came"),
            absent=doing("absent"), done=doing("done"), hold=doing("hold"), gave_up=doing("gave_up"),
            quick=doing("quick"), set_place=doing("place"), set_bell=doing("bell"),
            put_back=doing("back"),
        )  # fmt: skip


def opened(look: Look, show: Show, centre: Centre) -> QueueScreen:
    window = Window(look, now=lambda: "۱۰:۲۶", training="تمرین؛ به استان وصل نیست")
    places = [Place("queue", "نوبت", "queue", lambda: QueueScreen(look, centre.acts()))]
    window.open(places, centre="مرکز نمونهٔ ۱۲۴", who="نرگس آبان‌پور", role="پذیرش", search="queue")
    window.set_badge("queue", 14)
    show(window)
    tasks.drain()
    screen = window.front()
    assert isinstance(screen, QueueScreen)
    return screen


def pressed(screen: QueueScreen, *keys: Qt.Key) -> None:
    for key in keys:
        press(screen.window().focusWidget() or screen, key)
        tasks.drain()


def test_a_row_is_said_whole_the_number_first(look: Look, show: Show) -> None:
    screen = opened(look, show, Centre())
    assert [each.spoken() for each in screen.waiting.rows()[:5]] == [
        "نوبت ۱۲۸، حبیب مهرگیاه، نفر ۱، وسایل کمک‌توانبخشی، ۹ دقیقه منتظر، با ویلچر، با کودک",
        "نوبت ۱۲۹، گلنار سپیدرود، نفر ۲، تکمیل مدارک، ۱۲ دقیقه منتظر، نمی‌بیند؛ بروید و بیاوریدش، سالمند",
        "نوبت ۱۲۲، نفر ۳، ۳۱ دقیقه منتظر",
        "نوبت ۱۲۴، پریا نیک‌دشت، نفر ۴، ۲ بار نبود، ۱ ساعت و ۱۵ دقیقه منتظر",
        "نوبت ۱۱۳۱، نفر ۵، همین حالا منتظر، نمی‌شنود؛ بروید و بیاوریدش",
    ]
    assert screen.current.words() == (
        "صدا زده شد", "۱۲۷", "مهتاب کاج‌نژاد", "باجهٔ ۱، از ۳ دقیقه پیش", "بروید و بیاوریدش",
    )  # fmt: skip
    assert [each.spoken() for each in screen.others.results()] == [
        "۱۱۹، باجهٔ ۱، ۴۵ دقیقه، نگه‌داشته",
        "۱۲۰، مددکار، ۱۲ دقیقه، در حال خدمت",
        "۲۲۱، باجهٔ ۲، ۱ دقیقه، صدا زده شد، دو باجه با هم صدا زدند",
    ]


def test_every_answer_is_one_key(look: Look, show: Show) -> None:
    centre = Centre()
    screen = opened(look, show, centre)
    asked: list[object] = []
    screen.wanted_intake.connect(asked.append)
    assert screen.waiting.hasFocus()
    pressed(screen, Key.Key_F6, Key.Key_F7, Key.Key_F8)
    assert centre.done == [("came", "127"), ("call", "127"), ("absent", "127")]
    centre.done.clear()
    screen.show_board(SERVED)
    pressed(screen, Key.Key_F7, Key.Key_F8, Key.Key_F6)
    assert centre.done == [("hold", "127"), ("done", "127")]
    assert asked == [SERVED.current]


def test_a_selected_number_is_called_or_served_in_one_key(look: Look, show: Show) -> None:
    centre = Centre()
    screen = opened(look, show, centre)
    pressed(screen, Key.Key_Down, Key.Key_Return, Key.Key_Down, Key.Key_F10)
    screen.gave_up.click()
    tasks.drain()
    assert centre.done == [("call", "129"), ("quick", "122"), ("gave_up", "122")]
    screen.others.setFocus()
    pressed(screen, Key.Key_Return)
    assert centre.done[-1] == ("call", "119")  # who is held comes back
    pressed(screen, Key.Key_Down, Key.Key_Return)
    assert centre.done[-1] == ("call", "119")  # who is at another desk stays there


def test_a_number_is_given_with_the_needs_that_are_seen(look: Look, show: Show) -> None:
    centre = Centre()
    screen = opened(look, show, centre)
    told: list[str] = []
    screen.told.connect(told.append)
    screen.new.needs.tiles[0].setFocus()
    type_text(screen.new.needs.tiles[0], "۵")
    pressed(screen, Key.Key_F9, Key.Key_F9)
    assert centre.done == [("take", ("with_child",)), ("take", ())]
    assert told[0] == "نوبت ۱۲۲ داده شد؛ نفر ۱۲ در صف."


def test_a_key_held_down_gives_one_number(look: Look, show: Show) -> None:
    centre = Centre()
    screen = opened(look, show, centre)
    hold(screen.waiting, Key.Key_F9)
    tasks.drain()
    assert len(centre.done) == 1


def test_whoever_is_selected_stays_so_when_the_queue_moves(look: Look, show: Show) -> None:
    screen = opened(look, show, Centre())
    pressed(screen, Key.Key_Down, Key.Key_Down)
    screen.show_board(replace(BUSY, waiting=WAITING[1:]))
    current = screen.waiting.current()
    assert current is not None
    assert current.number == "122"
    assert screen.waiting.hasFocus()


def test_an_empty_morning(look: Look, show: Show) -> None:
    screen = opened(look, show, Centre(EMPTY))
    assert screen.current.words() == ("کسی پای این باجه نیست", "F5 نفر بعد را صدا می‌زند؛ از هر صفحه‌ای.")
    assert not screen.quick.isEnabled()
    assert screen.quick.accessibleDescription() == "کسی منتظر نیست."


def test_a_fault_is_told_and_nothing_is_lost(look: Look, show: Show) -> None:
    centre = Centre()
    screen = opened(look, show, centre)
    told: list[str] = []
    screen.told.connect(told.append)
    centre.fault = Known("ticket-ended")
    pressed(screen, Key.Key_Return)
    assert told[0].startswith("این نوبت دیگر اینجا نیست")


def test_a_desk_is_named_and_its_bell_is_turned_off(look: Look, show: Show) -> None:
    centre = Centre()
    screen = opened(look, show, centre)
    screen.rename.click()
    assert screen.place.words.value() == "باجهٔ ۱"
    screen.place.words.set_text("اتاق غربالگری")
    screen.place.keep.click()
    tasks.drain()
    screen.bell.click()
    tasks.drain()
    assert centre.done == [("place", "اتاق غربالگری"), ("bell", False)]
    assert screen.place.isHidden()
    screen.show_board(replace(BUSY, bell=False))
    assert screen.bell.words() == "زنگ: خاموش"


@pytest.mark.parametrize("board", [BUSY, SERVED, EMPTY], ids=["called", "served", "empty"])
@pytest.mark.parametrize("wide", [(1366, 768), (1280, 720)], ids=["1366", "1280"])
def test_nothing_is_cut_or_nameless(look: Look, show: Show, board: Board, wide: tuple[int, int]) -> None:
    screen = opened(look, show, Centre(board))
    screen.rename.click()
    screen.window().resize(*wide)
    assert {place: wrong for place in every_look(look) if (wrong := cut(screen.window()))} == {}
    assert faults(screen.window()) == []


def test_the_ring_goes_round_the_row_and_not_round_the_scroll_bar(look: Look, show: Show) -> None:
    screen = opened(look, show, Centre())
    bar = screen.waiting.verticalScrollBar()
    assert bar.isVisible()
    window = screen.window()
    assert isinstance(window, Window)
    QApplication.processEvents()
    ring, seen = window.ring.geometry().center().x(), screen.waiting.viewport()
    middle = seen.mapTo(window, seen.rect().center()).x()
    assert abs(ring - middle) <= 2


def test_whom_this_desk_serves_stands_first_where_there_is_one_column(look: Look, show: Show) -> None:
    screen = opened(look, show, Centre())

    def above() -> bool:
        where = [each.mapTo(screen, each.rect().topLeft()).y() for each in (screen.current, screen.waiting)]
        return where[0] < where[1] and screen.current.width() > screen.width() / 2

    assert not above()
    look.set_zoom(1.5)
    for _round in range(5):
        QApplication.processEvents()
    assert above()
    assert screen.current.number.font().pixelSize() == 96


def wall(look: Look, show: Show, *calls: Called) -> Wall:
    made = Wall(look, "مرکز مثبت زندگی نمونهٔ ۱۲۴", lambda: ("سه‌شنبه ۳ آذر ۱۴۰۵", "۱۰:۲۶"))
    show(made)
    made.show_calls(calls)
    return made


def test_the_wall_tells_the_number_and_where_to_go_and_nothing_else(look: Look, show: Show) -> None:
    shown = wall(look, show, *CALLS, Called("110", "باجهٔ ۱"))
    assert [each.number for each in shown.calls()] == ["127", "221", "123", "120"]
    assert shown.accessibleDescription() == "نوبت ۱۲۷، باجهٔ ۱"
    assert faults(shown) == []
    shown.show_calls(())
    assert shown.accessibleDescription() == "خوش آمدید"


def test_the_wall_changes_at_once_and_fills_any_screen(look: Look, show: Show) -> None:
    """Painted, at three sizes and in three themes; the number takes more room than anything else."""
    shown = wall(look, show)
    sizes: dict[ThemeName, tuple[int, int]] = {"light": (1366, 768), "dark": (1920, 1080), "contrast": (1024, 768)}
    for theme, size in sizes.items():
        look.set_theme(theme)
        shown.resize(*size)
        shown.show_calls(())
        before = shown.grab().toImage()
        shown.show_calls((Called("1288", "اتاق غربالگری بینایی"), *CALLS))
        assert shown.grab().toImage() != before
    look.set_theme("light")


def test_the_wall_goes_to_the_other_monitor_and_escape_takes_it_away(look: Look, show: Show) -> None:
    shown = wall(look, show)
    here = QApplication.primaryScreen()
    assert shown.show_on([here], here) is None
    assert not shown.isFullScreen()

    assert shown.show_on([here], None) is here  # the desk's window is on another
    assert shown.isFullScreen()
    press(shown, Key.Key_Escape)
    assert not shown.isVisible()
