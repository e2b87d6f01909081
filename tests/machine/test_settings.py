"""What this PC remembers before anyone unlocks it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from desktop.domain.faults import Known
from desktop.machine import settings
from desktop.machine.settings import Settings


def test_the_next_morning_finds_the_desk_as_it_was_left(tmp_path: Path) -> None:
    left = Settings("0190-staff", "چاپگر پذیرش", "light", 150, 1366, 768)
    settings.save(tmp_path / "this-pc.json", left)
    assert settings.load(tmp_path / "this-pc.json") == left
    assert [each.name for each in tmp_path.iterdir()] == ["this-pc.json"]


@pytest.mark.parametrize("content", [None, b"", b"{", b"[]", b"\xff\xfe", b'"x"'])
def test_a_damaged_file_reads_as_the_defaults(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "this-pc.json").write_bytes(content)
    assert settings.load(tmp_path / "this-pc.json") == Settings()


@pytest.mark.parametrize(
    ("name", "value"), [("zoom", 99), ("zoom", "150"), ("zoom", True), ("width", -5), ("height", 10**9), ("printer", 7)]
)
def test_a_value_that_makes_no_sense_is_left_out_and_the_rest_kept(tmp_path: Path, name: str, value: object) -> None:
    (tmp_path / "this-pc.json").write_text(json.dumps({"last_user": "u", name: value, "newer": 1}))
    assert settings.load(tmp_path / "this-pc.json") == Settings(last_user="u")


def test_a_folder_that_refuses_is_told_and_the_old_file_stays(tmp_path: Path) -> None:
    settings.save(tmp_path / "this-pc.json", Settings(zoom=125))
    with pytest.raises(Known) as told:
        settings.save(tmp_path / "absent" / "this-pc.json", Settings(zoom=200))
    assert told.value.code == "settings-unsaved"
    assert all(told.value.parts())
    assert settings.load(tmp_path / "this-pc.json").zoom == 125
