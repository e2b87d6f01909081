"""What a desk keeps and forgets when it begins from a snapshot: own work, households that left, values taken away."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import select, text

from db import feed, fold_version, journal, settings, sync_history, verify
from db import snapshot as kept
from db.models.journal import ChangeRow, CommitRow, LeftEntity
from db.models.people import Household
from desktop import wire
from desktop.actions import transfers
from desktop.desk import Desk
from desktop.domain import hlc, identifiers, merging
from desktop.domain.changes import Draft
from desktop.domain.faults import Known
from desktop.seal import keys, notices
from desktop.sync import attempt, enrol, link, round_trip, snapshot
from server import config, inbox, store
from server import keys as server_keys
from server import snapshot as province_snapshot
from server.books import Books
from tests.day.province import command
from tests.desk import opened
from tests.desk.provinces import Province
from tests.sync.test_redaction import carry_out, write
from tests.sync.test_snapshot import base, begun, same_as_the_province, worked
from tests.sync.test_transfers import CANARY, accepted, everything, family, join, offered

Make = Callable[..., Desk]


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "FROM", 10)
    monkeypatch.setattr(snapshot, "_HISTORY_PAGE", 40)
    monkeypatch.setattr(province_snapshot, "PIECE", 1_000)


def again(desk: Desk) -> None:
    """As after a state that differed: the next sync begins from a snapshot."""
    with desk.writing() as session:
        settings.put(session, "snapshot_wanted", "asked")


def without_history(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "history", lambda *_: False)


def to_the_end(desk: Desk) -> None:
    for _ in range(20):
        if not base(desk):
            return
        round_trip.sync(desk)
    raise AssertionError("the history never came to the first place")


def clean(desk: Desk) -> bool:
    found = verify.verify(desk.engine, desk.signer.desk, desk.signer.realm)
    assert found.clean, found
    return True


@pytest.fixture
def desks(make_desk: Make, province: Province) -> tuple[Desk, Desk, Desk]:
    return make_desk("one"), make_desk("two"), make_desk("far", "125")


def test_a_household_that_left_unheard_goes_at_once(
    desks: tuple[Desk, Desk, Desk], province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its desk skips the notice by the snapshot, and is rid of it all the same; the history changes nothing of that."""
    one, two, far = desks
    with province.serving() as url:
        join(province, url, desks)
        home, _ = family(one)
        round_trip.sync(one)
        transfer = offered(two_heard(one, two), home)
        for desk in (two, far):
            round_trip.sync(desk)
        accepted(far, transfer)
        round_trip.sync(far)
        again(one)
        with monkeypatch.context() as patch:
            without_history(patch)
            round_trip.sync(one)
        with one.reading() as session:
            assert session.scalars(select(Household)).all() == []
            assert home in session.scalars(select(LeftEntity.entity_id)).all()
        same_as_the_province(province, one)
        command(province.folder, None, "backup", "--out", str(province.folder.parent / "backup"))
        with monkeypatch.context() as patch:
            without_history(patch)
            round_trip.sync(one)
        assert CANARY not in everything(one), "own bodies go once they are in a backup"
        to_the_end(one)
        assert CANARY not in everything(one)
        same_as_the_province(province, one)


def two_heard(one: Desk, two: Desk) -> Desk:
    """The other desk knows of it and offers; the first one hears nothing."""
    round_trip.sync(two)
    return two


def test_history_over_a_household_that_came_back(
    desks: tuple[Desk, Desk, Desk], province: Province, make_desk: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two, far = desks
    monkeypatch.setattr(snapshot, "_HISTORY_PAGE", 5)
    with province.serving() as url:
        join(province, url, desks)
        home, _ = family(one)
        worked(one, 1)
        for desk in (one, two):
            round_trip.sync(desk)
        for source, target, centre in ((one, far, "125"), (far, two, opened.CENTRE)):
            with source.writing() as session:
                moved, _ = transfers.offer(session, source.pen, source.actor, source.centre, home, centre, "", 1)
            for desk in (source, target):
                round_trip.sync(desk)
            accepted(target, moved)
            for desk in (target, source):
                round_trip.sync(desk)
        late = make_desk("late")
        enrol.enrol(late, url, province.code(opened.CENTRE))
        round_trip.sync(late)
        assert base(late)
        for desk in (one, late):
            again(desk)
            round_trip.sync(desk)
            same_as_the_province(province, desk)
            to_the_end(desk)
            same_as_the_province(province, desk)
        with late.reading() as session:
            assert not session.scalars(select(LeftEntity.entity_id)).all(), "it is of this centre again"


def test_values_an_order_took_are_in_no_snapshot_and_stay_no_longer(
    desks: tuple[Desk, Desk, Desk], province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two, _ = desks
    _, root = server_keys.read_root(Path(province.folder).with_suffix(".root"))
    with province.serving() as url:
        join(province, url, desks)
        who = identifiers.new()
        named = write(one, Draft("person", who, "create", {"family_name": CANARY}))
        for desk in (one, two):
            round_trip.sync(desk)
        again(two)  # what it begins from holds the value
        with monkeypatch.context() as patch:
            without_history(patch)
            round_trip.sync(two)
        assert CANARY in everything(two)
        carry_out(province, root, *named)
        again(one)  # and begins after the order without having heard it
        with monkeypatch.context() as patch:
            without_history(patch)
            for desk in (one, two):
                round_trip.sync(desk)
                assert base(desk)
                assert CANARY not in everything(desk)
                same_as_the_province(province, desk)
        for desk in (one, two):
            to_the_end(desk)
            assert CANARY not in everything(desk)
            same_as_the_province(province, desk)


def test_what_waits_and_what_ended_stand_as_the_province_judged(make_desk: Make, province: Province) -> None:
    with province.serving() as url:
        one = begun(make_desk, province, url)
        person, waits, unsent = (identifiers.new() for _ in range(3))
        write(one, Draft("person", person, "create", {"family_name": "یکم"}))
        put(one, Draft("contact", waits, "create", {"person": identifiers.new(), "value": "09120000000"}))
        assert round_trip.sync(one).held == 1
        write(one, Draft("person", unsent, "create", {"family_name": "دوم"}))
        again(one)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(round_trip, "push", lambda *_: 0)
            round_trip.sync(one)
        with one.reading() as session:
            stands = dict(session.execute(select(ChangeRow.entity_id, ChangeRow.standing)).all())
            verdicts = session.scalars(select(CommitRow.verdict).where(CommitRow.verdict.is_not(None))).all()
        assert (stands[person], stands[waits], stands[unsent]) == ("placed", "pending", "pending")
        assert verdicts == ["quarantined"]
        found = verify.verify(one.engine, one.signer.desk, one.signer.realm)
        assert (found.chain, found.signatures, found.state_differs) == (True, True, []), "a reference dangles"
        with store.writing(province.engine, opened.CENTRE) as connection:
            books = Books(connection, province.identity.realm, province.identity.sign_key, config.now_us())
            first = one.tip() - 1
            inbox.discard(books, opened.CENTRE, one.signer.desk, first)
        again(one)
        round_trip.sync(one)
        with one.reading() as session:
            stands = dict(session.execute(select(ChangeRow.entity_id, ChangeRow.standing)).all())
        assert (stands[person], stands[waits], stands[unsent]) == ("placed", "ended", "placed")
        same_as_the_province(province, one)


def put(desk: Desk, draft: Draft) -> None:
    with desk.writing() as session:
        journal.write(session, desk.pen, [draft])


def test_a_state_that_differs_again_asks_for_a_person(
    make_desk: Make, province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.ledger._MARK_EVERY", 10)
    with province.serving() as url:
        one, two = begun(make_desk, province, url), make_desk("two")
        enrol.enrol(two, url, province.code(opened.CENTRE))
        round_trip.sync(two)
        with one.writing() as session:
            session.execute(text("UPDATE setting SET value = json_quote('00') WHERE name = 'state'"))
        worked(one, 2, seed=9)
        attempt.attempt(one, "timer")
        with one.reading() as session:
            newest = sync_history.attempts(session, 1)[0]
        assert (newest.begun, newest.outcome) == ("diverged", "ok")
        worked(one, 2, seed=10)
        round_trip.sync(one)
        with monkeypatch.context() as patch:
            patch.setattr("db.journal.state", lambda _session: "00")
            patch.setattr(snapshot, "take", lambda *_: round_trip.NOTHING)
            with pytest.raises(Known) as fault:
                round_trip.sync(two)
        assert fault.value.code == "state-differs"
        assert all(fault.value.parts())


def test_a_snapshot_dropped_on_the_way_is_asked_for_anew(make_desk: Make, province: Province) -> None:
    """A household left, or its day was over: the pieces that came are of no use, and nobody is called a stranger."""
    with province.serving() as url:
        begun(make_desk, province, url)
        two = make_desk("two")
        enrol.enrol(two, url, province.code(opened.CENTRE))
        real, dropped = link.Caller.call, list[str]()

        def call(self: link.Caller, method: str, target: str, *rest: object) -> object:
            if target.endswith("/2") and not dropped:
                dropped.append(target)
                with store.writing(province.engine) as connection:
                    for table in (store.SNAPSHOT, store.SNAPSHOT_PIECE):
                        connection.execute(table.delete())
            reply: object = real(self, method, target, *rest)  # type: ignore[arg-type]
            return reply

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(link.Caller, "call", call)
            round_trip.sync(two)
        assert dropped
        same_as_the_province(province, two)


def test_one_whose_time_is_over_is_not_believed(make_desk: Make, province: Province) -> None:
    with province.serving() as url:
        begun(make_desk, province, url)
        two = make_desk("two")
        enrol.enrol(two, url, province.code(opened.CENTRE))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(province_snapshot, "LIFE_US", -1)
            with pytest.raises(Known) as fault:
                round_trip.sync(two)
        assert fault.value.code == "province-garbled"
        round_trip.sync(two)
        same_as_the_province(province, two)


def test_other_rules_begin_anew_once_both_have_them(make_desk: Make, province: Province) -> None:
    with province.serving() as url:
        begun(make_desk, province, url)
        two = make_desk("two")
        enrol.enrol(two, url, province.code(opened.CENTRE))
        with pytest.MonkeyPatch.context() as patch:
            without_history(patch)
            round_trip.sync(two)
            reasons: list[str] = []
            begin = round_trip._begin
            patch.setattr(round_trip, "_begin", lambda *asked: begin(*_noted(reasons, asked)))
            round_trip.sync(two)
            assert not reasons
            patch.setattr("desktop.domain.merging.fold_version", lambda: "of tomorrow")
            with two.writing() as session:
                fold_version.bring_up(session)
            round_trip.sync(two)
            assert reasons == ["rules"]
            with two.reading() as session:
                said = kept.begun(session)
            assert said
            assert said["fold_version"] == merging.fold_version()
            round_trip.sync(two)
            assert reasons == ["rules"], "once"
            assert clean(two)


def _noted(reasons: list[str], asked: tuple[Any, ...]) -> tuple[Any, ...]:
    reasons.append(asked[-1])
    return asked


@pytest.mark.parametrize(
    "how",
    [
        "UPDATE base_document SET doc = replace(doc, '1', '2')",
        "UPDATE base_document SET hash = '00'",
        "DELETE FROM base_document WHERE entity_id = (SELECT min(entity_id) FROM base_document)",
        "UPDATE setting SET value = json_replace(value, '$.message', '00') WHERE name = 'base_manifest'",
        "DELETE FROM setting WHERE name = 'base_manifest'",
        "UPDATE watermark SET value = value - 1 WHERE name = 'base'",
    ],
)
def test_what_it_began_from_must_be_what_was_signed(
    make_desk: Make, province: Province, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    without_history(monkeypatch)
    with province.serving() as url:
        begun(make_desk, province, url)
        two = make_desk("two")
        enrol.enrol(two, url, province.code(opened.CENTRE))
        round_trip.sync(two)
    assert clean(two)
    with two.writing() as session:
        session.execute(text(how))
    found = verify.verify(two.engine, two.signer.desk, two.signer.realm)
    assert not found.signatures or not found.chain


def test_nothing_after_it_can_be_passed_over(
    make_desk: Make, province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if it had begun a little later: a change is left out of the documents, and all else agrees."""
    without_history(monkeypatch)
    with province.serving() as url:
        one, two = begun(make_desk, province, url), make_desk("two")
        enrol.enrol(two, url, province.code(opened.CENTRE))
        round_trip.sync(two)
        write(one, Draft("person", identifiers.new(), "create", {"family_name": CANARY}))
        for desk in (one, two):
            round_trip.sync(desk)
    assert clean(two)
    with two.writing() as session:
        feed.mark(session, "base", feed.position(session).cursor)
        journal.refold(session)
    assert not verify.verify(two.engine, two.signer.desk, two.signer.realm).signatures


def test_an_order_the_root_did_not_give_excuses_no_stub(make_desk: Make, province: Province) -> None:
    with province.serving() as url:
        one = begun(make_desk, province, url)
    assert clean(one)
    with one.reading() as session:
        which = session.scalars(select(ChangeRow.change_id).where(ChangeRow.salt.is_not(None))).first()
    said = {"type": "redaction", "at": "0" * 16, "order": "x", "changes": [which]}
    message, signature = notices.sign(keys.sign_key(), one.signer.realm, said)
    with one.writing() as session:
        session.execute(text("UPDATE change SET salt = NULL WHERE change_id = :which"), {"which": which})
        session.execute(
            text("INSERT INTO base_order VALUES ('x', :message, :signature)"),
            {"message": message, "signature": signature},
        )
    assert not verify.verify(one.engine, one.signer.desk, one.signer.realm).signatures


def test_history_that_lies_is_not_kept(make_desk: Make, province: Province) -> None:
    with province.serving() as url:
        begun(make_desk, province, url)
        two = make_desk("two")
        enrol.enrol(two, url, province.code(opened.CENTRE))
        with pytest.MonkeyPatch.context() as patch:
            without_history(patch)
            round_trip.sync(two)
        real = link.Caller.call

        def gap(self: link.Caller, method: str, target: str, *rest: object) -> object:
            reply: object = real(self, method, target, *rest)  # type: ignore[arg-type]
            if isinstance(reply, wire.PullReply) and "before" in target:
                return msgspec.structs.replace(reply, entries=reply.entries[:-1])
            return reply

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(link.Caller, "call", gap)
            with pytest.raises(Known) as fault:
                round_trip.sync(two)
        assert fault.value.code == "province-garbled"
        with two.reading() as session:
            assert kept.lowest(session) == feed.position(session).base + 1
        round_trip.sync(two)
        assert base(two) == 0


def test_a_line_that_breaks_over_history_fails_nothing(make_desk: Make, province: Province) -> None:
    with province.serving() as url:
        begun(make_desk, province, url)
        two = make_desk("two")
        enrol.enrol(two, url, province.code(opened.CENTRE))
        real = link.Caller.call

        def cut(self: link.Caller, method: str, target: str, *rest: object) -> object:
            if "before" in target:
                raise Known("province-unreachable")
            reply: object = real(self, method, target, *rest)  # type: ignore[arg-type]
            return reply

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(link.Caller, "call", cut)
            attempt.attempt(two, "timer")
        with two.reading() as session:
            newest = sync_history.attempts(session, 1)[0]
        assert (newest.outcome, newest.begun) == ("ok", "first")
        round_trip.sync(two)
        same_as_the_province(province, two)


def test_its_clock_passes_what_the_snapshot_holds(
    make_desk: Make, province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A PC set back after it joined: what it writes then is later all the same than what it saw."""
    without_history(monkeypatch)
    with province.serving() as url:
        one = begun(make_desk, province, url)
        two = make_desk("two")
        enrol.enrol(two, url, province.code(opened.CENTRE))
        round_trip.sync(two)
    with one.reading() as session:
        seen = max(filter(None, session.scalars(select(ChangeRow.effective))))
    back = hlc.microseconds(hlc.parse(seen)) - 86_400_000_000
    two.now = opened.Clock(back)
    with two.writing() as session:
        session.execute(text("UPDATE change SET hlc = '0000000000000001'"))  # its own past tells it nothing
        session.execute(text("DELETE FROM notice"))
    who = identifiers.new()
    write(two, Draft("person", who, "create", {"family_name": "دیر"}))
    with two.reading() as session:
        assert session.scalars(select(ChangeRow.hlc).where(ChangeRow.entity_id == who)).one() > seen
