"""A PC is known again, and a copy of its data on another one is noticed."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.machine.machine_id import machine_id

SYSTEM_ID = "0123456789abcdef0123456789abcdef"


def test_the_same_pc_is_known_again_and_its_own_id_is_not_told(tmp_path: Path) -> None:
    file = tmp_path / "machine-id"
    file.write_text(SYSTEM_ID + "\n")
    first = machine_id([tmp_path / "absent", file], tmp_path / "local")
    assert first == machine_id([file], tmp_path / "local")
    assert len(first) == 32
    assert first != SYSTEM_ID
    assert not (tmp_path / "local").exists()


@pytest.mark.parametrize("content", [None, "", "uninitialized\n", "12"])
def test_without_a_system_id_one_is_kept_on_this_pc(tmp_path: Path, content: str | None) -> None:
    files = [tmp_path / "machine-id"]
    if content is not None:
        files[0].write_text(content)
    here = machine_id(files, tmp_path / "here")
    assert here == machine_id(files, tmp_path / "here")
    assert here != machine_id(files, tmp_path / "another-pc")
