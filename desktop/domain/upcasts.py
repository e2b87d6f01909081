"""Old bodies lifted when they are read: what is stored and signed is never touched (design §11).

`STEPS[kind, version]` turns patch and base of a change written at `version` into those of the next one: a field that is
renamed is so in both, else what its author saw would stand beside what they wrote. Version 1 is the first; a step is
added with the release that raises `changes.SCHEMA`, and golden changes of every release stay.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from desktop.domain.changes import SCHEMA, Base, Change, Value

Patch = Mapping[str, Value]
STEPS: dict[tuple[str, int], Callable[[Patch, Base], tuple[Patch, Base]]] = {}


def lifted(change: Change) -> Change:
    """A copy of `change` at this program's version; a newer one is left as it is."""
    if change.schema_version >= SCHEMA:
        return change
    patch, base = change.patch, change.base
    for version in range(change.schema_version, SCHEMA):
        if step := STEPS.get((change.kind, version)):
            patch, base = step(patch, base)
    return replace(change, patch=patch, base=base, schema_version=SCHEMA)
