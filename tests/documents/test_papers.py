"""What the two papers say and never say, and that the file is whole."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO

import pikepdf
import pypdfium2
import pytest
import segno

from desktop.documents.kinds import paper_words, render_paper
from desktop.documents.pictures import pages
from desktop.domain.papers import VARIANTS, EyeReading, Variant
from desktop.domain.texts import say
from tests.desk.reading_order import letters
from tests.documents.samples import LETTERHEAD, RECEIPT, SLIP

ISOLATES = re.compile("[\u2066-\u2069]")


def said(paper: object) -> str:
    return ISOLATES.sub("", "\n".join(paper_words(paper, "standard")))  # type: ignore[arg-type]


def test_the_receipt_says_all_a_client_needs() -> None:
    text = said(RECEIPT)
    for part in (
        "مرکز مثبت زندگی نمونه", "۱۲۴", "۰۶۱-۳۳۴۴ ۵۵۶۶", "پلاک ۱۲", "رسید پذیرش", "سه‌شنبه ۳ آذر ۱۴۰۵", "۱۰:۲۷",
        "آوا کاج‌نژاد", "غربالگری بینایی کودکان", "۱۲۴/۰۰۱/۰۰۰۱۲۷/۴", "این خدمت در این مرکز رایگان است.", "۱۴۸۲",
        "کارت ملی سرپرست", "برگهٔ معرفی مهدکودک", "نرگس آبان‌پور، پذیرش", "۱۲۳۴۵ ۶۷۸۹۰ ۱۲۳۴۵ ۶۷۸۹۰ ۱۲۳۴۵",
        "هرگز رمز کارت نمی‌پرسیم",
    ):  # fmt: skip
        assert part in text, part


def test_only_what_holds_is_said() -> None:
    paid = replace(RECEIPT, free=False, bring=(), handed_in=())
    assert not any(part in said(paid) for part in ("رایگان", "همراه بیاورید", "تحویل"))
    assert "رونوشت" not in said(replace(RECEIPT, handed_in=()))
    assert "رونوشت ۲" in said(replace(paid, letterhead=replace(LETTERHEAD, copy=2)))
    assert "پیش از وصل‌شدن" not in said(paid)
    before = said(replace(paid, letterhead=replace(LETTERHEAD, enrolled=False)))
    assert before.index("شمارهٔ وارسی") < before.index("این برگه پیش از وصل‌شدن میز به استان چاپ شده است.")
    assert "تمرین" not in said(paid)


def test_a_practice_paper_says_so_under_its_title() -> None:
    for paper in (RECEIPT, SLIP):
        lines = said(replace(paper, letterhead=replace(LETTERHEAD, training=True))).splitlines()
        assert "برگهٔ تمرینی است و اعتبار ندارد" in lines[4:6], lines[:8]


def test_the_slip_says_the_next_step_and_no_diagnosis() -> None:
    text = said(SLIP)
    for part in (
        "آوا کاج‌نژاد",
        "۴ سال و ۲ ماه",
        "تابلوی E",
        "۲ از ۱۰",
        "غربالگری تشخیص نیست.",
        "تا پنجشنبه ۳ دی ۱۴۰۵",
        "پاسخ سطح دو",
    ):
        assert part in text, part
    assert not any(word in text for word in ("طبیعی", "مبتلا"))
    passed = said(replace(SLIP, refers=False, due=None))
    assert "پاسخ سطح دو" not in passed
    assert "دی ۱۴۰۵" not in passed
    yearly = said(replace(SLIP, refers=False, passed=True)).splitlines()
    assert "زمان آزمون بعدی: پنجشنبه ۳ دی ۱۴۰۵" in yearly
    assert "تا پنجشنبه ۳ دی ۱۴۰۵" not in yearly


def test_a_suspected_slip_says_once_that_it_is_no_diagnosis() -> None:
    suspected = said(replace(SLIP, outcome=say("screening.outcome-refer")))
    assert suspected.count("تشخیص نیست") == 1


def test_an_eye_that_was_not_measured_is_named() -> None:
    readings = (EyeReading("راست", "۵ از ۱۰"), EyeReading("چپ", ""))
    lines = said(replace(SLIP, readings=readings, outcome="ناتمام.", refers=False)).splitlines()
    assert lines[lines.index("چپ") + 1] == "سنجیده نشد"
    assert "ناتمام. چشم چپ سنجیده نشد." in lines
    assert "سنجیده نشد" not in said(SLIP)


@pytest.mark.parametrize("words", range(0, 400, 20))
def test_the_part_to_send_back_is_on_one_page(words: int) -> None:
    paper = replace(SLIP, next_step=" ".join(["دو"] * words) + ".")
    with pypdfium2.PdfDocument(render_paper(paper, "large")) as opened:
        texts = [letters(opened[at].get_textpage().get_text_range()) for at in range(len(opened))]
    torn = ("آزمونگرسطحدو", "پاسخسطحدو", "نتیجهٔمعاینه", "نام و مهر آزمونگر")
    assert any(all(letters(part) in text for part in torn) for text in texts)


def test_the_code_on_paper_is_five_groups_each_isolated() -> None:
    block = next(word for word in paper_words(RECEIPT, "standard") if "شمارهٔ وارسی" in word)
    assert re.findall("\u2066([۰-۹]+)\u2069", block) == ["۱۲۳۴۵", "۶۷۸۹۰", "۱۲۳۴۵", "۶۷۸۹۰", "۱۲۳۴۵"]


@pytest.mark.parametrize(
    ("typed", "set_as"),
    [
        ("فرم A-17 با مهر", "فرم \u2066A-17\u2069 با مهر"),
        ("عکس 3×4", "عکس \u2066۳×۴\u2069"),
        ("با 3344 5566.", "با \u2066۳۳۴۴ ۵۵۶۶\u2069."),
        ("2 قبض، 3 عکس", "\u2066۲\u2069 قبض، \u2066۳\u2069 عکس"),
        ("تابلوی E", "تابلوی E"),
    ],
)
def test_codes_typed_among_words_are_isolated(typed: str, set_as: str) -> None:
    assert set_as in paper_words(replace(RECEIPT, bring=(typed,)), "standard")


def test_numbers_in_outside_sentences_are_isolated_and_controls_dropped() -> None:
    paper = replace(
        RECEIPT, next_step="\u202eتا 1405/09/12 با 061-3344 5566 تماس\n بگیرید.", person="آوا\u202e کاج\u2066"
    )
    blocks = paper_words(paper, "standard")
    assert "تا \u2066۱۴۰۵/۰۹/۱۲\u2069 با \u2066۰۶۱-۳۳۴۴ ۵۵۶۶\u2069 تماس بگیرید." in blocks
    assert "آوا کاج" in blocks


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_file_is_the_same_each_time_and_carries_its_fonts(variant: Variant) -> None:
    pdf = render_paper(RECEIPT, variant)
    assert pdf == render_paper(RECEIPT, variant)
    assert b"Helvetica" not in pdf
    with pikepdf.open(BytesIO(pdf)) as opened:
        fonts = [
            node for node in opened.objects if isinstance(node, pikepdf.Dictionary) and node.get("/Type") == "/Font"
        ]
        assert fonts
        assert all("/FontFile2" in f.FontDescriptor for f in fonts if "/FontDescriptor" in f)
        assert {str(font.Subtype) for font in fonts} == {"/Type0", "/CIDFontType2"}
        assert str(opened.Root.Lang) == "fa-IR"
        assert str(opened.docinfo["/Title"]) == "رسید پذیرش"
        assert str(opened.docinfo["/CreationDate"]) == "D:20261124102700+03'30'"
        assert opened.check_pdf_syntax() == []


@pytest.mark.parametrize(
    ("variant", "millimetres"), [("standard", (148, 210)), ("large", (210, 297)), ("contrast", (210, 297))]
)
def test_a_usual_receipt_is_one_sheet(variant: Variant, millimetres: tuple[int, int]) -> None:
    (page,) = pages(render_paper(RECEIPT, variant), 25.4)
    assert (page.width, page.height) == pytest.approx(millimetres, abs=1)
    assert len(page.rgb) == page.width * page.height * 3


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_qr_is_painted_as_it_was_encoded(variant: Variant) -> None:
    pdf, dpi = render_paper(RECEIPT, variant), 300
    symbol = segno.make_qr(LETTERHEAD.qr, error="m", mode="numeric", mask=3, boost_error=False)
    with pikepdf.open(BytesIO(pdf)) as opened:
        nodes = (node for node in opened.objects if isinstance(node, pikepdf.Dictionary))
        left, bottom, right, _ = (float(edge) for edge in next(n for n in nodes if n.get("/S") == "/Figure").A.BBox)
    page = pages(pdf, dpi)[0]
    side = len(symbol.matrix)
    module = (right - left) / (side + 8)

    def dark(row: int, column: int) -> bool:
        x = left + (4.5 + column) * module
        y = bottom + (right - left) - (4.5 + row) * module
        at = page.width * int(page.height - y * dpi / 72) + int(x * dpi / 72)
        return page.rgb[at * 3] < 128

    assert [[dark(r, c) for c in range(side)] for r in range(side)] == [[bool(m) for m in row] for row in symbol.matrix]


def test_the_contrast_page_is_white_on_black_and_the_rest_black_on_white() -> None:
    corner = {variant: pages(render_paper(RECEIPT, variant), 20)[0].rgb[:3] for variant in VARIANTS}
    assert corner == {"standard": b"\xff" * 3, "large": b"\xff" * 3, "giant": b"\xff" * 3, "contrast": b"\x00" * 3}
