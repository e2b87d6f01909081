"""`python -m desktop.admin` given what it can't use: three sentences and exit 1, never a traceback."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from desktop import admin
from desktop.domain.faults import Known
from desktop.machine import single_instance
from tests.desk import opened


def said(capsys: pytest.CaptureFixture[str], code: str, *words: str) -> None:
    assert admin.main(list(words)) == 1
    assert capsys.readouterr().err.splitlines() == list(Known(code).parts())


@pytest.fixture(autouse=True)
def _password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(admin.PASSWORD, opened.PASSWORD)


@pytest.mark.parametrize("content", [b"a line without a hash\n", b"one\n", "پ\n".encode(), b"\xff\n"])
def test_acks_that_are_none(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes) -> None:
    acks = tmp_path / "acks"
    acks.write_bytes(content)
    said(capsys, "acks-unreadable", "verify", "--data-dir", str(folder), "--acks", str(acks))


def test_a_folder_in_place_of_acks(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, "acks-unreadable", "verify", "--data-dir", str(folder), "--acks", str(tmp_path))
    os.environ[admin.PASSWORD] = opened.PASSWORD
    said(capsys, "acks-unwritable", "simulate", "--data-dir", str(folder), "--acks", str(tmp_path / "no" / "acks"))


def test_a_province_without_a_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said(
        capsys, "province-unnamed",
        "init", "--province", " ", "--centre", "1", "--manager", "x", "--data-dir", str(tmp_path / "new"),
    )  # fmt: skip
    assert not (tmp_path / "new").exists()


def test_a_torn_last_line_was_never_acknowledged(folder: Path, tmp_path: Path) -> None:
    acks = tmp_path / "acks"
    acks.write_bytes(b"torn")
    assert admin.main(["verify", "--data-dir", str(folder), "--acks", str(acks)]) == 0


def test_a_forgotten_password_by_the_code_of_the_envelope(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    where = ["--data-dir", str(tmp_path / "new")]
    made = ["init", "--province", "yazd", "--centre", "124", "--manager", "نرگس", *where]
    assert admin.main(made) == 0
    code = json.loads(capsys.readouterr().out)["recovery_code"]
    monkeypatch.setenv(admin.PASSWORD, "رازِ تازه در باد")
    with monkeypatch.context() as patch:
        patch.setattr(single_instance, "held", lambda _lock: True)
        said(capsys, "already-running", "recover", "--code", code, *where)
    monkeypatch.setenv(admin.PASSWORD, "رازِ تازه در باد")
    assert admin.main(["recover", "--code", code, *where]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["manager"], told["recovery_code"] == code) == ("نرگس", False)
    monkeypatch.setenv(admin.PASSWORD, "رازِ تازه در باد")
    assert admin.main(["verify", *where]) == 0
    capsys.readouterr()
    monkeypatch.setenv(admin.PASSWORD, "رازِ دیگر در باد")
    said(capsys, "wrong-code", "recover", "--code", code, *where)


def test_a_password_that_is_guessed_too_soon_makes_no_desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The rule of the window holds for the technician's command too."""
    monkeypatch.setenv(admin.PASSWORD, "abc")
    words = ("--province", "yazd", "--centre", "124", "--manager", "مریم", "--name", "سرو", "--training")
    assert admin.main(["init", "--data-dir", str(tmp_path / "desk"), *words]) != 0
    assert "۱۰" in capsys.readouterr().err
    assert not (tmp_path / "desk" / "vault.json").exists()
