"""The way back in by the province, at the window: by keyboard, at every zoom, read aloud."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QDir, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.domain.faults import Known
from desktop.domain.texts import say
from tests.desk.fits import cut, every_look
from tests.desk.typing import press, type_text
from tests.ui.conftest import Show
from ui import tasks
from ui.access.walk import faults
from ui.screens import province_recovery
from ui.screens.province_recovery import ProvinceRecoveryScreen, WayBackActs
from ui.screens.recovery import Fresh, RecoveryScreen
from ui.theme.look import Look
from ui.widgets import Button
from ui.window import Window

Key = Qt.Key
DIGITS = "1834 0072 9916 4450 3381"
SHOWN = "۱۸۳۴   ۰۰۷۲   ۹۹۱۶   ۴۴۵۰   ۳۳۸۱"
CODE = "7K3MX Q0ZT4 91HVB C5RWN 8D2YP F6GJA E4SKT 0VN3Z"
STRONG = "باغِ انار و ماه"


class Province:
    """What the screen is given; it remembers what was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.used: list[tuple[str, str]] = []
        self.fault: Known | None = None

    def ask(self, path: str) -> str:
        self._fail()
        self.asked.append(path)
        return DIGITS

    def use(self, path: str, password: str) -> Fresh:
        self._fail()
        self.used.append((path, password))
        return Fresh("نرگس آبان‌پور", CODE)

    def _fail(self) -> None:
        if self.fault:
            raise self.fault


def window_of(look: Look, province: Province | None = None, waiting: str = "") -> Window:
    window = Window(look, now=lambda: "۱۰:۲۶")
    province = province or Province()
    window.show_alone(ProvinceRecoveryScreen(look, WayBackActs(province.ask, province.use, waiting)))
    return window


def screen_of(window: QWidget) -> ProvinceRecoveryScreen:
    (screen,) = window.findChildren(ProvinceRecoveryScreen)
    return screen


def given(look: Look) -> Window:
    window = window_of(look, waiting=DIGITS)
    screen_of(window).chose("/media/usb/پاسخ.json")
    return window


def failed(look: Look) -> Window:
    province = Province()
    province.fault = Known("answer-refused")
    window = window_of(look, province, DIGITS)
    screen = screen_of(window)
    screen.chose("/media/usb/پاسخ.json")
    for edit in (screen.password.new, screen.password.again):
        edit.set_text(STRONG)
    screen.submit()
    tasks.drain()
    return window


def recovered(look: Look) -> Window:
    window = given(look)
    screen = screen_of(window)
    for edit in (screen.password.new, screen.password.again):
        edit.set_text(STRONG)
    screen.submit()
    tasks.drain()
    return window


def with_another_way(look: Look) -> Window:
    window = Window(look, now=lambda: "۱۰:۲۶")
    other = Button(look, say("way-back.link"), kind="quiet", key="F8")
    window.show_alone(RecoveryScreen(look, lambda _code: None, lambda *_: Fresh("", ""), beside=other))
    return window


PICTURES: dict[str, Callable[[Look], Window]] = {
    "first": window_of,
    "waiting": given,
    "failed": failed,
    "recovered": recovered,
    "envelope": with_another_way,
}


def test_a_request_goes_to_the_stick_and_its_digits_are_shown_and_said(
    look: Look, show: Show, announced: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    province = Province()
    screen = screen_of(show(window_of(look, province)))
    assert screen.ask.hasFocus()
    monkeypatch.setattr(province_recovery, "asked_path", lambda _dialog: "")
    press(screen.ask, Key.Key_F6)
    tasks.drain()
    assert (province.asked, screen.digits()) == ([], ())
    monkeypatch.setattr(province_recovery, "asked_path", lambda _dialog: "/media/usb/x.json")
    press(screen.ask, Key.Key_F6)
    tasks.drain()
    assert province.asked == ["/media/usb/x.json"]
    assert screen.digits()[1].strip("\u2066\u2069") == SHOWN
    assert any(DIGITS in each for each in announced)
    assert screen.choose.hasFocus()
    press(screen.ask, Key.Key_F6)
    tasks.drain()
    assert len(screen.findChildren(province_recovery.DigitsNote)) <= 2
    province.fault = Known("file-not-saved")
    press(screen.ask, Key.Key_F6)
    tasks.drain()
    assert screen.told() == Known("file-not-saved").parts()


def test_the_answer_sets_the_password_and_the_new_code_is_shown(
    look: Look, show: Show, announced: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    province = Province()
    screen = screen_of(show(window_of(look, province, DIGITS)))
    assert screen.choose.hasFocus(), "a request waits: the answer comes next"
    press(screen.choose, Key.Key_F9)
    assert say("way-back.choose-first") in announced
    assert screen.choose.hasFocus()
    monkeypatch.setattr(province_recovery, "asked_path", lambda _dialog: "/media/usb/answer.json")
    press(screen.choose, Key.Key_F7)
    assert screen.password.new.hasFocus()
    press(screen.choose, Key.Key_F9)
    assert province.used == [], "the password is asked for first"
    for edit in (screen.password.new, screen.password.again):
        type_text(edit, STRONG)
    province.fault = Known("answer-refused")
    press(screen.choose, Key.Key_F9)
    tasks.drain()
    assert screen.told() == Known("answer-refused").parts()
    province.fault = None
    press(screen.choose, Key.Key_F9)
    tasks.drain()
    assert province.used == [("/media/usb/answer.json", STRONG)]
    assert any(CODE in each for each in announced)
    assert screen.back.words() == "نوشتم"
    assert screen.back.hasFocus()
    assert not screen.ask.isVisible()


def test_the_answer_is_asked_for_in_persian_on_the_stick(look: Look, show: Show) -> None:
    screen = screen_of(show(window_of(look)))
    dialog = screen.open_which()
    assert [dialog.labelText(label) for label in QFileDialog.DialogLabel] == [
        "پوشه:", "نام فایل:", "نوع فایل:", "باز کردن", "انصراف",
    ]  # fmt: skip
    assert dialog.directory().absolutePath() != QDir.currentPath()
    assert screen.save_where().nameFilters() == ["فایل بازگشت (*.json)"]


@pytest.mark.parametrize("name", PICTURES)
def test_it_fits_at_any_zoom_in_any_theme_and_is_read_aloud(look: Look, show: Show, name: str) -> None:
    window = show(PICTURES[name](look))
    tasks.drain()
    assert {each: wrong for each in every_look(look) if (wrong := cut(window))} == {}
    assert faults(window) == []
