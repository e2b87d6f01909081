"""A window over sample values, as the application would build it."""

from __future__ import annotations

from collections.abc import Callable

from desktop.domain.day_sheet import DaySheet, QueueNow, Section, SheetRow
from desktop.domain.sync_truth import SyncItem, SyncTruth
from desktop.domain.today import Today, TodayVisit
from ui.screens.home import HomeScreen
from ui.screens.sync_truth import SyncActs, SyncScreen
from ui.shell import Place
from ui.theme.look import Look
from ui.window import Window

VISITS = (
    TodayVisit("5", "۱۰:۲۵", "مهتاب کاج‌نژاد", "غربالگری بینایی", "printed", "accepted"),
    TodayVisit("4", "۱۰:۲۱", "یونس دیم‌کار", "وسایل کمک‌توانبخشی", "failed", "sent"),
    TodayVisit("3", "۰۹:۵۰", "گلنار سپیدرود", "مشاورهٔ ژنتیک", "waiting", "here"),
    TodayVisit("2", "۰۹:۳۱", "حبیب مهرگیاه", "کمک‌هزینهٔ معیشت", "unknown", "here"),
    TodayVisit("1", "۰۸:۱۰", "آوا کاج‌نژاد", "خدمت مرکز"),
)
TODAY = Today("سه‌شنبه ۳ آذر ۱۴۰۵", VISITS, screenings=2, recorded=162, unsent=3)
SHEET = DaySheet(
    TODAY,
    QueueNow("۱۲۸", ("با ویلچر", "با کودک"), waited=9, waiting=14, average=11, longest=41),
    (
        Section(
            "drafts", "نیمه‌کاره‌های شما", "intake", 2,
            (
                SheetRow("intake", "پذیرش", "حبیب مهرگیاه", "از ساعت ۱۰:۱۲"),
                SheetRow("vision", "غربالگری بینایی", "۲ کودک", "از ساعت ۰۹:۴۰"),
            ),
        ),
        Section(
            "papers", "برگه‌هایی که شاید بیرون نیامده", "print", 1,
            (SheetRow("1", "رسید پذیرش", "یونس دیم‌کار", "بیرون آمد؟", "warn"),), "دیدن برگه‌ها", "warn",
        ),
        Section("conflicts", "دو جور نوشته‌شده‌ها", "files", 3, act="رفتن به دوگانه‌ها", tone="warn"),
        Section("incidents", "رویدادهای امروز", "alert", 1, act="دیدن رویدادها", tone="danger"),
        Section("unsent", "هنوز ارسال نشده", "send", 3, act="رفتن به همگام‌سازی"),
    ),
)  # fmt: skip
FAULT = ("استان پاسخ نمی‌دهد.", "هرچه ثبت کرده‌اید همین‌جا سالم است.", "اینترنت را ببینید؛ خودمان دوباره می‌فرستیم.")
TRUTH = SyncTruth(
    enrolled=True,
    saved=162,
    sent=159,
    accepted=158,
    on_way=(SyncItem("a", "رسید پذیرش", "۱۰:۲۵"), SyncItem("b", "غربالگری", "۱۰:۲۵")),
    needs_you=(
        SyncItem(
            "c",
            "مراجعه",
            "۱۴۰۵/۰۹/۰۲، ۱۲:۳۱",
            "استان آن را نگه داشته است. بیرون از اختیار ثبت‌کننده است.",
            "مسئول مرکز و کارشناس استان باید ببینند.",
            "tell",
            read_out=("مرکز ۱۲۴", "میز \u2066A1B2 C3D4\u2069", "شمارهٔ ثبت ۱۷", "کد دلیل ۱۴"),
        ),
        SyncItem(
            "d",
            "نتیجهٔ غربالگری",
            "۱۰:۰۲",
            "استان آن را نگه داشته است. پشت ثبت دیگری از همین میز مانده است.",
            "پشت «مراجعه» از ۱۴۰۵/۰۹/۰۲، ۱۲:۳۱ مانده است.",
            "behind",
            "c",
        ),
        SyncItem(
            "e",
            "خانوار",
            "۱۰:۰۹",
            "به مرکز تازهٔ این خانوار فرستاده شد.",
            "چیزی گم نشده است؛ اصل ثبت همین‌جا سالم است.",
            "seen",
        ),
    ),
    on_way_count=4,
    needs_you_count=3,
    oldest="۳ ساعت",
    last_success="۱۰:۲۴",
    next_attempt="تلاش بعدی: ۱۰:۳۱",
    clock="ساعت این رایانه ۷ دقیقه عقب است.",
    fault=FAULT,
)


def desk(
    look: Look,
    today: Callable[[], Today] = lambda: TODAY,
    truth: Callable[[], SyncTruth] = lambda: TRUTH,
    sync: Callable[[], object] = lambda: None,
    *,
    training: str = "",
) -> Window:
    """The window, opened for a receptionist."""
    window = Window(look, now=lambda: "۱۰:۲۶", training=training)
    places = [
        Place("home", "خانه", "home", lambda: HomeScreen(look, lambda: DaySheet(today()))),
        Place("sync", "همگام‌سازی", "sync", lambda: SyncScreen(look, SyncActs(truth, sync))),
    ]
    window.open(places, centre="مرکز نمونهٔ ۱۲۴", who="نرگس آبان‌پور", role="پذیرش، میز ۱", search="home")
    return window
