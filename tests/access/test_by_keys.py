"""The desk by real keys alone, in the layouts of Iranian desks; the reader only tells where the keyboard is."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from desktop.domain import digits, national_id
from tests.access.display import Display, running, until
from tests.access.hearing import Hearing, hearing
from tests.access.keyboard import LAYOUTS, Keyboard
from tests.access.test_by_screen_reader import fields, printed
from tests.desk import opened

_BODY = "999123456"
NUMBER = _BODY + national_id.check_digit(_BODY)
PASSWORD = "anar mah 1405"
Keys = Callable[[str], Keyboard]


def _left(ear: Hearing, name: str) -> bool:
    return ear.focused() not in ("", name)


def _holds(ear: Hearing, name: str, length: int) -> bool:
    return len(ear.typed(name)) >= length


def by_tab(keys: Keyboard, ear: Hearing, name: str) -> None:
    """Tab until that control has the keyboard."""
    for _step in range(40):
        before = ear.focused()
        if before == name:
            return
        keys.press("Tab")
        until(partial(_left, ear, before), f"Tab from {before}")
    raise AssertionError(f"{name} isn't reached by Tab")


def typed(keys: Keyboard, ear: Hearing, name: str, text: str) -> str:
    """Reach a field by Tab and type into it; what stands in it then."""
    by_tab(keys, ear, name)
    keys.write(text)
    until(partial(_holds, ear, name, len(text)), f"{text} in {name}")
    return ear.typed(name)


@pytest.mark.timeout(180)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_from_the_login_to_the_receipt_by_keys_alone(
    seen: Display, tmp_path: Path, tray: Path, keyboard: Keys, layout: str
) -> None:
    keys = keyboard(layout)
    password = keys.types(PASSWORD)
    folder = opened.found(tmp_path / "desk", password=password)
    with running(seen, folder, printer=tray) as window, hearing(seen) as ear:
        until(lambda: ear.focused() == "گذرواژه", "the login")
        keys.write(PASSWORD)
        keys.press("Return")
        until(lambda: ear.focused() == "جست‌وجوی فرد", "the day")
        keys.press("F3", "F6")
        until(lambda: ear.focused() == "کد ملی", "the form")
        assert typed(keys, ear, "کد ملی", NUMBER) == digits.persian(NUMBER)
        if layout == "us,ir":
            keys.switch()
        given = typed(keys, ear, "نام", "lijhf")
        family = typed(keys, ear, "نام خانوادگی", "kchnd")
        assert (given, family) == (keys.types("lijhf"), keys.types("kchnd"))
        assert typed(keys, ear, "تاریخ تولد", "1371") == "۱۳۷۱"
        by_tab(keys, ear, "زن")
        keys.press("space")
        by_tab(keys, ear, "غربالگری بینایی")
        keys.write("2")
        until(lambda: ear.focused() == "تشکیل پرونده", "the second service")
        keys.press("F9")
        printed(tray, 1)
        ear.wait_for("بله، بیرون آمد")
        keys.press("F11")
        ear.wait_for("کاغذ بیرون آمد")
        keys.press("ctrl+1")
        ear.wait_for("مراجعه‌های امروز")
        keys.press("alt+F4")
        window.wait(60)
    (person,) = fields(folder, "person", password)
    assert (person["given_name"], person["family_name"]) == (given, family)
    assert len(fields(folder, "visit", password)) == 1


@pytest.mark.timeout(240)
def test_alt_with_a_letter_changes_no_field_of_intake(seen: Display, folder: Path, keyboard: Keys) -> None:
    with running(seen, folder), hearing(seen) as ear:
        ear.write({"گذرواژه": opened.PASSWORD})
        ear.press("باز کردن میز")
        ear.go("پذیرش")
        ear.press("فرد تازه", "با خانوار", "نیازهای دیگر", "خدمت دیگر…")
        ear.wait_for("نام خدمت")
        names = [name for role, name in ear.everything() if role == "text"]
        assert len(names) >= 12, names
        for layout in LAYOUTS:
            keys = keyboard(layout)
            for name in names:
                ear.write({name: ""})
                ear.focus(name)
                keys.write("7")
                keys.alt()
                keys.write("8")  # keys come in their order: once this one is there, all before it were
                until(partial(_holds, ear, name, 2), f"two figures in {name}, {layout}")
                assert digits.latin(ear.typed(name)) == "78", (name, layout)
