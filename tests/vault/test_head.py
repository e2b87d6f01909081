"""A database that was put back, a PC that was cloned: the head beside it knows (security 11)."""

from __future__ import annotations

from pathlib import Path

import pytest

from db import head

KEY = head.head_key(b"k" * 32)
HASH, OTHER = b"h" * 32, b"o" * 32


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    head.write(tmp_path, KEY, 7, HASH, "this-pc")
    return tmp_path


@pytest.mark.parametrize(
    ("seq", "digest", "machine", "verdict"),
    [
        (7, HASH, "this-pc", "ok"),
        (6, OTHER, "this-pc", "ahead"),
        (7, OTHER, "this-pc", "ahead"),
        (8, OTHER, "this-pc", "behind"),
        (7, HASH, "other-pc", "other-machine"),
        (6, OTHER, "other-pc", "other-machine"),
    ],
)
def test_what_it_says(desk: Path, seq: int, digest: bytes, machine: str, verdict: str) -> None:
    assert head.judge(desk, KEY, seq, digest, machine) == verdict


def test_none_is_missing(tmp_path: Path) -> None:
    assert head.judge(tmp_path, KEY, 0, bytes(32), "this-pc") == "missing"


def test_another_databases_head_is_forged(desk: Path) -> None:
    assert head.judge(desk, head.head_key(b"z" * 32), 7, HASH, "this-pc") == "forged"


def test_no_byte_of_it_can_be_altered(desk: Path) -> None:
    whole = (desk / head.NAME).read_bytes()
    for at in range(len(whole)):
        (desk / head.NAME).write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert head.judge(desk, KEY, 7, HASH, "this-pc") == "forged", whole[at - 5 : at + 5]
    for ruined in (b"", whole[:-1], b"{}", whole[:-1] + b',"x":1}'):
        (desk / head.NAME).write_bytes(ruined)
        assert head.judge(desk, KEY, 7, HASH, "this-pc") == "forged"


def test_it_moves_with_each_commit(desk: Path) -> None:
    head.write(desk, KEY, 8, OTHER, "this-pc")
    assert head.judge(desk, KEY, 8, OTHER, "this-pc") == "ok"
    assert [file.name for file in desk.iterdir()] == [head.NAME]
