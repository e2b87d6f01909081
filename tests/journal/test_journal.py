"""The one doorway: what is written is exact, chained, signed, folded and shown; nothing alters it unseen."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import text

from db import feed, fold_version, journal, settings, verify
from db.origin import Listing
from desktop.actions import cases, intake
from desktop.desk import Desk
from desktop.domain import hlc, identifiers
from desktop.domain.changes import Draft
from desktop.domain.intake import PersonEntry, WalkIn
from desktop.seal import commits
from desktop.seal.keys import sign_key
from desktop.seal.refused import Refused
from tests.desk.opened import NOW, Clock, at_work, found, opened


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with opened(found(tmp_path / "desk")) as desk:
        yield desk


def raw(desk: Desk, statement: str, **values: object) -> None:
    """What somebody with the key and a database tool could do."""
    with desk.engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.execute(text(statement), values)


def proven(desk: Desk) -> verify.Found:
    return verify.verify(desk.engine, desk.signer.desk, desk.signer.realm)


def test_a_morning_of_walk_ins_is_one_gapless_signed_chain(desk: Desk) -> None:
    work = at_work(desk)
    for _ in range(8):
        work.whole()
    found_ = proven(desk)
    assert found_.clean
    assert found_.visits == 8
    with desk.reading() as session:
        spans = [commits.span(each.message) for each in journal.unsent(session, desk.signer.desk, 0, 10_000)]
    assert spans[0].first == 1
    for one, other in pairwise(spans):
        assert (other.first, other.prev) == (one.last + 1, one.hashes[-1])


def test_a_transaction_that_is_rolled_back_leaves_no_gap(desk: Desk) -> None:
    work = at_work(desk)
    work.register()
    before = desk.tip()

    def cut_off() -> None:
        with desk.writing() as session:
            journal.write(session, desk.pen, [Draft("person", identifiers.new(), "create", {"given_name": "آوا"})])
            raise RuntimeError("the power went")

    with pytest.raises(RuntimeError):
        cut_off()
    work.register()
    assert desk.tip() > before
    assert proven(desk).clean


def test_a_raw_update_of_a_row_is_named(desk: Desk) -> None:
    done, _, _ = at_work(desk).register()
    raw(desk, "UPDATE visit SET day = '1400-01-01' WHERE id = :id", id=done.visit_id)
    assert proven(desk).state_differs == [("visit", done.visit_id, "day")]


def test_a_row_removed_or_slipped_in_is_named(desk: Desk) -> None:
    done, _, _ = at_work(desk).register()
    raw(desk, "DELETE FROM visit WHERE id = :id", id=done.visit_id)
    raw(desk, "INSERT INTO person (id, given_name) VALUES ('stranger', 'آوا')")
    assert proven(desk).state_differs == [("person", "stranger", "row"), ("visit", done.visit_id, "row")]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE change SET body = replace(body, '124', '125') WHERE seq = 1",
        "UPDATE change SET body = CAST(replace(CAST(body AS TEXT), 'manager', 'screener') AS BLOB) WHERE seq = 2",
        "UPDATE change SET header = CAST(replace(CAST(header AS TEXT), 'create', 'set') AS BLOB) WHERE seq = 2",
        "DELETE FROM change WHERE seq = (SELECT max(seq) FROM change)",
        "DELETE FROM signed_commit WHERE first = 1",
        "UPDATE signed_commit SET actor_signature = desk_signature WHERE first = 1",
        "UPDATE signed_commit SET actor = 'desk', actor_signature = x'' WHERE first = 1",
    ],
)
def test_altered_history_never_verifies(desk: Desk, statement: str) -> None:
    at_work(desk).register()
    assert proven(desk).clean
    raw(desk, statement)
    found_ = proven(desk)
    assert not found_.clean
    assert not (found_.chain and found_.signatures)


def test_a_manager_who_writes_as_a_receptionist_is_named(desk: Desk) -> None:
    """Security 14: the actor's own key signs; another name over it doesn't hold."""
    at_work(desk).register()
    stranger = sign_key()
    signer = commits.Signer(
        desk.signer.realm, desk.signer.centre, desk.signer.desk, desk.signer.desk_key, desk.actor.staff_id, stranger
    )
    with desk.writing() as session:
        journal.write(
            session,
            journal.Pen(signer, desk.now, desk.actor.roles),
            [Draft("person", identifiers.new(), "create", {"given_name": "آوا"})],
        )
    found_ = proven(desk)
    assert found_.chain
    assert not found_.signatures


def test_the_clock_never_goes_back_whatever_the_pc_believes(tmp_path: Path) -> None:
    folder = found(tmp_path / "desk")
    with opened(folder, Clock(NOW)) as desk:
        at_work(desk).register()
    with opened(folder, Clock(NOW - 86_400_000_000)) as desk:
        at_work(desk, seed=8).register()
        with desk.reading() as session:
            clocks = [row[0] for row in session.execute(text("SELECT hlc FROM change ORDER BY seq"))]
    assert clocks == sorted(clocks)
    assert all(hlc.parse(each) for each in clocks)


def test_own_changes_come_back_from_the_feed_and_state_stays(desk: Desk) -> None:
    """Push, then the echo: the same documents, now confirmed."""
    work = at_work(desk)
    for _ in range(5):
        work.whole()
    with desk.reading() as session:
        commits_ = journal.unsent(session, desk.signer.desk, 0, 10_000)
        rows = session.execute(text("SELECT * FROM visit ORDER BY id")).all()
    entries, sseq = [], 1
    for each in commits_:
        entries.append(feed.Entry(sseq, tuple(commits.opened(one).hlc for one in each.changes), each))
        sseq += len(each.changes)
    key = Listing({desk.signer.desk: desk.signer.desk_key.public_key()})
    with desk.writing() as session:
        feed.apply(session, entries, desk.signer.realm, key)
    with desk.reading() as session:
        assert session.execute(text("SELECT * FROM visit ORDER BY id")).all() == rows
        assert feed.position(session).cursor == sseq - 1
        assert not session.execute(text("SELECT 1 FROM change WHERE sseq IS NULL")).all()
    assert proven(desk).clean


def test_a_feed_with_a_gap_or_a_forged_change_is_refused_whole(desk: Desk) -> None:
    at_work(desk).register()
    with desk.reading() as session:
        commit = journal.unsent(session, desk.signer.desk, 0, 1)[0]
    key = Listing({desk.signer.desk: desk.signer.desk_key.public_key()})
    clock = tuple(commits.opened(one).hlc for one in commit.changes)
    forged = commits.Commit(
        commit.message, commit.actor, commit.actor_signature, commit.actor_signature, commit.changes
    )
    for entry in (feed.Entry(2, clock, commit), feed.Entry(1, clock[1:], commit), feed.Entry(1, clock, forged)):
        with pytest.raises(Refused), desk.writing() as session:
            feed.apply(session, [entry], desk.signer.realm, key)
    with pytest.raises(Refused), desk.writing() as session:
        feed.apply(session, [feed.Entry(1, clock, commit)], "another-province", key)
    with desk.reading() as session:
        assert feed.position(session).cursor == 0


def test_a_commit_under_a_key_nobody_listed_is_kept_and_not_believed(desk: Desk) -> None:
    at_work(desk).register()
    with desk.reading() as session:
        commit = journal.unsent(session, desk.signer.desk, 0, 1)[0]
        before = len(journal.confirmed(session))
    clock = tuple(commits.opened(one).hlc for one in commit.changes)
    with desk.writing() as session:
        feed.apply(session, [feed.Entry(1, clock, commit)], desk.signer.realm, Listing({}))
    with desk.writing() as session:
        assert (feed.position(session).cursor, feed.unknown(session)) == (len(clock), 1)
        assert len(journal.confirmed(session)) == before
        assert not feed.recognise(session, desk.signer.realm, Listing({}))
        listing = Listing({desk.signer.desk: desk.signer.desk_key.public_key()})
        assert feed.recognise(session, desk.signer.realm, listing)
        assert feed.unknown(session) is None
        assert len(journal.confirmed(session)) > before


def test_a_discarded_transaction_stops_being_shown_and_its_record_stays(desk: Desk) -> None:
    work = at_work(desk)
    done, _, _ = work.register()
    with desk.reading() as session:
        last = commits.span(journal.unsent(session, desk.signer.desk, 0, 10_000)[-1].message)
    with desk.writing() as session:
        feed.judge(session, desk.signer.desk, [feed.Judged(last.first, last.last, "discarded", "role")])
    with desk.reading() as session:
        assert session.execute(text("SELECT 1 FROM visit WHERE id = :id"), {"id": done.visit_id}).one_or_none() is None
        assert session.execute(text("SELECT 1 FROM change WHERE entity_id = :id"), {"id": done.visit_id}).one()
    assert proven(desk).clean


def test_a_registered_family_is_found_by_name_id_and_code(desk: Desk) -> None:
    child = PersonEntry(
        national_id="9999999980", given_name="آوا", family_name="کاج‌نژاد", father_name="یونس", birth="1401-01-12",
        sex="female", mobile="09990001122",
    )  # fmt: skip
    with desk.writing() as session:
        done, _ = intake.register(
            session, desk.pen, desk.actor, desk.centre, WalkIn(person=child, service="VISION_SCREENING"), desk.now()
        )
    for typed in ("اوا كاج نژاد", "کاجنژاد", "9999999980", "۹۹۹۹۹۹", "1122", done.tracking_code, "کاج"):
        with desk.reading() as session:
            assert [each.person_id for each in intake.find(session, desk.actor, typed)] == [done.person_id], typed
    with desk.reading() as session:
        card = cases.card(session, desk.actor, done.person_id)
    assert card.name == "آوا کاج‌نژاد"
    assert card.shown_id.endswith("۹۹۸۰")
    assert "۹۹۹۹۹۹" not in card.shown_id


def test_the_header_and_body_never_change_their_shape(desk: Desk) -> None:
    """The frozen names, and their order: the bytes every later release must still read."""
    at_work(desk).register()
    with desk.reading() as session:
        sealed = journal.unsent(session, desk.signer.desk, 0, 1)[0].changes[0]
    assert list(json.loads(sealed.header)) == [
        "actor", "body_commit", "centre", "change_id", "desk", "entity_id", "hlc", "kind", "prev_hash", "realm",
        "schema_version", "seq", "txn_id", "verb",
    ]  # fmt: skip
    assert sealed.body is not None
    assert list(json.loads(sealed.body)) == ["base", "household", "patch", "reason"]


def test_documents_folded_by_other_rules_are_folded_again(desk: Desk) -> None:
    work = at_work(desk)
    for _ in range(3):
        work.whole()
    with desk.reading() as session:
        entries, sseq = [], 1
        for each in journal.unsent(session, desk.signer.desk, 0, 10_000):
            entries.append(feed.Entry(sseq, tuple(commits.opened(one).hlc for one in each.changes), each))
            sseq += len(each.changes)
    with desk.writing() as session:
        feed.apply(session, entries, desk.signer.realm, Listing({desk.signer.desk: desk.signer.desk_key.public_key()}))
    raw(desk, "UPDATE document SET doc = replace(doc, 'VISION_SCREENING', 'OLD_RULE')")
    raw(desk, "UPDATE visit SET service = 'OLD_RULE'")
    assert not proven(desk).clean
    with desk.writing() as session:
        assert fold_version.current(session)
        settings.put(session, fold_version.SETTING, "rules of another release")
    with opened(desk.folder) as again:
        assert proven(again).clean
