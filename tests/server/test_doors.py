"""The province's doors over real TLS: who may pass, how much they may carry, what a stranger learns."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import zstandard
from sqlalchemy import insert

from desktop import wire
from desktop.seal import canonical, enrolment, keys, requests
from desktop.seal.commits import NO_HASH
from desktop.seal.keys import SignKey
from desktop.sync import shapes
from desktop.sync.http import Line, Reply, address
from server import app, enrol, misses, serving, store
from server import keys as server_keys
from server.store import CENTRE, DESK, ENROL_CODE
from tests.desk import provinces
from tests.desk.authors import Author, person
from tests.desk.provinces import Province

HERE, THERE = "1203", "1204"
HELLO, NOTHING = wire.pack(wire.HelloAsk()), wire.pack(wire.PushAsk(()))
BLOB = hashlib.sha256(b"xy").hexdigest()
DOORS = [
    ("POST", "/hello", HELLO),
    ("GET", "/pull?after=0", b""),
    ("GET", "/pull?before=9", b""),
    ("GET", "/own?after=0", b""),
    ("POST", "/push", NOTHING),
    ("POST", "/snapshot", b""),
    ("POST", "/blobs", wire.pack(wire.BlobsAsk((bytes(32),)))),
    ("PATCH", f"/blob/{BLOB}", wire.pack(wire.BlobPart(2, 0, b"x"))),
]


@pytest.fixture
def province(tmp_path: Path) -> Iterator[Province]:
    with provinces.founded(tmp_path / "province", HERE, THERE, realm="yazd") as made, made.serving():
        yield made


@pytest.fixture
def desk(province: Province) -> Author:
    """A desk of centre 1203, enrolled."""
    author = Author(centre=HERE)
    with store.writing(province.engine, HERE) as connection:
        connection.execute(
            insert(DESK).values(
                centre_id=HERE, desk_id=author.desk, sign_key=keys.public_of(author.desk_key), box_key=bytes(32),
                enrolled_at=0, last_seq=0, last_hash=NO_HASH,
            )
        )  # fmt: skip
    return author


def ask(
    province: Province, method: str, target: str, body: bytes = b"", *, key: SignKey | None = None, key_id: str = "",
    after_s: int = 0,
) -> Reply:  # fmt: skip
    """One request, signed if a key is given."""
    to = address(province.url)
    headers = {"content-type": wire.CONTENT_TYPE, "content-encoding": wire.CONTENT_ENCODING}
    if key is not None:
        now = time.time_ns() // 1000 + after_s * 1_000_000
        headers = requests.sign(key, key_id, method, f"{to.base}{target}", headers, body, now)
    with Line(to, None) as line:
        return line.send(method, target, headers, body)


def as_desk(province: Province, desk: Author, method: str, target: str, body: bytes = b"") -> Reply:
    return ask(province, method, target, body, key=desk.desk_key, key_id=f"{HERE}/{desk.desk}")


def problem(reply: Reply) -> str:
    return wire.unpack(reply.body, wire.Problem).code


def test_an_enrolled_desk_is_answered(province: Province, desk: Author) -> None:
    commits = (desk.write(*desk.founding()), desk.write(person()))
    pushed = as_desk(province, desk, "POST", "/push", wire.pack(wire.PushAsk(tuple(map(shapes.transaction, commits)))))
    assert wire.unpack(pushed.body, wire.PushReply).acked_seq == 3
    hello = wire.unpack(as_desk(province, desk, "POST", "/hello", HELLO).body, wire.HelloReply)
    assert (hello.seq, hello.head, hello.hash) == (3, 3, desk.prev)
    page = wire.unpack(as_desk(province, desk, "GET", "/pull?after=0&limit=1").body, wire.PullReply)
    assert [entry.sseq for entry in page.entries] == [1]
    assert wire.directory(page.directory) == (wire.Listed(desk.desk, "", keys.public_of(desk.desk_key)),)


@pytest.mark.parametrize(("method", "target", "body"), DOORS)
def test_whoever_is_not_this_desk_gets_the_same_404(
    province: Province, desk: Author, method: str, target: str, body: bytes
) -> None:
    """Another centre's name with this desk's key, an unknown desk, no signature, an old one: one answer to all."""
    mine = f"{HERE}/{desk.desk}"
    strangers = [
        ask(province, method, target, body, key=desk.desk_key, key_id=f"{THERE}/{desk.desk}"),
        ask(province, method, target, body, key=desk.desk_key, key_id=f"9/{desk.desk}"),
        ask(province, method, target, body, key=desk.desk_key, key_id=desk.desk),
        ask(province, method, target, body, key=keys.sign_key(), key_id=mine),
        ask(province, method, target, body, key=desk.desk_key, key_id=mine, after_s=-400),
        ask(province, method, target, body, key=desk.desk_key, key_id=mine, after_s=400),
        ask(province, method, target, body),
        ask(province, method, "/nowhere", body),
        ask(province, "DELETE", target, body),
        ask(province, "GET" if method == "POST" else "POST", target, body, key=desk.desk_key, key_id=mine),
    ]
    assert {(each.status, each.body) for each in strangers} == {(404, wire.pack(wire.Problem("not-here")))}
    assert as_desk(province, desk, method, target, body).status == 200


def test_what_another_centre_has_is_where_nothing_is(province: Province, desk: Author) -> None:
    """Every door that takes an id: with the id of another centre's thing it answers as to an id of nothing."""
    other = Author(centre=THERE)
    with store.writing(province.engine, THERE) as connection:
        connection.execute(
            insert(DESK).values(
                centre_id=THERE, desk_id=other.desk, sign_key=keys.public_of(other.desk_key), box_key=bytes(32),
                enrolled_at=0, last_seq=0, last_hash=NO_HASH,
            )
        )  # fmt: skip

    def theirs(method: str, target: str, body: bytes = b"") -> Reply:
        return ask(province, method, target, body, key=other.desk_key, key_id=f"{THERE}/{other.desk}")

    for at, byte in enumerate((b"x", b"y")):
        assert theirs("PATCH", f"/blob/{BLOB}", wire.pack(wire.BlobPart(2, at, byte))).status == 200
    manifest = wire.unpack(theirs("POST", "/snapshot").body, wire.SnapshotReply).manifest
    which = canonical.decode(manifest)["snapshot"]
    nothing = hashlib.sha256(b"nothing").hexdigest()
    blobs, pieces = (f"/blob/{BLOB}", f"/blob/{nothing}"), (f"/snapshot/{which}/0", f"/snapshot/{nothing}/0")
    for target, of_nothing in (blobs, pieces):
        assert theirs("GET", target).status == 200
        mine = as_desk(province, desk, "GET", target)
        assert (mine.status, mine.body) == (404, wire.pack(wire.Problem("not-here")))
        assert as_desk(province, desk, "GET", of_nothing).body == mine.body
    names = wire.pack(wire.BlobsAsk((bytes.fromhex(BLOB), bytes.fromhex(nothing))))
    known, unknown = wire.unpack(as_desk(province, desk, "POST", "/blobs", names).body, wire.BlobsReply).stands
    assert known == unknown


def test_a_desk_asked_under_another_host_is_nobody(province: Province, desk: Author) -> None:
    to = address(province.url)
    headers = {"content-type": wire.CONTENT_TYPE, "content-encoding": "identity"}
    elsewhere = f"https://elsewhere.example:{to.port}"
    signed = requests.sign(
        desk.desk_key, f"{HERE}/{desk.desk}", "GET", f"{elsewhere}/pull?after=0", headers, b"", time.time_ns() // 1000
    )
    with Line(address(province.url), None) as line:
        line._to = address(elsewhere)
        assert line.send("GET", "/pull?after=0", signed, b"").status == 404


def test_another_centres_work_is_never_in_a_page(province: Province, desk: Author) -> None:
    other = Author(centre=THERE)
    with store.writing(province.engine, THERE) as connection:
        connection.execute(
            insert(DESK).values(
                centre_id=THERE, desk_id=other.desk, sign_key=keys.public_of(other.desk_key), box_key=bytes(32),
                enrolled_at=0, last_seq=0, last_hash=NO_HASH,
            )
        )  # fmt: skip
    sent = wire.pack(wire.PushAsk((shapes.transaction(other.write(*other.founding())),)))
    pushed = ask(province, "POST", "/push", sent, key=other.desk_key, key_id=f"{THERE}/{other.desk}")
    assert pushed.status == 200
    page = wire.unpack(as_desk(province, desk, "GET", "/pull?after=0").body, wire.PullReply)
    assert (page.head, page.entries, wire.directory(page.directory)) == (0, (), ())


def test_a_body_larger_than_the_bound_is_refused_before_it_is_held(province: Province, desk: Author) -> None:
    reply = as_desk(province, desk, "POST", "/push", os.urandom(wire.MOST_BYTES + 1))
    assert (reply.status, problem(reply)) == (413, "too-large")


def test_bombs_are_refused(province: Province, desk: Author) -> None:
    tool = zstandard.ZstdCompressor(write_content_size=False).compressobj()
    hidden = b"".join(tool.compress(bytes(1 << 20)) for _ in range(64)) + tool.flush()
    for bomb in (zstandard.compress(bytes(1 << 26)), hidden, wire.pack(wire.PushAsk(())) + wire.pack(wire.PushAsk(()))):
        reply = as_desk(province, desk, "POST", "/push", bomb)
        assert (reply.status, problem(reply)) == (422, "refused")
        assert ask(province, "POST", "/enrol", bomb).status == 422


def test_an_unknown_centre_and_a_wrong_code_are_refused_alike(province: Province) -> None:
    answers = set()
    for centre in (HERE, "9999", "", "'; --"):
        one = wire.EnrolAsk(centre, Author().desk, bytes(32), bytes(32), bytes(32), bytes(32))
        reply = ask(province, "POST", "/enrol", wire.pack(one))
        answers.add((reply.status, reply.body))
    assert len(answers) == 1
    assert next(iter(answers))[0] == 403


def test_who_only_guesses_does_not_burn_a_centres_codes(province: Province) -> None:
    province.code(HERE)
    for _ in range(20):
        one = wire.EnrolAsk(HERE, Author().desk, bytes(32), bytes(32), bytes(32), bytes(32))
        assert ask(province, "POST", "/enrol", wire.pack(one)).status == 403
    with store.reading(province.engine) as connection:
        assert [row.tries_left for row in connection.execute(ENROL_CODE.select())] == [1]


@pytest.mark.parametrize(("at_us", "count"), [(0, 5), (misses.WINDOW_US - 1, 5), (misses.WINDOW_US, 0)])
def test_an_address_without_tries_waits_a_quarter_of_an_hour(at_us: int, count: int) -> None:
    seen = misses.Misses()
    for tries in range(enrol.TRIES):
        assert seen.of("192.0.2.1", 0) == tries
        seen.missed("192.0.2.1", 0)
    seen.missed("192.0.2.1", 0)
    assert seen.of("192.0.2.1", at_us) == count
    assert seen.of("192.0.2.2", at_us) == 0


@pytest.mark.parametrize(("wrong", "status"), [(4, 200), (5, 403)])
def test_the_fifth_try_may_be_right_and_the_sixth_comes_too_late(
    province: Province, wrong: int, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.seal.passwords.Cost", provinces.cheap_codes)
    code, author = province.code(HERE), Author()
    one = wire.EnrolAsk(HERE, author.desk, keys.public_of(author.desk_key), bytes(32), bytes(32), bytes(32))
    for _ in range(wrong):
        assert ask(province, "POST", "/enrol", wire.pack(one)).status == 403
    mac = enrolment.desk_mac(
        enrolment.code_key(code, HERE), realm="yazd", centre=HERE, desk=one.desk, sign_key=one.sign_key,
        box_key=one.box_key, spki=server_keys.pin((province.folder / server_keys.TLS_CERT).read_bytes()),
    )  # fmt: skip
    right = msgspec.structs.replace(one, mac=mac)
    assert ask(province, "POST", "/enrol", wire.pack(right)).status == status


def test_a_broken_commit_is_refused_and_nothing_is_stored(province: Province, desk: Author) -> None:
    good = desk.write(*desk.founding())
    sent = shapes.transaction(good)
    broken = wire.Transaction(sent.message, sent.actor, bytes(64), sent.actor_signature, sent.changes)
    reply = as_desk(province, desk, "POST", "/push", wire.pack(wire.PushAsk((broken,))))
    assert (reply.status, problem(reply)) == (422, "refused")
    assert wire.unpack(as_desk(province, desk, "POST", "/hello", HELLO).body, wire.HelloReply).seq == 0


def test_a_gap_and_a_fork_are_told_apart(province: Province, desk: Author) -> None:
    first, second = desk.write(*desk.founding()), desk.write(person())
    gap = as_desk(province, desk, "POST", "/push", wire.pack(wire.PushAsk((shapes.transaction(second),))))
    assert (gap.status, wire.unpack(gap.body, wire.Problem)) == (409, wire.Problem("expected", 1))
    as_desk(province, desk, "POST", "/push", wire.pack(wire.PushAsk((shapes.transaction(first),))))
    twin = Author(desk.staff, desk.desk, desk_key=desk.desk_key, staff_key=desk.staff_key)
    longer = twin.write(*twin.founding(), person())
    fork = as_desk(province, desk, "POST", "/push", wire.pack(wire.PushAsk((shapes.transaction(longer),))))
    assert (fork.status, problem(fork)) == (409, "forked")
    other = Author(desk.staff, desk.desk, desk_key=desk.desk_key, staff_key=desk.staff_key)
    fork = as_desk(
        province, desk, "POST", "/push", wire.pack(wire.PushAsk((shapes.transaction(other.write(*other.founding())),)))
    )
    assert (fork.status, problem(fork)) == (409, "forked")


@pytest.mark.parametrize("query", ["after=-1", "after=x", "after=1&limit=" + "9" * 30, "after=%D9%A1"])
def test_a_query_that_is_no_number_is_refused(province: Province, desk: Author, query: str) -> None:
    assert as_desk(province, desk, "GET", f"/pull?{query}").status == 422


def test_every_reply_says_the_time_and_is_kept_by_nobody(province: Province) -> None:
    to = address(province.url)
    with Line(to, None) as line:
        line._connection.request("GET", "/hello", headers={"Host": to.authority})
        answer = line._connection.getresponse()
        answer.read()
    assert abs(int(answer.getheader(app.TIME_HEADER, "0")) - time.time_ns() // 1000) < 60_000_000
    assert answer.getheader("cache-control") == "no-store"


def test_off_loopback_nothing_is_served_without_tls(tmp_path: Path) -> None:
    cert = tmp_path / "x"
    for where in (
        serving.Where("0.0.0.0"),  # noqa: S104
        serving.Where("192.0.2.7", plain=True),
        serving.Where("province.example"),
        serving.Where("0.0.0.0", cert=cert),  # noqa: S104
        serving.Where("192.0.2.7", cert=cert, key=cert, plain=True),
    ):
        with pytest.raises(serving.Unsafe):
            serving.check(where)
    serving.check(serving.Where("0.0.0.0", cert=cert, key=cert))  # noqa: S104
    for host in ("127.0.0.1", "::1", "localhost", "127.9.9.9"):
        serving.check(serving.Where(host, plain=True))


def test_a_centre_is_known_by_its_own_name(province: Province) -> None:
    with store.reading(province.engine) as connection:
        assert {row.centre_id for row in connection.execute(CENTRE.select())} == {HERE, THERE}
