"""What the province does with what desks send, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, insert, text

from desktop.domain import hlc, identifiers, merging
from desktop.domain.changes import Change, Draft
from desktop.seal import commits, keys
from desktop.seal.commits import Commit
from desktop.seal.refused import Refused
from server import config, feed, inbox, store
from server.books import Books
from server.store import DOCUMENT, SIGNED_COMMIT
from tests.desk.authors import CENTRE, NOW, PROVINCE_KEY, REALM, Author, person, visit
from tests.desk.inbox import document, enrolled, gapless, hashes, joined, places, push

ACCEPTED = ("accepted", "")


@pytest.fixture
def desk(engine: Engine) -> Author:
    """A desk whose manager is known."""
    author = enrolled(engine, Author())
    assert push(engine, author, author.write(*author.founding())) == [ACCEPTED]
    return author


def test_a_morning_of_work_enters_the_feed_in_order(engine: Engine, desk: Author) -> None:
    zahra = person()
    assert push(engine, desk, desk.write(zahra), desk.write(visit(zahra.entity_id))) == [ACCEPTED, ACCEPTED]
    assert places(engine) == [(1, 2), (3, 1), (4, 1)]
    found = document(engine, zahra.entity_id)
    assert found
    assert found.value("family_name") == "کریمی"


def test_a_push_whose_reply_was_lost_is_sent_again_and_changes_nothing(engine: Engine, desk: Author) -> None:
    one, two = desk.write(person()), desk.write(person())
    push(engine, desk, one, two)
    before = places(engine), hashes(engine)
    assert push(engine, desk, one, two) == [ACCEPTED, ACCEPTED]
    assert push(engine, desk, two) == [ACCEPTED]
    assert (places(engine), hashes(engine)) == before


def test_a_half_known_push_is_completed(engine: Engine, desk: Author) -> None:
    one, two = desk.write(person()), desk.write(person())
    push(engine, desk, one)
    assert push(engine, desk, one, two) == [ACCEPTED, ACCEPTED]
    assert gapless(engine)


def test_a_gap_is_told_where_to_begin_and_stores_nothing(engine: Engine, desk: Author) -> None:
    one, two = desk.write(person()), desk.write(person())
    with pytest.raises(inbox.Expected) as told:
        push(engine, desk, two)
    assert told.value.seq == 3
    assert places(engine) == [(1, 2)]
    assert push(engine, desk, one, two) == [ACCEPTED, ACCEPTED]


def test_a_gap_in_the_middle_of_a_push_undoes_its_beginning(engine: Engine, desk: Author) -> None:
    one, _, three = desk.write(person()), desk.write(person()), desk.write(person())
    with pytest.raises(inbox.Expected):
        push(engine, desk, one, three)
    assert places(engine) == [(1, 2)]


def test_a_copied_pc_has_two_pasts_and_is_stopped(engine: Engine, desk: Author) -> None:
    copied = replace(desk)
    push(engine, desk, desk.write(person()))
    with pytest.raises(inbox.Forked):
        push(engine, desk, copied.write(person()))
    later = copied.write(person())
    with pytest.raises(inbox.Forked):
        push(engine, desk, later)
    assert len(places(engine)) == 2


def test_a_commit_that_overlaps_what_is_stored_is_a_fork(engine: Engine, desk: Author) -> None:
    copied = replace(desk)
    push(engine, desk, desk.write(person()))
    with pytest.raises(inbox.Forked):
        push(engine, desk, copied.write(person(), person()))
    with pytest.raises(inbox.Forked):
        push(engine, desk, replace(desk, seq=desk.seq - 1).write(person(), person()))


@pytest.mark.parametrize("broken", ["desk_signature", "message"])
def test_a_commit_its_desk_did_not_sign_is_refused_whole(engine: Engine, desk: Author, broken: str) -> None:
    good = desk.write(person())
    bytes_: Any = getattr(good, broken)
    bad = replace(good, **{broken: bytes_[:-2] + bytes([bytes_[-2] ^ 1]) + bytes_[-1:]})
    with pytest.raises(Refused):
        push(engine, desk, bad)
    assert push(engine, desk, good) == [ACCEPTED]


def test_a_commit_without_its_bodies_is_refused(engine: Engine, desk: Author) -> None:
    good = desk.write(person())
    for sealed in (replace(good.changes[0], body=None, salt=None), commits.stub(good.changes[0])):
        with pytest.raises(Refused):
            push(engine, desk, replace(good, changes=(sealed,)))


def test_another_desks_commit_is_refused(engine: Engine, desk: Author) -> None:
    other = Author(desk_key=desk.desk_key)
    with pytest.raises(Refused):
        push(engine, desk, other.write(person()))


Wrong = Callable[[Engine, Author, pytest.MonkeyPatch], Commit]


def _other_centre(_engine: Engine, desk: Author, _patch: pytest.MonkeyPatch) -> Commit:
    return desk.write(person(), centre="9999")


def _unknown_kind(_engine: Engine, desk: Author, _patch: pytest.MonkeyPatch) -> Commit:
    return desk.write(Draft("rocket", identifiers.new(), "create", {"name": "x"}))


def _unknown_verb(_engine: Engine, desk: Author, _patch: pytest.MonkeyPatch) -> Commit:
    return desk.write(replace(person(), verb="redact"))


def _schema_ahead(_engine: Engine, desk: Author, patch: pytest.MonkeyPatch) -> Commit:
    with patch.context() as newer:
        newer.setattr(commits, "SCHEMA", 2)
        return desk.write(Draft("from_the_future", identifiers.new(), "create", {}))


def _missing_reference(_engine: Engine, desk: Author, _patch: pytest.MonkeyPatch) -> Commit:
    return desk.write(visit(identifiers.new()))


def _unknown_actor(_engine: Engine, desk: Author, _patch: pytest.MonkeyPatch) -> Commit:
    return desk.write(person(), actor=identifiers.new())


def _self_made_actor(_engine: Engine, desk: Author, _patch: pytest.MonkeyPatch) -> Commit:
    stranger = Author(desk=desk.desk)
    return desk.write(*stranger.founding(), actor=stranger.staff, actor_key=stranger.staff_key)


def _actor_signature(_engine: Engine, desk: Author, _patch: pytest.MonkeyPatch) -> Commit:
    return desk.write(person(), actor_key=keys.sign_key())


def _hired(engine: Engine, desk: Author, *roles: str) -> Author:
    """A new colleague at the same desk, brought in by its manager."""
    new = Author(desk=desk.desk, roles=roles)
    assert push(engine, desk, desk.write(*new.founding())) == [ACCEPTED]
    return new


def _role(engine: Engine, desk: Author, _patch: pytest.MonkeyPatch) -> Commit:
    clerk = _hired(engine, desk, "receptionist")
    promoted = Draft("staff", clerk.staff, "set", {"roles": ["manager"]})
    return desk.write(promoted, actor=clerk.staff, actor_key=clerk.staff_key)


def _other_kind(engine: Engine, desk: Author, _patch: pytest.MonkeyPatch) -> Commit:
    clerk = _hired(engine, desk, "receptionist")
    borrowed = Draft("contact", clerk.staff, "set", {"roles": ["manager"]})
    return desk.write(borrowed, actor=clerk.staff, actor_key=clerk.staff_key)


def _left(engine: Engine, desk: Author, _patch: pytest.MonkeyPatch) -> Commit:
    clerk = _hired(engine, desk, "receptionist")
    assert push(engine, desk, desk.write(Draft("staff", clerk.staff, "set", {"active": False}))) == [ACCEPTED]
    return desk.write(person(), actor=clerk.staff, actor_key=clerk.staff_key)


def _desk_alone(_engine: Engine, desk: Author, _patch: pytest.MonkeyPatch) -> Commit:
    return desk.writes_alone(person())


def _repeated_id(engine: Engine, desk: Author, _patch: pytest.MonkeyPatch) -> Commit:
    used = identifiers.new()
    assert push(engine, desk, desk.write(person(), ids=[used])) == [ACCEPTED]
    return desk.write(person(), ids=[used])


def _of_a_household(engine: Engine, desk: Author, _patch: pytest.MonkeyPatch) -> Commit:
    house = Draft("household", identifiers.new(), "create", {"number": "1"})
    assert push(engine, desk, desk.write(house)) == [ACCEPTED]
    return desk.write(visit(house.entity_id))


def _of_a_household_beside_it(_engine: Engine, desk: Author, _patch: pytest.MonkeyPatch) -> Commit:
    house = Draft("household", identifiers.new(), "create", {"number": "1"})
    return desk.write(house, visit(house.entity_id))


def _in_a_person(_engine: Engine, desk: Author, _patch: pytest.MonkeyPatch) -> Commit:
    zahra = person()
    return desk.write(zahra, replace(person(), household=zahra.entity_id))


def _of_a_list(_engine: Engine, desk: Author, _patch: pytest.MonkeyPatch) -> Commit:
    return desk.write(Draft("visit", identifiers.new(), "create", {"person": [identifiers.new()]}))


def _of_a_number(_engine: Engine, desk: Author, _patch: pytest.MonkeyPatch) -> Commit:
    return desk.write(Draft("visit", identifiers.new(), "create", {"person": 7}))


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (_other_centre, "other_centre"), (_unknown_kind, "unknown_kind"), (_unknown_verb, "unknown_verb"),
        (_schema_ahead, "schema_ahead"), (_missing_reference, "missing_reference"),
        (_unknown_actor, "unknown_actor"), (_self_made_actor, "unknown_actor"), (_actor_signature, "actor_signature"),
        (_role, "role"), (_left, "role"), (_desk_alone, "role"), (_other_kind, "other_kind"),
        (_repeated_id, "repeated_id"), (_of_a_household, "other_kind"), (_of_a_household_beside_it, "other_kind"),
        (_in_a_person, "other_kind"), (_of_a_list, "other_kind"), (_of_a_number, "other_kind"),
    ],
)  # fmt: skip
def test_what_may_not_enter_waits_and_never_blocks_what_follows(
    engine: Engine, desk: Author, wrong: Wrong, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = wrong(engine, desk, monkeypatch), desk.write(person())
    before = hashes(engine)
    assert push(engine, desk, bad, good) == [("quarantined", reason), ACCEPTED]
    assert push(engine, desk, bad, good) == [("quarantined", reason), ACCEPTED]
    assert {key: value for key, value in hashes(engine).items() if key in before} == before
    assert len(hashes(engine)) == len(before) + 1
    assert gapless(engine)


def test_a_person_the_centre_knows_cannot_promote_themself_on_a_new_desk(engine: Engine, desk: Author) -> None:
    clerk = _hired(engine, desk, "receptionist")
    other = enrolled(engine, Author(staff=clerk.staff))
    known = document(engine, clerk.staff)
    assert known
    promoted = Draft("staff", clerk.staff, "set", {"roles": ["manager"]}, known.base("roles"))
    assert push(engine, other, other.write(promoted, other.key_draft())) == [("quarantined", "role")]


def test_a_second_desk_of_a_living_centre_brings_its_founder(engine: Engine, desk: Author) -> None:
    """Its enrolment code vouched for whoever founds it; nobody else comes with it."""
    other = enrolled(engine, Author())
    assert push(engine, other, other.write(*other.founding()), other.write(person())) == [ACCEPTED, ACCEPTED]
    stranger = Author(desk=other.desk)
    said = other.write(*stranger.founding(), actor=stranger.staff, actor_key=stranger.staff_key)
    assert push(engine, other, said) == [("quarantined", "unknown_actor")]
    assert push(engine, desk, desk.write(person())) == [ACCEPTED]
    assert gapless(engine)


def test_a_key_for_another_desk_or_person_opens_nothing_here(engine: Engine, desk: Author) -> None:
    for mine in ({"desk": identifiers.new()}, {"staff": identifiers.new()}):
        other = enrolled(engine, Author(staff=desk.staff))
        key = other.key_draft()
        said = other.write(replace(key, patch={**key.patch, **mine}))
        assert [why for _, why in push(engine, other, said)] == ["unknown_actor"]


def _state(engine: Engine, key: Draft, state: str) -> Draft:
    kept = document(engine, key.entity_id)
    assert kept
    return Draft("staff_key", key.entity_id, "step", {"state": state}, kept.base("state"))


def test_a_replaced_key_is_no_good_and_the_new_one_is(engine: Engine, desk: Author) -> None:
    clerk = _hired(engine, desk, "manager")
    old, new = clerk.staff_key, keys.sign_key()
    first = clerk.key_draft()
    clerk.staff_key = new
    second = clerk.key_draft()
    # The hire brought one key of its own; `first` is another entity of the same key, ended below.
    assert push(engine, desk, desk.write(first), desk.write(second)) == [ACCEPTED, ACCEPTED]
    signed = desk.write(person(), actor=clerk.staff, actor_key=new)
    still = desk.write(person(), actor=clerk.staff, actor_key=old)
    assert push(engine, desk, signed, still) == [ACCEPTED, ACCEPTED]
    with store.reading(engine) as connection:
        rows = connection.execute(DOCUMENT.select().where(DOCUMENT.c.kind == "staff_key")).all()
    found = [merging.loaded(row.kind, row.entity_id, row.doc) for row in rows]
    ended = [each for each in found if each.value("sign_key") == keys.public_of(old).hex()]
    assert len(ended) == 2
    steps = [Draft("staff_key", each.entity_id, "step", {"state": "removed"}, each.base("state")) for each in ended]
    assert push(engine, desk, desk.write(*steps)) == [ACCEPTED]
    late = desk.write(person(), actor=clerk.staff, actor_key=old)
    signed = desk.write(person(), actor=clerk.staff, actor_key=new)
    assert push(engine, desk, late, signed) == [("quarantined", "actor_signature"), ACCEPTED]


def test_a_removal_someone_contests_is_a_removal(engine: Engine, desk: Author) -> None:
    clerk = _hired(engine, desk, "manager")
    clerk.staff_key = keys.sign_key()
    key = clerk.key_draft()
    assert push(engine, desk, desk.write(key)) == [ACCEPTED]
    still, gone = _state(engine, key, "active"), _state(engine, key, "removed")
    assert push(engine, desk, desk.write(still), desk.write(gone)) == [ACCEPTED, ACCEPTED]
    kept = document(engine, key.entity_id)
    assert kept
    assert {head.value for head in kept.cells["state"]} == {"active", "removed"}
    late = desk.write(person(), actor=clerk.staff, actor_key=clerk.staff_key)
    assert push(engine, desk, late) == [("quarantined", "actor_signature")]


def test_an_ended_key_is_not_brought_back_by_a_desks_first_commit(engine: Engine, desk: Author) -> None:
    other = enrolled(engine, Author(staff=desk.staff))
    key = other.key_draft()
    assert push(engine, desk, desk.write(key)) == [ACCEPTED]
    assert push(engine, desk, desk.write(_state(engine, key, "removed"))) == [ACCEPTED]
    again = Draft("staff_key", key.entity_id, "set", key.patch)
    assert push(engine, other, other.write(again)) == [("quarantined", "unknown_actor")]


def test_what_refers_to_a_waiting_commit_waits_behind_it_and_only_that(engine: Engine, desk: Author) -> None:
    nobody, zahra, other = identifiers.new(), person(), person("رضایی")
    merged = replace(zahra, patch={**zahra.patch, "merged_into": nobody})
    sent = [
        desk.write(merged),
        desk.write(visit(zahra.entity_id)),
        desk.write(other),
        desk.write(visit(other.entity_id)),
    ]
    assert [why for _, why in push(engine, desk, *sent)] == ["missing_reference", "held", "", ""]


@pytest.mark.parametrize("act", [inbox.discard, inbox.release_by_hand])
def test_what_waited_behind_a_decided_commit_enters_at_once(
    engine: Engine, desk: Author, act: Callable[..., None]
) -> None:
    zahra = person()
    used = [identifiers.new()]
    push(engine, desk, desk.write(zahra, ids=used))
    rename = Draft("person", zahra.entity_id, "set", {"family_name": "رضایی"}, {"family_name": used})
    clerk = joined(engine, desk)

    def may(*roles: str) -> None:
        known = document(engine, desk.staff)
        assert known
        push(engine, clerk, clerk.write(Draft("staff", desk.staff, "set", {"roles": list(roles)}, known.base("roles"))))

    may("technician")
    refused, behind = desk.write(rename), desk.write(replace(rename, patch={"given_name": "مریم"}))
    assert [why for _, why in push(engine, desk, refused, behind)] == ["role", "held"]
    may(*desk.roles)

    def decide(connection: Connection) -> None:
        act(Books(connection, REALM, PROVINCE_KEY, NOW), CENTRE, desk.desk, commits.span(refused.message).first)

    store.locked(engine, CENTRE, decide)
    assert push(engine, desk, behind) == [ACCEPTED]
    assert gapless(engine)


def test_a_missing_person_arrives_from_another_desk_and_frees_what_waited(engine: Engine, desk: Author) -> None:
    zahra = person()
    waiting = desk.write(visit(zahra.entity_id), at=hlc.pack(NOW - 60_000_000))
    assert push(engine, desk, waiting) == [("quarantined", "missing_reference")]
    other = joined(engine, desk)
    push(engine, other, other.write(zahra), now_us=NOW + 3_600_000_000)
    assert push(engine, desk, waiting) == [ACCEPTED]
    with store.reading(engine) as connection:
        page = feed.pull(connection, CENTRE, desk.desk, 5, 100)
    released = page.entries[-1]
    assert (released.first, released.released) == (3, True)
    assert released.effective == (hlc.text(hlc.pack(NOW - 60_000_000)),)
    assert page.judged == ((3, 3, "accepted", ""),)
    assert gapless(engine)


def test_a_change_id_in_two_waiting_commits_enters_once_and_for_who_came_first(engine: Engine, desk: Author) -> None:
    other = joined(engine, desk)
    zahra, used = person(), identifiers.new()
    first = desk.write(visit(zahra.entity_id), ids=[used])
    assert push(engine, desk, first) == [("quarantined", "missing_reference")]
    blocked = visit(identifiers.new())
    again = visit(zahra.entity_id)
    sent = [
        other.write(blocked),
        other.write(replace(blocked, verb="set", patch={**again.patch}), ids=[used]),
    ]
    assert [why for _, why in push(engine, other, *sent, now_us=NOW + 1)] == ["missing_reference", "held"]
    later = enrolled(engine, Author(staff=desk.staff))
    assert push(engine, later, later.write(later.key_draft()), now_us=NOW + 2) == [ACCEPTED]
    assert push(engine, later, later.write(zahra), now_us=NOW + 2) == [ACCEPTED]
    assert push(engine, desk, first) == [ACCEPTED]
    assert push(engine, other, *sent)[1] == ("quarantined", "held")
    missing = Draft("person", str(blocked.patch["person"]), "create", {"family_name": "رضایی"})
    assert push(engine, later, later.write(missing), now_us=NOW + 3) == [ACCEPTED]
    assert push(engine, other, *sent) == [ACCEPTED, ("quarantined", "repeated_id")]
    with store.reading(engine) as connection:
        ids = [each.change_id for entry in feed.page(connection, CENTRE, 0, 100) for each in opened(entry)]
    assert len(set(ids)) == len(ids)


def opened(entry: feed.Entry | feed.Said) -> list[Change]:
    assert isinstance(entry, feed.Entry)
    return [commits.opened(each) for each in entry.commit.changes]


def test_others_commits_in_quarantine_are_not_read_when_nothing_of_theirs_came(
    engine: Engine, desk: Author, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = joined(engine, desk)
    assert {why for _, why in push(engine, other, *(other.write(visit(identifiers.new())) for _ in range(20)))} == {
        "missing_reference"
    }
    read: list[Any] = []
    kept = inbox._kept

    def counted(*what: Any) -> Any:
        read.append(what)
        return kept(*what)

    monkeypatch.setattr(inbox, "_kept", counted)
    assert push(engine, desk, desk.write(person()), desk.write(person())) == [ACCEPTED, ACCEPTED]
    assert read == []
    waits = visit(identifiers.new())
    push(engine, other, other.write(waits))
    push(engine, desk, desk.write(person(entity_id=str(waits.patch["person"]))))
    assert len(read) == 1


def test_what_is_for_a_person_to_decide_time_does_not_decide(engine: Engine, desk: Author) -> None:
    clerk = _hired(engine, desk, "receptionist")
    hire = desk.write(*Author(desk=desk.desk).founding(), actor=clerk.staff, actor_key=clerk.staff_key)
    assert push(engine, desk, hire) == [("quarantined", "role")]
    known = document(engine, clerk.staff)
    assert known
    promoted = Draft("staff", clerk.staff, "set", {"roles": ["manager"]}, known.base("roles"))
    assert push(engine, desk, desk.write(promoted)) == [ACCEPTED]
    config.prepare(engine, REALM, PROVINCE_KEY)
    assert push(engine, desk, hire) == [("quarantined", "role")]


def test_an_upgrade_judges_again_what_was_ahead_of_it(
    engine: Engine, desk: Author, monkeypatch: pytest.MonkeyPatch
) -> None:
    zahra = person()
    with monkeypatch.context() as newer:
        newer.setattr(commits, "SCHEMA", 2)
        ahead = desk.write(zahra)
    behind = desk.write(visit(zahra.entity_id))
    assert [why for _, why in push(engine, desk, ahead, behind)] == ["schema_ahead", "held"]
    config.prepare(engine, REALM, PROVINCE_KEY)
    assert len(places(engine)) == 1
    monkeypatch.setattr("server.judging.SCHEMA", 2)
    config.prepare(engine, REALM, PROVINCE_KEY)
    assert push(engine, desk, ahead, behind) == [ACCEPTED, ACCEPTED]
    assert gapless(engine)


def test_an_edit_keeps_the_time_it_was_made_and_never_a_later_one(engine: Engine, desk: Author) -> None:
    early, late = hlc.pack(NOW - 86_400_000_000), hlc.pack(NOW + 86_400_000_000)
    push(engine, desk, desk.write(person(), at=early), desk.write(person(), at=late))
    with store.reading(engine) as connection:
        entries = feed.page(connection, CENTRE, 2, 10)
    assert [entry.effective[0] for entry in entries if isinstance(entry, feed.Entry)] == [
        hlc.text(early),
        hlc.text(hlc.pack(NOW)),
    ]


def test_two_values_written_without_seeing_each_other_are_both_kept(engine: Engine, desk: Author) -> None:
    zahra = person()
    push(engine, desk, desk.write(zahra))
    other = joined(engine, desk)
    kept = document(engine, zahra.entity_id)
    assert kept
    for author, name in ((desk, "کاظمی"), (other, "کریمیان")):
        renamed = Draft("person", zahra.entity_id, "set", {"family_name": name}, kept.base("family_name"))
        assert push(engine, author, author.write(renamed)) == [ACCEPTED]
    found = document(engine, zahra.entity_id)
    assert found
    assert [head.value for head in found.conflicts()["family_name"]] == ["کاظمی", "کریمیان"]


def test_documents_made_again_from_the_feed_are_the_same(engine: Engine, desk: Author) -> None:
    zahra = person()
    push(engine, desk, desk.write(zahra), desk.write(visit(zahra.entity_id)), desk.write(person()))
    before = hashes(engine)
    with store.writing(engine, CENTRE) as connection:
        feed.refold(connection, CENTRE)
    assert hashes(engine) == before


def test_pages_are_whole_commits_and_join_without_a_gap(engine: Engine, desk: Author) -> None:
    push(engine, desk, *(desk.write(person(), person(), person()) for _ in range(5)))
    after, sizes = 0, []
    with store.reading(engine) as connection:
        while entries := feed.pull(connection, CENTRE, desk.desk, after, 4).entries:
            assert entries[0].sseq == after + 1
            sizes.append(sum(len(entry.commit.changes) for entry in entries))
            after = entries[-1].sseq + len(entries[-1].effective) - 1
    assert sizes == [2, 3, 3, 3, 3, 3]
    assert after == 17


def test_what_waits_is_found_by_its_index_however_much_was_accepted(engine: Engine) -> None:
    row = {
        "centre_id": CENTRE, "desk_id": "d", "message": b"", "actor": "", "desk_signature": b"", "actor_signature": b"",
        "effective": "", "received_at": NOW, "verdict": "accepted", "reason": "", "touched": "",
    }  # fmt: skip
    with store.writing(engine) as connection:
        connection.execute(insert(SIGNED_COMMIT), [{**row, "first": at, "last": at} for at in range(1, 3_000)])
        if engine.dialect.name == "postgresql":
            connection.execute(text("ANALYZE"))
    asked = feed._VERDICTS.params(centre=CENTRE, desk="d")
    written = asked.compile(engine, compile_kwargs={"literal_binds": True, "render_postcompile": True})
    how = "EXPLAIN " if engine.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN "
    with store.reading(engine) as connection:
        plan = "\n".join(str(line) for line in connection.execute(text(how + str(written))))
    assert "ix_signed_commit_verdict" in plan, plan
