"""How the fields of an entity merge: declared once beside each feature, read by the fold.

ORDINARY keeps the value of the latest effective clock (phone, address, note). GUARDED keeps every value nobody has
knowingly replaced, so two desks that disagree are asked (identity, membership, coverage). FACT is written once;
a correction supersedes it. STEP is a FACT whose history is kept: each step names the step it follows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

FieldClass = Literal["ordinary", "guarded", "fact", "step"]
ORDINARY: FieldClass = "ordinary"
GUARDED: FieldClass = "guarded"
FACT: FieldClass = "fact"
STEP: FieldClass = "step"


@dataclass(frozen=True, slots=True)
class Entity:
    """One kind of thing: its fields with their class, and which of them name another entity, of which kind."""

    kind: str
    fields: Mapping[str, FieldClass]
    references: Mapping[str, str] = field(default_factory=dict)
