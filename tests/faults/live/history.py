"""A run as the history checker reads it: the journals people's acknowledgements are in, and the dumps of the end.

Nothing of the product is imported here or in `oracle`: neither can be wrong in the way the product is.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Acked:
    """A change a desk acknowledged: its place in that desk's chain, its bytes by hash, what it is about."""

    change_id: str
    desk: str
    seq: int
    hash: str
    body: str
    kind: str
    entity: str
    markers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """A change at its place in a centre's feed; `gone`: only its header is left there."""

    centre: str
    sseq: int
    desk: str
    seq: int
    change_id: str
    entity: str
    gone: bool
    effective: str


@dataclass(slots=True)
class Centre:
    """What the province holds of one centre."""

    code: str
    head: int
    dump: dict[str, Any]
    feed: list[list[Any]]
    changes: dict[tuple[str, int], list[Any]]
    commits: dict[tuple[str, int], list[Any]]
    desks: dict[str, list[Any]]
    placed: list[Placed] = field(default_factory=list)

    def documents(self) -> dict[str, dict[str, Any]]:
        """Entity → its document as the province dumps it."""
        return {each["id"]: each for each in self.dump["documents"]}


@dataclass(slots=True)
class History:
    """Everything the checker knows."""

    centres: dict[str, Centre]
    desks: list[dict[str, Any]]
    acked: list[Acked]
    said: dict[str, list[dict[str, Any]]]
    """Desk's name → the lines of its journal that aren't commits."""
    decided: list[dict[str, Any]]
    torn: list[str]
    """Desks that couldn't be brought to quiet."""
    bodies: dict[str, dict[str, Any]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    appearances: dict[str, list[Placed]] = field(default_factory=lambda: defaultdict(list))


def read(folder: Path) -> History:
    """The history in a run's folder."""
    centres = {}
    for path in sorted((folder / "dumps").glob("centre-*.json")):
        raw = json.loads(path.read_text())
        changes = {(row[0], row[1]): row for row in raw["changes"]}
        commits = {(row[0], row[1]): row for row in raw["commits"]}
        desks = {row[0]: row for row in raw["desks"]}
        centres[raw["centre"]] = Centre(
            raw["centre"], raw["head"], raw["dump"], raw["feed"], changes, commits, desks
        )  # fmt: skip
    dumps = [json.loads(path.read_text()) for path in sorted((folder / "dumps").glob("desk-*.json"))]
    acked, said = list[Acked](), dict[str, list[dict[str, Any]]]()
    for path in sorted((folder / "journals").glob("desk-*.jsonl")):
        name = path.stem.removeprefix("desk-")
        said[name] = []
        desk = ""
        for line in _lines(path):
            if line["t"] == "opened":
                desk = line["desk"]
            if line["t"] != "commit":
                said[name].append(line)
                continue
            for place, change in enumerate(line["changes"]):
                change_id, digest, body, kind, entity, markers = change
                acked.append(Acked(change_id, desk, line["first"] + place, digest, body, kind, entity, tuple(markers)))
    torn = json.loads((folder / "torn.json").read_text()) if (folder / "torn.json").exists() else []
    found = History(centres, dumps, acked, said, list(_lines(folder / "journals" / "officer.jsonl")), torn)
    for centre in centres.values():
        _place(found, centre)
    return found


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    """The lines of a journal; a torn last one was never acknowledged."""
    if path.exists():
        for line in path.read_text().split("\n")[:-1]:
            yield json.loads(line)


def _place(found: History, centre: Centre) -> None:
    for sseq, _, desk, first, last, seqs, gone, message in centre.feed:
        if message is not None:
            continue
        here = [int(seq) for seq in seqs.split()] or list(range(first, last + 1))
        without = {int(seq) for seq in gone.split()}
        commit = centre.commits.get((desk, first))
        clocks = commit[5].split() if commit else []
        for place, seq in enumerate(here):
            row = centre.changes.get((desk, seq))
            clock = clocks[seq - first] if seq - first < len(clocks) else ""
            name, entity = (row[2], row[4]) if row else (f"{desk}/{seq}", "")
            one = Placed(centre.code, sseq + place, desk, seq, name, entity, seq in without, clock)
            centre.placed.append(one)
            found.appearances[name].append(one)
    for row in centre.changes.values():
        found.texts[row[2]] = found.texts.get(row[2], "") + (row[5] or "") + (row[6] or "")
        if row[6] is not None:
            found.bodies[row[2]] = json.loads(row[6]) | {"header": json.loads(row[5]), "sha": row[7]}
