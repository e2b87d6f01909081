"""Colleagues and passwords at the window, and the screens before it: by keyboard, at every zoom, read aloud."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop.domain.faults import Known
from desktop.domain.staffing import Colleague
from tests.desk.fits import cut, every_look
from tests.desk.typing import press, type_text
from tests.ui.conftest import Show
from ui import tasks
from ui.access.walk import faults
from ui.screens.cover import CoverScreen
from ui.screens.login import LoginScreen, LoginUser
from ui.screens.recovery import Fresh, RecoveryScreen
from ui.screens.staff import StaffActs, StaffRead, StaffScreen
from ui.shell import Place
from ui.theme.look import Look
from ui.widgets import Button
from ui.window import Window

Key = Qt.Key
CODE = "7K3MX Q0ZT4 91HVB C5RWN 8D2YP F6GJA E4SKT 0VN3Z"
STRONG = "باغِ انار و ماه"
PEOPLE = (
    Colleague("n", "نرگس آبان‌پور", ("receptionist", "manager"), active=True, here=True),
    Colleague("b", "بهار سروستان", ("receptionist",), active=True, here=True),
    Colleague("s", "سلیم رودبارک", ("social_worker", "screener"), active=True, here=False),
    Colleague("g", "گلنار سپیدرود", ("screener",), active=False, here=False),
)
USERS = [LoginUser(each.staff_id, each.name) for each in PEOPLE[:3]]


class Centre:
    """What the screen is given: it answers from these and remembers what was asked."""

    def __init__(self, *, manages: bool = True, refused: Sequence[str] = (), envelope: bool = True) -> None:
        self.manages, self.read = manages, StaffRead(PEOPLE, envelope, refused)
        self.done: list[tuple[object, ...]] = []
        self.fault: Known | None = None
        self.code = ""

    def act(self, *said: object) -> str:
        if self.fault:
            raise self.fault
        self.done.append(said)
        return self.code

    def acts(self) -> StaffActs:
        return StaffActs(
            read=lambda: self.read, add=lambda name, roles, password: self.act("add", name, roles, password),
            change_roles=lambda who, roles: self.act("roles", who, roles),
            admit=lambda who, password: self.act("admit", who, password), leave=lambda who: self.act("leave", who),
            new_code=lambda: self.act("code"), seen=lambda: self.act("seen"),
            change_password=lambda old, new: self.act("own", old, new), me="n", manages=self.manages,
        )  # fmt: skip


def opened(look: Look, centre: Centre) -> Window:
    window = Window(look, now=lambda: "۱۰:۲۶", training="تمرین؛ به استان وصل نیست")
    places = [Place("staff", "همکاران", "person", lambda: StaffScreen(look, centre.acts()))]
    window.open(places, centre="مرکز نمونهٔ ۱۲۴", who="نرگس آبان‌پور", role="مسئول مرکز", search="")
    return window


def screen_of(window: QWidget) -> StaffScreen:
    assert isinstance(window, Window)
    tasks.drain()
    screen = window.front()
    assert isinstance(screen, StaffScreen)
    return screen


def choose(screen: StaffScreen, number: int) -> None:
    screen.people.setFocus()
    press(screen.people, Key.Key_Home)
    for _ in range(number):
        press(screen.people, Key.Key_Down)


def twice(screen: StaffScreen, first: str, second: str = "") -> None:
    type_text(screen.form.new.new, first)
    type_text(screen.form.new.again, second or first)


def test_everyone_is_listed_with_roles_in_plain_words(look: Look, show: Show) -> None:
    screen = screen_of(show(opened(look, Centre())))
    assert [each.spoken() for each in screen.people.results()] == [
        "نرگس آبان‌پور (شما)، پذیرش، مسئول مرکز، گذرواژه دارد",
        "بهار سروستان، پذیرش، گذرواژه دارد",
        "سلیم رودبارک، مددکار، غربالگر، در این رایانه گذرواژه ندارد",
        "گلنار سپیدرود، غربالگر، از مرکز رفته است",
    ]
    choose(screen, 3)
    assert [button.isEnabled() for button in (screen.roles, screen.admit, screen.left)] == [False] * 3
    choose(screen, 0)
    assert screen.left.accessibleDescription() == "رفتن شما را مسئول دیگر مرکز ثبت می‌کند."


def test_somebody_new_types_their_own_password(look: Look, show: Show, announced: list[str]) -> None:
    centre = Centre()
    screen = screen_of(show(opened(look, centre)))
    press(screen, Key.Key_F6)
    assert screen.form.name.hasFocus()
    press(screen.form.name, Key.Key_F9)
    assert centre.done == []
    type_text(screen.form.name, "پری سروستان")
    press(screen.form.name, Key.Key_F9)
    assert any("دست‌کم یک نقش" in each for each in announced)
    press(screen.form.role_tiles.tiles[0], Key.Key_Space)
    press(screen.form.role_tiles.tiles[2], Key.Key_Space)
    twice(screen, "کوتاه")
    press(screen.form.name, Key.Key_F9)
    assert "دست‌کم ۱۰ نویسه" in screen.form.new.new_field.error
    screen.form.new.clear()
    twice(screen, STRONG, "باغِ انار")
    press(screen.form.name, Key.Key_F9)
    assert screen.form.new.again_field.error == "دو گذرواژه یکی نیست؛ دوباره بنویسید."
    screen.form.new.clear()
    twice(screen, STRONG)
    press(screen.form.name, Key.Key_F9)
    tasks.drain()
    assert centre.done == [("add", "پری سروستان", ("receptionist", "screener"), STRONG)]
    assert screen.form.password() == "", "nothing of it stays in the window"


def test_each_key_is_for_who_is_chosen(look: Look, show: Show) -> None:
    centre, told = Centre(), list[str]()
    screen = screen_of(show(opened(look, centre)))
    screen.told.connect(told.append)
    choose(screen, 1)
    press(screen.people, Key.Key_F7)
    assert screen.form.roles() == ("receptionist",)
    press(screen.form.role_tiles.tiles[1], Key.Key_Space)
    press(screen, Key.Key_F9)
    tasks.drain()
    choose(screen, 2)
    press(screen.people, Key.Key_F8)
    assert screen.form.new.new.hasFocus()
    twice(screen, STRONG)
    press(screen, Key.Key_F9)
    tasks.drain()
    choose(screen, 1)
    press(screen.people, Key.Key_F10)
    assert (screen.save.hasFocus(), screen.save.words()) == (True, "رفتن را ثبت کن")
    assert len(centre.done) == 2, "the key alone sends nobody away"
    press(screen.save, Key.Key_F9)
    tasks.drain()
    assert centre.done == [
        ("roles", "b", ("receptionist", "social_worker")), ("admit", "s", STRONG), ("leave", "b"),
    ]  # fmt: skip
    assert told[-1] == "رفتن بهار سروستان ثبت شد؛ گذرواژه‌اش دیگر جایی را باز نمی‌کند."


def test_choosing_somebody_else_never_acts_on_them(look: Look, show: Show) -> None:
    """A form opened for one person is not sent for another."""
    centre = Centre()
    screen = screen_of(show(opened(look, centre)))
    choose(screen, 1)
    press(screen.people, Key.Key_F10)
    choose(screen, 2)
    press(screen.people, Key.Key_F9)
    tasks.drain()
    assert centre.done == []


def test_the_new_code_stays_until_it_was_written_down(look: Look, show: Show, announced: list[str]) -> None:
    centre = Centre(envelope=False)
    window = show(opened(look, centre))
    screen = screen_of(window)
    assert "پاکت" in screen.problem()[0]
    centre.code = CODE
    press(screen, Key.Key_F11)
    press(screen, Key.Key_F9)
    tasks.drain()
    assert any(CODE in each for each in announced)
    (written,) = [each for each in screen.findChildren(Button) if each.words() == "نوشتم"]
    assert faults(window) == []
    written.click()
    assert not written.isVisible()


def test_what_went_wrong_is_said_and_the_old_password_is_asked_again(look: Look, show: Show) -> None:
    centre = Centre(refused=["گلنار سپیدرود"])
    screen = screen_of(show(opened(look, centre)))
    assert "گلنار سپیدرود" in screen.problem()[0]
    choose(screen, 1)
    press(screen.people, Key.Key_F10)
    centre.fault = Known("last-manager")
    press(screen, Key.Key_F9)
    tasks.drain()
    assert screen.problem() == Known("last-manager").parts()
    screen.own.click()
    type_text(screen.form.old, "چیزی")
    twice(screen, STRONG)
    centre.fault = Known("wrong-password")
    press(screen, Key.Key_F9)
    tasks.drain()
    assert "گذرواژهٔ کنونی درست نیست" in screen.form.old_field.error
    assert screen.form.old.hasFocus()
    assert screen.form.password() == STRONG


def test_who_manages_nobody_changes_their_own_password(look: Look, show: Show) -> None:
    centre = Centre(manages=False)
    screen = screen_of(show(opened(look, centre)))
    assert not screen.people.isVisible()
    press(screen, Key.Key_F9)
    assert screen.form.old.hasFocus()
    type_text(screen.form.old, "گذرواژهٔ کهنه")
    twice(screen, STRONG)
    press(screen, Key.Key_F9)
    tasks.drain()
    assert centre.done == [("own", "گذرواژهٔ کهنه", STRONG)]


def test_half_a_password_waits_for_nobody(look: Look, show: Show) -> None:
    window = opened(look, Centre())
    screen = screen_of(show(window))
    type_text(screen.form.old, "گذرواژه")
    window.cover(QWidget())
    assert screen.form.old.value() == ""


# -- before the desk, and over it
def recovery(look: Look, recover: Callable[[str, str], Fresh] | None = None) -> Window:
    window = Window(look, now=lambda: "۱۰:۲۶", training="تمرین؛ به استان وصل نیست")
    window.show_alone(
        RecoveryScreen(look, lambda _code: None, recover or (lambda _c, _p: Fresh("نرگس آبان‌پور", CODE)))
    )
    return window


def covered(look: Look) -> Window:
    window = opened(look, Centre())
    window.cover(CoverScreen(look, USERS, lambda *_: None, sitting="n", name="نرگس آبان‌پور"))
    return window


def login(look: Look) -> Window:
    window = Window(look, now=lambda: "۱۰:۲۶", training="تمرین؛ به استان وصل نیست")
    by_code = Button(look, "ورود با کد بازیابی", kind="quiet", key="F8")
    window.show_alone(LoginScreen(look, USERS, lambda *_: None, centre="میز بسته شد.", beside=by_code))
    return window


def recovered(look: Look) -> Window:
    window = recovery(look)
    (screen,) = window.findChildren(RecoveryScreen)
    screen.code.set_text(CODE)
    for edit in (screen.password.new, screen.password.again):
        edit.set_text(STRONG)
    screen.submit()
    tasks.drain()
    return window


def asking(mode: str) -> Callable[[Look], Window]:
    def build(look: Look) -> Window:
        window = opened(look, Centre(refused=["گلنار سپیدرود"]))
        screen = screen_of(window)
        screen.people.setCurrentIndex(screen.people.model().index(1, 0))
        screen.ask(mode)  # type: ignore[arg-type]
        if mode == "add":
            screen.submit()
        if mode == "code":
            screen.show_code("پاکت تازه ساخته شد.", CODE)
        return window

    return build


PICTURES: dict[str, Callable[[Look], Window]] = {
    **{mode: asking(mode) for mode in ("add", "roles", "admit", "leave", "code", "own")},
    "my own": lambda look: opened(look, Centre(manages=False)),
    "cover": covered,
    "login": login,
    "recovery": recovery,
    "recovered": recovered,
}


def test_the_envelope_opens_the_way_back_in(look: Look, show: Show, announced: list[str]) -> None:
    tried: list[tuple[str, str]] = []

    def recover(code: str, password: str) -> Fresh:
        tried.append((code, password))
        if len(tried) == 1:
            raise Known("wrong-code")
        return Fresh("نرگس آبان‌پور", CODE)

    window = show(recovery(look, recover))
    (screen,) = window.findChildren(RecoveryScreen)
    assert screen.code.hasFocus()
    type_text(screen.code, "7k3mx q0zt4")
    press(screen.code, Key.Key_F9)
    for edit in (screen.password.new, screen.password.again):
        type_text(edit, STRONG)
    press(screen.code, Key.Key_F9)
    tasks.drain()
    assert screen.told() == Known("wrong-code").parts()
    press(screen.code, Key.Key_F9)
    tasks.drain()
    assert tried == [("7K3MX Q0ZT4", STRONG)] * 2
    assert any(CODE in each for each in announced)
    assert screen.back.words() == "نوشتم"
    assert screen.back.hasFocus()


def test_nothing_behind_the_cover_answers_a_key(look: Look, show: Show) -> None:
    centre = Centre()
    window = opened(look, centre)
    screen = screen_of(show(window))
    choose(screen, 1)
    title = window.windowTitle()
    cover = CoverScreen(look, USERS, lambda *_: None, sitting="n", name="نرگس آبان‌پور")
    window.cover(cover)
    assert cover.password.hasFocus()
    for key in (Key.Key_F6, Key.Key_F9, Key.Key_F10, Key.Key_F3):
        press(cover.password, key)
    press(cover.password, Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert window.covered()
    assert centre.done == []
    assert not screen.isVisible()
    assert window.windowTitle() != title
    window.toast.say("رسید گلنار سپیدرود چاپ شد")
    assert not window.toast.isVisible()
    window.uncover()
    assert screen.people.hasFocus()
    assert (window.windowTitle(), window.toast.text()) == (title, "رسید گلنار سپیدرود چاپ شد")


@pytest.mark.parametrize("name", PICTURES)
def test_it_fits_at_any_zoom_in_any_theme_and_is_read_aloud(look: Look, show: Show, name: str) -> None:
    window = show(PICTURES[name](look))
    tasks.drain()
    assert {each: wrong for each in every_look(look) if (wrong := cut(window))} == {}
    assert faults(window) == []


