"""Guards taken out one at a time: the simulation has to notice each. A new one is a row of `BROKEN`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from sqlalchemy import Connection, Engine, select

from db import feed, journal
from desktop.domain import hlc, merging
from desktop.domain.fields import GUARDED, ORDINARY
from desktop.sync.link import Caller, Desk
from server import inbox, store
from server.books import Books
from server.judging import Proven
from server.ledger import Ledger
from server.store import DESK
from tests.faults.simulation.network import Died
from tests.faults.simulation.world import Rates

_accept, _locked, _passed = inbox.accept, store.locked, Ledger._passed


def _twice(books: Books, centre_id: str, desk_id: str, sent: Sequence[Proven], *, relayed: bool = False) -> Any:
    """What came before enters the feed again."""
    had = books.connection.execute(select(DESK.c.last_seq).where(DESK.c.desk_id == desk_id)).scalar_one()
    done = _accept(books, centre_id, desk_id, sent, relayed=relayed)
    for one in sent:
        if one.last <= had:
            books.of(centre_id).load(one.touched)
            inbox.enter(books, centre_id, one)
    books.flush()
    return done


def _acked_early(desk: Desk, _caller: Caller) -> int:
    """The watermark moves before the province said anything; then there is nothing left to send."""
    with desk.writing() as session:
        newest, _ = journal.tip(session, desk.signer.desk)
        feed.acked(session, newest, feed.position(session).durable_seq)
    return 0


def _before_it_is_on_disk(engine: Engine, centre_id: str, work: Callable[[Connection], Any]) -> Any:
    """The answer is sent before the commit, which may then not be."""
    said: list[Any] = []

    def heard(connection: Connection) -> Any:
        said[:] = [work(connection)]
        return said[0]

    try:
        return _locked(engine, centre_id, heard)
    except Died:
        if not said:
            raise
        return said[0]


def _with_gaps(self: Ledger, places: int) -> None:
    """A sequence's places: one that was rolled back is never given again."""
    _passed(self, places)
    self.head += self.head % 7 == 0


def _voided(cells: Any, change: Any, clock: str) -> Any:
    """Whoever deletes wins."""
    if change.verb == "void":
        return (merging.Head(change.change_id, change.patch.get("void"), clock),)
    return cells.get("void", ())


def _nothing(*_: object, **__: object) -> frozenset[str]:
    return frozenset()


BROKEN: dict[str, dict[str, Any]] = {
    "the last writer wins on a guarded field": {},
    "whoever deletes wins": {"desktop.domain.merging._voided": _voided},
    "a request that came twice is done twice": {"server.inbox.accept": _twice},
    "the watermark moves before the answer": {"desktop.sync.round_trip.push": _acked_early},
    "the answer goes before the commit": {"server.store.locked": _before_it_is_on_disk},
    "places of a sequence": {"server.ledger.Ledger._passed": _with_gaps},
    "desks ignore a redaction": {"db.scope.redact": _nothing},
    "desks keep what left": {"db.scope.leave": _nothing},
    "the desk's clock counts": {"server.inbox.hlc": SimpleNamespace(**{**vars(hlc), "pack": lambda *_: (1 << 63) - 1})},
    "a restored province tells the same feed": {"server.backup._another_telling": _nothing},
    "a desk sends nothing again": {"desktop.sync.round_trip.stand": _nothing, "desktop.sync.push.stand": _nothing},
}  # fmt: skip
"""What is broken → what stands in place of what."""
ROUGH = Rates(fate=0.35, death=0.05, province_death=0.08)
"""What lines and powers do while a guard is missing: enough to need it soon."""
QUICK = frozenset(
    {
        "the last writer wins on a guarded field", "a request that came twice is done twice",
        "the watermark moves before the answer", "desks ignore a redaction", "the desk's clock counts",
    }
)  # fmt: skip
"""Those that `./check` breaks every time."""


@contextmanager
def broken(name: str) -> Iterator[None]:
    """Without this guard."""
    with ExitStack() as held:
        if not BROKEN[name]:
            held.enter_context(patch.dict(merging.RULES, {GUARDED: merging.RULES[ORDINARY]}))
        for target, other in BROKEN[name].items():
            held.enter_context(patch(target, other))
        yield
