"""Finding by number: whole ones first, phone ends only whole, and nobody by a number that is theirs no more."""

from __future__ import annotations

from db import feed, journal, search
from desktop.actions import intake
from desktop.desk import Desk
from desktop.domain.changes import Draft
from desktop.domain.intake import HouseholdEntry, WalkIn
from tests.actions.working import entry, register


def found(desk: Desk, typed: str) -> list[tuple[str, str]]:
    with desk.reading() as session:
        return [(each.person_id, each.matched.rsplit(".", 1)[1]) for each in intake.find(session, desk.actor, typed)]


def test_file_12_is_found_among_seventy_phones_that_end_in_12_and_something(desk: Desk) -> None:
    for at in range(70):
        register(
            desk, WalkIn(person=entry(at, mobile=f"0999000{1200 + at}", family_name="آبان"), service="INTAKE_FILE")
        )
    home = HouseholdEntry(file_number="12")
    wanted = register(desk, WalkIn(person=entry(99, family_name="یاس"), household=home, service="INTAKE_FILE"))
    longer = HouseholdEntry(file_number="1277777")
    register(desk, WalkIn(person=entry(98, family_name="آبان"), household=longer, service="INTAKE_FILE"))
    hits = found(desk, "۱۲")
    assert hits[0] == (wanted.person_id, "file_number")
    assert {kind for _, kind in hits} <= {"file_number", "tracking_code"}
    assert [kind for _, kind in found(desk, "1203")] == ["phone_end"]


def test_a_void_person_holds_no_number(desk: Desk) -> None:
    done = register(desk, WalkIn(person=entry(1, mobile="09990001234"), service="INTAKE_FILE"))
    with desk.writing() as session:
        seen = journal.document(session, done.person_id)
        assert seen is not None
        void = Draft("person", done.person_id, "void", {"void": "duplicate"}, seen.base_for_void())
        journal.write(session, desk.pen, [void])
    with desk.reading() as session:
        assert search.with_number(session, "phone", "09990001234") == []
        assert search.with_number(session, "tracking_code", done.tracking_code) == []
    assert found(desk, "1234") == []


def test_a_phone_the_province_discarded_finds_nobody(desk: Desk) -> None:
    done = register(desk, WalkIn(person=entry(1), service="INTAKE_FILE"))
    before = desk.tip()
    back = WalkIn(person_id=done.person_id, new_mobile="09990004321", service="INTAKE_FILE")
    register(desk, back)
    assert [each for each, _ in found(desk, "4321")] == [done.person_id]
    with desk.writing() as session:
        feed.judge(session, desk.signer.desk, [feed.Judged(before + 1, desk.tip(), "discarded", "")])
    assert found(desk, "4321") == []
    with desk.reading() as session:
        assert search.with_number(session, "phone", "09990004321") == []
