"""State is a fold: the one function that turns a centre's feed into documents, on every desk and at the province.

For each field a document keeps its *heads*: the values nobody has replaced knowingly. One head is the normal case;
several different ones are a conflict, shown in order, the first accepted first. The rules are design §3, "the fold,
exactly"; the letters in comments are its letters.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from desktop.domain import upcasts
from desktop.domain.changes import SCHEMA, Change, Value
from desktop.domain.entities import ENTITIES
from desktop.domain.fields import FACT, GUARDED, ORDINARY, STEP, FieldClass

VOID = "void"
MERGED_INTO = "merged_into"
_WRITES_MERGED_INTO = frozenset({"merge", "unmerge", "resolve"})
_RULES_VERSION = 1
_encoder = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


class Head(NamedTuple):
    """One value of a field: which change set it, and that change's effective clock."""

    change_id: str
    value: Value
    hlc: str


class Step(NamedTuple):
    change_id: str
    field: str
    value: Value


class Document(NamedTuple):
    """Folded state of one entity. `steps` is the whole history of its step fields, in feed order."""

    kind: str
    entity_id: str
    household: str | None
    cells: Mapping[str, tuple[Head, ...]]
    steps: tuple[Step, ...] = ()

    def value(self, field: str) -> Value:
        """The shown value: of the first head, None where there is none."""
        heads = self.cells.get(field)
        return heads[0].value if heads else None

    def base(self, *fields: str) -> dict[str, list[str]]:
        """What an author who looks at this document has seen of `fields`, and of its being void."""
        named = (*fields, VOID) if VOID in self.cells else fields
        return {field: [head.change_id for head in self.cells.get(field, ())] for field in named}

    def base_for_void(self) -> dict[str, list[str]]:
        """All heads of the document: what a void must have seen."""
        return {VOID: sorted({head.change_id for heads in self.cells.values() for head in heads})}

    def conflicts(self) -> dict[str, tuple[Head, ...]]:
        """Fields with more than one different value, with their heads."""
        return {
            name: heads
            for name, heads in self.cells.items()
            if len(heads) > 1 and any(head.value != heads[0].value for head in heads)
        }


def _latest(heads: tuple[Head, ...], new: Head, _base: Iterable[str]) -> tuple[Head, ...]:
    """Ordinary: the later effective clock, ties to the later in the feed (c)."""
    return (new,) if not heads or new.hlc >= heads[0].hlc else heads


def _kept(heads: tuple[Head, ...], new: Head, base: Iterable[str]) -> tuple[Head, ...]:
    """`new` takes the place of the heads its author saw; heads the author didn't see stay beside it (a)."""
    if not heads:
        return (new,)
    seen = set(base)
    place = next((at for at, head in enumerate(heads) if head.change_id in seen), len(heads))
    before = [head for head in heads[:place] if head.change_id not in seen]
    after = [head for head in heads[place:] if head.change_id not in seen]
    return (*before, new, *after)


_Rule = Callable[[tuple[Head, ...], Head, Iterable[str]], tuple[Head, ...]]
RULES: dict[FieldClass, _Rule] = {ORDINARY: _latest, GUARDED: _kept, FACT: _kept, STEP: _kept}


def _voided(cells: Mapping[str, tuple[Head, ...]], change: Change, hlc: str) -> tuple[Head, ...]:
    """The void field after `change`. Never delete-wins: whoever didn't see the other contests it (b)."""
    heads = cells.get(VOID, ())
    if change.verb == VOID:
        seen = set(change.base.get(VOID, ()))
        kept = _kept(heads, Head(change.change_id, change.patch.get(VOID), hlc), seen)
        # Sorted: a document in memory and one read from the disk hold their fields in different orders.
        others = (head for name in sorted(cells) if name != VOID for head in cells[name])
        unseen = next((head for head in others if head.change_id not in seen), None)
        return kept if unseen is None or _alive(kept) else (Head(unseen.change_id, None, unseen.hlc), *kept)
    if heads and {head.change_id for head in heads} - set(change.base.get(VOID, ())) and not _alive(heads):
        return (Head(change.change_id, None, hlc), *heads)
    return heads


def _alive(heads: tuple[Head, ...]) -> bool:
    """Whether "not void" stands among the heads of a void field."""
    return any(head.value is None for head in heads)


def fold(document: Document | None, change: Change, hlc: str) -> Document | None:
    """Apply one change. `hlc` is its effective clock: the feed's once accepted, its own while pending.

    A change without a body (out of scope) leaves the document as it is.
    """
    if not change.has_body:
        return document
    change = upcasts.lifted(change)
    old = document or Document(change.kind, change.entity_id, None, {})
    cells, steps = dict(old.cells), old.steps
    if void := _voided(cells, change, hlc):
        cells[VOID] = void
    if change.verb != VOID:
        entity = ENTITIES.get(change.kind)
        for name, value in change.patch.items():
            if name == MERGED_INTO and change.verb not in _WRITES_MERGED_INTO:
                continue
            rule = entity.fields.get(name, GUARDED) if entity else GUARDED  # an unknown field merges as guarded
            head = Head(change.change_id, value, hlc)
            cells[name] = RULES[rule](cells.get(name, ()), head, change.base.get(name, ()))
            if rule == STEP:
                steps = (*steps, Step(change.change_id, name, value))
    return Document(old.kind, old.entity_id, change.household or old.household, cells, steps)


def placed(change: Change) -> set[str]:
    """The entities that decide which centre a change belongs to."""
    return {each for each in (change.entity_id, change.household) if each}


def touched(change: Change) -> set[str]:
    """Every entity a change alters or refers to: what a quarantined transaction holds (d)."""
    entity = ENTITIES.get(change.kind)
    named = {change.patch.get(name) for name in entity.references} if entity else set()
    return placed(change) | {each for each in named if isinstance(each, str) and each}


def resolved(entity_id: str, merged_into: Callable[[str], str | None]) -> str:
    """The person a reference means. A ring of merges resolves to its own first member (f)."""
    path = [entity_id]
    while (following := merged_into(path[-1])) is not None:
        if following in path:
            return entity_id if following == entity_id else path[path.index(following)]
        path.append(following)
    return path[-1]


def dumped(document: Document) -> str:
    """Canonical text of a document; changes are named by a short index, not by 36 characters a field (h)."""
    ids = sorted({head.change_id for heads in document.cells.values() for head in heads}
                 | {step.change_id for step in document.steps})  # fmt: skip
    at = {change_id: place for place, change_id in enumerate(ids)}
    cells = {
        name: [[at[head.change_id], head.value, head.hlc] for head in heads] for name, heads in document.cells.items()
    }
    steps = [[at[step.change_id], step.field, step.value] for step in document.steps]
    return _encoder.encode([document.household, ids, cells, steps])


def loaded(kind: str, entity_id: str, text: str) -> Document:
    """The document `dumped` wrote."""
    household, ids, cells, steps = json.loads(text)
    return Document(
        kind, entity_id, household,
        {name: tuple(Head(ids[at], value, hlc) for at, value, hlc in heads) for name, heads in cells.items()},
        tuple(Step(ids[at], field, value) for at, field, value in steps),
    )  # fmt: skip


def document_hash(kind: str, entity_id: str, text: str) -> str:
    """SHA-256 of one dumped document, hex; the same at a desk and at the province."""
    return hashlib.sha256(f"pishkhan/document/v1\0{kind}\0{entity_id}\0{text}".encode()).hexdigest()


def weight(kind: str, entity_id: str, digest: str) -> int:
    """What one document adds to the state of its centre. `digest` is its `document_hash`."""
    return int.from_bytes(hashlib.sha512(f"pishkhan/state/v1\0{kind}\0{entity_id}\0{digest}".encode()).digest())


def state_hash(total: int) -> str:
    """Hash of a whole centre, of the sum of its documents' weights: a sum, so that a change costs one subtraction and
    one
    addition whatever the size of the centre. Compared only at equal `fold_version`."""
    return f"{total % (1 << 512):0128x}"


def fold_version() -> str:
    """Names the entity tables and rules this program folds by."""
    tables = {kind: [dict(entity.fields), dict(entity.references)] for kind, entity in ENTITIES.items()}
    return hashlib.sha256(json.dumps([_RULES_VERSION, SCHEMA, tables], sort_keys=True).encode()).hexdigest()[:16]


def record_hash(kind: str, row: Mapping[str, object]) -> str:
    """SHA-256 of an entity's shown values, its canonical record, hex: what a desk acknowledges of a saved visit."""
    text = json.dumps([kind, dict(row)], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(f"pishkhan/record/v1\0{text}".encode()).hexdigest()
