"""What a day costs a weak line: the requests that reach the province, counted there."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from starlette.requests import Request

from db import journal
from desktop.desk import Desk
from desktop.domain.changes import Draft, Value
from desktop.sync import enrol, round_trip
from desktop.sync.http import Tally
from server import app
from tests.desk import opened
from tests.desk.provinces import Province
from tests.sync.test_round_trip import held, kept

DAY = 160


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every request the province reads, in order."""
    seen: list[str] = []
    real = app._bounded

    async def counted(request: Request, most: int) -> bytes:
        seen.append(f"{request.method} {request.url.path}")
        return await real(request, most)

    monkeypatch.setattr(app, "_bounded", counted)
    return seen


@pytest.fixture
def two_desks(make_desk: Callable[[str], Desk], province: Province) -> Iterator[tuple[Desk, Desk]]:
    """Both joined and in step, one knows who works at the other; the province answers."""
    one, two = make_desk("one"), make_desk("two")
    known: dict[str, Value] = {"name": two.actor.name, "roles": list(two.actor.roles), "active": True}
    with one.writing() as session:
        journal.write(session, one.pen, [Draft("staff", two.actor.staff_id, "create", known)])
    with province.serving():
        for desk in (one, two):
            enrol.enrol(desk, province.url, province.code(opened.CENTRE))
        for desk in (one, two, one):
            round_trip.sync(desk)
        yield one, two


def a_day(desk: Desk, seed: int) -> int:
    """Work until the day has as many changes as a centre's; how many they are."""
    before, work = desk.tip(), opened.at_work(desk, seed)
    while desk.tip() < before + DAY:
        work.whole()
    return desk.tip() - before


def test_a_day_goes_in_three_requests_and_comes_in_two(
    two_desks: tuple[Desk, Desk], province: Province, asked: list[str]
) -> None:
    one, two = two_desks
    written, tally = a_day(one, 1), Tally()
    assert round_trip.sync(one, tally).pushed == written >= DAY
    assert asked == ["POST /hello", "POST /push", "GET /pull"]
    assert tally.round_trips == len(asked)
    asked.clear()
    assert round_trip.sync(two).pulled == written
    assert asked == ["POST /hello", "GET /pull"]
    assert held(one) == held(two) == kept(province)


def test_two_desks_that_both_worked_a_day_need_three_each(
    two_desks: tuple[Desk, Desk], province: Province, asked: list[str]
) -> None:
    one, two = two_desks
    written = [a_day(desk, seed) for desk, seed in ((one, 1), (two, 2))]
    round_trip.sync(one)
    asked.clear()
    report = round_trip.sync(two)
    assert (report.pushed, report.pulled) == (written[1], sum(written))
    assert asked == ["POST /hello", "POST /push", "GET /pull"]
    asked.clear()
    round_trip.sync(one)
    assert asked == ["POST /hello", "GET /pull"]
    assert held(one) == held(two) == kept(province)
