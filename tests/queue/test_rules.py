"""Who is called next, and why nobody waits for ever."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain import queue
from desktop.domain.queue import HEAD_START, MINUTE, Need, Ticket

TEN = 600 * MINUTE
ROOM: tuple[tuple[str, int, tuple[Need, ...]], ...] = (
    ("122", -31, ()), ("124", -22, ("with_child",)), ("125", -19, ("elderly",)), ("126", -14, ()),
    ("128", -9, ("wheelchair",)), ("129", -12, ("blind",)), ("130", -8, ()), ("131", -6, ("with_child",)),
)  # fmt: skip


def ticket(number: str, at: int, needs: tuple[Need, ...] = (), **more: Any) -> Ticket:
    """A waiting number, taken that many minutes before or after ten o'clock."""
    taken = TEN + at * MINUTE
    return replace(
        Ticket(f"id-{number}", number, "waiting", taken, queue.first_turn(taken, needs), needs=needs), **more
    )


def room() -> list[Ticket]:
    return [ticket(*each) for each in ROOM]


def numbers(tickets: list[Ticket]) -> list[str]:
    return [each.number for each in queue.in_order(tickets)]


def test_a_need_counts_as_twenty_minutes_earlier() -> None:
    assert numbers(room()) == ["124", "125", "129", "122", "128", "131", "126", "130"]
    assert [queue.place_in_line(each, room()) for each in room()] == [4, 1, 2, 7, 5, 3, 8, 6]


@pytest.mark.parametrize(
    ("waits", "comes", "first"),
    [
        (-19, ("wheelchair",), False),  # nineteen minutes: the wheelchair goes first
        (-21, ("wheelchair",), True),  # twenty-one: nobody passes any more
        (-1, (), True),
        (-21, ("wheelchair", "with_child", "elderly"), True),  # needs don't add up
    ],
)
def test_who_came_more_than_twenty_minutes_earlier_is_passed_by_nobody(
    waits: int, comes: tuple[Need, ...], first: bool
) -> None:
    assert (numbers([ticket("101", waits), ticket("102", 0, comes)])[0] == "101") is first


@pytest.mark.parametrize(("others", "place"), [(0, 1), (1, 2), (2, 3), (3, 4), (7, 4)])
def test_an_absent_client_comes_again_after_three_others(others: int, place: int) -> None:
    line = [ticket(f"1{at:02}", at) for at in range(1, others + 1)]
    away = ticket("199", 0)
    back = replace(away, turn=queue.turn_behind(away, [away, *line]), absences=1)
    assert queue.place_in_line(back, [back, *line]) == place


def test_two_absent_clients_keep_their_order() -> None:
    line = [ticket(f"1{at:02}", at) for at in range(10, 15)]
    one, two = ticket("101", 0), ticket("102", 1)
    one = replace(one, turn=queue.turn_behind(one, line))
    two = replace(two, turn=queue.turn_behind(two, [*line, one]))
    assert numbers([two, *line, one]) == ["110", "111", "112", "101", "102", "113", "114"]


def test_going_back_never_puts_anybody_forward() -> None:
    late = ticket("150", 30)
    assert queue.turn_behind(late, [ticket("101", -90), ticket("102", -80), ticket("103", -70)]) == late.turn


def served(number: str, waited: int, served_for: int = 5, **more: Any) -> Ticket:
    called = TEN + waited * MINUTE
    times: dict[str, Any] = {"called_at": called, "served_at": called, "ended_at": called + served_for * MINUTE}
    return replace(ticket(number, 0), **{"status": "done", **times, **more})


@pytest.mark.parametrize(
    ("also", "average"),
    [
        ([], 15),
        ([served("103", 90, why="forgotten", status="left", ended_at=0)], 15),
        ([served("103", 90, served_for=91)], 15),
        ([served("103", 90, absences=1)], 15),
        ([served("103", 90, status="left", why="absent", served_at=0)], 15),
        ([ticket("103", -240)], 15),
        ([served("103", 45, status="serving", ended_at=0)], 25),
        ([served("103", 45, status="held", ended_at=0)], 25),
    ],
)
def test_the_average_leaves_out_what_was_forgotten(also: list[Ticket], average: int) -> None:
    now = TEN + 60 * MINUTE
    assert queue.average_wait([served("101", 10), served("102", 20), *also], now) == average


def test_before_anybody_was_served_there_is_no_average() -> None:
    assert queue.average_wait(room(), TEN) is None


def test_the_wall_shows_the_newest_call_and_three_before() -> None:
    done = [served(f"10{at}", at, place=f"باجهٔ {at}") for at in range(1, 7)]
    gone = served("110", 9, status="left")
    back = served("111", 9, status="waiting")
    assert [each.number for each in queue.calls([*done, gone, back])] == ["106", "105", "104", "103"]


@pytest.mark.parametrize(
    ("series", "digits"),
    [((), "0"), ((1, 2, 3), "1"), ((3,), "1"), ((4, 5, 6, 10), "2"), ((22, 23), "8"), ((25,), "901"), ((299,), "992")],
)
def test_a_desk_says_its_own_digit(series: tuple[int, ...], digits: str) -> None:
    assert queue.digits_of_desk(series, 3) == digits


@given(
    desks=st.lists(st.integers(0, 100), min_size=2, max_size=2, unique=True),
    counters=st.tuples(st.integers(1, 400), st.integers(1, 400)),
)
def test_no_two_desks_ever_say_the_same_number(desks: list[int], counters: tuple[int, int]) -> None:
    """Desks that never met: their first paper series, three each and theirs alone, are all that tells them apart."""
    said = [
        queue.number(queue.digits_of_desk([3 * each + 1] if each else [], 3), counter)
        for each, counter in zip(desks, counters, strict=True)
    ]
    assert said[0] != said[1]


@given(desk=st.integers(0, 60), counter=st.integers(1, 999))
def test_a_counter_is_read_back(desk: int, counter: int) -> None:
    digits = queue.digits_of_desk([3 * desk + 1], 3)
    assert queue.counter_of(digits, queue.number(digits, counter)) == counter


_NEEDS = st.sampled_from([(), (), (), ("wheelchair",), ("with_child", "elderly")])
_ARRIVALS = st.lists(st.tuples(st.integers(0, 5), _NEEDS), min_size=1, max_size=40)


@given(arrivals=_ARRIVALS, absent=st.sets(st.integers(0, 39), max_size=8), seed=st.integers(0, 9))
def test_nobody_starves(arrivals: list[tuple[int, tuple[Need, ...]]], absent: set[int], seed: int) -> None:
    """A day that never ends: at each call one more comes in, with needs or without; all are called, none is passed by
    who came more than the head start later, and the order is one whatever order tickets are listed in."""
    at, line, away = 0, list[Ticket](), dict[str, int]()
    for number, (minutes, needs) in enumerate(arrivals):
        at += minutes
        line.append(ticket(f"1{number:03}", at, needs))
    latest = line[-1].taken_at
    shuffled, called = list(line), list[Ticket]()
    Random(seed).shuffle(shuffled)
    while line:
        assert numbers(line) == numbers([each for each in shuffled if each in line])
        first = queue.in_order(line)[0]
        line.remove(first)
        times = away.get(first.number, 0)
        if int(first.number[1:]) in absent and times < queue.ABSENT_MOST - 1:
            away[first.number] = times + 1
            back = replace(first, turn=queue.turn_behind(first, line), absences=times + 1)
            assert back.turn <= max(latest, first.turn) + len(arrivals) * queue.ABSENT_MOST
            line.append(back)
            shuffled.append(back)
            continue
        for waiting in line:
            if not waiting.absences and not first.absences:
                assert first.taken_at - waiting.taken_at <= HEAD_START
        called.append(first)
    assert sorted(each.number for each in called) == [f"1{number:03}" for number in range(len(arrivals))]
