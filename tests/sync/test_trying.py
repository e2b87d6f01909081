"""A desk that keeps trying: what brings an attempt and when. Time is a number here; nobody waits."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from random import Random
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QApplication

from db import sync_history
from desktop.desk import Desk
from desktop.domain import pace
from desktop.domain.changed import Changed
from desktop.domain.faults import Known
from desktop.domain.pace import Cause
from desktop.domain.sync_report import SyncReport
from desktop.machine.network import Network
from desktop.sync import attempt
from desktop.sync.http import Tally
from desktop.syncing import Syncing
from ui import tasks

S = 1_000_000
GOOD = SyncReport(0, 0, 0, 0, 0, 0, 0, Changed(frozenset(), frozenset()))


class Province:
    """Answers as it was told; `asked` are the causes of the attempts."""

    def __init__(self) -> None:
        self.answers: list[Known | SyncReport] = []
        self.asked: list[str] = []
        self.open_files: Collection[str] = ()
        self.tally: dict[str, Any] = {}
        self.meanwhile: list[Any] = []

    def attempt(self, _desk: object, cause: str, tally: Tally, open_files: Collection[str]) -> SyncReport:
        self.asked.append(cause)
        self.open_files = open_files
        for name, value in self.tally.items():
            setattr(tally, name, value)
        while self.meanwhile:
            self.meanwhile.pop()()
        answer = self.answers.pop(0) if self.answers else GOOD
        if isinstance(answer, Known):
            raise answer
        return answer


class Wall:
    at = 100 * S

    def __call__(self) -> int:
        return self.at


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
def province(monkeypatch: pytest.MonkeyPatch) -> Province:
    made = Province()
    monkeypatch.setattr("desktop.syncing.attempt.attempt", made.attempt)
    monkeypatch.setattr("desktop.syncing.sync_truth.enrolled", lambda _session: True)
    return made


@pytest.fixture
def network(qapp: QApplication) -> Iterator[Network]:
    parent = QObject()
    yield Network(parent)
    parent.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def trying(desk: Desk, province: Province, wall: Wall, network: Network) -> Iterator[Syncing]:
    owner = QObject()
    made = Syncing(owner, desk, random=Random(3), clock=wall, watched=lambda _parent: network)
    yield made
    made.stop()
    owner.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def settle() -> None:
    while tasks.busy():
        tasks.drain()
        QCoreApplication.processEvents()
    QCoreApplication.processEvents()


def pass_time(trying: Syncing, wall: Wall) -> None:
    """Until the timer would ring; then it rings."""
    assert trying.timer.isActive(), "nothing will ever try again"
    assert trying.timer.interval() == max(0, -(-(trying.pace.due - wall.at) // 1_000))
    wall.at = max(wall.at, trying.pace.due)
    trying.timer.stop()
    trying.try_now()
    settle()


def test_a_failed_attempt_is_followed_by_others_though_nothing_is_written(
    trying: Syncing, province: Province, wall: Wall
) -> None:
    province.answers = [Known("province-unreachable")] * 40
    trying.start()
    settle()
    for number in range(1, 40):
        assert trying.pace.failures == number
        assert trying.fault
        assert trying.pace.due - wall.at <= pace.ceiling(number)
        pass_time(trying, wall)
    assert len(province.asked) == 40
    pass_time(trying, wall)
    assert (trying.pace.failures, trying.fault) == (0, None)
    assert set(province.asked) == {"timer"}


def test_a_write_brings_one_attempt_soon_however_long_the_wait_was(
    trying: Syncing, province: Province, wall: Wall
) -> None:
    province.answers = [Known("province-unreachable")] * 30
    trying.start()
    settle()
    for _ in range(20):
        pass_time(trying, wall)
    trying.pace = pace.Pace(20, wall.at + 800 * S)
    for _ in range(5):
        trying.written()
    assert trying.pace.due == wall.at + pace.AFTER_WRITE
    before = len(province.asked)
    pass_time(trying, wall)
    assert province.asked[before:] == ["write"]
    assert trying.pace.failures == 21, "it was no better than the others"


def test_the_network_coming_back_brings_one_within_seconds(
    trying: Syncing, province: Province, wall: Wall, network: Network
) -> None:
    province.answers = [Known("province-unreachable")]
    trying.start()
    settle()
    trying.pace = pace.Pace(9, wall.at + 900 * S)
    network.back.emit()
    assert trying.pace.due <= wall.at + 5 * S
    pass_time(trying, wall)
    assert province.asked == ["timer", "reconnect"]


def test_the_province_asks_for_quiet_and_gets_it(trying: Syncing, province: Province, wall: Wall) -> None:
    province.answers, province.tally = [Known("province-trouble")], {"wait_s": 300}
    trying.start()
    settle()
    trying.written()
    trying.reconnected()
    assert trying.pace.due == wall.at + 300 * S


def test_what_is_saved_while_an_attempt_is_under_way_goes_with_the_next_soon(
    trying: Syncing, province: Province, wall: Wall
) -> None:
    trying.start()
    trying.written()
    settle()
    assert trying.pace.due == wall.at + pace.AFTER_WRITE
    pass_time(trying, wall)
    assert province.asked == ["timer", "write"]
    assert trying.pace.due > wall.at + 40 * S


def test_one_at_a_time(trying: Syncing, province: Province) -> None:
    trying.start()
    for _ in range(4):
        trying.try_now()
    settle()
    assert len(province.asked) == 1


def test_an_attempt_that_fails_as_nobody_foresaw_is_followed_too(
    trying: Syncing, province: Province, wall: Wall, caplog: pytest.LogCaptureFixture
) -> None:
    def bug() -> None:
        raise RuntimeError("nobody foresaw it")

    province.meanwhile = [bug]
    trying.start()
    settle()
    assert "window.bug" in caplog.text
    pass_time(trying, wall)
    assert len(province.asked) == 2


def test_what_came_through_before_a_cut_begins_the_waits_anew(trying: Syncing, province: Province, wall: Wall) -> None:
    province.answers, province.tally = [Known("province-unreachable")] * 6, {"pushed": 3}
    trying.start()
    settle()
    for _ in range(5):
        pass_time(trying, wall)
        assert trying.pace.due - wall.at <= 5 * S


def test_a_desk_that_joined_nobody_asks_nobody_and_looks_again(
    trying: Syncing, province: Province, wall: Wall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.syncing.sync_truth.enrolled", lambda _session: False)
    trying.start()
    settle()
    assert province.asked == []
    monkeypatch.setattr("desktop.syncing.sync_truth.enrolled", lambda _session: True)
    pass_time(trying, wall)
    assert province.asked == ["timer"]


def test_when_the_next_is_due_is_told_by_the_clock_on_the_wall(trying: Syncing, desk: Desk, wall: Wall) -> None:
    assert trying.next_at is None
    trying.start()
    assert trying.next_at is None, "one is under way"
    settle()
    assert trying.next_at is not None
    assert abs(trying.next_at - desk.now() - (trying.pace.due - wall.at)) < S
    trying.stop()
    assert trying.next_at is None


def test_a_new_address_is_a_network_that_came_back(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    came: list[bool] = []
    network.back.connect(lambda: came.append(True))
    for addresses, told in ([set(), 0], [{"192.0.2.7"}, 1], [{"192.0.2.7"}, 1], [set(), 1], [{"192.0.2.8"}, 2]):
        monkeypatch.setattr("desktop.machine.network._addresses", lambda now=addresses: frozenset(now))
        network.look()
        assert len(came) == told


def test_each_attempt_leaves_a_line_and_two_thousand_stay(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sync_history, "KEPT", 3)
    causes: tuple[Cause, ...] = ("timer", "write", "reconnect", "hand", "command")
    for cause in causes:
        with pytest.raises(Known, match="not-enrolled"):
            attempt.attempt(desk, cause)
    with desk.reading() as session:
        kept = sync_history.attempts(session)
    assert [(each.cause, each.outcome) for each in kept] == [
        ("command", "not-enrolled"), ("hand", "not-enrolled"), ("reconnect", "not-enrolled"),
    ]  # fmt: skip
