"""`python -m server` as outside checks call it, and the tables its migrations leave."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, update

from desktop.domain import merging, texts
from desktop.seal.refused import Refused
from desktop.sync.http import Line, address
from server import commands, config, keys, store
from server.store import PROVINCE
from server.upgrade import upgrade
from tests.desk import provinces
from tests.desk.authors import CENTRE, PROVINCE_KEY, REALM, Author, person, visit
from tests.desk.inbox import enrolled, hashes, push


@pytest.fixture(autouse=True)
def _quick_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop.seal.passwords.Cost", provinces.cheap_codes)


@pytest.fixture
def folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A province named yazd."""
    made = tmp_path / "province"
    assert (
        commands.main(["init", "--data-dir", str(made), "--province", REALM, "--root-out", str(tmp_path / "root")]) == 0
    )
    capsys.readouterr()
    return made


def run(folder: Path, capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert commands.main([*words, "--data-dir", str(folder)]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_a_province_is_made_once_and_its_root_leaves_the_machine(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert json.loads((tmp_path / "root").read_text())["realm"] == REALM
    secret = bytes.fromhex(json.loads((tmp_path / "root").read_text())["root"])
    for path in folder.iterdir():
        assert secret not in path.read_bytes()
        assert secret.hex().encode() not in path.read_bytes()
    again = ["init", "--data-dir", str(folder), "--province", REALM, "--root-out", str(tmp_path / "root2")]
    assert commands.main(again) == 1
    assert not (tmp_path / "root2").exists()
    assert texts.say("fault.server-exists.safe") in capsys.readouterr().err


@pytest.mark.parametrize("where", ["province/root", "province", "beside/../province/x/root", "link/root"])
def test_the_root_key_is_never_put_into_the_data_folder(tmp_path: Path, where: str) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "province")
    made = ["--data-dir", str(tmp_path / "province"), "--province", REALM]
    assert commands.main(["init", *made, "--root-out", str(tmp_path / where)]) == 1
    assert not (tmp_path / "province").exists()


def test_private_files_are_their_owners_alone(folder: Path, tmp_path: Path) -> None:
    for path in (tmp_path / "root", folder / "sign.key", folder / keys.TLS_KEY, folder / keys.TLS_NEXT):
        assert path.stat().st_mode & 0o077 == 0


def test_a_sign_key_the_root_did_not_certify_is_refused(folder: Path) -> None:
    (folder / "sign.key").write_bytes(os.urandom(32))
    with pytest.raises(Refused):
        keys.load(folder)


def test_centres_codes_status_and_dump(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder, capsys, "centre", "add", CENTRE, "مثبت", "زندگی")["name"] == "مثبت زندگی"
    assert len(run(folder, capsys, "enrol-code", CENTRE)["code"]) == 19
    [centre] = run(folder, capsys, "status")["centres"]
    assert (centre["centre_id"], centre["last_sync"], centre["visits"]) == (CENTRE, None, None)
    assert run(folder, capsys, "dump", "--centre", CENTRE)["changes"] == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("enrol-code", "9"), texts.say("fault.server-centre-unknown.happened", centre="9")),
        (("dump", "--centre", "9"), texts.say("fault.server-centre-unknown.happened", centre="9")),
        (("centre", "add", CENTRE, "x"), texts.say("fault.server-centre-exists.happened", centre=CENTRE)),
        (("serve", "--host", "192.0.2.7"), texts.say("fault.server-unsafe.happened", host="192.0.2.7")),
        (("serve", "--tls-cert", "x"), texts.say("fault.server-unsafe.happened", host="127.0.0.1")),
        (("serve", "--host", "192.0.2.1", "--plain"), texts.say("fault.server-unsafe.happened", host="192.0.2.1")),
        (("status", "--database", "postgresql+psycopg://x@127.0.0.1:1/x"), texts.say("fault.server-database.happened")),
        (("serve", "--tls-cert", "no", "--tls-key", "no"), "no"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said_in_three_parts_on_stderr_alone(
    folder: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    run(folder, capsys, "centre", "add", CENTRE, "مهر")
    assert commands.main([*words, "--data-dir", str(folder)]) == 1
    heard = capsys.readouterr()
    assert heard.out == ""
    lines = heard.err.splitlines()
    assert len(lines) == 3
    assert said in lines[0]


def test_a_code_that_is_none_is_said_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["centre", "add", "12a", "x", "--data-dir", str(folder)]) == 1
    assert capsys.readouterr().err == texts.say("value.centre-code", most=8) + "\n"


def test_a_port_someone_has_is_said_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert commands.main(["serve", "--port", port, "--data-dir", str(folder)]) == 1
    happened = texts.say("fault.server-port.happened", host="127.0.0.1", port=port)
    assert capsys.readouterr().err.splitlines()[0] == happened


def test_a_folder_without_a_province_is_said_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["status", "--data-dir", str(tmp_path)]) == 1
    assert capsys.readouterr().err.splitlines()[0] == texts.say("fault.server-no-province.happened", folder=tmp_path)


def test_a_database_of_another_province_is_not_opened(folder: Path, engine: Engine) -> None:
    with store.writing(engine) as connection:
        connection.execute(update(PROVINCE).values(realm="kerman"))
    with pytest.raises(config.AnotherProvince):
        config.prepare(engine, REALM, PROVINCE_KEY)


def test_serve_is_a_process_that_says_where_it_listens(folder: Path) -> None:
    command = [sys.executable, "-m", "server", "serve", "--port", "0", "--data-dir", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            said = json.loads(process.stdout.readline())
            with Line(address(said["url"]), keys.pins(folder, folder / keys.TLS_CERT)) as line:
                assert line.send("GET", "/hello", {}, b"").status == 404
        finally:
            process.terminate()
            process.wait(20)


def test_migrations_leave_the_tables_the_program_knows(empty: Engine) -> None:
    upgrade(empty)
    upgrade(empty)
    with store.reading(empty) as connection:
        assert compare_metadata(MigrationContext.configure(connection), store.metadata) == []


OF_THE_PROVINCE = {"province", "officer", "root_order"}
"""Tables of no centre, small and the same everywhere: where a nation is spread, each node holds them whole."""


def test_every_key_begins_with_the_centre() -> None:
    """One index doesn't: who wrote a change that came from another centre is looked up by the desk alone."""
    of_centres = [table for table in store.metadata.sorted_tables if table.name not in OF_THE_PROVINCE]
    assert len(of_centres) == len(store.metadata.tables) - len(OF_THE_PROVINCE)
    for table in of_centres:
        assert next(iter(table.primary_key.columns)).name == "centre_id", table.name
    indexes = [index for table in of_centres for index in table.indexes]
    assert [each.name for each in indexes if next(iter(each.columns)).name != "centre_id"] == [
        "ix_desk_desk_id", "ix_identifier_mac",  # who is this, and who else has a file: asked across centres
    ]  # fmt: skip


def test_documents_folded_by_older_rules_are_folded_again(engine: Engine) -> None:
    desk = enrolled(engine, Author())
    push(engine, desk, desk.write(*desk.founding()), desk.write(person()))
    before = hashes(engine)
    with store.writing(engine) as connection:
        connection.execute(update(PROVINCE).values(fold_version="older"))
        connection.execute(update(store.DOCUMENT).values(doc="{}", hash="stale"))
    config.prepare(engine, REALM, PROVINCE_KEY)
    assert hashes(engine) == before
    with store.reading(engine) as connection:
        assert connection.execute(PROVINCE.select()).one().fold_version == merging.fold_version()


def test_an_officer_sees_what_waits_and_decides(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(folder, capsys, "centre", "add", CENTRE, "مرکز")
    engine = store.opened(f"sqlite:///{folder / 'server.db'}")
    desk = enrolled(engine, Author(roles=("manager",)))
    push(engine, desk, desk.write(*desk.founding()))
    unknown = person()
    early = [desk.write(visit(unknown.entity_id)), desk.write(visit(unknown.entity_id))]
    assert push(engine, desk, *early) == [("quarantined", "missing_reference"), ("quarantined", "held")]
    engine.dispose()
    first, second = run(folder, capsys, "waiting", CENTRE)["waiting"]
    assert [(each["kind"], each["verb"]) for each in first["changes"]] == [("visit", "create")]
    assert (first["reason"], first["for_a_person"], first["desk"]) == ("missing_reference", False, desk.desk)
    assert first["since"] == "1405-08-27"
    where = (CENTRE, desk.desk)
    assert run(folder, capsys, "discard", *where, str(first["first"]))["done"] == "discard"
    assert run(folder, capsys, "release", *where, str(second["first"]))["done"] == "release"
    assert run(folder, capsys, "waiting", CENTRE)["waiting"] == []
    for wrong in (("release", *where, str(first["first"])), ("discard", "9999", desk.desk, "1"), ("waiting", "9999")):
        assert commands.main([*wrong, "--data-dir", str(folder)]) == 1
        assert len(capsys.readouterr().err.strip().splitlines()) == 3
