"""Every promise, checked at rest from the record, the tables and the dumps. It never asks the fold what is right."""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import text

from db import verify
from desktop.domain import hlc
from desktop.domain.changes import Value
from desktop.domain.transfers import STAYS
from server.store import metadata
from tests.faults.simulation import feeds
from tests.faults.simulation.feeds import Feeds, Place
from tests.faults.simulation.machines import Pc
from tests.faults.simulation.record import Written
from tests.faults.simulation.world import World, Wrong

KEPT_BOTH = frozenset({"family_name", "given_name", "father_name", "birth", "merged_into", "status", "file_number"})
"""Fields of which nothing may be overwritten unseen."""
LATEST = frozenset({"address", "value"})
"""Fields of which the latest stands."""
_WORD = re.compile(r"word\d{6}end")
_ENDED = frozenset({"quarantined", "discarded"})
Dump = dict[str, Any]


def check(world: World, *, verified: int = 4) -> None:
    """Raises Wrong with everything that is: to be called when the world is quiet."""
    found = list(faults(world, verified=verified))
    if found:
        raise Wrong("\n".join(found[:20]))


def faults(world: World, *, verified: int = 4) -> Iterator[str]:
    """What doesn't hold."""
    told = feeds.read(world.province)
    yield from told.wrong
    yield from _nothing_lost(world, told)
    dumps = {centre: world.province.dump(centre) for centre in world.stage.centres}
    yield from _same_everywhere(world, dumps)
    documents = {each["id"]: each for dump in dumps.values() for each in dump["documents"]}
    yield from _kept_both(world, told, documents)
    yield from _latest(world, told, documents)
    yield from _never_just_deleted(world, told, documents)
    yield from _nowhere_else(world, told)
    active = world.active()
    for pc in world.rng.sample(active, min(verified, len(active))):
        with pc.trap.off():
            found = verify.verify(pc.desk.engine, pc.desk.signer.desk, pc.desk.signer.realm)
        if not found.clean:
            yield f"{pc.name} doesn't prove itself: {found}"


def _nothing_lost(world: World, told: Feeds) -> Iterator[str]:
    """What was saved is in exactly one feed once, unless an officer put it aside or a disk took it with it."""
    record, held = world.record, world.held()
    for change_id, written in sorted(record.written.items()):
        places = [each for each in told.places.get(change_id, []) if each.whole]
        centres = {each.centre for each in places}
        verdicts = told.verdicts.get(change_id, [])
        if len(places) > len(centres):
            yield f"{change_id} ({written.kind}, of {written.pc}) stands twice in one feed: {places}"
        elif len(centres) > (2 if written.kind == "transfer" else 1):
            yield f"{change_id} ({written.kind}, of {written.pc}) stands in the feeds of {sorted(centres)}"
        elif not places and not _ENDED.intersection(verdicts) and not _excused(world, change_id, held):
            yield f"{change_id} ({written.kind} {written.verb}, of {written.pc}) is lost: {verdicts}"
    for change_id, anywhere in told.places.items():
        if len([each for each in anywhere if each.whole]) > 1 and change_id not in record.written:
            centres = {each.centre for each in anywhere if each.whole}
            if len(centres) > 1 and "transfer" not in change_id:
                yield f"{change_id} stands in the feeds of {sorted(centres)}"


def _excused(world: World, change_id: str, held: set[str]) -> bool:
    """Whether a disk took it, or it lies on a desk that was stolen."""
    return change_id in world.record.lost or (
        change_id not in held
        and any(pc.revoked and pc.name == world.record.written[change_id].pc for pc in world.pcs)
    )


def _same_everywhere(world: World, dumps: dict[str, Dump]) -> Iterator[str]:
    """Every desk shows what the province has of its centre, and holds nothing back."""
    for pc in world.active():
        mine, theirs = pc.dump(), dumps[pc.seat.centre]
        if mine["documents"] != theirs["documents"] or mine["state_hash"] != theirs["state_hash"]:
            yield f"{pc.name} differs from the province: {_difference(mine, theirs)}"
        if pc.waits():
            yield f"{pc.name} still has pending work"


def _difference(mine: Dump, theirs: Dump) -> str:
    ours, others = ({each["id"]: each for each in dump["documents"]} for dump in (mine, theirs))
    for key in sorted(ours.keys() | others.keys()):
        if ours.get(key) != others.get(key):
            return f"{ours.get(key)} against {others.get(key)}"
    return "only the state hash"


def _writes(world: World, told: Feeds, names: frozenset[str]) -> dict[tuple[str, str], list[Written]]:
    """Who wrote which field of what, of all that is in a feed."""
    whole = told.whole()
    found: dict[tuple[str, str], list[Written]] = defaultdict(list)
    for change_id, written in world.record.written.items():
        if change_id in whole:
            for name in names & written.patch.keys():
                found[written.entity, name].append(written)
    return found


def _kept_both(world: World, told: Feeds, documents: dict[str, Any]) -> Iterator[str]:
    """A guarded value stands until somebody who was shown it writes another: each unseen one is there (I7).

    Where what was seen came later, as after a restore of the province or late work let in, both stand.
    """
    for (entity, name), writes in sorted(_writes(world, told, KEPT_BOTH).items()):
        if entity not in documents:
            continue
        at = {each.change_id: _place(told, each.change_id).sseq for each in writes}
        seen = {
            each for written in writes for each in written.seen.get(name, frozenset())
            if at.get(each, 0) < at[written.change_id]
        }  # fmt: skip
        standing = [each for each in writes if each.change_id not in seen]
        values: list[Value] = [
            None if each.change_id in world.record.redacted else each.patch[name] for each in standing
        ]
        shown = documents[entity]["conflicts"].get(name) or [documents[entity]["fields"].get(name)]
        wanted = values if len({json.dumps(each) for each in values}) > 1 else values[:1]
        if sorted(map(json.dumps, shown)) != sorted(map(json.dumps, wanted)):
            yield f"{entity}.{name} shows {shown}, and what nobody has seen and replaced is {wanted}"


def _place(told: Feeds, change_id: str) -> Place:
    """Where a change stands with its body."""
    return next(each for each in told.places[change_id] if each.whole)


def _latest(world: World, told: Feeds, documents: dict[str, Any]) -> Iterator[str]:
    """An ordinary field shows what was written last, by clocks that are never ahead of the province's (§3 c)."""
    for (entity, name), writes in sorted(_writes(world, told, LATEST).items()):
        if entity not in documents:
            continue
        ranked = []
        for written in writes:
            place = _place(told, written.change_id)
            counted = min(written.hlc, hlc.text(hlc.pack(place.received_at)))
            if place.effective > counted:
                yield f"{written.change_id} counts as later than it came: {place}"
            ranked.append((place.effective, place.sseq, written))
        last = max(ranked, key=lambda each: each[:2])[2]
        wanted = None if last.change_id in world.record.redacted else last.patch[name]
        if documents[entity]["fields"].get(name) != wanted:
            yield f"{entity}.{name} shows {documents[entity]['fields'].get(name)}, and the latest is {wanted}"


def _never_just_deleted(world: World, told: Feeds, documents: dict[str, Any]) -> Iterator[str]:
    """Who voids a thing and who writes in it without having seen each other: never delete-wins (§3 b)."""
    whole = told.whole()
    by_entity: dict[str, list[Written]] = defaultdict(list)
    for change_id, written in world.record.written.items():
        if change_id in whole:
            by_entity[written.entity].append(written)
    for entity, writes in sorted(by_entity.items()):
        voids = [each for each in writes if each.verb == "void"]
        if not voids or entity not in documents or any("void" in each.patch and each not in voids for each in writes):
            continue
        others = [each for each in writes if each.verb not in ("void", "create")]
        ids = {each.change_id for each in voids}
        unseen = [
            each for each in others
            if not ids & each.seen.get("void", frozenset())
            and not any(each.change_id in void.seen.get("void", frozenset()) for void in voids)
            and not _replaced(each, others, voids)
        ]  # fmt: skip
        document = documents[entity]
        if unseen and document["fields"].get("void") is not None and "void" not in document["conflicts"]:
            yield f"{entity} is void, and {unseen[0].change_id} was written by somebody who didn't know"


def _replaced(written: Written, others: list[Written], voids: list[Written]) -> bool:
    """Whether somebody who saw it wrote over it, and the void saw that."""
    seen = {each for void in voids for each in void.seen.get("void", frozenset())}
    later = (each for each in others if any(written.change_id in ids for ids in each.seen.values()))
    return any(each.change_id in seen or _replaced(each, others, voids) for each in later)


def _nowhere_else(world: World, told: Feeds) -> Iterator[str]:
    """No value of another centre's household, and no redacted one, in any table of any desk or of the province."""
    of: dict[str, Written] = {}
    for written in world.record.written.values():
        for value in written.patch.values():
            if isinstance(value, str) and _WORD.fullmatch(value):
                of.setdefault(value, written)
    taken = {
        value for each in world.record.redacted for value in world.record.written[each].patch.values()
        if isinstance(value, str) and of.get(value) is world.record.written[each]
    }  # fmt: skip
    for where, centre, words in _everything(world):
        for word in sorted(words):
            if word in taken:
                yield f"{where} still holds {word}, which was redacted"
            elif word in of and of[word].kind not in STAYS and not _on_record(told, where, of[word]):
                homes = told.homes.get(of[word].entity, set())
                if homes and centre not in homes:
                    yield f"{where} holds {word} of a {of[word].kind} that is of {sorted(homes)}"


def _on_record(told: Feeds, where: str, written: Written) -> bool:
    """The province keeps what an officer discarded where it was discarded, though the household moves later."""
    verdicts = set(told.verdicts.get(written.change_id, ()))
    return where.startswith("the province") and "discarded" in verdicts <= {"discarded", "rerouted"}


def _everything(world: World) -> Iterator[tuple[str, str, set[str]]]:
    """Where, of which centre, and every word that stands there: the inner tables of the index too."""
    for pc in world.active():
        with pc.trap.off(), pc.desk.reading() as session:
            names = session.scalars(text("SELECT name FROM sqlite_schema WHERE type = 'table'")).all()
            rows = (row for name in names for row in session.execute(text(f'SELECT * FROM "{name}"')))
            yield pc.name, pc.seat.centre, _words(rows)
    by_centre: dict[str, set[str]] = defaultdict(set)
    for table in metadata.sorted_tables:
        if "centre_id" in table.c:
            for row in world.province.read(table.select()):
                by_centre[row.centre_id] |= _words([row])
    for centre, words in by_centre.items():
        yield f"the province at {centre}", centre, words


def _words(rows: Any) -> set[str]:
    found: set[str] = set()
    for row in rows:
        for each in row:
            if isinstance(each, bytes | str):
                plain = each.decode("utf-8", "replace") if isinstance(each, bytes) else each
                if "word" in plain:
                    found |= set(_WORD.findall(plain))
    return found


def fingerprint(world: World) -> str:
    """One hash of all that the run left: two runs of one seed leave the same."""
    digest = hashlib.sha256()
    for table in metadata.sorted_tables:
        if not table.info.get("passing"):
            for line in sorted(repr(tuple(row)) for row in world.province.read(table.select())):
                digest.update(f"{table.name} {line}\n".encode())
    for pc in world.pcs:
        digest.update(json.dumps([pc.name, pc.desk.signer.desk, pc.dump()], sort_keys=True).encode())
    record = sorted((each.change_id, repr(each.patch), each.hlc) for each in world.record.written.values())
    digest.update(repr([record, sorted(world.counts.items())]).encode())
    return digest.hexdigest()


def mine(world: World, name: str) -> Pc:
    """The desk of this name."""
    return next(each for each in world.pcs if each.name == name)
