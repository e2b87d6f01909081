"""What every field must show, worked out again from the feeds alone: who knew of whom when they wrote."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.faults.live.history import Centre, History

Add = Callable[[str, str], None]
GUARDED = {
    "person": {"family_name", "given_name", "father_name", "birth", "sex", "merged_into"},
    "household": {"file_number"},
    "request": {"status", "person", "service"},
    "membership": {"person", "household", "relation"},
}
"""Fields nobody may overwrite without having seen what was there."""
ORDINARY = {"household": {"address", "landline"}, "contact": {"value"}}
"""Fields whose latest word counts."""


@dataclass(slots=True)
class Write:
    """One value somebody gave a guarded field, and which earlier ones they had seen."""

    change_id: str
    desk: str
    value: Any
    base: frozenset[str]


@dataclass(slots=True)
class Entity:
    """What the feed says of one thing."""

    kind: str
    guarded: dict[str, list[Write]] = field(default_factory=lambda: defaultdict(list))
    ordinary: dict[str, tuple[str, Any]] = field(default_factory=dict)
    voids: list[Write] = field(default_factory=list)
    saw_void: set[str] = field(default_factory=set)


def check(history: History, centre: Centre, add: Add) -> tuple[int, int]:
    """Hold every document of a centre against its feed; how many concurrent guarded pairs and conflicts there were."""
    entities = _entities(history, centre)
    documents = centre.documents()
    pairs = conflicts = 0
    for entity_id, one in sorted(entities.items()):
        document = documents.get(entity_id)
        if document is None:
            add("lost", f"{one.kind} {entity_id} is in the feed of {centre.code} and not in its dump")
            continue
        for name, writes in sorted(one.guarded.items()):
            came, contested = _concurrent(writes)
            pairs, conflicts = pairs + came, conflicts + contested
            _guarded(document, name, writes, add)
        for name, (_, value) in sorted(one.ordinary.items()):
            if document["fields"].get(name) != value:
                add("diverged", f"{one.kind} {entity_id} shows {name} {document['fields'].get(name)!r}, not {value!r}")
        _void(document, one, add)
    return pairs, conflicts


def _entities(history: History, centre: Centre) -> dict[str, Entity]:
    found: dict[str, Entity] = {}
    for place in sorted(centre.placed, key=lambda each: each.sseq):
        body = history.bodies.get(place.change_id)
        if place.gone or body is None:
            continue
        header = body["header"]
        one = found.setdefault(header["entity_id"], Entity(header["kind"]))
        base = {name: frozenset(ids) for name, ids in body["base"].items()}
        if header["verb"] == "void":
            said = Write(place.change_id, place.desk, body["patch"].get("void"), base.get("void", frozenset()))
            one.voids.append(said)
            continue
        one.saw_void |= base.get("void", frozenset())
        for name, value in body["patch"].items():
            if name in GUARDED.get(one.kind, ()):
                one.guarded[name].append(Write(place.change_id, place.desk, value, base.get(name, frozenset())))
            elif name in ORDINARY.get(one.kind, ()):
                before = one.ordinary.get(name)
                if before is None or place.effective >= before[0]:
                    one.ordinary[name] = (place.effective, value)
    return found


def _standing(writes: list[Write]) -> list[Write]:
    """Those nobody replaced who had seen them."""
    left: list[Write] = []
    for write in writes:
        left = [each for each in left if each.change_id not in write.base]
        left.append(write)
    return left


def _guarded(document: dict[str, Any], name: str, writes: list[Write], add: Add) -> None:
    """Every value that stands is shown: alone, or beside the others as a conflict."""
    expected = [_hashable(each.value) for each in _standing(writes)]
    first = document["fields"].get(name)
    shown = [_hashable(each) for each in document["conflicts"].get(name, [first])]
    what = f"{document['kind']} {document['id']} {name}"
    for value in sorted(set(expected) - set(shown)):
        add("silent_overwrites", f"{what}: {value} was overwritten by {shown} unseen, and nobody is told")
    if extra := set(shown) - set(expected):
        add("diverged", f"{what}: shows {sorted(extra)}, which somebody replaced who saw it")


def _hashable(value: Any) -> str:
    return repr(value)


def _concurrent(writes: list[Write]) -> tuple[int, int]:
    """Pairs of different values from two desks of which neither author saw the other's; and how often a value came to
    stand beside another."""
    at = {write.change_id: place for place, write in enumerate(writes)}
    known: list[int] = []
    of_desk: dict[str, int] = defaultdict(int)
    of_value: dict[str, int] = defaultdict(int)
    pairs = contested = 0
    left: list[Write] = []
    for place, write in enumerate(writes):
        seen = 0
        for each in write.base:
            if each in at and at[each] < place:
                seen |= known[at[each]] | 1 << at[each]
        known.append(seen)
        others = (1 << place) - 1 & ~seen & ~of_desk[write.desk] & ~of_value[_hashable(write.value)]
        pairs += others.bit_count()
        left = [each for each in left if each.change_id not in write.base]
        contested += any(each.value != write.value for each in left)
        left.append(write)
        of_desk[write.desk] |= 1 << place
        of_value[_hashable(write.value)] |= 1 << place
    return pairs, contested


def _void(document: dict[str, Any], one: Entity, add: Add) -> None:
    """A void whose author hadn't seen what still stands never wins alone; one nobody contests is shown."""
    if not one.voids:
        return
    last = one.voids[-1]
    standing = [write for writes in one.guarded.values() for write in _standing(writes)]
    unseen = [write for write in standing if write.change_id not in last.base]
    if len(one.voids) == 1 and not one.saw_void and unseen and "void" not in document["conflicts"]:
        add("silent_overwrites", f"{document['kind']} {document['id']} is void, unseen by {unseen[0].change_id}")
    if "void" not in document["fields"]:
        add("diverged", f"{document['kind']} {document['id']} was void once, and its dump doesn't know")
