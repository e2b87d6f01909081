"""Two desks of one centre push at the same moment: the feed has no hole and nothing that was read is stale."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Engine

from desktop.domain.changes import Draft
from server import feed, store
from tests.desk.authors import CENTRE, Author, person
from tests.desk.inbox import document, enrolled, gapless, hashes, joined, places, push

COMMITS = 25


def test_two_desks_push_at_the_same_time(engine: Engine) -> None:
    first = enrolled(engine, Author())
    push(engine, first, first.write(*first.founding()))
    desks = [first, joined(engine, first)]
    shared = person()
    push(engine, desks[0], desks[0].write(shared))
    seen = document(engine, shared.entity_id)
    together = threading.Barrier(2)

    def work(desk: Author) -> None:
        together.wait()
        for number in range(COMMITS):
            name = Draft("person", shared.entity_id, "set", {"family_name": f"{desk.desk[-4:]} {number}"})
            assert push(engine, desk, desk.write(name)) == [("accepted", "")]

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, desks))
    assert gapless(engine)
    assert len(places(engine)) == 4 + 2 * COMMITS
    found = document(engine, shared.entity_id)
    assert found
    assert seen
    # Nobody named what they saw, so every value must be there: a lost update is a value gone.
    assert len(found.cells["family_name"]) == 1 + 2 * COMMITS
    before = hashes(engine)
    with store.writing(engine, CENTRE) as connection:
        feed.refold(connection, CENTRE)
    assert hashes(engine) == before
