"""Where the desk's data lies."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from desktop.domain.faults import Known
from desktop.machine import paths

HOME = Path("/home/sara")


@pytest.mark.parametrize(
    ("platform", "environ", "folder"),
    [
        ("linux", {}, "/home/sara/.local/share/pishkhan"),
        ("linux", {"XDG_DATA_HOME": "/data"}, "/data/pishkhan"),
        ("darwin", {}, "/home/sara/Library/Application Support/pishkhan"),
        ("win32", {"LOCALAPPDATA": "/local"}, "/local/pishkhan"),
        ("win32", {}, "/home/sara/AppData/Local/pishkhan"),
    ],
)
def test_each_system_has_its_own_place(platform: str, environ: dict[str, str], folder: str) -> None:
    assert paths.data_folder(platform=platform, environ=environ, home=HOME) == Path(folder)


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_training_and_this_pc_stay_out_of_the_real_data(platform: str) -> None:
    real = paths.data_folder(platform=platform, environ={}, home=HOME)
    training = paths.data_folder(training=True, platform=platform, environ={}, home=HOME)
    local = paths.local_folder(platform=platform, environ={}, home=HOME)
    assert len({real, training, local}) == 3
    assert not training.is_relative_to(real)
    assert not local.is_relative_to(real)


def test_the_folder_is_made_for_this_user_alone(tmp_path: Path) -> None:
    places = paths.prepare(tmp_path / "new" / "desk")
    assert places.root == tmp_path / "new" / "desk"
    for folder in (places.root, places.logs):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {places.settings.parent, places.lock.parent, places.logs.parent} == {places.root}
    assert list(places.root.iterdir()) == [places.logs]


def test_a_folder_left_open_is_closed(tmp_path: Path) -> None:
    (tmp_path / "desk").mkdir(mode=0o755)
    assert stat.S_IMODE(paths.prepare(tmp_path / "desk").root.stat().st_mode) == 0o700


def test_a_file_in_its_place_is_told_in_three_parts(tmp_path: Path) -> None:
    (tmp_path / "desk").write_text("not a folder")
    with pytest.raises(Known) as told:
        paths.prepare(tmp_path / "desk")
    assert told.value.code == "data-folder-unusable"
    assert all(told.value.parts())
