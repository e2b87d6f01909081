"""Backup and restore of the province: whole, sealed, read back before it counts, and another telling afterwards."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from desktop.seal import keys as sealing
from desktop.seal.refused import Refused
from server import backup, commands, config, enrol, exchange, feed, keys, orders, store
from server.keys import Identity
from server.store import CENTRE_HEAD, DESK, PROVINCE
from server.upgrade import upgrade
from tests.desk.authors import CENTRE, NOW, REALM, Author, person, visit
from tests.desk.inbox import enrolled, gapless, hashes, push
from tests.server.test_orders import CANARY, OFFICERS, everything


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    keys.create(tmp_path / "province", REALM, tmp_path / "root.json")
    return tmp_path / "province"


@pytest.fixture
def identity(folder: Path) -> Identity:
    return keys.load(folder)


@pytest.fixture
def desk(engine: Engine) -> Author:
    found = enrolled(engine, Author())
    push(engine, found, found.write(*found.founding()))
    return found


@pytest.fixture
def another(tmp_path: Path) -> Iterator[Engine]:
    """An empty database, as after a disk was replaced."""
    made = store.opened(f"sqlite:///{tmp_path / 'another.db'}")
    upgrade(made)
    yield made
    made.dispose()


def recovery(folder: Path) -> sealing.BoxKey:
    return keys.read_recovery(folder.parent / "root.json")


def durable(engine: Engine, desk: Author) -> int:
    with store.reading(engine) as connection:
        return feed.standing(connection, CENTRE, desk.desk).durable_seq


def test_all_of_it_comes_back_and_is_another_telling(
    engine: Engine, desk: Author, folder: Path, identity: Identity, another: Engine
) -> None:
    zahra = person()
    push(engine, desk, desk.write(zahra), desk.write(visit(zahra.entity_id)))
    waiting = desk.write(visit(person().entity_id))
    assert push(engine, desk, waiting) == [("quarantined", "missing_reference")]
    assert durable(engine, desk) == 0
    out = folder.parent / "backup"
    made = backup.write(engine, identity, folder, out)
    assert durable(engine, desk) == desk.seq - 1, "told only once it was read back"
    assert out.stat().st_mode & 0o777 == 0o600
    assert backup.restore(another, identity, folder, out, recovery(folder), NOW) == made
    assert hashes(another) == hashes(engine)
    assert gapless(another)
    with store.reading(engine) as before, store.reading(another) as after:
        assert config.feed_id(before) != config.feed_id(after)
        heads = select(CENTRE_HEAD.c.head, CENTRE_HEAD.c.state)
        assert before.execute(heads).all() == after.execute(heads).all()
    assert durable(another, desk) == desk.seq - 1
    assert push(another, desk, waiting) == [("quarantined", "missing_reference")], "the chain goes on where it was"
    assert push(another, desk, desk.write(person())) == [("accepted", "")]


def test_no_series_that_may_have_been_given_since_is_given_again(
    engine: Engine, desk: Author, folder: Path, identity: Identity, another: Engine
) -> None:
    out = folder.parent / "backup"
    backup.write(engine, identity, folder, out)
    with store.writing(engine, CENTRE) as connection:
        since = enrol.register(connection, CENTRE, Author().desk, (bytes(32), bytes(32)), NOW)
    backup.restore(another, identity, folder, out, recovery(folder), NOW)
    with store.writing(another, CENTRE) as connection:
        later = enrol.register(connection, CENTRE, Author().desk, (bytes(32), bytes(32)), NOW)
    assert since
    assert later
    assert set(since).isdisjoint(later)
    assert desk.seq > 1


def test_nothing_is_written_over(engine: Engine, desk: Author, folder: Path, identity: Identity) -> None:
    out = folder.parent / "backup"
    backup.write(engine, identity, folder, out)
    with pytest.raises(FileExistsError):
        backup.write(engine, identity, folder, out)
    with pytest.raises(backup.NotEmpty):
        backup.restore(engine, identity, folder, out, recovery(folder), NOW)
    assert desk.seq > 1


def test_another_key_another_province_and_a_cut_file_restore_nothing(
    engine: Engine, desk: Author, folder: Path, identity: Identity, another: Engine, tmp_path: Path
) -> None:
    push(engine, desk, *(desk.write(person()) for _ in range(40)))
    out = folder.parent / "backup"
    backup.write(engine, identity, folder, out)
    whole = out.read_bytes()
    for wrong in (whole[:-1], whole[: len(whole) // 2], whole[:-40] + bytes(40), whole + b"x", b""):
        out.write_bytes(wrong)
        with pytest.raises(Refused):
            backup.restore(another, identity, folder, out, recovery(folder), NOW)
    out.write_bytes(whole)
    with pytest.raises(Refused):
        backup.restore(another, identity, folder, out, sealing.box_key(), NOW)
    stranger = keys.create(tmp_path / "other", "semnan", tmp_path / "other.json")
    with pytest.raises(Refused):
        backup.restore(another, stranger, folder, out, recovery(folder), NOW)
    with store.reading(another) as connection:
        assert connection.execute(select(func.count()).select_from(DESK)).scalar_one() == 0
        assert connection.execute(select(func.count()).select_from(PROVINCE)).scalar_one() == 0
    backup.restore(another, identity, folder, out, recovery(folder), NOW)
    assert hashes(another) == hashes(engine)


def test_a_backup_that_does_not_come_back_makes_nothing_durable(
    engine: Engine, desk: Author, folder: Path, identity: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = backup._checked
    monkeypatch.setattr(backup, "_checked", lambda *asked: backup.Made({}, honest(*asked).digest))
    with pytest.raises(Refused):
        backup.write(engine, identity, folder, folder.parent / "backup")
    assert durable(engine, desk) == 0


def test_no_word_lies_open_in_it(engine: Engine, desk: Author, folder: Path, identity: Identity) -> None:
    push(engine, desk, desk.write(person(CANARY)))
    out = folder.parent / "backup"
    backup.write(engine, identity, folder, out)
    assert CANARY.encode() not in out.read_bytes()
    assert sealing.secret_of(identity.sign_key) not in out.read_bytes()


def test_what_was_redacted_since_is_redacted_again_first(
    engine: Engine, desk: Author, folder: Path, identity: Identity, another: Engine
) -> None:
    from desktop.seal import commits

    zahra = desk.write(person(CANARY))
    push(engine, desk, zahra)
    with store.writing(engine) as connection:
        for name, key in OFFICERS.items():
            orders.add_officer(connection, name, sealing.public_of(key))
    out = folder.parent / "backup"
    backup.write(engine, identity, folder, out)
    order = orders.ask([commits.opened(zahra.changes[0]).change_id], "کارشناس", "حکم", NOW)
    for name in ("افسر الف", "افسر ب"):
        order = orders.approve(order, name, OFFICERS[name], REALM)
    _, root = keys.read_root(folder.parent / "root.json")
    order = orders.sign(order, root, REALM)
    orders.carry_out(engine, identity, order, folder, NOW)
    backup.restore(another, identity, folder, out, recovery(folder), NOW)
    assert CANARY not in everything(another)
    for path in folder.parent.glob("another.db*"):
        assert CANARY.encode() not in path.read_bytes()


@pytest.mark.parametrize("heard", [False, True])
def test_what_was_redacted_and_is_sent_again_comes_without_its_values(
    engine: Engine, desk: Author, folder: Path, identity: Identity, another: Engine, heard: bool
) -> None:
    """The backup is older than the change and the order: the desk sends what it has, whole if it hasn't heard."""
    from desktop.seal import commits

    with store.writing(engine) as connection:
        for name, key in OFFICERS.items():
            orders.add_officer(connection, name, sealing.public_of(key))
    config.prepare(engine, REALM, identity.sign_key)
    out = folder.parent / "backup"
    backup.write(engine, identity, folder, out)
    zahra = desk.write(person(CANARY))
    push(engine, desk, zahra)
    (change,) = [commits.opened(each) for each in zahra.changes]
    order = orders.ask([change.change_id], "کارشناس", "حکم", NOW)
    for name in ("افسر الف", "افسر ب"):
        order = orders.approve(order, name, OFFICERS[name], REALM)
    _, root = keys.read_root(folder.parent / "root.json")
    orders.carry_out(engine, identity, orders.sign(order, root, REALM), folder, NOW)
    backup.restore(another, identity, folder, out, recovery(folder), NOW)
    if heard:
        zahra = replace(zahra, changes=tuple(commits.stub(each) for each in zahra.changes))
    restored = config.Province(another, identity, now=lambda: NOW)
    caller = exchange.Caller(CENTRE, desk.desk, desk.public)
    for _ in range(2):
        reply = exchange.push(restored, caller, [zahra])
        assert [one.verdict for one in reply.judged] == ["accepted"]
    assert CANARY not in everything(another)
    page = exchange.pull(restored, caller, 0, 100)
    assert [each.message for each in page.orders] == [order.message], "desks believe the stub"
    assert [each.message for each in page.notices] == [order.message], "and who has it whole is told, once"
    assert gapless(another)


def test_the_commands_move_a_province_to_another_machine(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new, root, out = (tmp_path / name for name in ("old", "new", "root.json", "backup"))
    assert commands.main(["init", "--province", REALM, "--root-out", str(root), "--data-dir", str(old)]) == 0
    assert commands.main(["centre", "add", "1203", "مهر", "--data-dir", str(old)]) == 0
    capsys.readouterr()
    assert commands.main(["backup", "--out", str(out), "--data-dir", str(old)]) == 0
    assert json.loads(capsys.readouterr().out)["rows"]["centre"] == 1
    assert commands.main(["restore", str(out), "--root", str(root), "--data-dir", str(new)]) == 0
    assert keys.load(new).sign_public == keys.load(old).sign_public
    assert commands.main(["restore", str(out), "--root", str(root), "--data-dir", str(new)]) == 1
    assert "خالی نیست" in capsys.readouterr().err
    out.write_bytes(out.read_bytes()[:-3])
    assert commands.main(["restore", str(out), "--root", str(root), "--data-dir", str(tmp_path / "third")]) == 1
