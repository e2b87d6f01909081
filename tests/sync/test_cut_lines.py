"""A line that dies after so many bytes, each time: everything comes through in the end, no transaction is split."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from random import Random
from threading import Thread
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db import feed, journal, sync_history
from db import settings as local
from desktop.actions import dump
from desktop.desk import Desk
from desktop.domain.faults import Known
from desktop.seal import commits
from desktop.sync import attempt, enrol, push, sizes
from desktop.sync.http import Line, Tally, address
from tests.desk import cutting, opened
from tests.desk.provinces import Province


def joined_over(line: cutting.Relay, url: str, desk: Desk, province: Province) -> None:
    line.to = int(url.rpartition(":")[2])
    enrol.enrol(desk, line.url, province.code(opened.CENTRE))


def try_until_done(desk: Desk, most: int) -> list[str]:
    """Attempts until one ends well: their outcomes."""
    ended: list[str] = []
    while len(ended) < most:
        try:
            attempt.attempt(desk, "timer")
        except Known as fault:
            ended.append(fault.code)
        else:
            return ended
    raise AssertionError(f"never came through: {ended[-3:]}")


def pending(desk: Desk) -> int:
    with desk.reading() as session:
        return sum(each["pending"] for each in dump.dump(session)["documents"])


@pytest.mark.parametrize(("way", "bytes_"), [("up", 14_000), ("down", 9_000)])
def test_a_line_that_always_dies_carries_everything_in_the_end(
    desk: Desk, province: Province, way: str, bytes_: int
) -> None:
    with cutting.relay() as line, province.serving(known_as=line.url) as url:
        joined_over(line, url, desk, province)
        work = opened.at_work(desk)
        for _ in range(12):
            work.whole()
        setattr(line, f"most_{way}", bytes_)
        ended = try_until_done(desk, 60)
        with desk.reading() as session:
            where = feed.position(session)
            learnt = sizes.size(session, "push" if way == "up" else "pull", 500)
            history = sync_history.attempts(session)
    assert set(ended) == {"province-unreachable"}, "where nothing was ever cut the line is too good for the test"
    assert where.acked_seq == where.cursor == desk.tip()
    assert pending(desk) == 0
    assert learnt < 500
    assert [each.outcome for each in reversed(history)] == [*ended, "ok"]
    assert sum(each.pushed for each in history) == desk.tip()
    assert all(each.bytes_up and each.milliseconds >= 0 for each in history)


def test_a_day_on_a_good_line_takes_three_round_trips_and_says_what_it_cost(desk: Desk, province: Province) -> None:
    with province.serving() as url:
        enrol.enrol(desk, url, province.code(opened.CENTRE))
        opened.at_work(desk).whole()
        attempt.attempt(desk, "command")
    with desk.reading() as session:
        (row,) = sync_history.attempts(session)
    assert (row.outcome, row.cause, row.round_trips, row.pushed) == ("ok", "command", 3, desk.tip())
    assert row.clock_offset is not None
    assert 500 < row.bytes_up < 100_000
    assert 500 < row.bytes_down < 100_000


@pytest.fixture(scope="module")
def full_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk with transactions of very different lengths."""
    folder = opened.found(tmp_path_factory.mktemp("full") / "desk")
    with opened.opened(folder) as desk:
        work = opened.at_work(desk)
        for _ in range(8):
            work.whole()
        yield desk
    shutil.rmtree(folder, ignore_errors=True)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), cut=st.floats(0, 0.7))
def test_the_batches_that_were_taken_are_exactly_the_unsent_commits(full_desk: Desk, seed: int, cut: float) -> None:
    """Whatever is cut and whenever, before the province took it or after: whole, in order, none twice."""
    desk, chance = full_desk, Random(seed)
    with desk.writing() as session:
        feed.acked(session, 0, 0)
        whole = [commits.span(each.message) for each in journal.unsent(session, desk.signer.desk, 0, 1 << 30)]
    book: list[commits.Span] = []

    class Rough:
        tally, tie = Tally(), None

        def call(self, _method: str, _target: str, shape: Callable[..., Any], ask: Any) -> Any:
            if chance.random() < cut / 2:
                raise Known("province-unreachable")
            for each in ask.commits:
                said = commits.span(each.message)
                assert len(each.changes) == said.last - said.first + 1, "a transaction was split"
                if not book or said.first > book[-1].last:
                    book.append(said)
            if chance.random() < cut / 2:
                raise Known("province-unreachable")
            return shape(acked_seq=book[-1].last, durable_seq=0, server_time=0)

    line, tries = Rough(), 0
    while True:
        tries += 1
        assert tries < 2_000
        try:
            push.push(desk, line)  # type: ignore[arg-type]
        except Known:
            continue
        break
    assert book == whole
    assert (whole[0].first, whole[-1].last) == (1, desk.tip())


def test_the_size_is_halved_by_a_cut_grown_by_success_and_kept(
    full_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = full_desk
    with desk.writing() as session:
        feed.acked(session, 0, 0)
        local.put(session, "sync_sizes", {})
    sent: list[int] = []

    class Bad:
        tally, tie = Tally(), None
        most = 0

        def call(self, _method: str, _target: str, shape: Callable[..., Any], ask: Any) -> Any:
            count = sum(len(each.changes) for each in ask.commits)
            sent.append(count)
            if count > self.most:
                raise Known("province-unreachable")
            return shape(acked_seq=commits.span(ask.commits[-1].message).last, durable_seq=0, server_time=0)

    line = Bad()
    seen: list[int] = []
    for _ in range(10):
        with pytest.raises(Known):
            push.push(desk, line)  # type: ignore[arg-type]
        with desk.reading() as session:
            seen.append(sizes.size(session, "push", 500))
    assert seen == [250, 125, 62, 31, 15, 7, 3, 1, 1, 1]
    assert line.tally.smaller is False, "nothing smaller than one commit"
    line.most = 10_000
    push.push(desk, line)  # type: ignore[arg-type]
    with desk.reading() as session:
        assert sizes.size(session, "push", 500) > 1


def test_a_refusal_is_no_cut(full_desk: Desk) -> None:
    """Sizes shrink for a line that breaks, not for a province that says no."""
    desk = full_desk
    with desk.reading() as session:
        before = sizes.size(session, "push", 500)
    sizes.note(desk, Tally(), "push", 500, Known("province-refused"))
    with desk.reading() as session:
        assert sizes.size(session, "push", 500) == before


class _Busy(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(503)
        self.send_header("Retry-After", self.path.removeprefix("/"))
        self.send_header("Content-Length", "9000")
        self.end_headers()
        self.wfile.write(bytes(9_000))

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.mark.parametrize(
    ("said", "seconds"), [("120", 120), ("0", 0), ("-5", 0), ("Fri,31-Dec-1999", 0), ("9999999", 0)]
)
def test_a_busy_province_says_when_to_come_again(said: str, seconds: int) -> None:
    with HTTPServer(("127.0.0.1", 0), _Busy) as busy:
        thread = Thread(target=busy.handle_request)
        thread.start()
        with Line(address(f"http://127.0.0.1:{busy.server_port}"), None) as line:
            assert line.send("GET", f"/{said}", {"X": "y"}, bytes(7_000)).status == 503
        thread.join()
    assert (line.tally.wait_s, line.tally.round_trips) == (seconds, 1)
    assert 7_000 < line.tally.bytes_up < 7_100
    assert 9_000 < line.tally.bytes_down < 9_300
