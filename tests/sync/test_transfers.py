"""A household moves between two centres' real desks: there complete, here gone (security 22)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import select, text

from db import drafts, feed, journal, search, verify
from db.models.people import Household, Person
from desktop.actions import dump, transfers
from desktop.desk import Desk
from desktop.domain import identifiers
from desktop.domain.changes import Draft
from desktop.domain.faults import Known
from desktop.sync import enrol, round_trip, sizes, snapshot
from desktop.sync.link import Caller
from desktop.sync.push import push as send
from server import keys as server_keys
from tests.actions.working import mother_and_child
from tests.day.province import command
from tests.desk import opened
from tests.desk.provinces import Province
from tests.sync.conftest import OTHER_CENTRE
from tests.sync.test_redaction import carry_out

CANARY = "قناری‌پور"
Make = Callable[..., Desk]


def everything(desk: Desk) -> str:
    """Every value of every table, the inner ones of the index too."""
    found: list[str] = []
    with desk.reading() as session:
        for name in session.scalars(text("SELECT name FROM sqlite_schema WHERE type = 'table'")).all():
            for row in session.execute(text(f'SELECT * FROM "{name}"')):
                found += [each.decode("utf-8", "replace") if isinstance(each, bytes) else str(each) for each in row]
    return "\n".join(found)


def family(desk: Desk) -> tuple[str, str]:
    """A household whose people have a telling name: its id and the mother's."""
    done = mother_and_child(desk)
    with desk.writing() as session:
        people = [each.id for each in session.scalars(select(Person))]
        home = str(session.scalars(select(Household.id)).one())
        for person in people:
            kept = journal.document(session, person)
            assert kept
            draft = Draft("person", person, "set", {"family_name": CANARY}, kept.base("family_name"), home)
            journal.write(session, desk.pen, [draft])
    return home, done.person_id


def offered(desk: Desk, home: str) -> str:
    with desk.writing() as session:
        return transfers.offer(session, desk.pen, desk.actor, desk.centre, home, OTHER_CENTRE, "نقل مکان", desk.now())[
            0
        ]


def accepted(desk: Desk, transfer_id: str) -> None:
    with desk.writing() as session:
        transfers.accept(session, desk.pen, desk.actor, desk.centre, transfer_id)


def same_as_the_province(province: Province, *desks: Desk) -> None:
    for desk in desks:
        said = command(province.folder, None, "dump", "--centre", desk.signer.centre)
        with desk.reading() as session:
            mine = dump.dump(session)
        assert mine["documents"] == said["documents"]
        assert mine["state_hash"] == said["state_hash"]
        found = verify.verify(desk.engine, desk.signer.desk, desk.signer.realm)
        assert found.clean, found


@pytest.fixture
def desks(make_desk: Make, province: Province) -> tuple[Desk, Desk, Desk]:
    """Two desks of one centre and one of another."""
    return make_desk("one"), make_desk("two"), make_desk("far", OTHER_CENTRE)


def join(province: Province, url: str, desks: tuple[Desk, ...]) -> None:
    for desk in desks:
        enrol.enrol(desk, url, province.code(desk.signer.centre))
    for desk in (*desks, *desks):
        round_trip.sync(desk)


def test_it_is_complete_there_and_nothing_of_it_stays_here(desks: tuple[Desk, Desk, Desk], province: Province) -> None:
    one, two, far = desks
    with province.serving() as url:
        join(province, url, desks)
        home, mother = family(one)
        for desk in (one, two):
            round_trip.sync(desk)
        with two.writing() as session:
            drafts.save(session, two.actor.staff_id, "intake", {"person_id": mother}, two.now())
        assert CANARY in everything(two)
        transfer = offered(one, home)
        for desk in (one, far):
            round_trip.sync(desk)
        with far.reading() as session:
            (incoming,) = transfers.listed(session, far.actor, far.centre)
        assert (incoming.other_centre, incoming.members, incoming.outgoing) == (opened.CENTRE, 2, False)
        accepted(far, transfer)
        for desk in (far, one, two, far):
            round_trip.sync(desk)
        with far.reading() as session:
            assert search.find(session, CANARY)
        assert CANARY not in everything(two), "others' bodies go at once"
        for desk in (one, two):
            with desk.reading() as session:
                assert search.find(session, CANARY) == []
                assert session.scalars(select(Household)).all() == []
                assert drafts.load(session, two.actor.staff_id, "intake") is None
                assert transfers.moved_away(session, desk.centre, "12") is not None
        same_as_the_province(province, one, two, far)
        command(province.folder, None, "backup", "--out", str(province.folder.parent / "backup"))
        round_trip.sync(one)
        assert CANARY not in everything(one), "own bodies go once they are in a backup"
        same_as_the_province(province, one)
        late = make_late(province, url, one)
    assert late


def make_late(province: Province, url: str, one: Desk) -> bool:
    """Work of the old centre goes on."""
    opened.at_work(one, seed=3).whole()
    round_trip.sync(one)
    same_as_the_province(province, one)
    return bool(url)


def test_a_desk_that_had_not_heard_keeps_its_work_for_the_new_centre(
    desks: tuple[Desk, Desk, Desk], province: Province
) -> None:
    one, two, far = desks
    with province.serving() as url:
        join(province, url, desks)
        home, mother = family(one)
        for desk in (one, two):
            round_trip.sync(desk)
        transfer = offered(one, home)
        for desk in (one, far):
            round_trip.sync(desk)
        accepted(far, transfer)
        round_trip.sync(far)
        with two.writing() as session:
            kept = journal.document(session, mother)
            assert kept
            draft = Draft("person", mother, "set", {"given_name": "دیرآمده"}, kept.base("given_name"), home)
            child = Draft("person", identifiers.new(), "create", {"given_name": "نوزادآمده"}, household=home)
            journal.write(session, two.pen, [draft, child])
            visit = {"person": mother, "service": "دیرآمده"}  # it doesn't say whose household it is for
            journal.write(session, two.pen, [Draft("visit", identifiers.new(), "create", visit)])
        for desk in (two, one, two):
            round_trip.sync(desk)
        assert "دیرآمده" in everything(two), "not yet in a backup: kept in case the province loses it"
        with two.reading() as session:
            assert search.find(session, CANARY) == []
        same_as_the_province(province, one, two, far)
        command(province.folder, None, "backup", "--out", str(province.folder.parent / "backup"))
        round_trip.sync(two)
        assert "دیرآمده" not in everything(two)
        assert "نوزادآمده" not in everything(two), "nor whom the late work was the first to tell of"
        same_as_the_province(province, two)
        with far.writing() as session:
            back, _ = transfers.offer(session, far.pen, far.actor, far.centre, home, opened.CENTRE, "", far.now())
        for desk in (far, two):
            round_trip.sync(desk)
        accepted(two, back)
        for desk in (two, far, two):
            round_trip.sync(desk)
        same_as_the_province(province, two, far)  # what was put aside verifies though its household is here again


@pytest.mark.parametrize("from_a_snapshot", [False, True])
def test_it_comes_back_and_whoever_joins_late_sees_the_same(
    desks: tuple[Desk, Desk, Desk], province: Province, make_desk: Make, monkeypatch: pytest.MonkeyPatch,
    from_a_snapshot: bool,
) -> None:  # fmt: skip
    one, two, far = desks
    with province.serving() as url:
        join(province, url, desks)
        home, _ = family(one)
        for desk in (one, two):
            round_trip.sync(desk)
        transfer = offered(one, home)
        for desk in (one, far):
            round_trip.sync(desk)
        accepted(far, transfer)
        for desk in (far, one, two):
            round_trip.sync(desk)
        with far.writing() as session:
            back, _ = transfers.offer(session, far.pen, far.actor, far.centre, home, opened.CENTRE, "", far.now())
        for desk in (far, two):
            round_trip.sync(desk)
        accepted(two, back)
        for desk in (two, one, far, two):
            round_trip.sync(desk)
        with one.reading() as session:
            assert search.find(session, CANARY)
            assert transfers.moved_away(session, one.centre, "12") is None, "it is here again"
        with far.reading() as session:
            gone = transfers.moved_away(session, far.centre, "12")
            assert gone
            assert gone.other_centre == opened.CENTRE
        late = make_desk("late")
        enrol.enrol(late, url, province.code(opened.CENTRE))
        monkeypatch.setattr(snapshot, "FROM", 0 if from_a_snapshot else snapshot.FROM)
        for desk in (late, one, two, late):
            round_trip.sync(desk)
        with late.reading() as session:
            assert feed.position(session).base == 0, "all of its history is here"
        same_as_the_province(province, one, two, far, late)


def test_it_comes_back_in_pages_to_the_desk_that_wrote_some_of_it(
    desks: tuple[Desk, Desk, Desk], province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own bodies are here still, no backup has them yet; a page may end in the midst of what comes back."""
    one, two, far = desks
    with province.serving() as url:
        join(province, url, desks)
        home, mother = family(two)
        for desk in (two, one):
            round_trip.sync(desk)
        with one.writing() as session:
            kept = journal.document(session, mother)
            assert kept
            draft = Draft("person", mother, "set", {"given_name": "از میز یک"}, kept.base("given_name"), home)
            journal.write(session, one.pen, [draft])
        for desk in (one, two):
            round_trip.sync(desk)
        monkeypatch.setattr(sizes, "size", lambda *_: 1)
        for source, target in ((one, far), (far, one)):
            with source.writing() as session:
                said = home, target.centre.code, "", source.now()
                transfer, _ = transfers.offer(session, source.pen, source.actor, source.centre, *said)
            for desk in (source, target):
                round_trip.sync(desk)
            accepted(target, transfer)
            for desk in (target, source, two):
                round_trip.sync(desk)
        same_as_the_province(province, one, two, far)


def test_only_who_may_offers_and_decides(desks: tuple[Desk, Desk, Desk], province: Province) -> None:
    one, _, far = desks
    with province.serving() as url:
        join(province, url, desks)
        home, _ = family(one)
        for target, code in (("124", "transfer-target"), ("x", "transfer-target"), ("123456789", "transfer-target")):
            with pytest.raises(Known) as fault, one.writing() as session:
                transfers.offer(session, one.pen, one.actor, one.centre, home, target, "", one.now())
            assert fault.value.code == code
        transfer = offered(one, home)
        with pytest.raises(Known) as fault:
            offered(one, home)
        assert fault.value.code == "transfer-open"
        with pytest.raises(Known) as fault:
            accepted(one, transfer)
        assert fault.value.code == "not-allowed"
        with one.writing() as session:
            transfers.cancel(session, one.pen, one.actor, transfer)
        with pytest.raises(Known) as fault, one.writing() as session:
            transfers.cancel(session, one.pen, one.actor, transfer)
        assert fault.value.code == "transfer-ended"
        for desk in (one, far):
            round_trip.sync(desk)
        with pytest.raises(Known) as fault:
            accepted(far, transfer)
        assert fault.value.code == "transfer-ended"
        same_as_the_province(province, one, far)


def test_cut_after_every_page_nothing_comes_back_to_life(
    desks: tuple[Desk, Desk, Desk], province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A desk whose own work went with the household hears of it by its own changes coming back empty, page by page."""
    one, two, far = desks
    with province.serving() as url:
        join(province, url, desks)
        home, mother = family(one)
        for desk in (one, two):
            round_trip.sync(desk)
        with two.writing() as session:
            write = Draft("person", mother, "set", {"father_name": "یحیی"}, {}, home)
            journal.write(session, two.pen, [write])
        transfer = offered(one, home)
        monkeypatch.setattr("desktop.sync.pull.sizes.size", lambda *_: 1)
        pages = Cut(monkeypatch)
        pages.left = 0
        with pytest.raises(Known):
            round_trip.sync(two)  # its work is there, and it has heard nothing
        pages.left = 1_000
        for desk in (one, far):
            round_trip.sync(desk)
        accepted(far, transfer)
        round_trip.sync(far)
        newborn = Draft("person", identifiers.new(), "create", {"given_name": "در راه"}, household=home)
        written = writes_after_sending(monkeypatch, two, newborn)
        seen = [True]
        while pages.left != 1_000:
            pages.left = 1
            with suppress(Known):
                round_trip.sync(two)
                pages.left = 1_000
            found = verify.verify(two.engine, two.signer.desk, two.signer.realm)
            assert found.clean, found
            with two.reading() as session:
                others = [each for each in session.scalars(select(Person.id)) if each != mother]
                seen.append(session.get(Person, mother) is not None)
            assert bool(others) == seen[-1], "all of the household goes with it, what waits too"
        assert written
        assert seen == sorted(seen, reverse=True), "gone once, gone for good"
        assert seen[-2:] == [False, False], "by its own change coming back, before the notice"
        for desk in (one, far):
            round_trip.sync(desk)
        same_as_the_province(province, one, two, far)


def writes_after_sending(patch: pytest.MonkeyPatch, writer: Desk, draft: Draft) -> list[str]:
    """Somebody writes once, after the desk sent what it had and before it hears; who it was about, once it happened."""
    written: list[str] = []

    def push(desk: Any, caller: Caller) -> int:
        sent = send(desk, caller)
        if desk is writer and not written:
            with writer.writing() as session:
                journal.write(session, writer.pen, [draft])
            written.append(draft.entity_id)
        return sent

    patch.setattr(round_trip, "push", push)
    return written


def to_move_to(desk: Desk, mother: str) -> tuple[str, str]:
    """A household without anybody, and the daughter who will move there."""
    new_home = identifiers.new()
    with desk.writing() as session:
        made = Draft("household", new_home, "create", {"file_number": "77"}, household=new_home)
        journal.write(session, desk.pen, [made])
        (child,) = (each for each in session.scalars(select(Person.id)) if each != mother)
    return new_home, child


def test_a_household_forgotten_too_early_is_fetched_again(
    desks: tuple[Desk, Desk, Desk], province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A daughter married into the household that left; a desk that wrote of her hadn't heard of the wedding."""
    one, two, far = desks
    with province.serving() as url:
        join(province, url, desks)
        home, mother = family(one)
        new_home, child = to_move_to(one, mother)
        for desk in (one, two):
            round_trip.sync(desk)
        with two.writing() as session:
            journal.write(session, two.pen, [Draft("person", child, "set", {"father_name": "یحیی"}, {}, home)])
        pages = Cut(monkeypatch)
        pages.left = 0
        with pytest.raises(Known):
            round_trip.sync(two)
        pages.left = 1_000
        with one.writing() as session:
            journal.write(session, one.pen, [Draft("person", child, "set", {"birth": "1380"}, {}, new_home)])
        transfer = offered(one, new_home)
        for desk in (one, far):
            round_trip.sync(desk)
        accepted(far, transfer)
        for desk in (far, two, one, two, far):
            round_trip.sync(desk)
        with two.reading() as session:
            assert session.get(Person, mother), "the family she left is still here"
            assert session.get(Person, child) is None
        same_as_the_province(province, one, two, far)


def test_who_lives_elsewhere_stays_though_a_colleague_still_writes_of_them_in_the_household_that_left(
    desks: tuple[Desk, Desk, Desk], province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waits here for somebody says where they lived when it was written; where they live now, the feed says."""
    one, two, far = desks
    with province.serving() as url:
        join(province, url, desks)
        home, mother = family(one)
        new_home, child = to_move_to(one, mother)
        for desk in (one, two):
            round_trip.sync(desk)
        with one.writing() as session:
            journal.write(session, one.pen, [Draft("person", child, "set", {"birth": "1380"}, {}, new_home)])
        round_trip.sync(one)
        with two.writing() as session:
            journal.write(session, two.pen, [Draft("person", mother, "set", {"father_name": "یحیی"}, {}, home)])
        pages = Cut(monkeypatch)
        pages.left = 0
        with pytest.raises(Known):
            round_trip.sync(two)  # what it wrote is there, and it has heard nothing
        pages.left = 1_000
        transfer = offered(one, home)
        for desk in (one, far):
            round_trip.sync(desk)
        accepted(far, transfer)
        round_trip.sync(far)
        with two.reading() as session:
            known = journal.document(session, child)
        assert known
        of_child = Draft("person", child, "set", {"father_name": "یحیی"}, known.base("father_name"), home)
        assert not writes_after_sending(monkeypatch, two, of_child)
        with monkeypatch.context() as slow:
            slow.setattr("desktop.sync.pull.sizes.size", lambda *_: 1)
            round_trip.sync(two)
        with two.reading() as session:
            kept = session.get(Person, child)
            assert kept
            assert kept.father_name == "یحیی", "and what waits for them is shown"
            assert feed.position(session).base == 0, "nothing had to be fetched again"
        for desk in (two, one, two, far):
            round_trip.sync(desk)
        same_as_the_province(province, one, two, far)


@pytest.mark.parametrize("wrote", [True, False])
def test_who_had_gone_to_live_elsewhere_is_not_forgotten_with_the_household(
    desks: tuple[Desk, Desk, Desk], province: Province, monkeypatch: pytest.MonkeyPatch, wrote: bool
) -> None:
    """A daughter moved out before her family left; a desk that wrote of her mother hadn't heard of that."""
    one, two, far = desks
    with province.serving() as url:
        join(province, url, desks)
        home, mother = family(one)
        new_home, child = to_move_to(one, mother)
        with one.writing() as session:
            number = {"person": child, "channel": "mobile", "value": "09990007654"}
            journal.write(session, one.pen, [Draft("contact", identifiers.new(), "create", number, household=home)])
        for desk in (one, two):
            round_trip.sync(desk)
        if wrote:
            with two.writing() as session:
                journal.write(session, two.pen, [Draft("person", mother, "set", {"father_name": "یحیی"}, {}, home)])
        pages = Cut(monkeypatch)
        pages.left = 0
        with pytest.raises(Known):
            round_trip.sync(two)
        pages.left = 1_000
        with one.writing() as session:
            journal.write(session, one.pen, [Draft("person", child, "set", {"birth": "1380"}, {}, new_home)])
        transfer = offered(one, home)
        for desk in (one, far):
            round_trip.sync(desk)
        accepted(far, transfer)
        round_trip.sync(far)
        with monkeypatch.context() as slow:
            slow.setattr("desktop.sync.pull.sizes.size", lambda *_: 1)
            round_trip.sync(two)
        for desk in (one, two, far):
            round_trip.sync(desk)
        with two.reading() as session:
            kept = session.get(Person, child)
            assert kept
            assert kept.family_name == CANARY, "all that was known of her"
            assert session.get(Person, mother) is None
        assert "09990007654" not in everything(two), "a number of the household that left is in no index"
        same_as_the_province(province, one, two, far)


class Cut:
    """The line dies after so many pages of the feed."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.left = 1_000
        whole = Caller.call

        def call(caller: Caller, method: str, path: str, *rest: Any, **more: Any) -> Any:
            if path.startswith("/pull"):
                if not self.left:
                    raise Known("province-unreachable")
                self.left -= 1
            return whole(caller, method, path, *rest, **more)

        patch.setattr(Caller, "call", call)


def test_what_was_redacted_stays_so_at_the_new_centre(desks: tuple[Desk, Desk, Desk], province: Province) -> None:
    _, root = server_keys.read_root(province.folder.with_suffix(".root"))
    one, two, far = desks
    with province.serving() as url:
        join(province, url, desks)
        home, mother = family(one)
        with one.reading() as session:
            kept = journal.document(session, mother)
            assert kept
            named = [head.change_id for head in kept.cells["family_name"]]
        for desk in (one, two):
            round_trip.sync(desk)
        carry_out(province, root, *named)
        transfer = offered(one, home)
        for desk in (one, far):
            round_trip.sync(desk)
        accepted(far, transfer)
        for desk in (far, one, two, far):
            round_trip.sync(desk)
        with far.reading() as session:
            mothers = session.get(Person, mother)
            assert mothers
            assert mothers.family_name is None
            assert mothers.given_name
        same_as_the_province(province, one, two, far)


def test_what_is_written_in_the_same_moment_is_not_shown_and_not_lost(
    desks: tuple[Desk, Desk, Desk], province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between sending and hearing that the household left."""
    one, two, far = desks
    with province.serving() as url:
        join(province, url, desks)
        home, mother = family(one)
        for desk in (one, two):
            round_trip.sync(desk)
        transfer = offered(one, home)
        for desk in (one, far):
            round_trip.sync(desk)
        accepted(far, transfer)
        round_trip.sync(far)
        written = writes_after_sending(
            monkeypatch, two, Draft("person", mother, "set", {"given_name": "همان دم"}, {}, home)
        )
        round_trip.sync(two)
        assert written
        with two.reading() as session:
            assert session.get(Person, mother) is None
        assert verify.verify(two.engine, two.signer.desk, two.signer.realm).clean
        for desk in (two, one):
            round_trip.sync(desk)
        same_as_the_province(province, one, two, far)
        (waits,) = command(province.folder, None, "waiting", OTHER_CENTRE)["waiting"]
        assert (waits["reason"], waits["households"]) == ("late", [home])
        command(province.folder, None, "release", OTHER_CENTRE, waits["desk"], str(waits["first"]))
        round_trip.sync(far)
        with far.reading() as session:
            kept = journal.document(session, mother)
            assert kept
            assert "همان دم" in [head.value for head in kept.cells["given_name"]]
        same_as_the_province(province, far)


def test_a_desk_that_pulls_all_of_it_from_the_beginning_sees_the_same(
    desks: tuple[Desk, Desk, Desk], province: Province, make_desk: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two, far = desks
    with province.serving() as url:
        join(province, url, desks)
        home, _ = family(one)
        for desk in (one, two):
            round_trip.sync(desk)
        transfer = offered(one, home)
        for desk in (one, far):
            round_trip.sync(desk)
        accepted(far, transfer)
        for desk in (far, one, two):
            round_trip.sync(desk)
        monkeypatch.setattr("desktop.sync.snapshot.wanted", lambda *_: "")
        for name, code in (("late", opened.CENTRE), ("far too", OTHER_CENTRE)):
            late = make_desk(name, code)
            enrol.enrol(late, url, province.code(code))
            for _ in range(2):
                round_trip.sync(late)
            with late.reading() as session:
                assert feed.position(session).base == 0
                assert bool(search.find(session, CANARY)) == (code == OTHER_CENTRE)
            assert (CANARY in everything(late)) == (code == OTHER_CENTRE)
            same_as_the_province(province, late)


def test_what_was_put_aside_and_left_needs_no_body_once_the_province_keeps_it(desk: Desk) -> None:
    """An officer discarded it, it had gone early with its household, and its entity came back: clean, but only then."""
    somebody = identifiers.new()
    with desk.writing() as session:
        journal.write(session, desk.pen, [Draft("person", somebody, "create", {"given_name": "در راه"})])
        last, _ = journal.tip(session, desk.signer.desk)
        feed.judge(session, desk.signer.desk, [feed.Judged(last, last, "discarded", "missing_reference")])
        session.execute(text("UPDATE change SET body = NULL, salt = NULL WHERE seq = :seq"), {"seq": last})
        feed.mark(session, "durable_seq", last - 1)
    assert not verify.verify(desk.engine, desk.signer.desk, desk.signer.realm).signatures
    with desk.writing() as session:
        feed.mark(session, "durable_seq", last)
    found = verify.verify(desk.engine, desk.signer.desk, desk.signer.realm)
    assert found.clean, found
