"""A forked desk's new id: asked for by the old one alone, told apart from everyone else's (security 11, 19, 21)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Engine, func, select

from desktop import wire
from desktop.domain import identifiers
from desktop.seal import commits, keys, signing
from desktop.seal.keys import SignKey
from desktop.seal.refused import Refused
from server import config, enrol, incarnations, shapes, store
from server.exchange import Caller
from server.incarnations import EVIDENCE
from server.keys import Identity
from server.store import DESK
from tests.desk.authors import NOW, PROVINCE_KEY, REALM, Author, person
from tests.desk.inbox import enrolled, push


@pytest.fixture
def desk(engine: Engine) -> Author:
    found = enrolled(engine, Author())
    push(engine, found, found.write(*found.founding()))
    return found


@pytest.fixture
def province(engine: Engine) -> config.Province:
    root = keys.public_of(keys.sign_key())
    identity = Identity(REALM, root, PROVINCE_KEY, b"", keys.box_key(), b"")
    return config.Province(engine, identity, now=lambda: NOW)


def caller(desk: Author) -> Caller:
    return Caller(desk.centre, desk.desk, desk.public)


def ask(
    desk: Author, new: str, key: SignKey, *branch: wire.Transaction, signed_by: SignKey | None = None
) -> wire.IncarnationAsk:
    sign, box = keys.public_of(key), keys.public_of(keys.box_key(bytes(range(32))))
    said = wire.incarnation(desk.desk, new, sign, box, 2)
    return wire.IncarnationAsk(new, sign, box, 2, branch, signing.sign(signed_by or key, "incarnation", REALM, said))


def desks(engine: Engine) -> int:
    with store.reading(engine) as connection:
        return int(connection.execute(select(func.count()).select_from(DESK)).scalar_one())


def test_it_is_given_once_however_often_it_is_asked(province: config.Province, desk: Author) -> None:
    new, key = identifiers.new(), keys.sign_key()
    sent = shapes.transaction(desk.write(person()))
    first = incarnations.join(province, caller(desk), ask(desk, new, key, sent))
    assert first
    assert incarnations.join(province, caller(desk), ask(desk, new, key, sent)) == first
    assert desks(province.engine) == 2
    with store.reading(province.engine) as connection:
        assert connection.execute(select(func.count()).select_from(EVIDENCE)).scalar_one() == 1


def test_its_series_are_nobody_elses(province: config.Province, desk: Author) -> None:
    given: list[int] = []
    for _ in range(4):
        reply = incarnations.join(province, caller(desk), ask(desk, identifiers.new(), keys.sign_key()))
        assert reply
        given += reply.series
    assert len(set(given)) == len(given)


def test_nobody_takes_an_id_that_is_taken(province: config.Province, desk: Author) -> None:
    other = enrolled(province.engine, Author())
    with store.writing(province.engine) as connection:
        enrol.add_centre(connection, "1299", "مرکز دیگر", NOW)
    far = enrolled(province.engine, Author(centre="1299"))
    for taken in (other.desk, far.desk, desk.desk):
        assert incarnations.join(province, caller(desk), ask(desk, taken, keys.sign_key())) is None
    assert desks(province.engine) == 3


def test_who_can_not_sign_with_the_new_key_has_none(province: config.Province, desk: Author) -> None:
    with pytest.raises(Refused):
        incarnations.join(
            province, caller(desk), ask(desk, identifiers.new(), keys.sign_key(), signed_by=desk.desk_key)
        )
    good = ask(desk, identifiers.new(), keys.sign_key())
    for wrong in (
        replace_(good, desk=identifiers.new()), replace_(good, after=1), replace_(good, box_key=bytes(32)),
        replace_(good, desk="x"),
    ):  # fmt: skip
        with pytest.raises(Refused):
            incarnations.join(province, caller(desk), wrong)


def replace_(ask_: wire.IncarnationAsk, **other: object) -> wire.IncarnationAsk:
    parts = {name: getattr(ask_, name) for name in ask_.__struct_fields__}
    return wire.IncarnationAsk(**{**parts, **other})


def test_only_own_commits_are_evidence(province: config.Province, desk: Author) -> None:
    other = Author()
    theirs = shapes.transaction(other.write(*other.founding()))
    mine = desk.write(person())
    forged = shapes.transaction(commits.Commit(mine.message, mine.actor, bytes(64), mine.actor_signature, mine.changes))
    for branch in (theirs, forged):
        with pytest.raises(Refused):
            incarnations.join(province, caller(desk), ask(desk, identifiers.new(), keys.sign_key(), branch))
    assert desks(province.engine) == 1


def test_its_people_sign_with_the_keys_they_had(engine: Engine, province: config.Province, desk: Author) -> None:
    new = Author(desk.staff, identifiers.new(), staff_key=desk.staff_key)
    assert incarnations.join(province, caller(desk), ask(desk, new.desk, new.desk_key))
    assert push(engine, new, new.write(person())) == [("accepted", "")]
    newer = Author(desk.staff, identifiers.new(), staff_key=desk.staff_key)
    assert incarnations.join(province, caller(new), ask(new, newer.desk, newer.desk_key))
    assert push(engine, newer, newer.write(person())) == [("accepted", "")], "a fork of a fork"
    stranger = replace(new, desk=identifiers.new(), seq=1, prev=commits.NO_HASH)
    enrolled(engine, stranger)
    assert push(engine, stranger, stranger.write(person())) == [("quarantined", "unknown_actor")]


def test_a_desk_is_told_its_own_chain_and_no_other(province: config.Province, desk: Author) -> None:
    push(province.engine, desk, desk.write(person()), desk.write(person()))
    enrolled(province.engine, Author())
    reply = incarnations.own(province, caller(desk), 2)
    assert [commits.span(each.message).first for each in reply.commits] == [3, 4]
    assert {commits.span(each.message).desk for each in reply.commits} == {desk.desk}
    assert (reply.last, [one.verdict for one in reply.judged]) == (4, ["accepted", "accepted"])
    assert incarnations.own(province, caller(desk), 4).commits == ()
