"""Files to and from the province, after everything people wrote: in pieces, as long as the line has time for them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from db import blobs, feed
from db.blobs import Queued
from desktop import wire
from desktop.domain.faults import Known
from desktop.sync.link import Caller, Desk

BUDGET = 8 * 1024 * 1024
"""Bytes of files one sync carries each way at most; on a weak line the time below ends first."""
SECONDS = 20
_ASKED = 200


@dataclass(slots=True)
class _Trip:
    """One sync's share of the line."""

    desk: Desk
    caller: Caller
    clock: Callable[[], float]
    until: float
    left: dict[str, int] = field(default_factory=lambda: {"up": BUDGET, "down": BUDGET})

    def goes_on(self, way: str) -> bool:
        """Whether another piece may go: there is time and room, and nothing small waits that was written meanwhile."""
        if self.left[way] <= 0 or self.clock() >= self.until:
            return False
        with self.desk.reading() as session:
            return not feed.unsent(session, self.desk.signer.desk)


def exchange(desk: Desk, caller: Caller, clock: Callable[[], float] = time.monotonic) -> None:
    """Send files the province lacks and fetch those that are wanted, the smallest first. Whatever is cut goes on from
    there the next time.

    Raises Known: what `Caller.call` does; province-garbled for a file that isn't what its name says, after the others.
    """
    trip = _Trip(desk, caller, clock, clock() + SECONDS)
    with desk.reading() as session:
        up, down = blobs.queue(session, "unsent", _ASKED), blobs.queue(session, "wanted", _ASKED)
    if not (up or down) or not trip.goes_on("up"):
        return
    stands = _stands(caller, [*up, *down])
    with desk.writing() as session:
        blobs.sent(session, [each.name for each in up if stands[each.name].size is not None])
    lies = 0
    for each in up:
        if stands[each.name].size is None and not _send(trip, each, stands[each.name].held):
            break
    for each in down:
        size = stands[each.name].size
        if size is None:
            continue  # whoever made it hasn't sent it yet
        try:
            if not _fetch(trip, each, size):
                break
        except Known as fault:
            if fault.code != "province-garbled":
                raise
            lies += 1
    if lies:
        raise Known("province-garbled")


def _stands(caller: Caller, asked: list[Queued]) -> dict[str, wire.BlobStands]:
    names = [each.name for each in asked]
    reply = caller.call("POST", "/blobs", wire.BlobsReply, wire.BlobsAsk(tuple(map(bytes.fromhex, names))))
    if len(reply.stands) != len(names):
        raise Known("province-garbled")
    return dict(zip(names, reply.stands, strict=True))


def _send(trip: _Trip, one: Queued, at: int) -> bool:
    """Send the rest of a file; False where this sync has carried enough."""
    size, rewound = one.size or 0, False
    while trip.goes_on("up"):
        with trip.desk.reading() as session:
            data = blobs.piece(session, one.name, at)
        taken = _taken(trip, one.name, wire.BlobPart(size, at, data))
        if taken is None:
            return True
        trip.left["up"] -= len(data)
        if taken.whole:
            with trip.desk.writing() as session:
                blobs.sent(session, [one.name])
            return True
        if taken.held <= at:  # it dropped an old upload, once; more often it only says so
            if rewound:
                raise Known("province-garbled")
            rewound = True
        at = taken.held
    return False


def _taken(trip: _Trip, name: str, part: wire.BlobPart) -> wire.BlobTaken | None:
    """The province's answer; None where the bytes here have gone bad, which no sending cures."""
    try:
        if part.data:
            return trip.caller.call("PATCH", f"/blob/{name}", wire.BlobTaken, part)
        raise Known("province-refused")  # none are here where some must be
    except Known as fault:
        if fault.code != "province-refused":
            raise
        with trip.desk.writing() as session:
            if blobs.holds(session, name):
                raise
            blobs.spoiled(session, name)
        return None


def _fetch(trip: _Trip, one: Queued, size: int) -> bool:
    """Fetch the rest of a file; False where this sync has carried enough. Raises Known: province-garbled."""
    with trip.desk.reading() as session:
        at = blobs.held(session, one.name)
    while trip.goes_on("down"):
        part = trip.caller.call("GET", f"/blob/{one.name}?after={at}", wire.BlobPart)
        if part.at != at or part.size != size:
            raise Known("province-garbled")
        try:
            with trip.desk.writing() as session:
                whole = blobs.came(session, one.name, at, part.data, size)
        except ValueError as error:
            raise Known("province-garbled") from error
        at += len(part.data)
        trip.left["down"] -= len(part.data)
        if whole:
            return True
        if at >= size:
            raise Known("province-garbled")  # begun anew the next time
    return False
