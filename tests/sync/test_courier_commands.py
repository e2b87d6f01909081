"""The courier as technicians use it: a command on each side, files between them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from desktop import admin
from desktop.domain import texts
from desktop.seal import keys as seal_keys
from desktop.sync import enrol
from server import commands
from server import keys as server_keys
from tests.desk import opened
from tests.desk.provinces import Province

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def far(tmp_path: Path, province: Province) -> Path:
    """The folder of an enrolled desk with a morning's work, closed."""
    folder = opened.found(tmp_path / "far")
    with province.serving(), opened.opened(folder) as desk:
        enrol.enrol(desk, province.url, province.code(opened.CENTRE))
        opened.at_work(desk).whole()
    return folder


def on_desk(folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch, *words: str) -> dict[str, Any]:
    monkeypatch.setenv(admin.PASSWORD, opened.PASSWORD)
    assert admin.main(["courier", *words, "--data-dir", str(folder)]) == 0
    said: dict[str, Any] = json.loads(capsys.readouterr().out)
    return said


def at_province(province: Province, capsys: Capture, *words: str) -> dict[str, Any]:
    assert commands.main(["courier", *words, "--data-dir", str(province.folder)]) == 0
    said: dict[str, Any] = json.loads(capsys.readouterr().out)
    return said


def test_a_round_by_commands(
    far: Path, province: Province, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, back = tmp_path / "stick" / "out", tmp_path / "stick" / "back"
    sent = on_desk(far, capsys, monkeypatch, "write", "--out", str(out))
    with province.serving():
        taken = at_province(province, capsys, "read", *map(str, out.iterdir()), "--out", str(back))
    read = on_desk(far, capsys, monkeypatch, "read", *map(str, back.iterdir()))
    assert sent["changes"] == taken["acked_seq"] == read["acked_seq"] == read["pulled"] == read["cursor"] > 8
    assert (taken["centre"], taken["first"], taken["forked"], read["news"]) == (opened.CENTRE, 1, False, True)
    assert on_desk(far, capsys, monkeypatch, "read", *map(str, back.iterdir()))["news"] is False
    tail = taken["desk"][-8:]
    assert sent["files"] == [f"pishkhan-124-{tail}-1-{sent['changes']}-1of1.courier"]
    assert taken["files"] == [f"pishkhan-124-{tail}-answer-1-{sent['changes']}-1of1.courier"]
    assert [each.name for each in (*out.iterdir(), *back.iterdir())] == sent["files"] + taken["files"]


def test_what_cannot_be_read_is_said_in_three_parts(
    far: Path, province: Province, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing, damaged = tmp_path / "gone.courier", tmp_path / "damaged.courier"
    damaged.write_bytes(bytes(200))
    monkeypatch.setenv(admin.PASSWORD, opened.PASSWORD)
    assert admin.main(["courier", "read", str(damaged), "--data-dir", str(far)]) == 1
    heard = capsys.readouterr()
    assert json.loads(heard.out) == {"fault": "courier-damaged"}
    assert len(heard.err.splitlines()) == 3
    assert commands.main(["courier", "read", str(missing), "--data-dir", str(province.folder)]) == 1
    assert capsys.readouterr().err.splitlines()[0] == texts.say("fault.courier-unreadable.happened", path=missing)


def test_a_stick_that_cannot_be_written_is_said_so(
    far: Path, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = tmp_path / "taken"
    taken.write_bytes(b"")
    monkeypatch.setenv(admin.PASSWORD, opened.PASSWORD)
    assert admin.main(["courier", "write", "--out", str(taken), "--data-dir", str(far)]) == 1
    assert json.loads(capsys.readouterr().out) == {"fault": "courier-unwritable"}


def test_a_folder_older_than_the_courier_gets_its_key_from_the_root(
    province: Province, tmp_path: Path, capsys: Capture
) -> None:
    for name in ("courier.key", "courier.proof"):
        (province.folder / name).unlink()
    assert commands.main(["status", "--data-dir", str(province.folder)]) == 1
    happened, _, do = capsys.readouterr().err.splitlines()
    assert happened == texts.say("fault.server-no-courier-key.happened", folder=province.folder)
    assert "courier key --root" in do
    root = province.folder.with_suffix(".root")
    made = at_province(province, capsys, "key", "--root", str(root))
    assert server_keys.load(province.folder).courier_public.hex() == made["courier_key"]
    assert (province.folder / "courier.key").stat().st_mode & 0o777 == 0o600
    assert commands.main(["courier", "key", "--root", str(root), "--data-dir", str(province.folder)]) == 1


@pytest.mark.parametrize("root", ["another", "no root", "nothing"])
def test_only_the_provinces_own_root_makes_its_courier_key(
    province: Province, tmp_path: Path, capsys: Capture, root: str
) -> None:
    (province.folder / "courier.key").unlink()
    stick = tmp_path / "root"
    if root == "another":
        stick.write_text(json.dumps({"root": seal_keys.secret_of(seal_keys.sign_key()).hex()}, separators=(",", ":")))
    elif root == "no root":
        stick.write_text('{"root":7}')
    assert commands.main(["courier", "key", "--root", str(stick), "--data-dir", str(province.folder)]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 3
    assert not (province.folder / "courier.key").exists()


def test_a_courier_key_the_root_did_not_certify_is_not_loaded(province: Province, capsys: Capture) -> None:
    (province.folder / "courier.key").write_bytes(seal_keys.secret_of(seal_keys.box_key()))
    assert commands.main(["status", "--data-dir", str(province.folder)]) == 1
    assert capsys.readouterr().err.splitlines()[0] == texts.say("fault.server-keys.happened", folder=province.folder)
