"""Two desks of one centre share one queue, over a real province: one order, no number twice, and what becomes of two
calls at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from desktop.actions import queue
from desktop.desk import Desk
from desktop.domain.queue import Board, Need, Ticket
from desktop.sync import enrol, round_trip
from tests.desk.provinces import Province
from tests.queue.test_serving import board, call_next, do, take


def numbers(desk: Desk) -> list[str]:
    return [each.number for each in board(desk).waiting]


def contested(board: Board) -> list[str]:
    return [each.number for each in (*board.serving, *((board.current,) if board.current else ())) if each.contested]


def test_two_desks_call_the_same_number_at_the_same_moment(
    make_desk: Callable[[str], Desk], province: Province
) -> None:
    """Neither could hear of the other. The first the province took keeps them; both see that it was called twice; the
    other calls the next; and the next step ends the matter on both."""
    one, two = make_desk("one"), make_desk("two")
    with province.serving() as url:
        for desk in (one, two):
            enrol.enrol(desk, url, province.code(desk.signer.centre))
        given: list[Ticket] = [take(one), take(two), take(one, "wheelchair"), take(two)]
        assert [each.number for each in given] == ["101", "201", "102", "202"]
        for desk in (one, two, one):
            round_trip.sync(desk)
        assert numbers(one) == numbers(two)
        assert numbers(one)[0] == "102"
        same = [call_next(two), call_next(one)]  # offline from each other
        assert [each.number for each in same] == ["102", "102"]
        for desk in (two, one, two):
            round_trip.sync(desk)
        won, lost = board(two), board(one)
        assert won.current is not None
        assert won.current.number == "102"
        assert won.current.place == "باجهٔ ۲"
        assert lost.current is None
        assert [(each.number, each.place) for each in lost.serving] == [("102", "باجهٔ ۲")]
        assert contested(won) == contested(lost) == ["102"]
        assert won.called[0] == lost.called[0]
        assert call_next(one).number == numbers(two)[0]  # goes on with whoever is next
        do(two, queue.came, same[0].id, two.now())
        for desk in (two, one, two):
            round_trip.sync(desk)
        assert contested(board(one)) == contested(board(two)) == []
        assert numbers(one) == numbers(two)


def test_a_day_apart_comes_to_one_order(make_desk: Callable[[str], Desk], province: Province) -> None:
    """Both work without the other all morning; whoever syncs first, both then see one line and one set of numbers."""
    one, two = make_desk("one"), make_desk("two")
    with province.serving() as url:
        for desk in (one, two):
            enrol.enrol(desk, url, province.code(desk.signer.centre))
            round_trip.sync(desk)
        wanted: list[tuple[Need, ...]] = [(), ("blind",), (), ("elderly", "deaf"), ()]
        for needs in wanted:
            for desk in (two, one):
                take(desk, *needs)
        for desk in (one, two):
            called = call_next(desk)
            do(desk, queue.absent, called.id, desk.now())
        for desk in (two, one, two):
            round_trip.sync(desk)
        assert numbers(one) == numbers(two)
        assert len(set(numbers(one))) == 10
        seen = [[replace(each, here=False) for each in board(desk).waiting] for desk in (one, two)]
        assert seen[0] == seen[1]
