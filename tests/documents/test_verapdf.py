"""The PDF/UA-1 profile of the real veraPDF: no failed rule in any kind and variant, and broken papers are refused."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf

from desktop.documents.kinds import render_paper
from desktop.domain.papers import VARIANTS, Paper
from tests.desk.verapdf import failed_rules
from tests.documents.samples import RECEIPT, SLIP, random_paper


def test_every_kind_in_every_variant_passes_and_broken_ones_fail(tmp_path: Path) -> None:
    papers: dict[str, Paper] = {"receipt": RECEIPT, "slip": SLIP, "odd": random_paper(7), "odd-too": random_paper(10)}
    files = []
    for name, paper in papers.items():
        for variant in VARIANTS:
            files.append(tmp_path / f"{name}-{variant}.pdf")
            files[-1].write_bytes(render_paper(paper, variant))
    broken = _broken(tmp_path)
    judged = failed_rules([*files, *broken])
    assert {file.name: judged[file] for file in files} == {file.name: [] for file in files}
    for file, clause in broken.items():
        assert any(rule.startswith(clause) for rule in judged[file]), (file.name, judged[file])


def _broken(folder: Path) -> dict[Path, str]:
    """Spoilt papers and the clause each must be refused by."""

    def no_alt(pdf: Any) -> None:
        for node in _nodes(pdf):
            if "/Alt" in node:
                del node["/Alt"]

    def no_scope(pdf: Any) -> None:
        for node in _nodes(pdf):
            if node.get("/S") == "/TH":
                del node["/A"]

    def no_lang(pdf: Any) -> None:
        del pdf.Root["/Lang"]

    made = {}
    for name, clause, spoil in (("alt", "7.3-1", no_alt), ("scope", "7.5-1", no_scope), ("lang", "7.2-", no_lang)):
        path = folder / f"broken-{name}.pdf"
        with pikepdf.open(BytesIO(render_paper(SLIP, "standard"))) as opened:
            spoil(opened)
            opened.save(path)
        made[path] = clause
    return made


def _nodes(pdf: Any) -> list[Any]:
    return [node for node in pdf.objects if isinstance(node, pikepdf.Dictionary) and node.get("/Type") == "/StructElem"]
