"""Blobs at the province: whole before they count, each centre's its own, an upload its desk's alone (security 21)."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select, text

from desktop import wire
from desktop.domain import blobs as named
from desktop.seal import keys
from desktop.seal.refused import Refused
from server import blobs, config, enrol, store
from server.blobs import BLOB, BLOB_PIECE
from server.exchange import Caller
from server.keys import Identity
from tests.desk.authors import CENTRE, NOW, PROVINCE_KEY, REALM, Author
from tests.desk.inbox import enrolled

DATA = random.Random(3).randbytes(250_000)
NAME = named.name(DATA)


@pytest.fixture
def province(engine: Engine) -> config.Province:
    identity = Identity(REALM, keys.public_of(keys.sign_key()), PROVINCE_KEY, b"", keys.box_key(), b"")
    return config.Province(engine, identity, now=lambda: NOW)


def caller(desk: Author) -> Caller:
    return Caller(desk.centre, desk.desk, desk.public)


@pytest.fixture
def one(engine: Engine) -> Caller:
    return caller(enrolled(engine, Author()))


@pytest.fixture
def two(engine: Engine) -> Caller:
    return caller(enrolled(engine, Author()))


@pytest.fixture
def far(engine: Engine) -> Caller:
    with store.writing(engine) as connection:
        enrol.add_centre(connection, "999", "دور", NOW)
    return caller(enrolled(engine, Author(centre="999")))


def send(
    province: config.Province, who: Caller, at: int, upto: int, data: bytes = DATA, name: str = NAME
) -> wire.BlobTaken:
    return blobs.take(province, who, name, wire.BlobPart(len(data), at, data[at:upto]))


def upload(province: config.Province, who: Caller, data: bytes = DATA, name: str = NAME) -> wire.BlobTaken:
    taken = wire.BlobTaken(0)
    while not taken.whole:
        taken = send(province, who, taken.held, taken.held + 100_000, data, name)
    return taken


def stands(province: config.Province, who: Caller, *names: str) -> list[tuple[int, int | None]]:
    reply = blobs.stand(province, who, [bytes.fromhex(name) for name in names or (NAME,)])
    return [(each.held, each.size) for each in reply.stands]


def got(province: config.Province, who: Caller, name: str = NAME) -> bytes | None:
    data = b""
    while part := blobs.part(province, who, name, len(data)):
        assert part.at == len(data)
        assert part.data
        data += part.data
        if len(data) == part.size:
            return data
    return None


def rows(engine: Engine) -> tuple[int, int]:
    with store.reading(engine) as connection:
        return tuple(
            connection.execute(select(func.count()).select_from(table)).scalar_one() for table in (BLOB, BLOB_PIECE)
        )  # type: ignore[return-value]


def test_it_counts_only_once_it_is_whole(province: config.Province, one: Caller, two: Caller) -> None:
    assert stands(province, one) == [(0, None)]
    assert send(province, one, 0, 100_000) == wire.BlobTaken(100_000)
    assert (stands(province, one), stands(province, two)) == ([(100_000, None)], [(0, None)])
    assert got(province, one) is None
    assert upload(province, one) == wire.BlobTaken(len(DATA), whole=True)
    for who in (one, two):
        assert stands(province, who) == [(0, len(DATA))]
        assert got(province, who) == DATA
    assert send(province, two, 0, 10) == wire.BlobTaken(len(DATA), whole=True), "nobody sends it again"


def test_parts_that_come_twice_or_too_early_change_nothing(province: config.Province, one: Caller) -> None:
    assert send(province, one, 50_000, 60_000) == wire.BlobTaken(0)
    for _ in range(2):
        assert send(province, one, 0, 100_000) == wire.BlobTaken(100_000)
    assert send(province, one, 50_000, 150_000) == wire.BlobTaken(100_000)
    assert send(province, one, 200_000, 250_000) == wire.BlobTaken(100_000)
    upload(province, one)
    assert got(province, one) == DATA


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(st.tuples(st.integers(0, 999), st.integers(1, 400)), max_size=30), seed=st.integers(0, 2**32))
def test_whatever_order_parts_come_in_it_is_whole_or_not_there(
    province: config.Province, one: Caller, parts: list[tuple[int, int]], seed: int
) -> None:
    data = random.Random(seed).randbytes(1_000)
    name = named.name(data)
    for at, length in parts:
        taken = send(province, one, at, at + length, data, name)
        assert got(province, one, name) == (data if taken.whole else None)
    upload(province, one, data, name)
    assert got(province, one, name) == data


def test_bytes_of_another_name_leave_nothing(
    engine: Engine, province: config.Province, one: Caller, two: Caller
) -> None:
    wrong = DATA[:-1] + b"x"
    with pytest.raises(Refused):
        upload(province, one, wrong)
    assert (stands(province, one), rows(engine)) == ([(0, None)], (0, 0))
    send(province, two, 0, 100_000, wrong)
    upload(province, one)
    assert got(province, two) == DATA, "a desk that sends something else under a name keeps nobody from it"
    assert send(province, two, 100_000, 200_000, wrong).whole
    assert rows(engine)[0] == 1, "what was half sent is gone"


def test_an_upload_begun_as_another_size_begins_anew(province: config.Province, one: Caller) -> None:
    send(province, one, 0, 100_000, DATA[:-5])
    assert send(province, one, 100_000, 200_000) == wire.BlobTaken(0)
    upload(province, one)
    assert got(province, one) == DATA


@pytest.mark.parametrize(
    ("name", "part"),
    [
        (NAME, wire.BlobPart(named.MOST + 1, 0, b"x")),
        (NAME, wire.BlobPart(0, 0, b"")),
        (NAME, wire.BlobPart(5, 0, b"")),
        (NAME, wire.BlobPart(5, 3, b"xxx")),
        (NAME, wire.BlobPart(5, -1, b"x")),
        (NAME, wire.BlobPart(-5, 0, b"x")),
        (NAME, wire.BlobPart(1 << 20, 0, bytes(256 * 1024 + 1))),
        (NAME.upper(), wire.BlobPart(5, 0, b"x")),
        ("x", wire.BlobPart(5, 0, b"x")),
    ],
)
def test_odd_parts_are_refused(
    engine: Engine, province: config.Province, one: Caller, name: str, part: wire.BlobPart
) -> None:
    with pytest.raises(Refused):
        blobs.take(province, one, name, part)
    assert rows(engine) == (0, 0)


def test_a_desk_fills_nothing_with_beginnings(
    engine: Engine, province: config.Province, one: Caller, two: Caller
) -> None:
    send(province, two, 0, 10)
    for at in range(30):
        data = bytes([at]) * 100
        send(province, one, 0, 50, data, named.name(data))
    assert rows(engine) == (blobs.UNFINISHED + 1, blobs.UNFINISHED + 1)
    assert stands(province, two) == [(10, None)], "another desk's goes on"
    with pytest.raises(Refused):
        blobs.stand(province, one, [bytes(32)] * (blobs.MOST_ASKED + 1))


def test_another_centre_learns_nothing_and_shares_nothing(
    engine: Engine, province: config.Province, one: Caller, far: Caller
) -> None:
    upload(province, one)
    nowhere = named.name(b"never sent")
    assert stands(province, far, NAME, nowhere) == [(0, None), (0, None)]
    assert blobs.part(province, far, NAME, 0) is None
    assert send(province, far, 0, 100_000) == wire.BlobTaken(100_000), "it is no quicker for being known elsewhere"
    assert got(province, far) is None
    upload(province, far)
    assert rows(engine)[0] == 2
    assert {one.centre_id, far.centre_id} == {CENTRE, "999"}


def test_two_requests_at_the_same_moment_are_one(
    engine: Engine, province: config.Province, one: Caller, two: Caller
) -> None:
    """A request cut and asked again may meet itself; two desks may send the same scan."""
    with ThreadPoolExecutor(8) as pool:
        for at in range(0, len(DATA), 50_000):
            jobs = [pool.submit(send, province, who, at, at + 50_000) for who in (one, one, two, two, one, two)]
            taken = {job.result() for job in jobs}
        assert wire.BlobTaken(len(DATA), whole=True) in taken
    assert got(province, one) == got(province, two) == DATA
    with store.reading(engine) as connection:
        pieces = connection.execute(
            select(BLOB_PIECE.c.desk_id, func.sum(func.length(BLOB_PIECE.c.data))).group_by(BLOB_PIECE.c.desk_id)
        ).all()
    assert all(total == len(DATA) for _, total in pieces)


def test_who_was_slower_leaves_no_piece_behind(
    engine: Engine, province: config.Province, one: Caller, two: Caller
) -> None:
    """Their last part is on its way twice as the other's file is whole: one request adds it, the other drops it all."""
    if engine.dialect.name == "sqlite":
        pytest.skip("SQLite lets one write at a time")
    last = len(DATA) - 50_000
    send(province, two, 0, last)
    mine = {"centre": two.centre_id, "desk": two.desk_id, "name": NAME}
    with ThreadPoolExecutor(1) as pool:
        with store.writing(engine) as connection:
            blobs._take(connection, province, mine, wire.BlobPart(len(DATA), last, DATA[last:]))
            upload(province, one)
            dropping = pool.submit(send, province, two, last, len(DATA))
            waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
            while not dropping.done():
                with engine.connect() as other:
                    if other.execute(waiting).scalar_one():
                        break
        assert dropping.result().whole
    with store.reading(engine) as connection:
        pieces = connection.execute(select(BLOB_PIECE.c.desk_id).distinct()).scalars().all()
    assert pieces == [one.desk_id]
