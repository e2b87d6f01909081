"""What a client needs is kept in full, reaches the card, and chooses the paper as before."""

from __future__ import annotations

import pytest

from desktop.actions import cases
from desktop.desk import Desk
from desktop.domain.intake import WalkIn, checked, needs_of
from desktop.domain.people import Needs
from tests.actions.working import entry, mother_and_child, register

FULL = Needs(
    "large", True, False, True, True, braille=True, lip_reading=True, language="az", channel="relay",
    relay_name="گلنار سپیدرود", relay_phone="09991112233",
)  # fmt: skip


def test_all_of_it_is_kept_and_changed(desk: Desk) -> None:
    done = mother_and_child(desk, needs=FULL)
    mother = done.person_ids[0]
    with desk.reading() as session:
        assert cases.card(session, desk.actor, mother).needs == FULL
    less = Needs("standard", language="ku", channel="sms")
    register(desk, WalkIn(person_id=mother, service="HOME_VISIT", needs=less))
    with desk.reading() as session:
        assert cases.card(session, desk.actor, mother).needs == less


def test_a_record_of_an_older_desk_says_what_it_says() -> None:
    assert needs_of({"variant": "giant", "wheelchair": True}) == Needs("giant", wheelchair=True)


@pytest.mark.parametrize(
    ("typed", "kept"), [("۰۹۹۹ ۱۱۱ ۲۲۳۳", "09991112233"), ("+98 999 111 2233", "09991112233"), ("۲۲۳۳۴۴۵۵", "22334455")]
)
def test_a_relay_is_reached_by_any_telephone(typed: str, kept: str) -> None:
    walk_in = WalkIn(person=entry(1), service="HOME_VISIT", needs=Needs(relay_phone=typed))
    done, faults = checked(walk_in, "1405-09-03")
    assert faults == {}
    assert done.needs.relay_phone == kept


def test_a_relay_without_a_number_reaches_nobody() -> None:
    walk_in = WalkIn(person=entry(1), service="HOME_VISIT", needs=Needs(channel="relay"))
    assert checked(walk_in, "1405-09-03")[1]["relay_phone"].key == "intake.no-relay-phone"
    wrong = WalkIn(person=entry(1), service="HOME_VISIT", needs=Needs(relay_phone="0912"))
    assert checked(wrong, "1405-09-03")[1]["relay_phone"].key == "value.mobile-short"
