"""Old bodies lifted when they are read: what is stored and signed is never touched (design §11).

`STEPS[kind, version]` turns the patch of a change written at `version` into that of the next one. Version 1 is the
first; a step is added with the release that raises `changes.SCHEMA`, and golden changes of every release stay.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from desktop.domain.changes import SCHEMA, Change, Value

Patch = Mapping[str, Value]
STEPS: dict[tuple[str, int], Callable[[Patch], Patch]] = {}


def lifted(change: Change) -> Change:
    """A copy of `change` at this program's version; a newer one is left as it is."""
    if change.schema_version >= SCHEMA:
        return change
    patch = change.patch
    for version in range(change.schema_version, SCHEMA):
        if step := STEPS.get((change.kind, version)):
            patch = step(patch)
    return replace(change, patch=patch, schema_version=SCHEMA)
