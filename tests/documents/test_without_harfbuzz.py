"""Papers on a PC where HarfBuzz's library doesn't load: plainer to the eye, the same to a screen reader."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from desktop.documents.kinds import paper_words
from desktop.documents.presentation_forms import PresentationFace
from tests.desk import reading_order
from tests.desk.verapdf import failed_rules
from tests.documents.samples import random_paper

_PRINT = """
import sys
sys.modules["uharfbuzz"] = None
from desktop.documents.kinds import render_paper
from tests.documents.samples import random_paper
open(sys.argv[1], "wb").write(render_paper(random_paper(7), "standard"))
"""


def test_the_paper_is_still_accessible(tmp_path: Path) -> None:
    file = tmp_path / "paper.pdf"
    subprocess.run([sys.executable, "-c", _PRINT, str(file)], cwd=Path(__file__).parents[2], check=True)
    pdf = file.read_bytes()
    assert reading_order.faults(pdf) == []
    assert reading_order.said(pdf) == paper_words(random_paper(7), "standard")
    assert failed_rules([file]) == {file: []}


def test_letters_join_and_a_zwnj_parts_them() -> None:
    shape = PresentationFace("Regular").shape
    joined, parted = shape("میخواهم", True), shape("می\u200cخواهم", True)
    assert "".join(glyph.says for glyph in reversed(parted.glyphs)) == "می\u200cخواهم"
    assert joined.glyphs[4].gid != parted.glyphs[5].gid  # ی in the middle of a word and at its end
    (lam_alef,) = shape("لا", True).glyphs
    assert lam_alef.says == "لا"
    assert [glyph.says for glyph in shape("(آ)", True).glyphs] == ["(", "آ", ")"]
