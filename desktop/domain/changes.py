"""A change to shared data, as the fold reads it and as an action asks for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

Value = str | int | bool | None | Sequence["Value"] | Mapping[str, "Value"]
"""What a synced field may hold. No floats: two machines must write the same bytes."""

Base = Mapping[str, Sequence[str]]
"""Field → ids of all heads its author saw when the form was opened."""

Verb = Literal[
    "create", "set", "step", "void", "supersede", "resolve", "merge", "unmerge", "attach", "redact",
    "transfer.offer", "transfer.accept", "transfer.cancel",
]  # fmt: skip
VERBS: tuple[Verb, ...] = get_args(Verb)
SCHEMA = 1
"""Version of the bodies this program writes; `upcasts` lifts older ones when they are read."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What an action asks the journal to record."""

    kind: str
    entity_id: str
    verb: Verb
    patch: Mapping[str, Value]
    base: Base = field(default_factory=dict)
    household: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A change with its header, read. `hlc` is its author's clock, 16 hex digits, comparable as text.

    `has_body` is false where the body lies out of this centre's scope; a redacted body has names and no values.
    """

    change_id: str
    txn_id: str
    realm: str
    centre: str
    desk: str
    seq: int
    hlc: str
    actor: str
    kind: str
    entity_id: str
    verb: str
    schema_version: int
    prev_hash: str
    patch: Mapping[str, Value]
    base: Base
    household: str | None
    reason: str
    has_body: bool = True
