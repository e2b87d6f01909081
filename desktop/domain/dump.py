"""The whole state of a centre as outside checks read it. Desk and province shape it here: equal states dump equal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from desktop.domain import merging
from desktop.domain.merging import Document


class Kept(NamedTuple):
    """One entity. `confirmed` is what the feed made of it (None: not in the feed yet); `shown` what a screen shows.

    `pending`: own changes not yet in the feed stand in `shown`.
    """

    confirmed: Document | None
    shown: Document
    pending: bool = False


def dump(changes: Iterable[tuple[str, str]], kept: Iterable[Kept]) -> dict[str, Any]:
    """`changes` are (id, hash). Everything sorted; the state hash is over the confirmed documents alone."""
    documents, hashes = [], []
    for each in kept:
        shown, digest = each.shown, ""
        if each.confirmed is not None:
            digest = merging.document_hash(shown.kind, shown.entity_id, merging.dumped(each.confirmed))
            hashes.append((shown.kind, shown.entity_id, digest))
        documents.append(
            {
                "kind": shown.kind,
                "id": shown.entity_id,
                "hash": digest,
                "fields": {name: shown.value(name) for name in sorted(shown.cells)},
                "conflicts": {
                    name: [head.value for head in heads] for name, heads in sorted(shown.conflicts().items())
                },
                "pending": each.pending,
            }
        )
    return {
        "state_hash": merging.state_hash(sum(merging.weight(*each) for each in hashes)),
        "changes": [{"id": change_id, "hash": digest} for change_id, digest in sorted(changes)],
        "documents": sorted(documents, key=lambda each: (each["kind"], each["id"])),
    }
