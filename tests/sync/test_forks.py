"""Restored and cloned desks: nothing of either past is lost, no number is given twice (security 11)."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import func, select

from db import feed, head, paper_numbers, restored, verify
from db.models.local import PaperSeries
from db.models.papers import IssuedDocument
from db.models.people import Person
from db.models.screening import ScreeningResult
from desktop.actions import dump
from desktop.desk import Desk
from desktop.domain.faults import Known
from desktop.sync import enrol, link, round_trip
from server import config, store
from server import enrol as enrol_store
from server.incarnations import EVIDENCE
from server.store import DESK
from tests.desk import opened
from tests.desk.provinces import Province

Open = Callable[[str], Desk]


@pytest.fixture
def reopen(tmp_path: Path) -> Iterator[Open]:
    """Opens the desk of a folder by name."""
    with ExitStack() as desks:
        yield lambda name: desks.enter_context(opened.opened(tmp_path / name, opened.Clock(config.now_us())))


def copy(folder: Path, name: str) -> None:
    """The folder of the closed desk, as a backup or another PC gets it: what this PC knows of its head stays here."""
    shutil.copytree(folder / "one", folder / name)
    (folder / name / head.NAME).unlink()


@pytest.fixture
def begun(tmp_path: Path, province: Province) -> Iterator[str]:
    """A desk in folder `one` that worked and synced, closed; the province serves."""
    opened.found(tmp_path / "one")
    with province.serving() as url:
        with opened.opened(tmp_path / "one", opened.Clock(config.now_us())) as desk:
            enrol.enrol(desk, url, province.code(opened.CENTRE))
            opened.at_work(desk).whole()
            round_trip.sync(desk)
        yield url


def families(desk: Desk) -> set[str]:
    with desk.reading() as session:
        return {str(each) for each in session.scalars(select(Person.id))}


def numbers(desk: Desk) -> list[str]:
    with desk.reading() as session:
        return [str(each) for each in session.scalars(select(IssuedDocument.number).where(IssuedDocument.copy == 0))]


def at_rest(province: Province, *desks: Desk) -> None:
    """Every desk has what the province has, and each proves itself."""
    for _ in range(3):
        for desk in desks:
            round_trip.sync(desk)
    states = []
    for desk in desks:
        with desk.reading() as session:
            states.append(dump.dump(session))
            assert not restored.noticed(session)
        assert verify.verify(desk.engine, desk.signer.desk, desk.signer.realm).clean
    assert all(each["documents"] == states[0]["documents"] for each in states)
    given = numbers(desks[0])
    assert len(set(given)) == len(given), "a paper number was given twice"
    with store.reading(province.engine) as connection:
        last = dict(connection.execute(select(DESK.c.desk_id, DESK.c.last_seq)).all())
    for desk in desks:
        assert last[desk.signer.desk] == desk.tip()


def test_a_restored_desk_that_wrote_nothing_fetches_its_own_work_back(
    tmp_path: Path, begun: str, province: Province, reopen: Open
) -> None:
    copy(tmp_path, "yesterday")
    with opened.opened(tmp_path / "one", opened.Clock(config.now_us())) as desk:
        opened.at_work(desk, seed=2).whole()
        round_trip.sync(desk)
        whole, tip, me = families(desk), desk.tip(), desk.signer.desk
    old = reopen("yesterday")
    assert families(old) < whole
    round_trip.sync(old)
    assert (families(old), old.tip(), old.signer.desk) == (whole, tip, me), "the same desk, with nothing missing"
    at_rest(province, old)


def test_a_copy_restored_with_its_head_gives_no_number_again(
    tmp_path: Path, begun: str, province: Province, reopen: Open
) -> None:
    """Nothing on this PC tells it is old: the province's word on its chain does."""
    shutil.copytree(tmp_path / "one", tmp_path / "yesterday")
    with opened.opened(tmp_path / "one", opened.Clock(config.now_us())) as desk:
        opened.at_work(desk, seed=2).whole()
        round_trip.sync(desk)
    old = reopen("yesterday")
    round_trip.sync(old)
    opened.at_work(old, seed=8).whole()
    at_rest(province, old)


def test_series_are_topped_up_for_one_copy_after_another(
    tmp_path: Path, begun: str, province: Province, reopen: Open
) -> None:
    copy(tmp_path, "yesterday")
    copy(tmp_path, "before")
    old = reopen("yesterday")
    for _ in range(2):  # what the first one brings may be an answer the lost copy had
        round_trip.sync(old)
    with old.reading() as session:
        assert paper_numbers.spare(session) >= enrol_store.SPARE, "one was left, another came"
    opened.at_work(old, seed=2).whole()
    round_trip.sync(old)
    older = reopen("before")
    for seed in (5, 6):
        round_trip.sync(older)
        opened.at_work(older, seed=seed).whole()
    at_rest(province, older)


def test_a_series_only_the_lost_copy_had_is_never_used(
    tmp_path: Path, begun: str, province: Province, reopen: Open
) -> None:
    copy(tmp_path, "yesterday")
    with opened.opened(tmp_path / "one", opened.Clock(config.now_us())) as desk:
        before = held_series(desk)
        with desk.writing() as session:
            paper_numbers.leave(session)
            paper_numbers.leave(session)
        round_trip.sync(desk)
        lost = held_series(desk) - before
    assert lost
    old = reopen("yesterday")
    round_trip.sync(old)
    with old.reading() as session:
        states = {int(row.series): row.state for row in session.scalars(select(PaperSeries))}
    assert {states[each] for each in lost} == {paper_numbers.SPENT}


def test_a_desk_that_joins_again_gets_series_nobody_used(begun: str, province: Province, reopen: Open) -> None:
    desk = reopen("one")
    before = held_series(desk)
    enrol.enrol(desk, begun, province.code(opened.CENTRE))
    new = held_series(desk) - before
    assert len(new) == enrol_store.SERIES_EACH


def held_series(desk: Desk) -> set[int]:
    with desk.reading() as session:
        return set(paper_numbers.held(session))


def test_a_restored_desk_that_went_on_writing_keeps_both_pasts(
    tmp_path: Path, begun: str, province: Province, reopen: Open
) -> None:
    copy(tmp_path, "yesterday")
    with opened.opened(tmp_path / "one", opened.Clock(config.now_us())) as desk:
        opened.at_work(desk, seed=2).whole()
        round_trip.sync(desk)
        lost, before = families(desk), desk.signer.desk
    old = reopen("yesterday")
    opened.at_work(old, seed=3).whole()
    ids = {each["id"] for each in _changes(old)}
    mine = families(old)
    round_trip.sync(old)
    assert old.signer.desk != before, "it goes on under another id"
    assert families(old) == lost | mine
    assert ids <= {each["id"] for each in _changes(old)}, "the change ids stay"
    at_rest(province, old)
    with store.reading(province.engine) as connection:
        kept = connection.execute(select(func.count()).select_from(EVIDENCE)).scalar_one()
        row = connection.execute(select(DESK.c.instead_of).where(DESK.c.desk_id == old.signer.desk)).scalar_one()
        mine_now = set(enrol_store.series_of(connection, opened.CENTRE, old.signer.desk))
    assert kept > 0
    assert row == before
    given = set(numbers(old))
    opened.at_work(old, seed=8).whole()
    new = {int(number.split("/")[1]) for number in set(numbers(old)) - given}
    assert new
    assert new <= mine_now, "no number of a series a copy may hold"


def _changes(desk: Desk) -> list[dict[str, str]]:
    with desk.reading() as session:
        found: list[dict[str, str]] = dump.dump(session)["changes"]
    return found


def test_two_clones_at_work_both_keep_everything(tmp_path: Path, begun: str, province: Province, reopen: Open) -> None:
    copy(tmp_path, "two")
    one, two = reopen("one"), reopen("two")
    opened.at_work(one, seed=4).whole()
    opened.at_work(two, seed=5).whole()
    everything = families(one) | families(two)
    round_trip.sync(one)
    round_trip.sync(two)
    assert one.signer.desk != two.signer.desk
    opened.at_work(one, seed=6).whole()
    opened.at_work(two, seed=7).whole()
    everything |= families(one) | families(two)
    at_rest(province, one, two)
    assert families(one) == families(two) == everything
    with one.reading() as session:
        assert session.scalar(select(func.count()).select_from(ScreeningResult))


@pytest.mark.parametrize("more", [False, True])
def test_a_twin_that_came_first_to_a_restored_province(
    tmp_path: Path, begun: str, province: Province, reopen: Open, more: bool
) -> None:
    """What the lost province had told the other twin it stored says nothing of the chain the restored one has."""
    copy(tmp_path, "two")
    one, two = reopen("one"), reopen("two")
    opened.at_work(one, seed=4).whole()
    opened.at_work(two, seed=5).whole()
    with two.writing() as session:
        feed.acked(session, two.tip(), 0)  # and the province forgot
    if more:
        opened.at_work(one, seed=6).whole()
    everything = families(one) | families(two)
    round_trip.sync(one)
    round_trip.sync(two)
    assert one.signer.desk != two.signer.desk
    at_rest(province, one, two)
    assert families(one) == families(two) == everything


def test_a_clone_that_pulls_first_and_writes_later_is_told_apart(
    tmp_path: Path, begun: str, province: Province, reopen: Open
) -> None:
    copy(tmp_path, "two")
    one, two = reopen("one"), reopen("two")
    opened.at_work(one, seed=4).whole()
    round_trip.sync(one)
    round_trip.sync(two)
    assert two.tip() == one.tip(), "it fetched what its twin wrote"
    opened.at_work(two, seed=5).whole()
    opened.at_work(one, seed=6).whole()
    everything = families(one) | families(two)
    round_trip.sync(two)
    round_trip.sync(one)
    assert one.signer.desk != two.signer.desk
    at_rest(province, one, two)
    assert families(one) == families(two) == everything


def test_a_reply_lost_on_the_way_leaves_one_new_desk(
    tmp_path: Path, begun: str, province: Province, reopen: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy(tmp_path, "two")
    one, two = reopen("one"), reopen("two")
    opened.at_work(one, seed=4).whole()
    opened.at_work(two, seed=5).whole()
    round_trip.sync(one)
    real = link.Caller.call

    def cut(self: link.Caller, method: str, target: str, *rest: object) -> object:
        reply: object = real(self, method, target, *rest)  # type: ignore[arg-type]
        if target == "/incarnation":
            raise Known("province-unreachable")
        return reply

    with monkeypatch.context() as line:
        line.setattr(link.Caller, "call", cut)
        with pytest.raises(Known):
            round_trip.sync(two)
    at_rest(province, one, two)
    with store.reading(province.engine) as connection:
        assert connection.execute(select(func.count()).select_from(DESK)).scalar_one() == 2


def test_what_the_person_here_may_not_sign_waits_for_one_who_may(
    tmp_path: Path, begun: str, province: Province, reopen: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy(tmp_path, "two")
    one, two = reopen("one"), reopen("two")
    opened.at_work(one, seed=4).whole()
    opened.at_work(two, seed=5).whole()
    round_trip.sync(one)
    tip, me = two.tip(), two.signer.desk
    monkeypatch.setattr(Desk, "roles", ("technician",))
    with pytest.raises(Known) as fault:
        round_trip.sync(two)
    assert fault.value.code == "fork-roles"
    assert (two.tip(), two.signer.desk) == (tip, me), "nothing was begun"
    monkeypatch.undo()
    monkeypatch.setattr("desktop.seal.passwords.Cost", lambda: opened.CHEAP)
    at_rest(province, one, two)
