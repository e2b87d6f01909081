"""Files beside the records: they come after everything people wrote, whole or not at all, and go on where cut."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress

import pytest
from sqlalchemy import select, text

from db import blobs, feed, scope
from db.models.blobs import Blob, BlobOf, BlobPiece
from desktop import wire
from desktop.desk import Desk
from desktop.domain import blobs as named
from desktop.domain import identifiers
from desktop.domain.faults import Known
from desktop.sync import blobs as channel
from desktop.sync import enrol, link, round_trip
from tests.desk import cutting, opened
from tests.desk.provinces import Province
from tests.sync.conftest import OTHER_CENTRE
from tests.sync.test_snapshot import worked

Make = Callable[..., Desk]
SCAN = random.Random(1).randbytes(5 * named.PIECE + 17)


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine of the test is."""
    monkeypatch.setattr(channel, "SECONDS", 3_600)


def kept(desk: Desk, data: bytes = SCAN, entity: str = "") -> str:
    with desk.writing() as session:
        return blobs.keep(session, data, entity or identifiers.new())


def wanted(desk: Desk, name: str, entity: str = "") -> None:
    with desk.writing() as session:
        blobs.want(session, name, entity or identifiers.new())


def stands(desk: Desk, name: str) -> str | None:
    with desk.reading() as session:
        return blobs.standing(session, name)


def data_of(desk: Desk, name: str) -> bytes | None:
    with desk.reading() as session:
        return blobs.read(session, name)


def joined(province: Province, url: str, *desks: Desk) -> None:
    for desk in desks:
        enrol.enrol(desk, url, province.code(desk.signer.centre))
        round_trip.sync(desk)


def called(patch: pytest.MonkeyPatch, on: Callable[[str, str], None]) -> None:
    """`on` hears of every call before it is made."""
    real = link.Caller.call

    def call(self: link.Caller, method: str, target: str, *rest: object) -> object:
        on(method, target)
        reply: object = real(self, method, target, *rest)  # type: ignore[arg-type]
        return reply

    patch.setattr(link.Caller, "call", call)


def test_what_one_desk_keeps_another_of_its_centre_reads(make_desk: Make, province: Province) -> None:
    one, two = make_desk("one"), make_desk("two")
    with province.serving() as url:
        joined(province, url, one, two)
        name = kept(one)
        wanted(two, name)
        round_trip.sync(two)
        assert (stands(two, name), data_of(two, name)) == ("wanted", None), "not sent yet"
        for desk in (one, two):
            round_trip.sync(desk)
        assert stands(one, name) == "sent"
        assert data_of(two, name) == SCAN
        with pytest.MonkeyPatch.context() as patch:
            asked: list[str] = []
            called(patch, lambda _method, target: asked.append(target))
            for desk in (one, two):
                round_trip.sync(desk)
        assert not [each for each in asked if "blob" in each], "nothing is left to do, and nothing asked"


def test_it_goes_on_where_the_line_was_cut(make_desk: Make, province: Province) -> None:
    """Cut after any byte, both ways; no sync is failed by it, and what is behind it in the queue isn't lost."""
    one, two = make_desk("one"), make_desk("two")
    with cutting.relay() as line, province.serving(known_as=line.url) as url:
        line.to = int(url.rpartition(":")[2])
        joined(province, line.url, one, two)
        name = kept(one)
        wanted(two, name)
        for desk, way in ((one, "most_up"), (two, "most_down")):
            cuts = 0
            random_ = random.Random(5)
            while stands(desk, name) in ("unsent", "wanted"):
                setattr(line, way, random_.randrange(20_000, 220_000) if cuts < 10 else None)
                cuts += 1
                with suppress(Known):
                    round_trip.sync(desk)
                assert cuts < 30
            setattr(line, way, None)
            assert cuts >= 3
        assert data_of(two, name) == SCAN


def test_no_byte_goes_twice_where_the_province_has_it(make_desk: Make, province: Province) -> None:
    one = make_desk("one")
    with province.serving() as url:
        joined(province, url, one)
        name = kept(one)
        for cut in (2, 5):
            sent: list[str] = []

            def on(method: str, target: str, cut: int = cut, sent: list[str] = sent) -> None:
                if method == "PATCH":
                    sent.append(target)
                    if len(sent) == cut:
                        raise Known("province-unreachable")

            with pytest.MonkeyPatch.context() as patch:
                called(patch, on)
                round_trip.sync(one)
        assert stands(one, name) == "unsent"
        with pytest.MonkeyPatch.context() as patch:
            sent = []
            called(patch, lambda method, target: sent.append(target) if method == "PATCH" else None)
            round_trip.sync(one)
        assert len(sent) == 1, "one piece and four came before"
        assert stands(one, name) == "sent"


def test_a_duplicate_costs_no_line_and_no_room(make_desk: Make, province: Province) -> None:
    one, two = make_desk("one"), make_desk("two")
    with province.serving() as url:
        joined(province, url, one, two)
        name = kept(one)
        assert kept(one) == name
        with one.reading() as session:
            assert len(session.scalars(select(Blob)).all()) == 1
            assert len(session.scalars(select(BlobOf)).all()) == 2
        round_trip.sync(one)
        assert kept(two) == name
        with pytest.MonkeyPatch.context() as patch:
            sent: list[str] = []
            called(patch, lambda method, target: sent.append(target) if method == "PATCH" else None)
            round_trip.sync(two)
        assert not sent
        assert stands(two, name) == "sent"


def test_small_work_written_meanwhile_goes_first(make_desk: Make, province: Province) -> None:
    one = make_desk("one")
    with province.serving() as url:
        joined(province, url, one)
        name = kept(one)
        sent: list[str] = []

        def on(method: str, _target: str) -> None:
            if method == "PATCH":
                sent.append(method)
                if len(sent) == 2:
                    worked(one, 1, seed=3)

        with pytest.MonkeyPatch.context() as patch:
            called(patch, on)
            round_trip.sync(one)
        assert len(sent) == 2, "the file waits as soon as something was written"
        with one.reading() as session:
            assert feed.unsent(session, one.signer.desk)
        assert round_trip.sync(one).pushed
        assert stands(one, name) == "sent"


@pytest.mark.parametrize("limit", ["bytes", "seconds"])
def test_one_sync_gives_files_only_so_much_of_the_line(
    make_desk: Make, province: Province, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    one = make_desk("one")
    ticks = iter(range(10_000))
    with province.serving() as url:
        joined(province, url, one)
        small, big = kept(one, b"small"), kept(one)
        if limit == "bytes":
            monkeypatch.setattr(channel, "BUDGET", 2 * named.PIECE)
        else:
            monkeypatch.setattr(channel, "SECONDS", 4)
            real = channel.exchange
            monkeypatch.setattr(
                channel, "exchange", lambda desk, caller: real(desk, caller, lambda: float(next(ticks)))
            )
        syncs = 0
        while stands(one, big) == "unsent":
            round_trip.sync(one)
            syncs += 1
            assert stands(one, small) == "sent", "the smallest goes first"
            assert syncs < 10
        assert syncs > 1


@pytest.mark.parametrize("lie", ["bytes", "size", "place", "empty"])
def test_a_lie_is_not_kept(make_desk: Make, province: Province, lie: str) -> None:
    one, two = make_desk("one"), make_desk("two")
    with province.serving() as url:
        joined(province, url, one, two)
        name, honest = kept(one), kept(one, b"honest")
        round_trip.sync(one)
        for each in (name, honest):
            wanted(two, each)
        real = link.Caller.call

        def call(self: link.Caller, method: str, target: str, *rest: object) -> object:
            reply: object = real(self, method, target, *rest)  # type: ignore[arg-type]
            if isinstance(reply, wire.BlobPart) and name in target:
                match lie:
                    case "bytes":
                        return wire.BlobPart(reply.size, reply.at, bytes(len(reply.data)))
                    case "size":
                        return wire.BlobPart(reply.size - 1, reply.at, reply.data)
                    case "place":
                        return wire.BlobPart(reply.size, reply.at + 1, reply.data)
                    case "empty":
                        return wire.BlobPart(reply.size, reply.at, b"")
            return reply

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(link.Caller, "call", call)
            with pytest.raises(Known) as fault:
                round_trip.sync(two)
        assert fault.value.code == "province-garbled"
        assert data_of(two, name) is None
        assert data_of(two, honest) == b"honest", "the others came"
        round_trip.sync(two)
        assert data_of(two, name) == SCAN


@pytest.mark.parametrize("how", ["UPDATE blob_piece SET data = zeroblob(length(data))", "DELETE FROM blob_piece"])
def test_one_whose_bytes_went_bad_here_is_sent_no_more(make_desk: Make, province: Province, how: str) -> None:
    one = make_desk("one")
    with province.serving() as url:
        joined(province, url, one)
        name = kept(one)
        with one.writing() as session:
            session.execute(text(how))
        good = kept(one, SCAN[:-1])
        round_trip.sync(one)
        assert (stands(one, name), stands(one, good)) == ("spoiled", "sent")
        assert data_of(one, name) is None
        assert kept(one) == name, "kept again from what it was made of"
        round_trip.sync(one)
        assert stands(one, name) == "sent"


def test_a_refusal_of_good_bytes_is_told(make_desk: Make, province: Province) -> None:
    one = make_desk("one")
    with province.serving() as url:
        joined(province, url, one)
        name = kept(one)

        def on(method: str, _target: str) -> None:
            if method == "PATCH":
                raise Known("province-refused")

        with pytest.MonkeyPatch.context() as patch:
            called(patch, on)
            with pytest.raises(Known) as fault:
                round_trip.sync(one)
        assert fault.value.code == "province-refused"
        assert stands(one, name) == "unsent"


def test_another_centres_file_is_nowhere(make_desk: Make, province: Province) -> None:
    one, far = make_desk("one"), make_desk("far", OTHER_CENTRE)
    with province.serving() as url:
        joined(province, url, one, far)
        name = kept(one)
        round_trip.sync(one)
        wanted(far, name)
        round_trip.sync(far)
        assert stands(far, name) == "wanted"


def test_too_large_and_empty_are_not_kept(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(named, "MOST", 10)
    with desk.writing() as session:
        blobs.keep(session, bytes(10), "x")
        with pytest.raises(Known) as fault:
            blobs.keep(session, bytes(11), "x")
        assert fault.value.code == "attachment-too-large"
        assert all(fault.value.parts())
        with pytest.raises(ValueError, match="without bytes"):
            blobs.keep(session, b"", "x")
        for name in ("", "x" * 64, "A" * 64, "../" + "a" * 61):
            with pytest.raises(ValueError, match="name"):
                blobs.want(session, name, "x")


def test_it_goes_with_the_last_entity_it_belongs_to(desk: Desk) -> None:
    first, second, other = (identifiers.new() for _ in range(3))
    here, shared, unsent = kept(desk, b"here", first), kept(desk, b"shared", first), kept(desk, b"unsent", first)
    kept(desk, b"shared", other)
    wanted(desk, named.name(b"w"), second)
    with desk.writing() as session:
        blobs.sent(session, [here, shared])
        scope.leave(session, desk.signer.desk, [first, second])
        left = set(session.scalars(select(Blob.name)))
        assert left == {shared, unsent}, "what the province hasn't got stays until it has"
        blobs.sent(session, [unsent])
        assert set(session.scalars(select(Blob.name))) == {shared}
        assert set(session.scalars(select(BlobPiece.name))) == {shared}


def test_nothing_of_it_lies_open_on_the_disk(desk: Desk) -> None:
    canary = b"canary-of-a-scanned-paper" * 10_000
    kept(desk, canary)
    for path in desk.folder.rglob("*"):
        assert b"canary-of" not in (path.read_bytes() if path.is_file() else b""), path


def test_a_province_that_lost_them_gets_them_again(make_desk: Make, province: Province) -> None:
    one, two = make_desk("one"), make_desk("two")
    with province.serving() as url:
        joined(province, url, one, two)
        name = kept(one)
        wanted(two, name)
        for desk in (one, two):
            round_trip.sync(desk)
        with province.engine.begin() as connection:
            for table in ("blob", "blob_piece"):
                connection.execute(text(f"DELETE FROM {table}"))
            connection.execute(text("UPDATE province SET feed_id = 'another telling'"))
        with one.writing() as session:
            session.execute(text("DELETE FROM blob"))  # whoever made it has lost it too
        round_trip.sync(two)
        assert stands(two, name) == "sent"
        late = make_desk("late")
        enrol.enrol(late, url, province.code(opened.CENTRE))
        wanted(late, name)
        round_trip.sync(late)
        assert data_of(late, name) == SCAN
