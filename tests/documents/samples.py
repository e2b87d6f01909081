"""Papers of invented people, fixed and at random."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from desktop.domain.papers import EyeReading, IntakeReceipt, Letterhead, Paper, ScreeningSlip

LETTERHEAD = Letterhead(
    centre_name="مرکز مثبت زندگی نمونه",
    centre_code="124",
    centre_address="خوزستان، اهواز، خیابان نخل، کوچهٔ سوم، پلاک ۱۲",
    centre_phone="061-3344 5566",
    number="124/001/000131/2",
    tracking_code="124/001/000127/4",
    day="1405-09-03",
    time="10:27",
    issuer="نرگس آبان‌پور",
    issuer_role="پذیرش",
    head="1234567890123456789012345",
    qr="".join(str((at * 7 + 3) % 10) for at in range(338)),
)
RECEIPT = IntakeReceipt(
    letterhead=LETTERHEAD,
    person="آوا کاج‌نژاد",
    service="غربالگری بینایی کودکان",
    free=True,
    next_step="شمارهٔ ۱۲۷ را که صدا زدند، به اتاق غربالگری بروید. شناسنامهٔ کودک همراهتان باشد.",
    handed_in=("رونوشت شناسنامه", "برگهٔ معرفی مهدکودک"),
    bring=("شناسنامهٔ کودک", "کارت ملی سرپرست", "عینک (اگر کودک عینک دارد)"),
)
SLIP = ScreeningSlip(
    letterhead=LETTERHEAD,
    person="آوا کاج‌نژاد",
    age="۴ سال و ۲ ماه",
    programme="غربالگری بینایی",
    tool="تابلوی E، فاصلهٔ ۶ متر",
    readings=(EyeReading("راست", "۵ از ۱۰"), EyeReading("چپ", "۲ از ۱۰"), EyeReading("هر دو", "۵ از ۱۰")),
    outcome="مشکوک؛ نیازمند بررسی تخصصی.",
    next_step="کودک را به بینایی‌سنج همکار مرکز ببرید و پاسخ او را به ما برسانید.",
    due="1405-10-03",
    refers=True,
)

_GIVEN = (
    "آوا", "مهتاب", "نازنین‌زهرا", "سید‌علی", "كبري", "يوسف", "مؤثّر", "رؤیا", "هاجر", "ژاله", "پرویز", "چمن", "گل‌نسا",
)  # fmt: skip
_FAMILY = (
    "کاج‌نژاد", "آبان‌پور", "طباطبایی‌نسب", "حسینی‌فرد", "ديباجي", "میرزا(ابراهیمی)", "«سبز»", "بنی‌اسد‌اللّه",
    "نخل‌بان‌پور", "O'Neil",
)  # fmt: skip
_THINGS = (
    "شناسنامه", "کارت ملی سرپرست", "نامهٔ شمارهٔ 98/1234-5", "گواهی پزشک (اصل)", "قبض آب یا برق",
    "عکس ۳×۴", "فرم A-17 با مهر", "٪۵۰ فرانشیز", "معرفی‌نامهٔ مهدکودک تا ۱۴۰۵/۰۹/۱۲",
)  # fmt: skip


def random_paper(seed: int) -> Paper:
    """A receipt or a slip with names, lists and sentences of all lengths; the same for a seed."""
    pick = Random(seed)
    digits = "0123456789"
    head = replace(
        LETTERHEAD,
        centre_name="مرکز مثبت زندگی " + " ".join(pick.choices(_FAMILY, k=pick.randint(1, 5))),
        tracking_code=f"{pick.randint(1, 99999)}/001/{pick.randint(0, 999999):06}/{pick.randint(0, 9)}",
        head="".join(pick.choices(digits, k=25)),
        qr="".join(pick.choices(digits, k=338)),
        day=f"14{pick.randint(0, 9):02}-{pick.randint(1, 12):02}-{pick.randint(1, 29):02}",
        copy=pick.choice((0, 0, 1, 12)),
        enrolled=pick.random() < 0.8,
    )
    person = " ".join([*pick.choices(_GIVEN, k=pick.randint(1, 4)), *pick.choices(_FAMILY, k=pick.randint(1, 5))])
    sentence = " ".join(pick.choices([*_THINGS, *_GIVEN, "با ۰۶۱-۳۳۴۴ تماس بگیرید،"], k=pick.randint(3, 40))) + "."
    if pick.random() < 0.6:
        many = tuple(pick.choices(_THINGS, k=pick.randint(0, 12))), tuple(pick.choices(_THINGS, k=pick.randint(0, 6)))
        return replace(RECEIPT, letterhead=head, person=person, next_step=sentence, bring=many[0], handed_in=many[1])
    readings = tuple(
        EyeReading(pick.choice(_GIVEN), f"6/{pick.choice(('9.5', '12', '۱۵'))}") for _ in range(pick.randint(0, 4))
    )
    refers = pick.random() < 0.5
    return replace(
        SLIP,
        letterhead=head,
        person=person,
        next_step=sentence,
        readings=readings,
        refers=refers,
        due="1405-10-03" if refers else None,
    )
