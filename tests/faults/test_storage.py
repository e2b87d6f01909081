"""What a disk, a technician or a thief can do to the files. The desk names it in three parts and touches nothing."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from db import engine as engines
from db import project, verify
from desktop import admin
from desktop import desk as desks
from desktop.actions import documents
from desktop.domain.faults import Known
from desktop.training.work import Worked
from tests.desk.opened import PASSWORD, at_work, found, opened

DATABASE, LOG = desks.DATABASE, f"{desks.DATABASE}-wal"
PAGE = 4096


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk after a morning's work, closed."""
    folder = found(tmp_path_factory.mktemp("worked") / "desk")
    _work(folder, 12, 1)
    return folder


@pytest.fixture
def folder(worked: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(worked, tmp_path / "desk"))


def _work(folder: Path, visits: int, seed: int) -> list[Worked]:
    with opened(folder) as desk:
        work = at_work(desk, seed)
        return [work.whole() for _ in range(visits)]


def _fault(folder: Path, password: str = PASSWORD) -> str:
    """The code of the fault at the door, its three parts all said."""
    with pytest.raises(Known) as fault:
        desks.unlock(folder, desks.users(folder)[0][0], password).close()
    assert all(fault.value.parts())
    return fault.value.code


def _files(folder: Path) -> dict[str, bytes]:
    """All that lies in the folder; an empty log and the index of a log hold nothing."""
    there = {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}
    return {name: data for name, data in there.items() if data and not name.endswith("-shm")}


def _admin(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *words: str) -> tuple[int, Any, str]:
    monkeypatch.setenv(admin.PASSWORD, PASSWORD)
    capsys.readouterr()
    code = admin.main(list(words))
    said = capsys.readouterr()
    return code, json.loads(said.out), said.err


def _on_a_small_disk(case: str, folder: Path) -> Mapping[str, Any]:
    """Run a case of `full_disk` on a file system of 6 MiB that only it sees; skipped where none may be made."""
    folder.mkdir()
    script = 'mount -t tmpfs -o size=6m none "$1" && exec "$2" -m tests.faults.full_disk "$3" "$1"'
    here = ["sh", "-c", script, "sh", str(folder), sys.executable, case]
    for way in (["unshare", "--mount"], ["unshare", "--mount", "--map-root-user"]):
        may = ["sh", "-c", 'mount -t tmpfs none "$1"', "sh", str(folder)]
        if shutil.which("unshare") and not subprocess.run([*way, *may], capture_output=True, check=False).returncode:
            done = subprocess.run([*way, *here], capture_output=True, text=True, check=False)
            assert not done.returncode, done.stderr
            said: dict[str, Any] = json.loads(done.stdout)
            return said
    pytest.skip("this user may not mount a small file system: unshare and mount are refused")


def test_a_full_disk_refuses_the_visit_and_keeps_all_that_was_saved(tmp_path: Path) -> None:
    said = _on_a_small_disk("working", tmp_path / "disk")
    assert said["refused"] == ["disk-full"] * 3
    assert said["grown"] == {"clean": True, "visits": said["before"] + 40}  # the refused visits left nothing
    assert said["in_place"] == ""  # on disk before the head found no room: saved is saved
    assert said["saved"] == {"clean": True, "visits": said["acks"]}
    assert said["healed"] == {"head": "ok", "moved": True}
    assert said["at_last"] == {"clean": True, "visits": said["acks"] + 1}


def test_a_full_disk_at_either_end_of_a_sync_loses_and_doubles_nothing(tmp_path: Path) -> None:
    said = _on_a_small_disk("syncing", tmp_path / "disk")
    for end, fault in (("desk", "disk-full"), ("province", "province-trouble")):
        told = said[end]
        assert set(told["faults"]) == {fault}, told
        assert told["after"] == ["", ""]
        assert told["same"]
        assert told["proven"] == {"clean": True, "visits": 50}
    assert said["province"]["unsent"] > 0


def test_a_desk_is_founded_whole_or_not_at_all_where_room_is_short(tmp_path: Path) -> None:
    said = _on_a_small_disk("founding", tmp_path / "disk")
    assert set(said["faults"]) == {"disk-full"}
    assert len(said["faults"]) > 3
    assert said["left"] == []
    assert said["users"] == 1


@pytest.mark.parametrize("size", [0, 1, 100, PAGE, -1, -PAGE, -100])
def test_a_database_cut_short_is_damaged_and_stays_as_it_is(folder: Path, size: int) -> None:
    path = folder / DATABASE
    path.write_bytes(path.read_bytes()[:size])
    before = _files(folder)
    assert _fault(folder) == "database-damaged"
    assert _files(folder).get(DATABASE) == before.get(DATABASE)
    assert _files(folder) == before


def test_a_file_of_something_else_is_damaged_and_stays_as_it_is(folder: Path) -> None:
    (folder / DATABASE).write_bytes(b"SQLite format 3\0" + bytes(20 * PAGE))
    before = _files(folder)
    assert _fault(folder) == "database-damaged"
    assert _files(folder) == before


def test_one_bit_anywhere_is_named_at_the_door_or_by_verify(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = (folder / DATABASE).read_bytes()
    for page in range(0, len(whole) // PAGE, 9):
        bent = bytearray(whole)
        bent[page * PAGE + page % PAGE] ^= 0x10
        (folder / DATABASE).write_bytes(bent)
        code, said, err = _admin(capsys, monkeypatch, "verify", "--data-dir", str(folder))
        assert code == 1, page
        if "fault" in said:
            assert said["fault"] == "database-damaged"
            assert len(err.strip().split("\n")) == 3
        else:
            assert said["integrity"] is False
        assert _files(folder)[DATABASE] == bytes(bent)


def test_a_wrong_password_opens_nothing_and_says_so_in_three_parts(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _files(folder)
    assert _fault(folder, PASSWORD + "۴") == "wrong-password"
    monkeypatch.setenv(admin.PASSWORD, "۴")
    assert admin.main(["status", "--data-dir", str(folder)]) == 1
    said = capsys.readouterr()
    assert json.loads(said.out) == {"fault": "wrong-password"}
    assert len(said.err.strip().split("\n")) == 3
    assert _files(folder) == before


def test_a_second_writer_waits_and_is_told_and_nothing_is_half_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(folder) as first:
        monkeypatch.setitem(engines._PRAGMAS, "busy_timeout", "1")
        with opened(folder) as second:
            with first.writing(), pytest.raises(Known) as fault:
                at_work(second, 2).register()
            assert fault.value.code == "database-busy"
            assert all(fault.value.parts())
            at_work(second, 2).register()
        assert verify.verify(first.engine, first.signer.desk, first.signer.realm).visits == 13


@pytest.fixture
def screened(folder: Path) -> tuple[Path, Worked]:
    return folder, next(each for each in _work(folder, 12, 3) if each.result)


def test_a_result_altered_by_hand_is_named(
    screened: tuple[Path, Worked], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Security 7: a raw UPDATE with the right key."""
    folder, done = screened
    assert done.result
    with opened(folder) as desk, desk.engine.connect().execution_options(writes=True) as raw, raw.begin():
        raw.execute(text("UPDATE screening_result SET outcome = 'none' WHERE id = :id"), {"id": done.result.result_id})
    code, said, _ = _admin(capsys, monkeypatch, "verify", "--data-dir", str(folder))
    assert code == 1
    assert said["state_differs"] == [["screening_result", done.result.result_id, "outcome"]]
    assert (said["chain"], said["signatures"], said["integrity"]) == (True, True, True)


def test_an_old_page_under_the_right_key_is_named(
    screened: tuple[Path, Worked], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Security 7: each page sealed itself, so both integrity checks pass; only the replay knows better."""
    folder, done = screened
    paper = done.papers[0]
    old = (folder / DATABASE).read_bytes()
    with opened(folder) as desk, desk.writing() as session:
        documents.printed(session, desk.pen, desk.actor, paper, "accepted")
    new = (folder / DATABASE).read_bytes()
    seen = _contents(folder)
    differ = [at for at in range(PAGE, min(len(old), len(new)), PAGE) if old[at : at + PAGE] != new[at : at + PAGE]]
    assert differ
    named = []
    for at in differ:
        (folder / DATABASE).write_bytes(new[:at] + old[at : at + PAGE] + new[at + PAGE :])
        code, said, _ = _admin(capsys, monkeypatch, "verify", "--data-dir", str(folder))
        if code == 0:  # an index page laid out otherwise says the same
            assert _contents(folder) == seen, at // PAGE
        elif said.get("integrity") and said["chain"] and said["signatures"]:
            named += said["state_differs"]
    assert named == [["issued_document", paper, "print_state"]]


def _contents(folder: Path) -> dict[str, list[Any]]:
    """Every row of every typed table, and of the journal."""
    with opened(folder) as desk, desk.reading() as session:
        tables = [*project.TABLES, "change", "signed_commit", "document"]
        return {name: sorted(map(repr, session.execute(text(f"SELECT * FROM {name}")))) for name in tables}


@pytest.fixture
def three_days(folder: Path) -> Iterator[tuple[Path, bytes, bytes]]:
    """A closed copy of Monday's file, and Wednesday's log as a crash leaves it. The folder holds Wednesday."""
    monday = (folder / DATABASE).read_bytes()
    _work(folder, 12, 4)
    with opened(folder) as desk:
        work = at_work(desk, 5)
        for _ in range(6):
            work.whole()
        yield folder, monday, (folder / LOG).read_bytes()


def test_an_old_file_beside_a_newer_log_never_opens_silently(
    three_days: tuple[Path, bytes, bytes], tmp_path: Path
) -> None:
    folder, monday, log = three_days
    restored = tmp_path / "restored"
    restored.mkdir()
    for name in ("vault.json", "head.json"):
        shutil.copy(folder / name, restored)
    (restored / DATABASE).write_bytes(monday)
    (restored / LOG).write_bytes(log)
    assert _fault(restored) == "database-damaged"
    assert _fault(restored) == "database-damaged"  # and again, though SQLite brought the log home as it closed


def test_an_old_copy_of_everything_but_the_head_is_noticed_at_the_door(
    three_days: tuple[Path, bytes, bytes], tmp_path: Path
) -> None:
    """Security 11: the copy is whole and verifies; the head knows changes it lost."""
    folder, monday, _ = three_days
    restored = tmp_path / "restored"
    restored.mkdir()
    for name in ("vault.json", "head.json"):
        shutil.copy(folder / name, restored)
    (restored / DATABASE).write_bytes(monday)
    with opened(restored) as desk:
        assert desk.head == "ahead"
        assert verify.verify(desk.engine, desk.signer.desk, desk.signer.realm).clean
