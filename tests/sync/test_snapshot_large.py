"""A further desk of a centre with 1,300 persons, on a line that breaks ten times."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress

from sqlalchemy import func, select

from db.models.people import Person
from desktop.desk import Desk
from desktop.domain.faults import Known
from desktop.sync import enrol, round_trip
from desktop.sync.http import Tally
from server import snapshot as province_snapshot
from tests.desk import cutting, opened
from tests.desk.provinces import Province
from tests.sync.test_snapshot import base, same_as_the_province

PERSONS = 1_300


def persons(desk: Desk) -> int:
    with desk.reading() as session:
        return session.scalar(select(func.count()).select_from(Person)) or 0


def a_centre(desk: Desk) -> None:
    work = opened.at_work(desk)
    while persons(desk) < PERSONS:
        for _ in range(20):
            work.whole()


def test_it_goes_on_after_ten_cuts_of_the_line(make_desk: Callable[..., Desk], province: Province) -> None:
    one, two, three = make_desk("one"), make_desk("two"), make_desk("three")
    with cutting.relay() as line, province.serving(known_as=line.url) as url:
        line.to = int(url.rpartition(":")[2])
        a_centre(one)
        for desk in (one, two, three):
            enrol.enrol(desk, line.url, province.code(opened.CENTRE))
        round_trip.sync(one)
        uncut = Tally()
        round_trip.sync(two, uncut)
        random_, down, cuts = random.Random(4), 0, 0
        while not base(three):
            line.most_down = random_.choice((15_000, 30_000, 50_000)) if cuts < 10 else None
            tally = Tally()
            with suppress(Known):
                round_trip.sync(three, tally)
            down, cuts = down + tally.bytes_down, cuts + (not base(three))
        assert cuts == 10
        history = 4 * 130_000  # what one sync fetches of it, at most
        assert uncut.bytes_down < 350 * PERSONS + history, "a few hundred bytes a person"
        assert down < uncut.bytes_down + cuts * (province_snapshot.PIECE + 5_000), "a cut costs a piece"
        assert persons(three) == persons(two) == persons(one)
        for desk in (three, one):
            round_trip.sync(desk)
        same_as_the_province(province, one, three)
