"""The whole of a visit by somebody who hears the desk: AT-SPI alone, the application in its own process."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop import desk as desks
from desktop.actions import dump
from tests.access.display import Display, running, until
from tests.access.hearing import Hearing, hearing
from tests.desk import opened

CHILD = {"نام": "آوا", "نام خانوادگی": "كاج نژاد", "نام پدر": "رضا", "تاریخ تولد": "1401/2/10"}


def let_in(ear: Hearing) -> None:
    ear.write({"گذرواژه": opened.PASSWORD})
    ear.press("باز کردن میز")
    ear.wait_for("صفحه‌ها")


def new_child(ear: Hearing) -> None:
    ear.press("فرد تازه", "هنوز ندارد")
    ear.write({"چرا شماره ندارد؟": "شناسنامه در راه است"})
    ear.write(CHILD)
    ear.press("زن", "موردی", "غربالگری بینایی")


def printed(tray: Path, count: int) -> None:
    until(lambda: len([each for each in tray.glob("*.pdf") if each.stat().st_size]) == count, f"{count} papers")


def fields(folder: Path, kind: str, password: str = opened.PASSWORD) -> list[dict[str, object]]:
    """What the closed desk holds of a kind."""
    desk = desks.unlock(folder, desks.users(folder)[0][0], password)
    try:
        with desk.reading() as session:
            return [each["fields"] for each in dump.dump(session)["documents"] if each["kind"] == kind]
    finally:
        desk.close()


@pytest.mark.timeout(240)
def test_a_number_called_an_intake_a_screening_and_both_papers_by_ear(
    seen: Display, folder: Path, tray: Path
) -> None:
    with running(seen, folder, printer=tray), hearing(seen) as ear:
        let_in(ear)
        ear.go("نوبت")
        ear.press("با کودک", "نوبت بده")
        ear.take("در انتظار", "با کودک")
        ear.press("آمد", "به پذیرش")
        new_child(ear)
        ear.press("ثبت و چاپ رسید")
        printed(tray, 1)
        ear.press("بله، بیرون آمد")
        ear.go("غربالگری بینایی")
        ear.take("امروز منتظرند", "آوا")
        ear.choose("چشم راست", "۱۰/۱۰")
        ear.choose("چشم چپ", "۴/۱۰")
        ear.press("ثبت و دیدن برگه")
        printed(tray, 2)
        ear.press("بله، بیرون آمد")
        ear.go("پذیرش")
        ear.write({"جست‌وجوی فرد": "کاج"})
        ear.take("افراد پیداشده", "آوا")
        ear.press("پیگیری مددکاری", "فقط ثبت")
        ear.go("امروز")
        ear.choose("مراجعه‌های امروز", "پیگیری امور مددکاری")
        ear.go("نوبت")
        ear.press("تمام شد")
        ear.wait_for("کسی پای این باجه نیست")
    assert [each["given_name"] for each in fields(folder, "person")] == ["آوا"]
    assert len(fields(folder, "visit")) == 2
    assert [each["status"] for each in fields(folder, "ticket")] == ["done"]
    assert [each["outcome"] for each in fields(folder, "screening_result")] == ["refer"]
    papers = fields(folder, "issued_document")
    assert sorted((each["paper"], each["print_state"]) for each in papers) == [
        ("intake_receipt", "accepted"), ("screening_slip", "accepted"),
    ]  # fmt: skip


@pytest.mark.timeout(120)
def test_hints_and_errors_are_heard_with_their_fields(seen: Display, folder: Path) -> None:
    with running(seen, folder), hearing(seen) as ear:
        let_in(ear)
        ear.go("پذیرش")
        ear.press("فرد تازه")
        hint = ear.about("تاریخ تولد")
        assert hint == "سال تنها هم بس است، F4 تقویم را باز می‌کند"
        assert ear.about("نام") == "الزامی"
        ear.write({"تاریخ تولد": "۱۴۰۹"})
        ear.write({"نام پدر": "۴"})
        ear.press("ثبت و چاپ رسید")
        ear.wait_for("نام را بنویسید.")
        assert ear.about("نام") == "الزامی، نام را بنویسید."
        assert ear.about("زن") == "الزامی، زن یا مرد را انتخاب کنید."
        assert ear.about("تاریخ تولد") not in ("", hint)
        ear.write({"نام": "مهتاب"})
        assert ear.about("نام") == "الزامی", "written by assistive technology, and the error is gone"
        ear.write({"تلفن همراه": "٠٩۹٩1234567"})
        assert ear.typed("تلفن همراه") == "۰۹۹۹۱۲۳۴۵۶۷", "shaped as if it were typed"
