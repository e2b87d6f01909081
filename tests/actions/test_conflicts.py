"""What two people wrote differently: told in plain words, decided by one of them, never behind the other's back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from db import journal, scope
from desktop.actions import conflicts
from desktop.desk import Desk
from desktop.domain import identifiers
from desktop.domain.changes import Base, Draft, Value
from desktop.domain.conflicts import ESCALATES, Choice, Contested
from desktop.domain.faults import Known
from desktop.domain.merging import Document
from desktop.domain.people import PERSON
from tests.actions.working import mother_and_child, sit


def document(desk: Desk, entity_id: str) -> Document:
    with desk.reading() as session:
        found = journal.document(session, entity_id)
    assert found is not None
    return found


def change(desk: Desk, entity_id: str, base: Base, **patch: Value) -> None:
    """Written by somebody who saw what `base` says."""
    kept = document(desk, entity_id)
    with desk.writing() as session:
        journal.write(session, desk.pen, [Draft(kept.kind, entity_id, "set", patch, base, kept.household)])


def differ(desk: Desk, entity_id: str, field: str, *values: Value) -> None:
    """Each of these was written by somebody who saw what stood there before, and not the others."""
    base = document(desk, entity_id).base(field)
    for value in values:
        change(desk, entity_id, base, **{field: value})


def listed(desk: Desk) -> list[Contested]:
    with desk.reading() as session:
        found = conflicts.listed(session, desk.actor, desk.now())
        assert len(found) == min(conflicts.count(session, desk.actor), conflicts.MOST)
    return found


def decide(desk: Desk, contested: Contested, at: int) -> None:
    with desk.writing() as session:
        conflicts.decide(
            session, desk.pen, contested.id, contested.choices[at].head, contested.seen
        )  # fmt: skip


def test_two_birth_dates_of_one_child(desk: Desk) -> None:
    child = mother_and_child(desk).person_id
    differ(desk, child, "birth", "1401-02-11", "1401-03-10")
    [one] = listed(desk)
    assert one.question == "برای آوا کاج‌نژاد، تاریخ تولد دو جور نوشته شده است. کدام درست است؟"
    assert [each.words for each in one.choices] == ["۱۴۰۱/۰۲/۱۱", "۱۴۰۱/۰۳/۱۰"]
    assert [each.shown for each in one.choices] == [True, False]
    assert {each.who for each in one.choices} == {"نرگس آبان‌پور، میز ۱"}
    assert {each.when for each in one.choices} == {"۰۹:۳۰"}
    assert (one.act, one.late, one.person) == ("choose", False, child)
    decide(desk, one, 1)
    assert listed(desk) == []
    assert document(desk, child).value("birth") == "1401-03-10"


def test_whoever_wrote_the_same_is_named_once(desk: Desk) -> None:
    child = mother_and_child(desk).person_id
    differ(desk, child, "sex", "male", "female", "male")
    [one] = listed(desk)
    assert [each.words for each in one.choices] == ["مرد", "زن"]
    assert len(one.seen) == 3
    decide(desk, one, 0)
    assert document(desk, child).conflicts() == {}


def test_a_decision_made_meanwhile_at_another_desk_is_not_written_over(desk: Desk) -> None:
    child = mother_and_child(desk).person_id
    differ(desk, child, "birth", "1401-02-11", "1401-03-10")
    [one] = listed(desk)
    decide(desk, one, 0)
    before = desk.tip()
    with pytest.raises(Known, match="conflict-moved-on"):
        decide(desk, one, 1)
    assert desk.tip() == before
    differ(desk, child, "birth", "1401-04-01", "1401-05-01")
    [other] = listed(desk)
    change(desk, child, {}, birth="1401-06-01")
    with pytest.raises(Known, match="conflict-moved-on"):
        decide(desk, other, 1)
    assert len(listed(desk)[0].choices) == 3, "what somebody hasn't seen stays beside"


def test_after_seven_days_the_province_sees_it_and_the_desk_says_so(desk: Desk) -> None:
    child = mother_and_child(desk).person_id
    differ(desk, child, "birth", "1401-02-11", "1401-03-10")
    with desk.reading() as session:
        now = desk.now()
        [still] = conflicts.listed(session, desk.actor, now + ESCALATES - 60_000_000)
        [late] = conflicts.listed(session, desk.actor, now + ESCALATES)
    assert (still.late, late.late) == (False, True)
    assert late.hint == "بیش از ۷ روز است که مانده؛ استان هم آن را می‌بیند."


def test_a_void_that_another_did_not_see(desk: Desk) -> None:
    child = mother_and_child(desk).person_id
    kept = document(desk, child)
    change(desk, child, kept.base("birth"), birth="1401-03-10")
    void = Draft("person", child, "void", {"void": "دوباره نوشته شده"}, kept.base_for_void(), kept.household)
    with desk.writing() as session:
        journal.write(session, desk.pen, [void])
    [one] = listed(desk)
    assert [each.words for each in one.choices] == ["بماند", "حذف شود"]
    decide(desk, one, 1)
    assert listed(desk) == []
    assert document(desk, child).value("void") == "دوباره نوشته شده"


def test_forty_wait_and_the_oldest_are_first(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conflicts, "MOST", 3)
    children = [mother_and_child(desk, 10 * at).person_id for at in range(5)]
    for each in reversed(children):
        differ(desk, each, "birth", "1401-02-11", "1401-03-10")
    with desk.reading() as session:
        assert conflicts.count(session, desk.actor) == 5
        found = conflicts.listed(session, desk.actor, desk.now())
    assert [each.person for each in found] == children[:1:-1]


def test_only_who_may_write_it_is_asked(desk: Desk) -> None:
    child = mother_and_child(desk).person_id
    differ(desk, desk.centre.centre_id, "name", "سرو", "کاج")
    differ(desk, child, "birth", "1401-02-11", "1401-03-10")
    of_child, of_centre = sorted(listed(desk), key=lambda each: not each.person)
    sit(desk, "receptionist")
    assert listed(desk) == [of_child]
    with pytest.raises(Known, match="not-allowed"):
        decide(desk, of_centre, 0)
    sit(desk, "technician")
    assert listed(desk) == []
    with pytest.raises(Known, match="not-allowed"):
        decide(desk, of_child, 0)


def test_where_a_file_goes_the_province_decides(desk: Desk) -> None:
    """Accepted by one and taken back by another: the list tells whom to call, and nothing is chosen."""
    offer = identifiers.new()
    with desk.writing() as session:
        made = Draft("transfer", offer, "transfer.offer", {"state": "offered", "file_number": "12"})
        journal.write(session, desk.pen, [made])
    differ(desk, offer, "state", "accepted", "cancelled")
    [one] = listed(desk)
    assert (one.act, one.hint) == ("tell", "این را استان باید روشن کند؛ به استان تلفن کنید.")
    with pytest.raises(Known, match="not-allowed"):
        decide(desk, one, 0)


def test_every_field_two_people_can_differ_on_has_words(desk: Desk) -> None:
    child = mother_and_child(desk).person_id
    fields = PERSON.fields.keys() - {"merged_into"}  # only a merge writes that
    for field in fields:
        differ(desk, child, field, "1", "2")
    found = listed(desk)
    assert len(found) == len(fields)
    assert len({each.words for each in found}) == len(found)
    assert "مشخصات فرد" not in {each.words for each in found}


def test_one_national_id_in_two_files(desk: Desk) -> None:
    """Two desks registered the same woman while neither had heard of the other."""
    here, there = (mother_and_child(desk, 10 * at) for at in range(2))
    mothers = [each.person_ids[0] for each in (here, there)]
    number = document(desk, mothers[0]).value("national_id")
    change(desk, mothers[1], document(desk, mothers[1]).base("national_id"), national_id=number)
    [one] = listed(desk)
    assert (one.act, one.words, one.person) == ("open", "یک شناسه در چند پرونده", mothers[0])
    with pytest.raises(Known, match="conflict-moved-on"):
        decide(desk, replace(one, choices=(Choice("x", "", "", ""),)), 0)


def test_whoever_moved_away_is_asked_about_no_more(desk: Desk) -> None:
    done = mother_and_child(desk)
    differ(desk, done.person_id, "birth", "1401-02-11", "1401-03-10")
    [stale] = listed(desk)
    with desk.writing() as session:
        scope.leave(session, desk.signer.desk, [*done.person_ids, done.household_id])
    assert listed(desk) == []
    with pytest.raises(Known, match="conflict-moved-on"):
        decide(desk, stale, 0)


def test_two_files_that_are_known_to_be_one_are_asked_about_no_more(desk: Desk) -> None:
    here, there = (mother_and_child(desk, 10 * at).person_ids[0] for at in range(2))
    number = document(desk, here).value("national_id")
    change(desk, there, document(desk, there).base("national_id"), national_id=number)
    assert [each.words for each in listed(desk)] == ["یک شناسه در چند پرونده"]
    merge(desk, there, here)
    assert listed(desk) == []
    differ(desk, there, "birth", "1371-05-01", "1371-05-02")
    assert [each.person for each in listed(desk)] == [there], "what differs in the merged one is still asked"
    merge(desk, here, there)
    assert "پرونده‌های یکی‌شدهٔ دایره‌ای" in {each.words for each in listed(desk)}


def merge(desk: Desk, one: str, into: str) -> None:
    kept = document(desk, one)
    with desk.writing() as session:
        patch, base = {"merged_into": into}, kept.base("merged_into")
        journal.write(session, desk.pen, [Draft("person", one, "merge", patch, base, kept.household)])


def test_one_person_in_two_homes_and_one_home_with_two_heads(desk: Desk) -> None:
    here, there = (mother_and_child(desk, 10 * at) for at in range(2))
    mother, neighbour = here.person_ids[0], there.person_ids[0]
    with desk.writing() as session:
        lives = {"person": mother, "household": there.household_id, "relation": "head"}
        home = there.household_id
        journal.write(session, desk.pen, [Draft("membership", identifiers.new(), "create", lives, household=home)])
    homes, heads = listed(desk)
    assert homes.question.startswith("مهتاب کاج‌نژاد در پروندهٔ ۱۲، پروندهٔ ۱۲ عضو نوشته شده است.")
    assert (homes.act, homes.person, heads.act) == ("open", mother, "open")
    assert heads.words == "یک خانوار با دو سرپرست"
    assert heads.person in (mother, neighbour)
