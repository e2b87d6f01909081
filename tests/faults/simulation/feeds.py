"""What the province's tables say of every feed: which change is where, since when, and with what."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from server.store import CENTRE_HEAD, CHANGE, DOCUMENT, FEED, SIGNED_COMMIT
from tests.faults.simulation.province import Province


@dataclass(frozen=True, slots=True)
class Place:
    """A change in a feed. `whole`: its body is there too. `effective` is what its clock counts for."""

    centre: str
    sseq: int
    change_id: str
    whole: bool
    effective: str
    received_at: int


@dataclass
class Feeds:
    """Read in one go. `places` by change id; `wrong` what no feed may look like."""

    places: dict[str, list[Place]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    verdicts: dict[str, list[str]] = field(default_factory=dict)
    """Change id → the verdicts of the commits that hold it."""
    homes: dict[str, set[str]] = field(default_factory=dict)
    """Entity → the centres that have a document of it."""

    def whole(self) -> set[str]:
        """Ids of the changes that stand in some feed with their body."""
        return {key for key, places in self.places.items() if any(each.whole for each in places)}


def read(province: Province) -> Feeds:
    """All feeds of a province."""
    found = Feeds()
    changes = {(row.centre_id, row.desk_id, row.seq): row for row in province.read(select(CHANGE))}
    signed = {(row.centre_id, row.desk_id, row.first): row for row in province.read(select(SIGNED_COMMIT))}
    for (centre, desk, first), row in signed.items():
        for seq in range(first, row.last + 1):
            if change := changes.get((centre, desk, seq)):
                found.verdicts.setdefault(change.change_id, []).append(row.verdict)
    heads = {row.centre_id: row.head for row in province.read(select(CENTRE_HEAD))}
    following = dict.fromkeys(heads, 1)
    for row in province.read(select(FEED).order_by(FEED.c.centre_id, FEED.c.sseq)):
        if row.sseq != following[row.centre_id]:
            found.wrong.append(f"the feed of {row.centre_id} goes from {following[row.centre_id] - 1} to {row.sseq}")
        following[row.centre_id] = row.sseq + row.length
        if not row.message:
            _commit(found, row, changes, signed)
    found.wrong += [f"the head of {each} is {heads[each]}" for each in heads if following[each] != heads[each] + 1]
    for row in province.read(select(DOCUMENT.c.entity_id, DOCUMENT.c.centre_id)):
        found.homes.setdefault(row.entity_id, set()).add(row.centre_id)
    return found


def _commit(found: Feeds, row: Any, changes: dict[Any, Any], signed: dict[Any, Any]) -> None:
    commit = signed[row.centre_id, row.desk_id, row.first]
    clocks = commit.effective.split()
    gone = {int(seq) for seq in row.gone.split()}
    here = [int(seq) for seq in row.seqs.split()] or list(range(row.first, row.last + 1))
    if len(here) != row.length:
        found.wrong.append(f"a place of {row.centre_id} at {row.sseq} is {row.length} long and holds {len(here)}")
    for at, seq in enumerate(here):
        change = changes[row.centre_id, row.desk_id, seq]
        place = Place(
            row.centre_id, row.sseq + at, change.change_id, seq not in gone, clocks[seq - row.first],
            commit.received_at,
        )  # fmt: skip
        found.places.setdefault(change.change_id, []).append(place)
