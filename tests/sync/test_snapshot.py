"""A further desk, a desk that diverged, a province restored or replaced: begun from a snapshot, nothing lost."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text

from db import feed, verify
from db.models.journal import ChangeRow
from db.models.people import Person
from db.models.snapshot import SnapshotPiece
from desktop import wire
from desktop.actions import dump
from desktop.desk import Desk
from desktop.domain.faults import Known
from desktop.sync import enrol, link, round_trip, snapshot
from desktop.sync.http import Line
from server import backup, config, keys, store
from server import snapshot as province_snapshot
from server.exchange import Caller
from server.upgrade import upgrade
from tests.day.province import command
from tests.desk import opened
from tests.desk.provinces import Province
from tests.sync.conftest import OTHER_CENTRE

Make = Callable[..., Desk]


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A centre of a few families is far enough, and its snapshot has many pieces."""
    monkeypatch.setattr(snapshot, "FROM", 10)
    monkeypatch.setattr(province_snapshot, "PIECE", 1_000)


def same_as_the_province(province: Province, *desks: Desk) -> None:
    said = command(province.folder, None, "dump", "--centre", opened.CENTRE)
    for desk in desks:
        with desk.reading() as session:
            mine = dump.dump(session)
        assert mine["documents"] == said["documents"]
        assert mine["state_hash"] == said["state_hash"]
        found = verify.verify(desk.engine, desk.signer.desk, desk.signer.realm)
        assert found.clean, found


def base(desk: Desk) -> int:
    with desk.reading() as session:
        return feed.position(session).base


def worked(desk: Desk, times: int = 3, seed: int = 7) -> None:
    work = opened.at_work(desk, seed)
    for _ in range(times):
        work.whole()


def begun(make_desk: Make, province: Province, url: str) -> Desk:
    one = make_desk("one")
    enrol.enrol(one, url, province.code(opened.CENTRE))
    worked(one)
    round_trip.sync(one)
    return one


@pytest.fixture(autouse=True)
def _slow_history(monkeypatch: pytest.MonkeyPatch) -> None:
    """The history comes in pages of a few changes, two a sync."""
    monkeypatch.setattr(snapshot, "_HISTORY_PAGE", 6)
    real = snapshot.history
    monkeypatch.setattr(snapshot, "history", lambda desk, caller, tie: real(desk, caller, tie, pages=1))


def test_a_further_desk_begins_from_a_snapshot_and_its_history_follows(make_desk: Make, province: Province) -> None:
    with province.serving() as url:
        one = begun(make_desk, province, url)
        two = make_desk("two")
        enrol.enrol(two, url, province.code(opened.CENTRE))
        round_trip.sync(two)
        assert base(two) > 0
        for desk in (one, two):
            round_trip.sync(desk)
        same_as_the_province(province, one, two)
        worked(two, seed=8)
        before = base(two)
        rounds = 0
        while base(two):
            for desk in (two, one):
                round_trip.sync(desk)
            same_as_the_province(province, two)
            rounds += 1
            assert rounds < 50
        assert before
        assert rounds > 1, "a little at a time"
        with two.reading() as session:
            places = session.scalars(select(ChangeRow.sseq).where(ChangeRow.sseq.is_not(None))).all()
        assert sorted(filter(None, places)) == list(range(1, len(places) + 1)), "who and when of everything is here"
        same_as_the_province(province, one, two)


def test_it_goes_on_after_ten_cuts_and_no_piece_comes_twice(make_desk: Make, province: Province) -> None:
    with province.serving() as url:
        one = begun(make_desk, province, url)
        two = make_desk("two")
        enrol.enrol(two, url, province.code(opened.CENTRE))
        asked: list[str] = []
        real = link.Caller.call
        cuts = 0

        def counted(self: link.Caller, method: str, target: str, *rest: object) -> object:
            nonlocal cuts
            if target.startswith("/snapshot/"):
                asked.append(target)
                if len(asked) % 2 == 0 and cuts < 10:
                    cuts += 1
                    asked.pop()
                    raise Known("province-unreachable")
            reply: object = real(self, method, target, *rest)  # type: ignore[arg-type]
            return reply

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(link.Caller, "call", counted)
            for _ in range(40):
                with suppress(Known):
                    round_trip.sync(two)
                    break
        assert cuts == 10
        assert len(set(asked)) == len(asked), "what came is not asked for again"
        assert base(two) > 0
        round_trip.sync(one)
        round_trip.sync(two)
        same_as_the_province(province, one, two)


@pytest.mark.parametrize("lie", ["piece", "manifest"])
def test_a_lie_begins_nothing(make_desk: Make, province: Province, monkeypatch: pytest.MonkeyPatch, lie: str) -> None:
    with province.serving() as url:
        begun(make_desk, province, url)
        two = make_desk("two")
        enrol.enrol(two, url, province.code(opened.CENTRE))
        honest_piece, honest_of = province_snapshot.piece, province_snapshot.of

        def swapped(province_: config.Province, caller: Caller, which: str, at: int) -> wire.SnapshotPiece | None:
            return honest_piece(province_, caller, which, (at + 1) % 2)

        with monkeypatch.context() as lying:
            if lie == "piece":
                lying.setattr(province_snapshot, "piece", swapped)
            else:
                lying.setattr(
                    province_snapshot, "of", lambda *asked: wire.SnapshotReply(honest_of(*asked).manifest, bytes(64))
                )
            with pytest.raises(Known) as fault:
                round_trip.sync(two)
        assert fault.value.code == "province-garbled"
        assert base(two) == 0
        round_trip.sync(two)
        assert base(two) > 0


def test_an_altered_piece_costs_only_itself(
    make_desk: Make, province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    with province.serving() as url:
        begun(make_desk, province, url)
        two = make_desk("two")
        enrol.enrol(two, url, province.code(opened.CENTRE))
        honest = province_snapshot.piece

        def altered(province_: config.Province, caller: Caller, which: str, at: int) -> wire.SnapshotPiece | None:
            found = honest(province_, caller, which, at)
            return wire.SnapshotPiece(found.data[:-1] + b"x") if found and at == 2 else found

        with monkeypatch.context() as lying:
            lying.setattr(province_snapshot, "piece", altered)
            with pytest.raises(Known) as fault:
                round_trip.sync(two)
        assert fault.value.code == "province-garbled"
        with two.reading() as session:
            assert session.scalars(select(SnapshotPiece.place)).all() == [0, 1]
        round_trip.sync(two)
        same_as_the_province(province, two)


def test_no_word_of_it_lies_open_on_the_disk(make_desk: Make, province: Province) -> None:
    with province.serving() as url:
        one = begun(make_desk, province, url)
        with one.reading() as session:
            names = [name for name in session.scalars(select(Person.family_name)) if name]
        two = make_desk("two")
        enrol.enrol(two, url, province.code(opened.CENTRE))
        round_trip.sync(two)
        for path in two.folder.rglob("*"):
            data = path.read_bytes() if path.is_file() else b""
            assert not any(name.encode() in data for name in names), path


def test_another_desks_snapshot_is_nowhere(make_desk: Make, province: Province) -> None:
    with province.serving() as url:
        one = begun(make_desk, province, url)
        far = make_desk("far", OTHER_CENTRE)
        enrol.enrol(far, url, province.code(OTHER_CENTRE))
        with one.reading() as session:
            tie = link.load(session)
        with Line(tie.server, tie.pins) as line:
            mine = link.Caller(line, tie, one.signer, one.now).call("POST", "/snapshot", wire.SnapshotReply)
            which = mine.manifest.decode().split('"snapshot":"')[1][:36]
            theirs = link.Caller(line, tie, far.signer, far.now)
            with pytest.raises(Known) as fault:
                theirs.call("GET", f"/snapshot/{which}/0", wire.SnapshotPiece)
            assert fault.value.code == "province-unknown-desk"
            own = link.Caller(line, tie, one.signer, one.now)
            assert own.call("GET", f"/snapshot/{which}/0", wire.SnapshotPiece).data
            for at in ("99999", "x", "-1", "0/1"):
                with pytest.raises(Known):
                    own.call("GET", f"/snapshot/{which}/{at}", wire.SnapshotPiece)


def test_a_desk_whose_state_differs_begins_again_and_keeps_its_unsent_work(
    make_desk: Make, province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.ledger._MARK_EVERY", 10)
    with province.serving() as url:
        one = begun(make_desk, province, url)
        with one.writing() as session:
            session.execute(text("UPDATE setting SET value = json_quote('00') WHERE name = 'state'"))
        worked(one, seed=9)
        round_trip.sync(one)
        assert base(one) > 0, "a mark differed, and it began from a snapshot"
        round_trip.sync(one)
        same_as_the_province(province, one)


def restored(province: Province, out: Path, name: str) -> Province:
    """The province as of the backup, on a new disk."""
    engine: Engine = store.opened(f"sqlite:///{province.folder / 'server.db'}")
    province.engine.dispose()
    for path in province.folder.glob("server.db*"):
        path.rename(path.with_name(f"{name}-{path.name}"))
    upgrade(engine)
    recovery = keys.read_recovery(province.folder.with_suffix(".root"))
    backup.restore(engine, province.identity, province.folder, out, recovery, config.now_us())
    config.prepare(engine, province.identity.realm, province.identity.sign_key)
    return Province(province.folder, engine, province.identity)


def changes_of(province: Province) -> dict[str, str]:
    said = command(province.folder, None, "dump", "--centre", opened.CENTRE)
    ids = [each["id"] for each in said["changes"]]
    assert len(set(ids)) == len(ids), "none twice"
    return {each["id"]: each["hash"] for each in said["changes"]}


def test_a_province_back_from_yesterday_is_filled_again_by_its_desks(make_desk: Make, province: Province) -> None:
    out = province.folder.parent / "yesterday"
    with province.serving() as url:
        one, two = begun(make_desk, province, url), make_desk("two")
        enrol.enrol(two, url, province.code(opened.CENTRE))
        worked(two, seed=8)
        for desk in (two, one):
            round_trip.sync(desk)
        backup.write(province.engine, province.identity, province.folder, out)
        for seed in (11, 12, 13):
            worked(one, 2, seed)
            worked(two, 2, seed + 10)
            for desk in (one, two, one):
                round_trip.sync(desk)
        port = int(url.rsplit(":", 1)[1])
    acknowledged = changes_of(province)
    again = restored(province, out, "lost")
    assert len(changes_of(again)) < len(acknowledged)
    with again.serving(port=port):
        worked(one, 1, 31)
        for desk in (two, one, two, one):
            round_trip.sync(desk)
        after = changes_of(again)
        assert acknowledged.items() <= after.items(), "all that was acknowledged is back"
        same_as_the_province(again, one, two)
        worked(two, 1, 41)
        for desk in (two, one):
            round_trip.sync(desk)
        same_as_the_province(again, one, two)
    again.engine.dispose()


def test_an_officer_has_a_desk_begin_again(
    make_desk: Make, province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked once, however often the line is cut; what the desk hadn't sent stays on top."""
    with province.serving() as url:
        one = begun(make_desk, province, url)
        assert base(one) == 0
        unsent = opened.at_work(one, 8).whole()
        said = command(province.folder, None, "begin-again", opened.CENTRE, one.signer.desk)
        assert said["begins_again"]
        with monkeypatch.context() as line:
            line.setattr(snapshot, "_fetch", lambda *_: _cut())
            with pytest.raises(Known, match="province-unreachable"):
                round_trip.sync(one)
        round_trip.sync(one)
        again = base(one)
        assert again > 0
        worked(one, 1, 9)
        round_trip.sync(one)
        assert base(one) == again, "once"
        assert unsent
        same_as_the_province(province, one)


def _cut() -> None:
    raise Known("province-unreachable")


def test_no_desk_of_that_name_begins_again(province: Province) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        command(province.folder, None, "begin-again", opened.CENTRE, "nobody")
