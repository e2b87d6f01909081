"""What waits at a centre, as little of it as it takes to tell whose turn may have come."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Set
from dataclasses import dataclass
from heapq import heappop, heappush

from server.judging import FOR_A_PERSON


@dataclass(frozen=True, slots=True)
class Waiting:
    """A commit in quarantine: its place, why it is there, and every entity it touches."""

    desk_id: str
    first: int
    reason: str
    actor: str
    touched: frozenset[str]


class Queue:
    """The waiting commits of a centre. A desk's own order is kept: what waits holds what follows it at an entity.

    Work done is by what is woken, not by what waits: a desk with thousands of bad commits costs the others nothing.
    """

    def __init__(self, rows: Iterable[Waiting]) -> None:
        """`rows` come in each desk's order."""
        self._rows: dict[tuple[str, int], Waiting] = {}
        self._lines: dict[str, dict[str, deque[Waiting]]] = {}
        self._of_actor: dict[str, list[Waiting]] = {}
        self._woken: list[tuple[str, int]] = []
        self._listed: set[tuple[str, int]] = set()
        for row in rows:
            self._rows[row.desk_id, row.first] = row
            self._of_actor.setdefault(row.actor, []).append(row)
            for each in row.touched:
                self._lines.setdefault(each, {}).setdefault(row.desk_id, deque()).append(row)

    def wake(self, entered: Set[str] | None) -> None:
        """Look again at what waits for these entities, or for these people; None: at all."""
        if entered is None:
            for row in self._rows.values():
                self._list(row)
            return
        for each in entered:
            for line in self._lines.get(each, {}).values():
                if line:
                    self._list(line[0])
            for row in self._of_actor.get(each, ()):
                self._list(row)

    def _list(self, row: Waiting) -> None:
        place = row.desk_id, row.first
        if place in self._rows and place not in self._listed and row.reason not in FOR_A_PERSON:
            self._listed.add(place)
            heappush(self._woken, place)

    def next(self) -> Waiting | None:
        """A woken commit that no earlier one of its desk holds."""
        while self._woken:
            place = heappop(self._woken)
            self._listed.discard(place)
            row = self._rows[place]
            if all(self._lines[each][row.desk_id][0] is row for each in row.touched):
                return row
        return None

    def free(self, row: Waiting) -> None:
        """`row` entered the feed: it holds nothing any more, and wakes what waited for it."""
        del self._rows[row.desk_id, row.first]
        for each in row.touched:
            self._lines[each][row.desk_id].popleft()
        self.wake(row.touched)
