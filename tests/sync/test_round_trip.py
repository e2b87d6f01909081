"""Days of two desks and a province that is sometimes there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from db import feed, journal, paper_numbers
from desktop.actions import dump as desk_dump
from desktop.desk import Desk
from desktop.domain import dump as shape
from desktop.domain import merging
from desktop.domain.changes import Draft, Value
from desktop.domain.faults import Known
from desktop.seal import keys
from desktop.sync import enrol, pull, push, round_trip
from desktop.sync.link import Caller, Expected
from server import store
from server.store import CHANGE, DOCUMENT
from tests.desk import cutting, opened
from tests.desk.provinces import Province

MakeDesk = Callable[[str], Desk]


def held(desk: Desk) -> dict[str, Any]:
    with desk.reading() as session:
        return desk_dump.dump(session)


def kept(province: Province) -> dict[str, Any]:
    with store.reading(province.engine) as connection:
        changes = connection.execute(select(CHANGE.c.change_id, CHANGE.c.hash)).all()
        rows = connection.execute(select(DOCUMENT)).all()
    found = [merging.loaded(row.kind, row.entity_id, row.doc) for row in rows]
    return shape.dump([(row.change_id, row.hash) for row in changes], [shape.Kept(each, each) for each in found])


def join(desk: Desk, province: Province, url: str = "") -> None:
    enrol.enrol(desk, url or province.url, province.code(desk.signer.centre))


def fault(of: Callable[[], object]) -> str:
    with pytest.raises(Known) as raised:
        of()
    assert all(raised.value.parts())
    return raised.value.code


def test_a_day_is_synced_and_synced_again(desk: Desk, province: Province) -> None:
    with province.serving():
        join(desk, province)
        opened.at_work(desk).whole()
        first = round_trip.sync(desk)
        again = round_trip.sync(desk)
    assert first.pushed == first.pulled == first.acked_seq == first.cursor == desk.tip()
    assert (again.pushed, again.pulled, again.held) == (0, 0, 0)
    assert held(desk) == kept(province)
    assert not any(each["pending"] for each in held(desk)["documents"])


def test_two_desks_come_to_the_same_state_as_the_province(make_desk: MakeDesk, province: Province) -> None:
    one, two = make_desk("one"), make_desk("two")
    known: dict[str, Value] = {"name": two.actor.name, "roles": list(two.actor.roles), "active": True}
    with one.writing() as session:
        journal.write(session, one.pen, [Draft("staff", two.actor.staff_id, "create", known)])
    with province.serving():
        for desk, seed in ((one, 1), (two, 2)):
            join(desk, province)
            opened.at_work(desk, seed).whole()
        for desk in (one, two, one):
            round_trip.sync(desk)
    assert held(one) == held(two) == kept(province)


def test_a_small_page_is_asked_for_again_until_the_head(
    desk: Desk, province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(push, "MOST_CHANGES", 4)
    monkeypatch.setattr(pull.pull, "__defaults__", (4,))
    with province.serving():
        join(desk, province)
        opened.at_work(desk).whole()
        report = round_trip.sync(desk)
    assert report.pulled == desk.tip() > 8
    assert held(desk) == kept(province)


def test_enrolment_gives_three_series_and_papers_leave_the_zero_series(desk: Desk, province: Province) -> None:
    with province.serving():
        join(desk, province)
    with desk.writing() as session:
        assert paper_numbers.spare(session) == 3
        assert paper_numbers.take(session, opened.CENTRE).startswith(f"{opened.CENTRE}/001/")


def test_a_desk_that_never_joined_says_so(desk: Desk) -> None:
    assert fault(lambda: round_trip.sync(desk)) == "not-enrolled"


def test_an_unreachable_province_stops_nothing(desk: Desk, province: Province) -> None:
    with province.serving():
        join(desk, province)
    assert fault(lambda: round_trip.sync(desk)) == "province-unreachable"
    opened.at_work(desk).whole()
    with desk.reading() as session:
        assert feed.position(session).acked_seq == 0


def test_a_reply_cut_anywhere_is_unknown_and_the_next_sync_completes_it(desk: Desk, province: Province) -> None:
    """The line breaks a little later each time, in the handshake, in headers, in the middle of each reply."""
    with cutting.relay() as line, province.serving(known_as=line.url) as url:
        line.to = int(url.rpartition(":")[2])
        join(desk, province, line.url)
        opened.at_work(desk).whole()
        cuts = 0
        while True:
            line.budgets = [cuts * 370]
            ended = ""
            try:
                round_trip.sync(desk)
            except Known as known:
                ended = known.code
            if not ended:
                break
            assert (ended, line.replied <= cuts * 370) == ("province-unreachable", True)
            cuts += 1
    assert cuts > 8
    assert held(desk) == kept(province)
    assert not any(each["pending"] for each in held(desk)["documents"])


def test_the_provinces_lost_memory_is_filled_again(desk: Desk, province: Province) -> None:
    """The desk believes more was stored than the province has: it goes back and sends again."""
    with province.serving():
        join(desk, province)
        opened.at_work(desk).whole()
        with desk.writing() as session:
            feed.acked(session, desk.tip(), 0)
        report = round_trip.sync(desk)
    assert report.pushed == report.acked_seq == desk.tip()
    assert held(desk) == kept(province)


def test_out_of_order_is_told_where_to_begin(desk: Desk, province: Province, monkeypatch: pytest.MonkeyPatch) -> None:
    with province.serving():
        join(desk, province)
        opened.at_work(desk).whole()
        told: list[int] = []
        honest = Caller.call

        def listening(self: Caller, *asked: Any) -> Any:
            try:
                return honest(self, *asked)
            except Expected as expected:
                told.append(expected.seq)
                raise

        monkeypatch.setattr(Caller, "call", listening)
        monkeypatch.setattr(round_trip, "stand", lambda *_: None)  # it doesn't look before it sends
        with desk.writing() as session:
            feed.acked(session, 3, 0)
        round_trip.sync(desk)
    assert told == [1]
    assert held(desk) == kept(province)


def test_a_restored_backup_is_noticed_and_nothing_is_overwritten(desk: Desk, province: Province) -> None:
    with province.serving():
        join(desk, province)
        round_trip.sync(desk)
        before = kept(province)
        with store.writing(province.engine) as connection:
            connection.execute(store.DESK.update().values(last_seq=desk.tip() + 5))
        assert fault(lambda: round_trip.sync(desk)) == "province-forked"
    assert kept(province) == before


def test_a_clock_hours_wrong_heals_itself(desk: Desk, province: Province) -> None:
    with province.serving():
        join(desk, province)
        slow = desk.now
        desk.now = lambda: slow() - 3 * 3_600_000_000
        report = round_trip.sync(desk)
    assert abs(report.clock_offset - 3 * 3_600_000_000) < 60_000_000
    assert held(desk) == kept(province)


def test_a_quarantined_commit_is_told_and_what_follows_is_accepted(desk: Desk, province: Province) -> None:
    with province.serving():
        join(desk, province)
        round_trip.sync(desk)
        other = keys.sign_key()
        signer = desk.signer
        desk.signer = type(signer)(
            signer.realm, signer.centre, signer.desk, signer.desk_key, signer.actor, other
        )  # someone at this desk signs with a key that isn't the manager's
        opened.at_work(desk).whole()
        desk.signer = signer
        report = round_trip.sync(desk)
    assert report.held > 0
    assert report.acked_seq == desk.tip()
    assert report.cursor < desk.tip()
