"""Changes as this release writes them, kept for ever: whatever comes later reads them as they were meant."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from db import project
from desktop.domain import merging
from desktop.seal import commits
from desktop.seal.commits import Sealed

FILE = Path(__file__).parents[1] / "golden" / "changes" / "needs-cautions-incidents.json"
KEPT = json.loads(FILE.read_text("utf-8"))


@pytest.mark.parametrize("each", KEPT, ids=lambda each: each["row"]["id"][-2:])
def test_it_is_read_as_it_was_meant(each: dict[str, object]) -> None:
    header, body, salt = (str(each[name]) for name in ("header", "body", "salt"))
    sealed = Sealed(header.encode(), body.encode(), bytes.fromhex(salt))
    assert sealed.hash == each["hash"]
    change = commits.opened(sealed)
    document = merging.fold(None, change, change.hlc)
    assert document is not None
    row = project.row(document)
    kept = each["row"]
    assert isinstance(kept, dict)
    assert {name: row.get(name) for name in kept} == kept
