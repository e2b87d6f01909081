"""Frozen changes of the queue's first version: what was signed then is read and folded so for ever."""

from __future__ import annotations

import json
from pathlib import Path

from desktop.domain import merging
from desktop.domain.merging import Document
from desktop.seal.commits import Commit, Sealed
from tests.seal.test_commits import uid, verified

GOLDEN = Path(__file__).parents[1] / "golden" / "changes" / "v1-queue.json"


def test_the_golden_ticket_and_slips_of_version_1() -> None:
    """This file is never rewritten."""
    golden = json.loads(GOLDEN.read_text("utf-8"))
    parts = tuple(
        Sealed(each["header"].encode(), each["body"].encode(), bytes.fromhex(each["salt"]))
        for each in golden["changes"]
    )
    desk_signature, actor_signature = (bytes.fromhex(golden[f"{who}_signature"]) for who in ("desk", "actor"))
    commit = Commit(golden["message"].encode(), golden["actor"], desk_signature, actor_signature, parts)
    documents: dict[str, Document | None] = {}
    for change in verified(commit):
        documents[change.entity_id] = merging.fold(documents.get(change.entity_id), change, change.hlc)
    ticket, block = documents[uid("a2")], documents[uid("a3")]
    assert ticket is not None
    assert block is not None
    assert (ticket.value("number"), ticket.value("status"), ticket.value("place")) == ("127", "invited", "باجهٔ ۱")
    assert ticket.value("needs") == ["wheelchair"]
    assert (block.value("series"), block.value("first"), block.value("last")) == (1, 11, 30)
    hashes = [merging.document_hash(each.kind, each.entity_id, merging.dumped(each)) for each in (ticket, block)]
    assert hashes == golden["document_hashes"]
