"""A province back from an older backup: what its desks did since comes back whole, once, and blocks nobody."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select

from db import feed, journal, search, settings
from db.models.people import Household, Person
from desktop import wire
from desktop.desk import Desk
from desktop.domain.changes import Draft
from desktop.domain.faults import Known
from desktop.sync import courier as stick
from desktop.sync import enrol, link, round_trip, shapes, snapshot
from desktop.sync.http import Line
from desktop.sync.link import Caller
from desktop.sync.pull import FEED_ID
from server import backup
from server import courier as counter
from server import keys as server_keys
from server.config import Province as Running
from tests.day.province import command
from tests.desk import opened
from tests.desk.provinces import Province
from tests.sync.conftest import OTHER_CENTRE
from tests.sync.test_redaction import carry_out
from tests.sync.test_snapshot import changes_of, restored
from tests.sync.test_transfers import CANARY, accepted, everything, family, join, offered, same_as_the_province

Make = Callable[..., Desk]
Desks = tuple[Desk, Desk, Desk]


@pytest.fixture
def desks(make_desk: Make) -> Desks:
    """Two desks of one centre and one of another."""
    return make_desk("one"), make_desk("two"), make_desk("far", OTHER_CENTRE)


def backed_up(province: Province, name: str = "yesterday") -> Path:
    out = province.folder.parent / name
    backup.write(province.engine, province.identity, province.folder, out)
    return out


def port(url: str) -> int:
    return int(url.rsplit(":", 1)[1])


def synced(*desks: Desk, times: int = 1) -> None:
    for desk in desks * times:
        round_trip.sync(desk)


def renamed(desk: Desk, person: str, home: str, name: str) -> None:
    with desk.writing() as session:
        kept = journal.document(session, person)
        assert kept
        draft = Draft("person", person, "set", {"given_name": name}, kept.base("given_name"), home)
        journal.write(session, desk.pen, [draft])


@pytest.mark.parametrize("first", ["the new centre", "the old centre"])
def test_a_household_that_moved_since_is_where_it_went(desks: Desks, province: Province, first: str) -> None:
    one, two, far = desks
    with province.serving() as url:
        join(province, url, desks)
        home, mother = family(one)
        synced(one, two, far)
        out = backed_up(province)
        transfer = offered(one, home)
        synced(one, far)
        accepted(far, transfer)
        synced(far, one, two, times=2)
        renamed(far, mother, home, "پس از کوچ")
        synced(far)
    again = restored(province, out, "lost")
    with again.serving(port=port(url)):
        synced(*((far, one, two) if first == "the new centre" else (one, two, far)), times=3)
        same_as_the_province(again, one, two, far)
        with far.reading() as session:
            assert search.find(session, CANARY)
            kept = journal.document(session, mother)
            assert kept
            assert kept.value("given_name") == "پس از کوچ", "what was written on it since came in behind it"
        with one.reading() as session:
            assert session.scalars(select(Household)).all() == []
        assert CANARY not in everything(two)
    again.engine.dispose()


@pytest.mark.parametrize("heard", [True, False], ids=["desks had heard", "desks had not heard"])
def test_what_was_written_and_redacted_since_stays_redacted(desks: Desks, province: Province, heard: bool) -> None:
    one, two, _ = desks
    _, root = server_keys.read_root(province.folder.with_suffix(".root"))
    with province.serving() as url:
        join(province, url, desks)
        out = backed_up(province)
        home, mother = family(one)
        renamed(one, mother, home, CANARY)
        with one.reading() as session:
            people = [journal.document(session, each.id) for each in session.scalars(select(Person))]
        named = {
            head.change_id
            for each in people
            if each
            for name in ("given_name", "family_name")
            for head in each.cells[name]
            if head.value == CANARY
        }
        synced(one, two)
        assert CANARY in everything(two)
        carry_out(province, root, *sorted(named))
        if heard:
            synced(one, two)
    again = restored(province, out, "lost")
    with again.serving(port=port(url)):
        synced(one, two, times=2)
        for desk in (one, two):
            assert CANARY not in everything(desk)
        same_as_the_province(again, one, two)
        assert CANARY not in str(command(again.folder, None, "dump", "--centre", opened.CENTRE))
    again.engine.dispose()


def test_a_desk_revoked_since_stays_revoked(desks: Desks, province: Province) -> None:
    one, two, _ = desks
    with province.serving() as url:
        join(province, url, desks)
        out = backed_up(province)
        command(province.folder, None, "revoke", opened.CENTRE, two.signer.desk)
    again = restored(province, out, "lost")
    with again.serving(port=port(url)):
        synced(one)
        with pytest.raises(Known, match="province-unknown-desk"):
            round_trip.sync(two)
    again.engine.dispose()


def test_what_a_later_backup_had_let_desks_forget_blocks_nothing(desks: Desks, province: Province) -> None:
    """The newest backup is lost too: the desk has no body to send of a household that left."""
    one, two, far = desks
    with province.serving() as url:
        join(province, url, desks)
        out = backed_up(province)
        home, _ = family(one)
        synced(one)
        transfer = offered(one, home)
        synced(one, far)
        accepted(far, transfer)
        synced(far, one, two, far)
        backed_up(province, "today")
        synced(one, far)
        assert CANARY not in everything(one)
    again = restored(province, out, "lost")
    with again.serving(port=port(url)):
        opened.at_work(one, seed=3).whole()
        synced(one, two, far, times=2)
        with one.reading() as session:
            assert feed.unsent(session, one.signer.desk) == 0, "its chain goes on, and what follows with it"
            people = session.scalars(select(Person.id)).all()
        with two.reading() as session:
            assert set(session.scalars(select(Person.id))) == set(people)
    again.engine.dispose()


def test_a_desk_that_joined_since_joins_again_and_brings_all(desks: Desks, province: Province, make_desk: Make) -> None:
    one, two, _ = desks
    with province.serving() as url:
        join(province, url, desks)
        out, three = backed_up(province), make_desk("three")
        enrol.enrol(three, url, province.code(opened.CENTRE))
        opened.at_work(three, seed=3).whole()
        synced(one, two, three, times=2)
    before, again = changes_of(province), restored(province, out, "lost")
    with again.serving(port=port(url)) as url:
        with pytest.raises(Known, match="province-unknown-desk"):
            round_trip.sync(three)
        enrol.enrol(three, url, again.code(opened.CENTRE))
        synced(one, two, three, times=2)
        assert before.items() <= changes_of(again).items()
        same_as_the_province(again, one, two, three)
    again.engine.dispose()


def test_a_desk_without_a_link_folds_no_page_of_another_telling(desks: Desks, province: Province) -> None:
    """Its work fills the province again; what is there now it can't place, and says so instead of passing it over."""
    one, two, _ = desks
    with province.serving() as url:
        join(province, url, desks)
        out = backed_up(province)
        for seed in (3, 4):
            opened.at_work(two, seed=seed).whole()
        synced(two, one)
    again = restored(province, out, "lost")
    with again.serving(port=port(url)):
        opened.at_work(one, seed=5).whole()
        synced(one)
        with two.reading() as session:
            before = feed.position(session)
        for _ in range(2):
            answer = counter.take(Running(again.engine, again.identity), stick.write(two)[1])
            with pytest.raises(Known, match="courier-diverged"):
                stick.read(two, answer.parts)
        with two.reading() as session:
            now = feed.position(session)
        assert (now.cursor, now.acked_seq) == (before.cursor, before.acked_seq), "sent again, nothing folded"
        synced(two, one, two)
        same_as_the_province(again, one, two)
    again.engine.dispose()


def test_a_page_of_another_telling_is_not_folded_behind_the_greeting(
    desks: Desks, province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The province is restored between the greeting and the page."""
    one, two, _ = desks
    with province.serving() as url:
        join(province, url, desks)
        out = backed_up(province)
        opened.at_work(one, seed=3).whole()
        synced(one, two)
    again = restored(province, out, "lost")
    with again.serving(port=port(url)):
        with two.reading() as session:
            mine = settings.get(session, FEED_ID)
        real = snapshot.wanted
        monkeypatch.setattr(
            snapshot, "wanted", lambda session, hello: real(session, msgspec.structs.replace(hello, feed_id=mine))
        )
        synced(two)
        monkeypatch.undo()
        synced(one, two)
        same_as_the_province(again, one, two)
    again.engine.dispose()


def test_a_revoked_desk_that_was_found_sends_its_work_once(desks: Desks, province: Province) -> None:
    one, two, _ = desks
    with province.serving() as url:
        join(province, url, desks)
        before = command(province.folder, None, "dump", "--centre", opened.CENTRE)["documents"]
        opened.at_work(two, seed=3).whole()
        command(province.folder, None, "revoke", opened.CENTRE, two.signer.desk)
        for _ in range(2):
            with pytest.raises(Known, match="province-unknown-desk"):
                round_trip.sync(two)
        waiting = command(province.folder, None, "waiting", opened.CENTRE)
        assert {each["reason"] for each in waiting["waiting"]} == {"revoked"}
        with two.reading() as session:
            assert feed.unsent(session, two.signer.desk) == 0
        assert command(province.folder, None, "dump", "--centre", opened.CENTRE)["documents"] == before
        synced(one)


@pytest.mark.parametrize("revoked", [False, True], ids=["broken", "stolen"])
def test_the_work_of_a_desk_that_is_gone_comes_from_its_neighbour(
    desks: Desks, province: Province, revoked: bool
) -> None:
    one, two, far = desks
    with province.serving() as url:
        join(province, url, desks)
        out = backed_up(province)
        for seed in (3, 4):
            opened.at_work(two, seed=seed).whole()
        synced(two, one, far)
        if revoked:
            command(province.folder, None, "revoke", opened.CENTRE, two.signer.desk)
        opened.at_work(one, seed=5).whole()
        synced(one)
    before, again = changes_of(province), restored(province, out, "lost")
    with again.serving(port=port(url)):
        synced(one, times=2)
        assert before.items() <= changes_of(again).items()
        same_as_the_province(again, one)
        if not revoked:
            synced(two, one)
            same_as_the_province(again, one, two)
    again.engine.dispose()


def test_only_what_was_lost_is_relayed_and_only_inside_a_centre(desks: Desks, province: Province) -> None:
    one, two, far = desks
    with province.serving() as url:
        join(province, url, desks)
        opened.at_work(two, seed=3).whole()
        with two.reading() as session:
            first = feed.position(session).acked_seq
            sent = tuple(map(shapes.transaction, journal.unsent(session, two.signer.desk, first, 500)))
        for desk, code in ((one, "province-refused"), (far, "province-unknown-desk")):
            with desk.reading() as session:
                tie = link.load(session)
            ask = wire.RelayAsk(two.signer.desk, sent)
            with Line(tie.server, tie.pins) as line:
                caller = Caller(line, tie, desk.signer, desk.now)
                with pytest.raises(Known, match=code):
                    caller.call("POST", "/relay", wire.PushReply, ask)
