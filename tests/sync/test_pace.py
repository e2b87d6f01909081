"""When the province is tried again: sums with chance handed in, no clock asked."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain import pace
from desktop.domain.pace import Pace

S = 1_000_000
draws = st.floats(0, 1, exclude_max=True)
times = st.integers(0, 10**12)
paces = st.builds(Pace, st.integers(0, 10_000), times, st.integers(0, 3_600 * S))


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(1, 5), (2, 10), (3, 20), (4, 40), (5, 80), (6, 160), (7, 320), (8, 640), (9, 900), (10, 900), (10_000, 900)],
)
def test_the_longest_wait_doubles_from_five_seconds_to_a_quarter_of_an_hour(failures: int, seconds: int) -> None:
    assert pace.ceiling(failures) == seconds * S


@pytest.mark.parametrize(
    ("before", "draw", "hint", "moved", "wait"),
    [
        (0, 0.5, 0, False, 2.5),
        (0, 0.0, 0, False, 1),  # chance may not make it hammer
        (3, 0.5, 0, False, 20),
        (50, 0.999, 0, False, 899.1),
        (3, 0.5, 120, False, 120),  # the province asked for quiet
        (8, 0.9, 1, False, 810),  # for less than it would have got
        (8, 0.5, 10**9, False, 3_600),  # for good: an hour is enough
        (8, 0.8, 0, True, 4),  # something came through before the cut
    ],
)
def test_the_wait_after_a_failure(before: int, draw: float, hint: int, moved: bool, wait: float) -> None:
    after = pace.failed(Pace(before), 7 * S, draw, hint=hint * S, moved=moved)
    assert after.due == 7 * S + int(wait * S)


@given(paces, times, draws, st.integers(0, 10**13), st.booleans())
def test_there_is_always_a_next_attempt_and_never_at_once(
    before: Pace, now: int, draw: float, hint: int, moved: bool
) -> None:
    after = pace.failed(before, now, draw, hint=hint, moved=moved)
    assert pace.LEAST <= after.due - now <= max(pace.MOST, pace.LONGEST_HINT)
    assert not hint or after.due - now >= min(hint, pace.LONGEST_HINT)


@given(st.lists(draws, min_size=1, max_size=400))
def test_failing_for_ever_waits_by_full_jitter_and_one_success_begins_anew(drawn: list[float]) -> None:
    now, at = 0, Pace()
    for number, draw in enumerate(drawn, 1):
        at = pace.failed(at, now, draw)
        assert at.due - now == max(pace.LEAST, int(draw * pace.ceiling(number)))
        now = at.due
    good = pace.succeeded(now, drawn[0])
    assert 45 * S <= good.due - now < 75 * S
    assert pace.failed(good, now, 0.999).due - now < 5 * S


@given(paces, times)
def test_a_write_hastens_and_never_delays_and_keeps_the_quiet_asked_for(before: Pace, now: int) -> None:
    after = pace.written(before, now)
    assert after.due <= max(before.due, before.not_before)
    assert after.due <= max(now + pace.AFTER_WRITE, before.not_before)
    assert after.due >= before.not_before
    assert after.failures == before.failures


@given(paces, times, draws)
def test_the_network_coming_back_forgets_the_failures(before: Pace, now: int, draw: float) -> None:
    after = pace.reconnected(before, now, draw)
    assert after.failures == 0
    assert before.not_before <= after.due <= max(now + pace.FIRST, before.not_before)


def test_sizes_fall_to_one_and_climb_back() -> None:
    size, cuts = 500, 0
    while size > 1:
        size, cuts = pace.smaller(size), cuts + 1
    assert (cuts, pace.smaller(1)) == (8, 1)
    climbing = [size]
    while climbing[-1] < 500:
        climbing.append(pace.larger(climbing[-1], 500))
    assert climbing[:4] == [1, 2, 3, 4]
    assert climbing[-1] == 500
    assert all(b <= a + max(1, a // 4) for a, b in pairwise(climbing))
