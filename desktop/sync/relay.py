"""Others' work for a province that was restored: what it lost of a desk that is gone, its neighbours still have.

A commit stays its author's: it goes as it was signed, is judged as that desk's, and counts once, whoever brings it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from db import journal
from desktop import wire
from desktop.domain.faults import Known
from desktop.seal import commits
from desktop.seal.commits import NO_HASH, Commit
from desktop.sync import shapes
from desktop.sync.link import Caller, Desk, Expected
from desktop.sync.push import MOST_CHANGES, fitting

_NO_PLACE = frozenset({"province-refused", "province-forked", "commit-too-large", "province-unknown-desk"})
"""The province takes no more of this chain from here; that stops nothing else."""


def relay(desk: Desk, caller: Caller) -> None:
    """Send what this desk has of its centre's other desks beyond what the province has, before it is forgotten here.

    Raises Known for a line that breaks.
    """
    for chain in caller.call("GET", "/chains", wire.ChainsReply).chains:
        try:
            _send(desk, caller, chain)
        except Expected:
            continue  # its own desk was quicker
        except Known as fault:
            if fault.code not in _NO_PLACE:
                raise


def _send(desk: Desk, caller: Caller, chain: wire.Chain) -> None:
    after, link = chain.seq, chain.hash
    while True:
        with desk.reading() as session:
            batch = list(_following(fitting(_kept(session, chain.desk, after)), after, link))
        if not batch:
            return
        sent = wire.RelayAsk(chain.desk, tuple(map(shapes.transaction, batch)))
        after = caller.call("POST", "/relay", wire.PushReply, sent).acked_seq
        link = commits.span(batch[-1].message).hashes[-1]


def _kept(session: Session, desk: str, after: int) -> Sequence[Commit]:
    return journal.unsent(session, desk, after, MOST_CHANGES)


def _following(batch: Sequence[Commit], after: int, link: str) -> Iterator[Commit]:
    """The commits that continue the chain and are whole here; who wrote one may still have a body that left here."""
    for commit in batch:
        said = commits.span(commit.message)
        whole = len(commit.changes) == len(said.hashes) and all(each.body for each in commit.changes)
        if said.first != after + 1 or said.prev != (link if after else NO_HASH) or not whole:
            return
        yield commit
        after, link = said.last, said.hashes[-1]
