"""A stolen desk: what it sends alters nothing, and it is told nothing (security 27)."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine

from desktop import wire
from desktop.domain import identifiers
from desktop.seal import commits, requests
from desktop.seal.commits import Commit
from desktop.sync.http import Line, Reply, address
from server import commands, directory, inbox, revocation, shapes, store
from server.books import Books
from tests.desk import provinces
from tests.desk.authors import CENTRE, NOW, PROVINCE_KEY, REALM, Author, person, visit
from tests.desk.inbox import document, enrolled, gapless, hashes, push
from tests.desk.provinces import Province


@pytest.fixture
def desk(engine: Engine) -> Author:
    found = enrolled(engine, Author())
    push(engine, found, found.write(*found.founding()))
    return found


def revoke(engine: Engine, desk: Author, through: int | None = None, lost: int = NOW) -> revocation.Revoked:
    with store.writing(engine, CENTRE) as connection:
        return revocation.revoke(connection, CENTRE, desk.desk, lost, through)


def test_a_stolen_desks_push_alters_no_state(engine: Engine, desk: Author) -> None:
    zahra = person()
    push(engine, desk, desk.write(zahra))
    before = hashes(engine)
    revoke(engine, desk)
    sent = [desk.write(person()), desk.write(visit(zahra.entity_id)), desk.write(zahra)]
    assert {each for each, _ in push(engine, desk, *sent, now_us=NOW + 1)} == {"quarantined"}
    assert hashes(engine) == before
    assert gapless(engine)


def test_what_came_late_from_before_the_loss_is_still_believed(engine: Engine, desk: Author) -> None:
    mine, theirs = person("پیش"), person("پس")
    first, second = desk.write(mine), desk.write(theirs)
    assert revoke(engine, desk, through=3).valid_through == 3
    assert push(engine, desk, first, second) == [("accepted", ""), ("quarantined", "revoked")]
    assert document(engine, mine.entity_id)
    assert document(engine, theirs.entity_id) is None


def test_what_is_in_the_feed_stays_and_is_pointed_at(engine: Engine, desk: Author) -> None:
    push(engine, desk, desk.write(person()), now_us=NOW + 10)
    found = revoke(engine, desk, through=1, lost=NOW + 5)
    assert (found.valid_through, found.doubtful) == (3, (3,))
    assert revoke(engine, desk, lost=NOW).doubtful == (1, 3)


def test_an_officer_lets_in_what_was_honest_and_it_is_believed_from_then_on(engine: Engine, desk: Author) -> None:
    zahra = person()
    revoke(engine, desk)
    one = desk.write(zahra)
    push(engine, desk, one)

    def let_in(connection: Connection) -> None:
        books = Books(connection, REALM, PROVINCE_KEY, NOW)
        inbox.release_by_hand(books, CENTRE, desk.desk, commits.span(one.message).first)

    store.locked(engine, CENTRE, let_in)
    assert document(engine, zahra.entity_id)
    with store.reading(engine) as connection:
        listed = directory.of(connection, CENTRE, [(desk.desk, desk.staff, None)])
    assert [each.through for each in listed] == [3]


def test_a_desk_nobody_knows_can_not_be_revoked(engine: Engine) -> None:
    with pytest.raises(KeyError):
        revoke(engine, Author())


# -- over the wire


@pytest.fixture
def province(tmp_path: Path) -> Iterator[Province]:
    with provinces.founded(tmp_path / "province", CENTRE, realm=REALM) as made, made.serving():
        yield made


def ask(province: Province, desk: Author, method: str, target: str, body: bytes = b"") -> Reply:
    to = address(province.url)
    encoding = wire.CONTENT_ENCODING if body else "identity"
    headers = {"content-type": wire.CONTENT_TYPE, "content-encoding": encoding}
    key_id, now = f"{CENTRE}/{desk.desk}", time.time_ns() // 1000
    signed = requests.sign(desk.desk_key, key_id, method, f"{province.url}{target}", headers, body, now)
    with Line(to, None) as line:
        return line.send(method, target, signed, body)


def sent(*commits_: Commit) -> bytes:
    return wire.pack(wire.PushAsk(tuple(map(shapes.transaction, commits_))))


def test_it_pushes_once_and_pulls_nothing(province: Province) -> None:
    desk = enrolled(province.engine, Author())
    founding = desk.write(*desk.founding())
    assert ask(province, desk, "POST", "/push", sent(founding)).status == 200
    revoke(province.engine, desk)
    nothing = wire.pack(wire.Problem("not-here"))
    for method, target, body in (
        ("POST", "/hello", wire.pack(wire.HelloAsk())), ("GET", "/pull?after=0", b""), ("GET", "/own?after=0", b""),
    ):  # fmt: skip
        reply = ask(province, desk, method, target, body)
        assert (reply.status, reply.body) == (404, nothing)
    reply = ask(province, desk, "POST", "/push", sent(desk.write(person())))
    assert [one.reason for one in wire.unpack(reply.body, wire.PushReply).judged] == ["revoked"]
    assert ask(province, desk, "POST", "/push", sent(desk.write(person()))).status == 404


def test_the_command_revokes_and_says_what_to_look_at(province: Province, capsys: pytest.CaptureFixture[str]) -> None:
    desk = enrolled(province.engine, Author())
    push(province.engine, desk, desk.write(*desk.founding()))
    where = ["--data-dir", str(province.folder)]
    assert commands.main(["revoke", CENTRE, desk.desk, "--lost-at", "1400-01-01", *where]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["valid_through"], said["doubtful"]) == (2, [1])
    assert ask(province, desk, "GET", "/pull?after=0").status == 404
    assert commands.main(["revoke", CENTRE, identifiers.new(), *where]) == 1
    assert "ثبت نشده" in capsys.readouterr().err
