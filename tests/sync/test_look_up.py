"""Somebody taken in here who has a file at another centre: the desk learns that there is one, never where."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from db import look_up
from desktop import wire
from desktop.actions import sync_truth
from desktop.desk import Desk
from desktop.domain.sync_truth import SyncItem
from desktop.sync import courier as stick
from desktop.sync import enrol, round_trip
from desktop.sync.link import Caller
from server import courier as counter
from server import look_up as province_look_up
from server.config import Province as Running
from tests.actions.working import mother_and_child
from tests.desk import opened
from tests.desk.provinces import Province
from tests.sync.conftest import OTHER_CENTRE

Make = Callable[..., Desk]


def items(desk: Desk) -> list[SyncItem]:
    with desk.reading() as session:
        told = sync_truth.truth(session, desk.actor, desk.signer.desk, desk.now())
    assert told.needs_you_count == len(told.needs_you)
    return [each for each in told.needs_you if each.id.startswith("elsewhere/")]


def joined(make_desk: Make, province: Province, url: str) -> tuple[Desk, Desk]:
    here, far = make_desk("here"), make_desk("far", OTHER_CENTRE)
    for desk in (here, far):
        enrol.enrol(desk, url, province.code(desk.signer.centre))
    return here, far


def test_the_desk_is_told_once_and_a_look_at_the_file_ends_it(
    make_desk: Make, province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[wire.HelloReply] = []
    real = Caller.call

    def call(caller: Caller, method: str, path: str, shape: Any, *rest: Any) -> Any:
        reply = real(caller, method, path, shape, *rest)
        heard.extend([reply] if path == "/hello" else [])
        return reply

    monkeypatch.setattr(Caller, "call", call)
    with province.serving() as url:
        here, far = joined(make_desk, province, url)
        mother_and_child(far)
        round_trip.sync(far)
        done = mother_and_child(here)
        round_trip.sync(here)
        assert items(here) == [], "it is asked once the intake is stored there"
        round_trip.sync(here)
        (item,) = items(here)
        assert (item.act, item.target) == ("look", done.person_id)
        assert OTHER_CENTRE not in repr(heard[-1]).replace(here.signer.desk, ""), "never where"
        with here.writing() as session:
            sync_truth.seen(session, here.actor, item.id)
        for _ in range(2):
            round_trip.sync(here)
        assert items(here) == []
        assert all(not each.files_elsewhere for each in heard[-2:]), "nor asked again"


def test_whom_a_colleague_took_in_and_who_has_no_file_elsewhere_are_not_told_of(
    make_desk: Make, province: Province
) -> None:
    with province.serving() as url:
        here, far = joined(make_desk, province, url)
        mother_and_child(far, serial=41)
        mother_and_child(here)
        for desk in (here, far, here, here):
            round_trip.sync(desk)
        assert items(here) == items(far) == []
        two = make_desk("two")
        enrol.enrol(two, url, province.code(opened.CENTRE))
        round_trip.sync(two)
        with two.reading() as session:
            assert look_up.due(session, two.signer.desk) == ()


def test_what_the_day_did_not_allow_is_asked_the_next(
    make_desk: Make, province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(province_look_up, "A_DAY", 0)
    with province.serving() as url:
        here, far = joined(make_desk, province, url)
        mother_and_child(far)
        mother_and_child(here)
        for desk in (far, here, here):
            round_trip.sync(desk)
        assert items(here) == []
        monkeypatch.setattr(province_look_up, "A_DAY", 50)
        round_trip.sync(here)
        assert len(items(here)) == 1


def test_by_stick_too(make_desk: Make, province: Province) -> None:
    with province.serving() as url:
        here, far = joined(make_desk, province, url)
        mother_and_child(far)
        mother_and_child(here)
        for desk in (far, here):
            round_trip.sync(desk)
        _, files = stick.write(here)
        stick.read(here, counter.take(Running(province.engine, province.identity), files).parts)
        assert len(items(here)) == 1
