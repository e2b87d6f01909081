"""Whether somebody taken in here has a file elsewhere: yes or no, fifty times a day, never where (security 23)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy import Engine, select

from desktop.domain.changes import Draft
from server import enrol, look_up, reports, store
from server.store import DOCUMENT
from tests.desk.authors import NOW, PROVINCE_KEY, Author, person, visit
from tests.desk.inbox import document, enrolled, joined, push

KEY = look_up.key_of(PROVINCE_KEY)
DAY_US = 86_400_000_000


@pytest.fixture
def desk(engine: Engine) -> Author:
    """A desk whose person the province knows."""
    author = enrolled(engine, Author())
    push(engine, author, author.write(*author.founding()))
    return author


@pytest.fixture
def far(engine: Engine) -> Author:
    """A desk of another centre that has a file of the one person all of these tests are about."""
    with store.writing(engine) as connection:
        enrol.add_centre(connection, "999", "دور", NOW)
    author = enrolled(engine, Author(centre="999"))
    push(engine, author, author.write(*author.founding()), author.write(person()))
    return author


def ask(engine: Engine, desk: Author, visits: Sequence[str], now_us: int = NOW) -> dict[str, bool]:
    with store.writing(engine, desk.centre) as connection:
        return look_up.answer(connection, KEY, desk.centre, desk.desk, visits, now_us)


def taken_in(engine: Engine, desk: Author, somebody: Draft) -> str:
    """A visit of somebody new, stored; its id."""
    came = visit(somebody.entity_id)
    assert push(engine, desk, desk.write(somebody, came)) == [("accepted", "")]
    return came.entity_id


def test_a_second_file_is_known_of_and_a_first_is_not(engine: Engine, desk: Author, far: Author) -> None:
    twice, new = person(), person("دیگری")
    new = replace(new, patch={**new.patch, "national_id": "9990000026"})
    visits = [taken_in(engine, desk, twice), taken_in(engine, desk, new)]
    assert ask(engine, desk, visits) == dict(zip(visits, (True, False), strict=True))


def test_who_is_known_twice_in_one_centre_has_no_file_elsewhere(engine: Engine, desk: Author) -> None:
    taken_in(engine, desk, person())
    again = taken_in(engine, desk, person())
    assert ask(engine, desk, [again]) == {again: False}


def test_nothing_is_said_without_an_intake_of_ones_own(engine: Engine, desk: Author, far: Author) -> None:
    """Not of a visit that isn't here, of a colleague's, of another centre's, of one that waits in quarantine."""
    colleague = joined(engine, desk)
    waiting = visit("nobody")
    assert push(engine, desk, desk.write(waiting)) == [("quarantined", "missing_reference")]
    others = taken_in(engine, colleague, person())
    theirs = taken_in(engine, far, person("سوم"))
    somebody = person("چهارم")
    taken_in(engine, desk, somebody)
    assert ask(engine, desk, ["never", waiting.entity_id, others, theirs, somebody.entity_id]) == {}


def test_the_fifty_first_of_a_day_is_refused_and_written_down(engine: Engine, desk: Author, far: Author) -> None:
    visits = [taken_in(engine, desk, person(f"نفر {at}")) for at in range(look_up.A_DAY + 1)]
    assert len(ask(engine, desk, visits[:20])) == 20
    found = ask(engine, desk, visits)
    assert len(found) == look_up.A_DAY, "asked again costs nothing"
    (left,) = set(visits) - set(found)
    with store.reading(engine) as connection:
        said = reports.by_centre(connection)
    assert [each["look_ups_refused"] for each in said[desk.centre]] == [1]
    assert "look_ups_refused" not in said[far.centre][0]
    assert ask(engine, desk, [left]) == {}
    assert ask(engine, desk, [left], NOW + DAY_US) == {left: True}


def test_a_number_that_was_changed_is_found_as_it_is_now(engine: Engine, desk: Author, far: Author) -> None:
    somebody = person("ششم")
    came = taken_in(engine, desk, somebody)
    assert ask(engine, desk, [came]) == {came: True}
    known = document(engine, somebody.entity_id)
    assert known
    right = Draft("person", somebody.entity_id, "set", {"national_id": "9990000034"}, known.base("national_id"))
    push(engine, desk, desk.write(right))
    assert ask(engine, desk, [came], NOW + DAY_US) == {came: False}


def test_the_index_holds_no_number_and_another_province_s_key_finds_nothing(
    engine: Engine, desk: Author, far: Author
) -> None:
    came = taken_in(engine, desk, person())
    with store.reading(engine) as connection:
        kept = connection.execute(select(look_up.IDENTIFIER)).all()
    assert len(kept) == 2
    assert not any("9990000018" in str(value) for row in kept for value in row)
    with store.writing(engine, desk.centre) as connection:
        assert look_up.answer(connection, bytes(32), desk.centre, desk.desk, [came], NOW) == {came: False}


def test_made_anew_the_index_is_the_same(engine: Engine, desk: Author, far: Author) -> None:
    taken_in(engine, desk, person())
    with store.writing(engine, desk.centre) as connection:
        before = set(connection.execute(select(look_up.IDENTIFIER)).all())
        look_up.again(connection, KEY, desk.centre)
        assert set(connection.execute(select(look_up.IDENTIFIER)).all()) == before
        connection.execute(DOCUMENT.delete().where(DOCUMENT.c.centre_id == desk.centre, DOCUMENT.c.kind == "person"))
        look_up.again(connection, KEY, desk.centre)
        assert {row.centre_id for row in connection.execute(select(look_up.IDENTIFIER))} == {far.centre}
