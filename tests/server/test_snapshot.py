"""Snapshots at the province: of the caller's centre alone, frozen, signed, gone when the past changes (security 25)."""

from __future__ import annotations

import hashlib

import pytest
from sqlalchemy import Engine, func, select, update

from desktop import wire
from desktop.domain import merging
from desktop.seal import canonical, keys, signing
from desktop.seal.refused import Refused
from server import config, enrol, feed, snapshot, store
from server.exchange import Caller
from server.keys import Identity
from server.store import DOCUMENT, PROVINCE, SNAPSHOT, SNAPSHOT_PIECE
from tests.desk.authors import CENTRE, NOW, PROVINCE_KEY, REALM, Author, person
from tests.desk.inbox import enrolled, push


class Clock:
    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> int:
        return self.at


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "PIECE", 300)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def province(engine: Engine, clock: Clock) -> config.Province:
    identity = Identity(REALM, keys.public_of(keys.sign_key()), PROVINCE_KEY, b"", keys.box_key(), b"")
    return config.Province(engine, identity, now=clock)


def caller(desk: Author) -> Caller:
    return Caller(desk.centre, desk.desk, desk.public)


@pytest.fixture
def desk(engine: Engine) -> Author:
    found = enrolled(engine, Author())
    push(engine, found, found.write(*found.founding()), *(found.write(person()) for _ in range(5)))
    return found


@pytest.fixture
def far(engine: Engine) -> Author:
    with store.writing(engine) as connection:
        enrol.add_centre(connection, "999", "دور", NOW)
    found = enrolled(engine, Author(centre="999"))
    push(engine, found, found.write(*found.founding()), found.write(person()))
    return found


def said(reply: wire.SnapshotReply) -> dict[str, object]:
    signing.verify(PROVINCE_KEY.public_key(), "snapshot", REALM, reply.manifest, reply.signature)
    return dict(canonical.decode(reply.manifest))


def whole(province: config.Province, who: Caller, manifest: dict[str, object]) -> wire.Snapshot:
    pieces = manifest["pieces"]
    assert isinstance(pieces, list)
    got = [snapshot.piece(province, who, str(manifest["snapshot"]), at) for at in range(len(pieces))]
    assert [hashlib.sha256(each.data).hexdigest() for each in got if each] == pieces
    assert snapshot.piece(province, who, str(manifest["snapshot"]), len(pieces)) is None
    return wire.unpack(b"".join(each.data for each in got if each), wire.Snapshot)


def documents(engine: Engine, centre: str) -> set[str]:
    with store.reading(engine) as connection:
        return set(connection.execute(select(DOCUMENT.c.entity_id).where(DOCUMENT.c.centre_id == centre)).scalars())


def test_it_is_the_callers_centre_and_nothing_else(
    engine: Engine, province: config.Province, desk: Author, far: Author
) -> None:
    for one in (desk, far):
        manifest = said(snapshot.of(province, caller(one)))
        taken = whole(province, caller(one), manifest)
        assert {each.entity_id for each in taken.documents} == documents(engine, one.centre)
        assert (manifest["desk"], manifest["head"], taken.last_seq) == (one.desk, one.seq - 1, one.seq - 1)
        total = sum(
            merging.weight(each.kind, each.entity_id, merging.document_hash(each.kind, each.entity_id, each.text))
            for each in taken.documents
        )
        assert manifest["state"] == merging.state_hash(total)
    assert documents(engine, desk.centre).isdisjoint(documents(engine, far.centre))


def test_asked_again_it_is_the_same_until_its_day_is_over(
    engine: Engine, province: config.Province, desk: Author, clock: Clock
) -> None:
    first = snapshot.of(province, caller(desk))
    push(engine, desk, desk.write(person()))
    assert snapshot.of(province, caller(desk)) == first
    clock.at += snapshot.LIFE_US
    later = said(snapshot.of(province, caller(desk)))
    assert later["head"] == said(first)["head"] + 1  # type: ignore[operator]
    assert snapshot.piece(province, caller(desk), str(said(first)["snapshot"]), 0) is None


def test_what_nobody_fetched_goes_when_its_day_is_over(
    engine: Engine, province: config.Province, desk: Author, clock: Clock
) -> None:
    other = enrolled(engine, Author())
    for one in (desk, other):
        snapshot.of(province, caller(one))
    clock.at += snapshot.LIFE_US
    snapshot.of(province, caller(desk))
    with store.reading(engine) as connection:
        for table in (SNAPSHOT, SNAPSHOT_PIECE):
            assert set(connection.execute(select(table.c.desk_id)).scalars()) == {desk.desk}


def test_a_changed_past_or_another_telling_makes_a_new_one(
    engine: Engine, province: config.Province, desk: Author
) -> None:
    first = snapshot.of(province, caller(desk))
    with store.writing(engine, CENTRE) as connection:
        feed.refold(connection, CENTRE)
        for table in (SNAPSHOT, SNAPSHOT_PIECE):
            assert connection.execute(select(func.count()).select_from(table)).scalar_one() == 0
    second = snapshot.of(province, caller(desk))
    assert said(second)["snapshot"] != said(first)["snapshot"]
    with store.writing(engine) as connection:
        connection.execute(update(PROVINCE).values(feed_id="another"))
    third = said(snapshot.of(province, caller(desk)))
    assert (third["feed_id"], third["head"]) == ("another", said(second)["head"])


def test_a_piece_of_anothers_is_nowhere(engine: Engine, province: config.Province, desk: Author, far: Author) -> None:
    """Of another centre, of another desk of the same one, of no snapshot: one answer."""
    colleague = enrolled(engine, Author())
    which = str(said(snapshot.of(province, caller(desk)))["snapshot"])
    for who in (far, colleague):
        assert snapshot.piece(province, caller(who), which, 0) is None
        snapshot.of(province, caller(who))
        assert snapshot.piece(province, caller(who), which, 0) is None
    assert snapshot.piece(province, caller(desk), "none", 0) is None
    assert snapshot.piece(province, caller(desk), which, -1) is None
    assert snapshot.piece(province, caller(desk), which, 0)


def test_the_signature_is_for_this_province_and_purpose(province: config.Province, desk: Author) -> None:
    reply = snapshot.of(province, caller(desk))
    for purpose, realm in (("directory", REALM), ("snapshot", "another")):
        with pytest.raises(Refused):
            signing.verify(PROVINCE_KEY.public_key(), purpose, realm, reply.manifest, reply.signature)  # type: ignore[arg-type]


@pytest.mark.parametrize("most_bytes", [1, 3_000, 1 << 20])
def test_history_always_leads_up_to_what_is_there(
    engine: Engine, desk: Author, monkeypatch: pytest.MonkeyPatch, most_bytes: int
) -> None:
    """However large its rows: a page that is cut for its size is cut at its far end."""
    monkeypatch.setattr(feed, "_MOST_BYTES", most_bytes)
    before, pages = desk.seq, 0
    while before > 1:
        with store.reading(engine) as connection:
            rows = feed.history(connection, CENTRE, desk.desk, before, 100).rows
        assert rows[-1].sseq + rows[-1].length == before
        before, pages = rows[0].sseq, pages + 1
    assert (pages == 1) == (most_bytes > 3_000)
