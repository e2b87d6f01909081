"""What two people wrote differently: how it is told, how old it is, and what stands across several files.

A contested field is a document's own (`Document.conflicts`). What no single document can show, such as one national ID
in two files, is found by `across`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from desktop.domain import digits, hlc, jalali, merging, texts
from desktop.domain.changes import Value
from desktop.domain.merging import Document, Head

Act = Literal["choose", "open", "tell"]
"""The one thing to do: choose what is right, open the file, tell the province by telephone."""
Rule = Literal["shared_id", "two_homes", "two_heads", "merge_ring"]

ESCALATES = 7 * 86_400 * 1_000_000
"""After how long (µs) an unresolved conflict shows at the province."""
NOT_DECIDED_HERE = frozenset({"transfer", "staff_key"})
"""Kinds whose conflicts the province decides: a file between two centres, a key."""

_WORDED = {
    "sex": "people.sex.", "coverage": "people.coverage.", "relation": "people.relation.", "id_kind": "people.id_kind.",
}  # fmt: skip
_DAYS = frozenset({"birth", "until", "licence_expiry", "day", "registered_on", "due"})
NAMING = frozenset({"head", "merged_into", "person", "household", "staff"})
"""Fields whose value is the id of somebody or something that has a name."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the values: `head` is the change that stands for it, `words` the value, `who` wrote it and `when`.

    `more` helps to compare, `shown` is the one the file shows until somebody decides.
    """

    head: str
    words: str
    who: str
    when: str
    more: str = ""
    shown: bool = False


@dataclass(frozen=True, slots=True)
class Contested:
    """One thing to decide. `whom` it is about, `words` what differs, `question` the whole in a sentence.

    `seen` are all the heads whoever decides has looked at, `late` that the province sees it too. `person` is whose file
    is opened, `hint` what to do where there is nothing to choose.
    """

    id: str
    whom: str
    words: str
    question: str
    act: Act
    late: bool = False
    choices: tuple[Choice, ...] = ()
    seen: tuple[str, ...] = ()
    person: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Across:
    """What several documents say together and can't all be right: `ids` of these, the oldest first."""

    rule: Rule
    ids: tuple[str, ...]


def began(heads: Sequence[Head]) -> int:
    """Since when (µs UTC) these differ: the clock of the earliest head that disagrees with the one before all."""
    first, *later = sorted(heads, key=lambda head: head.hlc)
    return hlc.microseconds(hlc.parse(next(head.hlc for head in later if head.value != first.value)))


def since(document: Document) -> int | None:
    """Since when (µs UTC) any field of a document is contested; None where all agree."""
    return min(map(began, document.conflicts().values()), default=None)


def is_late(began_at: int, now: int) -> bool:
    """Whether it has waited so long that the province sees it."""
    return now - began_at > ESCALATES


def said(field: str, value: Value, names: Mapping[str, str]) -> str:
    """A value as people say it. `names` of those that a field may name, by id."""
    if field == merging.VOID:
        return texts.say("conflicts.kept" if value is None else "conflicts.void")
    if value is None or value == "":
        return texts.say("conflicts.nothing")
    if isinstance(value, bool):
        return texts.say("conflicts.yes" if value else "conflicts.no")
    if field in NAMING:
        return names.get(str(value), "") or texts.say("conflicts.somebody")
    if field == "roles" and isinstance(value, Sequence) and not isinstance(value, str):
        return texts.say("ui.and").join(texts.say(f"role.{each}") for each in value if f"role.{each}" in _known())
    if field in _WORDED and (key := f"{_WORDED[field]}{value}") in _known():
        return texts.say(key)
    if field in _DAYS:
        try:
            return jalali.numeric(jalali.of(str(value)))
        except ValueError:
            pass
    return digits.persian(str(value))


def more(field: str, value: Value, today: jalali.Jalali) -> str:
    """What helps to compare a value with another: for a birth date the age."""
    try:
        return jalali.age(jalali.of(str(value)), today) if field == "birth" else ""
    except ValueError:
        return ""


def field_words(kind: str, field: str) -> str:
    """What a contested field is called; one this program doesn't know, by the kind of thing it is of."""
    for key in (f"conflicts.field.{kind}-{field}", f"conflicts.field.{field}", f"people.{field}"):
        if key in _known():
            return texts.say(key)
    return texts.say(f"sync.kind.{kind}" if f"sync.kind.{kind}" in _known() else "sync.kind.other")


def _known() -> Mapping[str, str]:
    return texts.catalogue()


def across(documents: Iterable[Document]) -> list[Across]:
    """What these documents say together that can't all be right; void ones and closed memberships don't count."""
    alive = [each for each in documents if each.value(merging.VOID) is None]
    persons = [each for each in alive if each.kind == "person" and not each.value(merging.MERGED_INTO)]
    homes = [each for each in alive if each.kind == "membership" and not each.value("until")]
    heads = [each for each in homes if each.value("relation") == "head"]
    merged = {each.entity_id: each.value(merging.MERGED_INTO) for each in alive if each.kind == "person"}
    found = [Across("shared_id", ids) for name in ("national_id", "foreign_id") for ids in _sharing(persons, name)]
    found += [Across("two_homes", ids) for ids in _sharing(homes, "person", different="household")]
    found += [Across("two_heads", ids) for ids in _sharing(heads, "household", different="person")]
    return found + [Across("merge_ring", ring) for ring in _rings(merged)]


def _sharing(documents: Iterable[Document], field: str, different: str = "") -> list[tuple[str, ...]]:
    """Ids of those with one value of `field`, where more than one has it (and they differ in `different`)."""
    by_value: dict[str, list[Document]] = {}
    for each in documents:
        if isinstance(value := each.value(field), str) and value:
            by_value.setdefault(value, []).append(each)
    return [
        tuple(sorted(each.entity_id for each in same))
        for same in by_value.values()
        if len(same) > 1
        and (not different or any(one.value(different) != other.value(different) for one, other in pairwise(same)))
    ]


def _rings(merged: Mapping[str, Value]) -> list[tuple[str, ...]]:
    """The rings of merges, each once, from its smallest id."""
    rings: set[tuple[str, ...]] = set()
    for start in merged:
        path, now = [start], merged[start]
        while isinstance(now, str) and now in merged and now not in path:
            path.append(now)
            now = merged[now]
        if now == start:
            at = path.index(min(path))
            rings.add((*path[at:], *path[:at]))
    return sorted(rings)
