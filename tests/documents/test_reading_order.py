"""A screen reader is given what the paper says, in order, and the ink says the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pikepdf
import pypdfium2
import pytest

from desktop.documents.kinds import paper_words, render_paper
from desktop.domain.papers import VARIANTS, Paper, Variant
from tests.desk import reading_order
from tests.documents.samples import RECEIPT, SLIP, random_paper


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("paper", [RECEIPT, SLIP], ids=["receipt", "slip"])
def test_what_is_said_is_what_is_meant_and_painted(paper: Paper, variant: Variant) -> None:
    pdf = render_paper(paper, variant)
    assert reading_order.said(pdf) == paper_words(paper, variant)
    assert reading_order.faults(pdf) == []


@pytest.mark.parametrize("seed", range(60))
def test_sixty_people_of_all_names_in_all_variants(seed: int) -> None:
    paper = random_paper(seed)
    for variant in VARIANTS:
        pdf = render_paper(paper, variant)
        assert reading_order.faults(pdf) == []
        assert reading_order.said(pdf) == paper_words(paper, variant)


def test_chrome_reads_the_name_and_the_code_in_order() -> None:
    with pypdfium2.PdfDocument(render_paper(RECEIPT, "standard")) as opened:
        text = reading_order.letters(opened[0].get_textpage().get_text_range())
    for block in (
        "رسید پذیرش",
        RECEIPT.person,
        "غربالگری بینایی کودکان",
        "شمارهٔ ۱۲۷ را که صدا زدند",
        "(اگر کودک عینک دارد)",
        "۱۲۴/۰۰۱/۰۰۰۱۲۷/۴",
    ):
        assert reading_order.letters(block) in text


def _nodes(node: Any) -> Iterator[Any]:
    yield node
    kids = node.get("/K", pikepdf.Array())
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield from _nodes(kid)


def spoilt(pdf: bytes, spoil: Callable[[Any], None], tag: str) -> bytes:
    """The paper with its first element of this tag that says anything spoilt."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        nodes = _nodes(opened.Root.StructTreeRoot.K[0])
        spoil(next(n for n in nodes if str(n.S) == tag and ("/ActualText" in n or "/Alt" in n)))
        out = BytesIO()
        opened.save(out)
        return out.getvalue()


def _swap(node: Any) -> None:
    first, second, *rest = str(node.ActualText).split(" ")
    node.ActualText = " ".join([second, first, *rest])


def _other_letter(node: Any) -> None:
    node.ActualText = str(node.ActualText).replace("ر", "ز", 1)


def test_a_paper_that_lost_its_speech_is_caught() -> None:
    pdf = render_paper(RECEIPT, "standard")

    def mute(node: Any) -> None:
        del node["/ActualText"]

    def mute_figure(node: Any) -> None:
        del node["/Alt"]

    assert any("says ''" in fault for fault in reading_order.faults(spoilt(pdf, mute, "/H1")))
    assert reading_order.faults(spoilt(pdf, mute_figure, "/Figure")) == ["Figure: says nothing"]
    assert len(reading_order.faults(spoilt(pdf, _other_letter, "/H1"))) == 1


def test_two_words_changed_about_are_caught() -> None:
    pdf = spoilt(render_paper(RECEIPT, "standard"), _swap, "/H1")
    assert reading_order.said(pdf) != paper_words(RECEIPT, "standard")
