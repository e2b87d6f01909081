"""What each kind says in each variant, tag by tag, beside files a person has read.

After a wanted change: `PISHKHAN_REWRITE_GOLDEN=1 pytest tests/documents/test_golden.py` writes the files anew (and
fails, so that nobody leaves it on); read the difference before committing it. ‹ › stand for isolates.
"""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from desktop.documents.kinds import paper_words, render_paper
from desktop.domain.papers import OFFERED, Paper, Variant
from tests.desk import reading_order
from tests.documents.samples import RECEIPT, SLIP

FOLDER = Path(__file__).parents[1] / "golden" / "documents"
PAPERS: dict[str, Paper] = {"intake_receipt": RECEIPT, "screening_slip": SLIP}
OFFERS = [(kind, variant) for kind, variants in OFFERED.items() for variant in variants]
_VISIBLE = str.maketrans({"\u2066": "‹", "\u2067": "‹", "\u2068": "‹", "\u2069": "›"})


def shown(pdf: bytes) -> str:
    with pikepdf.open(BytesIO(pdf)) as opened:
        pages = len(opened.pages)
    lines = [f"{e.tag}\t{e.said or ''}".rstrip() for e in reading_order.elements(pdf)]
    return "\n".join([f"pages\t{pages}", *lines, ""]).translate(_VISIBLE)


@pytest.mark.parametrize(("kind", "variant"), OFFERS)
def test_a_paper_says_what_was_agreed(kind: str, variant: Variant) -> None:
    paper, file = PAPERS[kind], FOLDER / f"{kind}.{variant}.txt"
    pdf = render_paper(paper, variant)
    if os.environ.get("PISHKHAN_REWRITE_GOLDEN"):
        file.write_text(shown(pdf), "utf-8")
        pytest.fail("written anew: read the difference, then run without PISHKHAN_REWRITE_GOLDEN")
    assert shown(pdf) == file.read_text("utf-8")
    assert reading_order.said(pdf) == paper_words(paper, variant)
