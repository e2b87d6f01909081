"""Directions, line breaks and pages, apart from any kind of paper."""

from __future__ import annotations

from io import BytesIO
from unittest.mock import Mock

import pikepdf
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.documents.bidi import resolve, visual
from desktop.documents.content import Code, Document, Fact, Facts, Figure, Grid, Heading, Paragraph, Title, plain, words
from desktop.documents.engine import render
from desktop.documents.faces import face
from desktop.documents.lines import broken, natural_width
from desktop.documents.pieces import Piece, kept, paginate
from desktop.documents.setting import Column, paragraph
from desktop.documents.setting import plain as plain_look
from desktop.documents.tagging import Element
from desktop.documents.variants import STYLES
from desktop.domain.papers import VARIANTS, Variant
from tests.desk import reading_order


def painted_order(text: str) -> str:
    """The characters from left to right, as the eye meets them."""
    resolved = resolve(text)
    return "".join(resolved.text[at] for at in visual(list(resolved.levels)))


@pytest.mark.parametrize(
    ("text", "left_to_right"),
    [
        ("سلام", "مالس"),
        ("کد ۱۲۴ است", "تسا ۱۲۴ دک"),
        (f"تلفن {Code('035-3624 1234')} است", "تسا 035-3624 1234 نفلت"),
        (f"{Code('۱۲۳-۴۵۶')}", "۱۲۳-۴۵۶"),
        (f"کد {Code('YZ-12/7')}.", ".YZ-12/7 دک"),
        (f"روز {Code('۳ آذر ۱۴۰۵')} بیایید", "دییایب ۱۴۰۵ رذآ ۳ زور"),
        ("می\u200cخواهم", "مهاوخ\u200cیم"),
        ("تابلوی E کوچک", "کچوک E یولبات"),
    ],
)
def test_which_way_each_piece_goes(text: str, left_to_right: str) -> None:
    assert painted_order(text) == left_to_right


@given(st.text(alphabet="اب ۱2a/\u200c\u2066\u2067\u2068\u2069\u202e()-", max_size=40))
def test_any_controls_typed_into_a_name_do_no_harm(text: str) -> None:
    resolved = resolve(text)
    assert len(resolved.text) == len(resolved.levels) == len(resolved.isolated)
    assert not set(resolved.text) & set("\u2066\u2067\u2068\u2069\u202e")
    assert sorted(visual(list(resolved.levels))) == list(range(len(resolved.text)))
    assert [char for char in resolved.text if char != " "] == [char for char in plain(text) if char != " "]


@given(
    st.lists(st.sampled_from(["و", "کد", "نازنین‌زهرا", "(اصل)", "دو", "Chrome"]), max_size=12),
    st.sampled_from(["035-3624 1234", "۱۲۴/۰۰۱/۰۰۰۱۲۷/۴", "سه‌شنبه ۳ آذر ۱۴۰۵", "12 34 56 78"]),
    st.integers(0, 12),
    st.floats(20, 600),
)
def test_a_code_is_never_broken_over_two_lines(around: list[str], code: str, at: int, width: float) -> None:
    text = " ".join([*around[:at], str(Code(code)), *around[at:]])
    lines = broken(text, "Regular", 14, width)
    assert [line.text for line in lines if code in line.text] != []
    assert " ".join(line.text for line in lines) == plain(text)
    for line in lines:
        assert line.width <= width + 1e-6
        assert line.size == 14 or " " not in line.text or line.text == code  # only one lone word is ever shrunk


def test_a_line_is_filled_before_it_breaks() -> None:
    text = "مرکز مثبت زندگی نمونه"
    assert len(broken(text, "Bold", 14, natural_width(text, "Bold", 14) + 0.01)) == 1
    assert len(broken(text, "Bold", 14, natural_width(text, "Bold", 14) - 0.01)) == 2


def piece(height: float, before: float = 0, keep: bool = False) -> Piece:
    return Piece(height, Mock(), before, keep)


def test_what_is_kept_goes_to_the_next_page_together() -> None:
    first, second = paginate([piece(60), *kept([piece(20), piece(30)])], 100)
    assert [at.piece.height for at in first] == [60]
    assert [at.piece.height for at in second] == [20, 30]


def test_space_above_is_dropped_at_the_top_of_a_page() -> None:
    pages = paginate([piece(90, before=50), piece(90, before=50)], 100)
    assert [[at.offset for at in page] for page in pages] == [[0], [0]]


def test_each_page_but_the_first_begins_below_its_head() -> None:
    pages = paginate([piece(90, before=50), piece(80, before=50), piece(10), piece(80)], 100, head=15)
    assert [[at.offset for at in page] for page in pages] == [[0], [15], [15], [15]]


def test_what_no_page_can_hold_breaks_between_its_lines() -> None:
    pages = paginate(kept([piece(30) for _ in range(10)]), 100)
    assert [len(page) for page in pages] == [3, 3, 3, 1]


@pytest.mark.parametrize(
    ("lines", "kept_with_next"),
    [(1, [False]), (2, [True, False]), (3, [True, True, False]), (5, [True, False, False, True, False])],
)
def test_no_line_of_a_paragraph_stands_alone_on_a_page(lines: int, kept_with_next: list[bool]) -> None:
    column = Column(STYLES["standard"], 0, natural_width("سطر", "Regular", 14) * 1.01)
    pieces = paragraph(" ".join(["سطر"] * lines), column, plain_look(column.style), Element("P"))
    assert [made.keep for made in pieces] == kept_with_next


def test_zwnj_takes_no_room_and_is_still_said() -> None:
    shape = face("Regular").shape
    whole, first, second = shape("می‌خواهم", True), shape("می", True), shape("خواهم", True)
    assert "".join(glyph.says for glyph in reversed(whole.glyphs)) == "می‌خواهم"
    assert shape(" ", True).glyphs[0].gid not in {glyph.gid for glyph in whole.glyphs}
    assert whole.width == first.width + second.width


def document(*blocks: object) -> Document:
    shown = (Title("گزارش", "سه‌شنبه"), *blocks)
    instant = "2026-11-24T10:27:00+03:30"
    return Document("گزارش", shown, "برگهٔ ۱", "صفحهٔ {page} از {pages}", "گزارش · آوا", "۱۲۷", instant)  # type: ignore[arg-type]


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_grid_of_thirty_rows_repeats_its_header_and_says_it_once(variant: Variant) -> None:
    rows = tuple((f"روز {number}", "انجام شد", Code(f"۱۴۰۵/۰۹/{number:02}").__str__()) for number in range(1, 31))
    grid = document(Paragraph("پیش از جدول"), Grid(("روز", "چه شد", "تاریخ"), rows))
    pdf = render(grid, variant)
    assert reading_order.said(pdf) == words(grid)
    assert reading_order.faults(pdf) == []
    pages = texts_of_pages(pdf)
    assert len(pages) >= 2
    assert all("چهشد" in page for page in pages if "انجامشد" in page)


def texts_of_pages(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as opened:
        return [reading_order.letters(opened[at].get_textpage().get_text_range()) for at in range(len(opened))]


@pytest.mark.parametrize("lines_before", range(16, 30))
def test_a_heading_is_never_the_last_on_a_page(lines_before: int) -> None:
    blocks = [Paragraph(f"سطر {number}") for number in range(lines_before)]
    pages = texts_of_pages(render(document(*blocks, Heading("سرنویس"), Paragraph("دنباله")), "standard"))
    assert any("سرنویس" in page and "دنباله" in page for page in pages)


@pytest.mark.parametrize("lines_before", range(14, 26))
def test_a_figure_and_its_caption_stay_on_one_page(lines_before: int) -> None:
    blocks = [Paragraph(f"سطر {number}") for number in range(lines_before)]
    pdf = render(document(*blocks, Figure("123456", "کد", "زیرنویس")), "standard")
    with pikepdf.open(BytesIO(pdf)) as opened:
        nodes = [node for node in opened.objects if isinstance(node, pikepdf.Dictionary) and "/S" in node]
        figure = next(node for node in nodes if node.S == "/Figure")
        caption = next(node for node in nodes if str(node.get("/ActualText", "")) == "زیرنویس")
        assert figure.Pg.objgen == caption.Pg.objgen


def test_a_figure_takes_decimal_digits_alone() -> None:
    with pytest.raises(ValueError, match="digits"):
        render(document(Figure("12a", "کد", "زیرنویس")), "standard")


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_very_long_name_is_set_whole(variant: Variant) -> None:
    name = " ".join(["سیده‌نازنین‌زهرا‌السادات"] * 14)
    facts = document(Facts((Fact("نام", name), Fact("کد رهگیری", Code("۱۲۴/۰۰۱/۰۰۰۱۲۷/۴" * 3), huge=True))))
    pdf = render(facts, variant)
    assert reading_order.faults(pdf) == []
    assert reading_order.said(pdf) == words(facts)
