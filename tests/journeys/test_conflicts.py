"""Two desks of one centre, one child, two birth dates: both are told, one decides, both agree."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.actions import conflicts, sync_truth
from desktop.desk import Desk
from desktop.domain.conflicts import ESCALATES
from desktop.domain.faults import Known
from desktop.sync import enrol, round_trip
from server import config, monitor, store
from tests.actions.test_conflicts import change, decide, document, listed
from tests.actions.working import mother_and_child
from tests.desk import opened
from tests.desk.provinces import Province
from tests.desk.sitting import settle, sitting
from ui.screens.conflicts import ConflictsScreen
from ui.theme.look import Look


@pytest.fixture
def beside(tmp_path: Path) -> Iterator[Desk]:
    """The other desk of the same centre."""
    with opened.opened(opened.found(tmp_path / "beside"), opened.Clock(config.now_us())) as desk:
        yield desk


@pytest.fixture
def child(desk: Desk, beside: Desk, province: Province) -> Iterator[str]:
    """A child both desks wrote another birth date of, and both have heard of the other's."""
    with province.serving() as url:
        for each in (desk, beside):
            enrol.enrol(each, url, province.code(opened.CENTRE))
        child = mother_and_child(desk).person_id
        for each in (desk, beside):
            round_trip.sync(each)
        for each, day in ((desk, "1401-02-11"), (beside, "1401-03-10")):
            change(each, child, document(each, child).base("birth"), birth=day)
        for each in (desk, beside, desk):
            round_trip.sync(each)
        yield child


def test_the_receptionist_is_led_there_and_decides(desk: Desk, beside: Desk, child: str, look: Look) -> None:
    (mine,), (theirs,) = listed(desk), listed(beside)
    assert [each.words for each in mine.choices] == [each.words for each in theirs.choices]
    assert [each.who for each in mine.choices] == [each.who for each in theirs.choices]
    assert sorted(each.who[-1] for each in mine.choices) == ["۱", "۲"]
    with sitting(desk, look) as at:
        at.press("Ctrl+6")
        assert at.places is not None
        (item,) = at.places.truth().needs_you
        assert item.words == "۱ نوشتهٔ دوگانه منتظر انتخاب شماست"
        screen = at.screen()
        screen.needing.setFocus()  # type: ignore[attr-defined]
        at.press("Return")
        at.press("Return")
        there = at.screen()
        assert isinstance(there, ConflictsScreen)
        at.type("۲")
        at.press("F9")
        settle()
        assert not there.list.results()
        assert at.places.truth().needs_you == ()
    for each in (desk, beside):
        round_trip.sync(each)
        assert listed(each) == []
        assert document(each, child).value("birth") == "1401-03-10"


def test_both_decide_at_the_same_time(desk: Desk, beside: Desk, child: str) -> None:
    """The same: all is well. Otherwise nothing is lost, and both are asked again with both decisions."""
    for each, at in ((desk, 0), (beside, 1)):
        decide(each, listed(each)[0], at)
    for each in (desk, beside, desk):
        round_trip.sync(each)
    (mine,), (theirs,) = listed(desk), listed(beside)
    assert [each.words for each in mine.choices] == [each.words for each in theirs.choices] != []
    assert mine.seen == theirs.seen
    for each in (desk, beside):
        decide(each, listed(each)[0], 1)
    for each in (desk, beside, desk):
        round_trip.sync(each)
        assert listed(each) == []
    assert document(desk, child).value("birth") == document(beside, child).value("birth")


def test_a_list_that_is_older_than_the_last_sync_decides_nothing(desk: Desk, beside: Desk, child: str) -> None:
    [stale] = listed(desk)
    decide(beside, listed(beside)[0], 1)
    for each in (beside, desk):
        round_trip.sync(each)
    with pytest.raises(Known, match="conflict-moved-on"):
        decide(desk, stale, 0)
    assert document(desk, child).value("birth") == document(beside, child).value("birth")


def test_after_seven_days_the_province_sees_how_many(
    desk: Desk, beside: Desk, child: str, province: Province
) -> None:
    now = config.now_us()
    with store.reading(province.engine) as connection:
        assert monitor.contested(connection, now) == {}
        assert monitor.contested(connection, now + ESCALATES) == {opened.CENTRE: 1}
    decide(beside, listed(beside)[0], 1)
    round_trip.sync(beside)
    with store.reading(province.engine) as connection:
        assert monitor.contested(connection, now + ESCALATES) == {}
    with desk.reading() as session:
        assert conflicts.count(session, desk.actor) == 1, "this desk hasn't heard yet"
        assert sync_truth.truth(session, desk.actor, desk.signer.desk, desk.now()).needs_you == ()
    assert child
