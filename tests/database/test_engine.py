"""The encrypted file: what it promises, and what it says when it can't keep it."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlcipher3 import dbapi2

from db import drafts, storage_faults
from db import engine as engines
from db.engine import checkpoint, close, integrity, open_database, reading, writing
from db.migrations.run import upgrade
from desktop.domain.faults import Known

KEY = bytes(range(32))
CANARY = "مریم‌آزمون"


def _open(path: Path, key: bytes = KEY, *, db_id: str = "d", generation: int = 1, create: bool = False) -> Engine:
    return open_database(path, key, db_id=db_id, generation=generation, create=create)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "desk.db"


@pytest.fixture
def desk(path: Path) -> Iterator[Engine]:
    engine = _open(path, create=True)
    with writing(engine) as session:
        session.execute(text("CREATE TABLE note (id INTEGER PRIMARY KEY, words TEXT NOT NULL)"))
    yield engine
    engine.dispose()


def _notes(engine: Engine) -> int:
    with reading(engine) as session:
        return int(session.execute(text("SELECT count(*) FROM note")).scalar_one())


def _write(engine: Engine, words: str, times: int = 1) -> None:
    with writing(engine) as session:
        session.execute(text("INSERT INTO note (words) VALUES (:words)"), [{"words": words}] * times)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("recursive_triggers", 1),
        ("busy_timeout", 5000),
        ("temp_store", 2),
        ("secure_delete", 1),
        ("cell_size_check", 1),
        ("trusted_schema", 0),
        ("cipher_status", "1"),
        ("cipher_page_size", "4096"),
        ("cipher_hmac_algorithm", "HMAC_SHA512"),
        ("cipher_plaintext_header_size", "0"),
        ("cipher_log_level", "NONE"),
    ],
)
def test_every_connection_keeps_the_promises(desk: Engine, name: str, value: str | int) -> None:
    with reading(desk) as first, reading(desk) as second:
        for session in (first, second):
            assert session.execute(text(f"PRAGMA {name}")).scalar_one() == value


def test_a_library_that_keeps_less_is_not_used(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(engines._PRAGMAS, "synchronous", "NORMAL")
    with pytest.raises(RuntimeError, match="promised"):
        _open(path, create=True)
    assert not path.exists()


def test_no_word_lies_open_on_the_disk(desk: Engine, path: Path) -> None:
    _write(desk, CANARY, times=500)
    seen = b"".join(file.read_bytes() for file in path.parent.iterdir())
    checkpoint(desk)
    seen += path.read_bytes()
    assert CANARY.encode() not in seen
    assert CANARY.encode("utf-16-le") not in seen
    assert b"SQLite format" not in path.read_bytes()
    if os.name == "posix":
        assert {file.stat().st_mode & 0o077 for file in path.parent.iterdir()} == {0}


def test_closing_leaves_one_file_and_reopening_finds_all(desk: Engine, path: Path) -> None:
    _write(desk, CANARY)
    close(desk)
    assert [file.name for file in path.parent.iterdir()] == ["desk.db"]
    again = _open(path)
    assert _notes(again) == 1
    assert integrity(again) == []
    close(again)


def _fault(path: Path, key: bytes = KEY, *, db_id: str = "d", generation: int = 1) -> str:
    with pytest.raises(Known) as fault:
        _open(path, key, db_id=db_id, generation=generation)
    assert all(fault.value.parts())
    return fault.value.code


def test_what_is_wrong_with_the_file_is_named(desk: Engine, path: Path) -> None:
    close(desk)
    assert _fault(path, generation=2) == "vault-mismatch"
    assert _fault(path, db_id="other") == "vault-mismatch"
    assert _fault(path, bytes(32)) == "database-damaged"
    assert _fault(path.with_name("none.db")) == "database-missing"
    whole = path.read_bytes()
    path.write_bytes(b"")
    assert _fault(path) == "database-damaged"
    assert path.read_bytes() == b""
    path.write_bytes(whole[:100] + bytes([whole[100] ^ 1]) + whole[101:])
    assert _fault(path) == "database-damaged"
    path.write_bytes(whole[:4096])
    assert _fault(path) == "database-damaged"


def test_a_new_database_never_takes_the_place_of_one(desk: Engine, path: Path) -> None:
    close(desk)
    with pytest.raises(FileExistsError):
        _open(path, create=True)
    assert _notes(_open(path)) == 0


def test_one_flipped_bit_is_found_and_named(desk: Engine, path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    _write(desk, CANARY * 20, times=2000)
    close(desk)
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 2] ^= 1
    path.write_bytes(whole)
    engine = _open(path)
    assert "page" in integrity(engine)[0]
    with pytest.raises(Known) as fault, reading(engine) as session:
        session.execute(text("SELECT sum(length(words)) FROM note")).scalar_one()
    assert fault.value.code == "database-damaged"
    engine.dispose()
    assert capfd.readouterr().err == ""  # the library's own log is off


def test_reading_waits_for_no_writer(desk: Engine) -> None:
    with writing(desk) as writer:
        writer.execute(text("INSERT INTO note (words) VALUES ('half done')"))
        assert _notes(desk) == 0
    assert _notes(desk) == 1


def test_a_reader_sees_one_moment(desk: Engine) -> None:
    with reading(desk) as session:
        assert session.execute(text("SELECT count(*) FROM note")).scalar_one() == 0
        _write(desk, "meanwhile")
        assert session.execute(text("SELECT count(*) FROM note")).scalar_one() == 0
        assert not checkpoint(desk)
    assert checkpoint(desk)


def test_writing_in_a_reading_is_a_bug_and_no_fault_of_the_disk(desk: Engine) -> None:
    with pytest.raises(OperationalError, match="readonly"), reading(desk) as session:
        session.execute(text("INSERT INTO note (words) VALUES ('x')"))
    _write(desk, "the same connection writes again")


def test_a_second_writer_is_told_the_desk_is_busy(desk: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(engines._PRAGMAS, "busy_timeout", "1")
    with writing(desk), pytest.raises(Known) as fault, writing(desk):
        pass
    assert fault.value.code == "database-busy"


def test_writers_of_many_threads_take_turns(desk: Engine) -> None:
    threads = [threading.Thread(target=_write, args=(desk, str(number))) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert _notes(desk) == 12


def test_an_exception_undoes_everything(desk: Engine) -> None:
    def half() -> None:
        with writing(desk) as session:
            session.execute(text("INSERT INTO note (words) VALUES ('kept?')"))
            session.execute(text("INSERT INTO note (words) VALUES (NULL)"))

    with pytest.raises(IntegrityError):
        half()
    assert _notes(desk) == 0


def test_a_full_disk_loses_nothing_that_was_saved(desk: Engine) -> None:
    _write(desk, "before")
    with reading(desk) as session:  # the one connection of the pool, and it keeps its ceiling
        pages = session.execute(text("PRAGMA page_count")).scalar_one()
        session.execute(text(f"PRAGMA max_page_count={pages}"))
    with pytest.raises(Known) as fault:
        _write(desk, "x" * 4000, times=50)
    assert fault.value.code == "disk-full"
    assert _notes(desk) == 1


@pytest.mark.parametrize("code", sorted(storage_faults._NAMED))
def test_every_storage_fault_has_its_three_parts(code: int) -> None:
    error = dbapi2.OperationalError("any")
    error.sqlite_errorcode = code | 0x1100  # extended codes carry theirs above
    fault = storage_faults.named(OperationalError("", None, error))
    assert fault is not None
    assert all(fault.parts())


def test_a_draft_is_there_after_the_lights_went_out(desk: Engine, path: Path) -> None:
    upgrade(desk)
    fields = {"name": CANARY, "children": 3, "cleared": None}
    with writing(desk) as session:
        drafts.save(session, "pari", "intake", {"name": "م"}, 1)
        drafts.save(session, "pari", "intake", fields, 2)
        drafts.save(session, "dara", "intake", {"name": "دارا"}, 3)
    desk.dispose()
    again = _open(path)
    with writing(again) as session:
        assert drafts.load(session, "pari", "intake") == drafts.Saved(json.loads(json.dumps(fields)), 2)
        drafts.drop(session, "pari", "intake")
    with reading(again) as session:
        assert drafts.load(session, "pari", "intake") is None
        assert drafts.load(session, "dara", "intake") == drafts.Saved({"name": "دارا"}, 3)
    close(again)
