"""How many sheets a paper takes, and that none of them is a torn-off foot or goes about without a name."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pikepdf
import pypdfium2
import pytest

from desktop.documents.kinds import content, paper_words, render_paper
from desktop.documents.sheets import set_out
from desktop.documents.variants import STYLES, tighter
from desktop.domain import catalogue
from desktop.domain.papers import OFFERED, VARIANTS, Paper, Variant
from tests.desk.reading_order import letters
from tests.documents.samples import LETTERHEAD, RECEIPT, SLIP, random_paper

_FILE = catalogue.service("INTAKE_FILE")
SIX_PAPERS = replace(RECEIPT, service=_FILE.name, next_step=_FILE.next_step, bring=_FILE.bring, handed_in=())
BEFORE_ENROLMENT = replace(SIX_PAPERS, letterhead=replace(LETTERHEAD, enrolled=False, copy=1))
PASSED = replace(SLIP, refers=False, passed=True)
LAST_OF_CLOSING = letters("شمارهٔ وارسی")


def texts(pdf: bytes) -> list[str]:
    """What is painted on each page, its running head and footer too."""
    with pypdfium2.PdfDocument(pdf) as opened:
        return [letters(opened[at].get_textpage().get_text_range()) for at in range(len(opened))]


@pytest.mark.parametrize(
    ("paper", "sheets"),
    [
        (RECEIPT, {"standard": 1, "large": 1, "giant": 2, "contrast": 1}),
        (SIX_PAPERS, {"standard": 1, "large": 1, "giant": 2, "contrast": 1}),
        (BEFORE_ENROLMENT, {"standard": 1, "large": 1, "giant": 3, "contrast": 1}),
        (PASSED, {"standard": 1, "large": 1}),
        (SLIP, {"standard": 2, "large": 2}),
    ],
    ids=["receipt", "six papers to bring", "before enrolment", "passed", "referred"],
)
def test_a_typical_paper_takes_as_few_sheets_as_it_can(paper: Paper, sheets: dict[Variant, int]) -> None:
    assert {variant: len(texts(render_paper(paper, variant))) for variant in sheets} == sheets


@pytest.mark.parametrize("variant", VARIANTS)
def test_tighter_is_never_smaller_type(variant: Variant) -> None:
    usual = STYLES[variant]
    for style in tighter(variant):
        assert replace(style, gap=usual.gap, lead=usual.lead, qr=usual.qr, stamp=usual.stamp) == usual
        assert 1.3 <= style.lead <= usual.lead
        assert style.qr >= 0.85 * usual.qr
        assert style.room >= usual.room


def test_a_paper_that_fits_is_not_set_tighter() -> None:
    assert set_out(content(replace(RECEIPT, bring=(), handed_in=())), "standard").style == STYLES["standard"]
    assert set_out(content(SIX_PAPERS), "standard").style != STYLES["standard"]


@pytest.mark.parametrize("variant", OFFERED["screening_slip"])
def test_what_the_family_keeps_is_whole_on_the_first_sheet(variant: Variant) -> None:
    first, second = texts(render_paper(SLIP, variant))
    assert letters("گام بعدی") in first
    assert LAST_OF_CLOSING in first
    assert letters("پاسخ سطح دو") in second


def said_on_pages(pdf: bytes) -> list[set[str]]:
    """What a screen reader is given of what is painted on each page."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        pages = {page.obj.objgen: at for at, page in enumerate(opened.pages)}
        found: list[set[str]] = [set() for _ in pages]
        for node in opened.objects:
            if isinstance(node, pikepdf.Dictionary) and node.get("/Type") == "/StructElem" and "/ActualText" in node:
                kids = node.get("/K", pikepdf.Array())
                for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
                    page = kid.Pg if isinstance(kid, pikepdf.Dictionary) else node.Pg
                    found[pages[page.objgen]].add(str(node.ActualText))
        return found


def lonely_closings(paper: Paper, variant: Variant) -> list[int]:
    """Pages where the closing stands with nothing above it."""
    blocks = [str(word) for word in paper_words(paper, variant)]
    stamped = blocks.index("مهر و امضا")
    first = next(at for at, word in enumerate(blocks) if word.startswith("شکایت و پیشنهاد"))
    closing, torn = set(blocks[first : stamped + 1]), set(blocks[stamped + 1 :]) - set(blocks[:first])
    pages = said_on_pages(render_paper(paper, variant))
    return [at for at, page in enumerate(pages) if page & closing and not page - closing - torn]


@pytest.mark.parametrize("seed", range(40))
def test_no_closing_stands_alone_on_a_sheet(seed: int) -> None:
    for variant in VARIANTS:
        assert lonely_closings(random_paper(seed), variant) == []


@pytest.mark.parametrize("words", range(0, 300, 15))
def test_a_next_step_of_any_length_leaves_no_foot_alone(words: int) -> None:
    for paper in (SIX_PAPERS, SLIP, PASSED):
        for variant in ("standard", "giant"):
            assert lonely_closings(replace(paper, next_step=" ".join(["گام"] * words) + "."), variant) == []


@pytest.mark.parametrize("papers", range(0, 40, 3))
def test_a_list_of_any_length_leaves_no_foot_alone(papers: int) -> None:
    for variant in ("standard", "large", "giant"):
        assert lonely_closings(replace(RECEIPT, bring=("مدرک",) * papers), variant) == []


def test_a_result_and_its_next_step_stay_together() -> None:
    for readings in range(7):
        paper = replace(PASSED, readings=PASSED.readings[:1] * readings)
        for page in said_on_pages(render_paper(paper, "standard")):
            assert (PASSED.outcome in page) == (PASSED.next_step in page)


def headed(pdf: bytes) -> list[bool]:
    """Of each page, whether something is marked as a running head: decoration that is no page's content."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        return [
            any(
                str(at.operator) == "BDC"
                and str(at.operands[0]) == "/Artifact"
                and str(at.operands[1].get("/Subtype", "")) == "/Header"
                and str(at.operands[1].Type) == "/Pagination"
                for at in pikepdf.parse_content_stream(page)
            )
            for page in opened.pages
        ]


@pytest.mark.parametrize("variant", VARIANTS)
def test_each_further_sheet_names_its_paper_its_person_and_its_request(variant: Variant) -> None:
    pdf = render_paper(replace(SLIP, next_step=" ".join(["گام"] * 200)), variant)
    first, *further = headed(pdf)
    assert not first
    assert further
    assert all(further)
    for page in texts(pdf)[1:]:
        for part in ("برگهٔ غربالگری بینایی", SLIP.person, "۱۲۴/۰۰۱/۰۰۰۱۲۷/۴"):
            assert letters(part) in page


def test_a_practice_paper_says_so_on_each_sheet() -> None:
    pdf = render_paper(replace(SLIP, letterhead=replace(LETTERHEAD, training=True)), "standard")
    assert all("تمرینی" in page for page in texts(pdf))
