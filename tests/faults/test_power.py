"""The lights go out in the middle of a morning. In the afternoon everything that was saved is there."""

from __future__ import annotations

import os
from pathlib import Path
from random import Random

import pytest

from tests.faults import power
from tests.faults.disk import Cut, Disk, File, Written

pytestmark = pytest.mark.skipif(os.name != "posix", reason="file handles are read by /proc")


def _lose_power(folder: Path, visits: int, cuts: int, seed: int) -> power.Outcome:
    return power.cut(power.day(folder / "desk", visits, seed), folder / "after", cuts, seed)


def test_twenty_cuts_lose_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    said = _lose_power(tmp_path, 60, 20, 7)
    assert said.good, said
    assert (said.cuts, said.acks) == (20, 60)
    assert said.syncs >= said.acks  # each visit was on disk before it was said to be


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_four_hundred_cuts_lose_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    said = _lose_power(tmp_path, 160, 400, 11)
    assert said.good, said


@pytest.mark.parametrize("synchronous", ["NORMAL", "OFF"])
def test_a_desk_that_syncs_less_is_caught(tmp_path: Path, synchronous: str) -> None:
    with power.promising(synchronous):
        said = _lose_power(tmp_path, 20, 10, 7)
    assert said.lost > 0
    assert not said.good


def test_a_founding_cut_off_leaves_no_desk_or_a_whole_one(tmp_path: Path) -> None:
    recording = power.founding(tmp_path / "desk")
    said = power.cut_founding(recording, tmp_path / "after", 20, 7)
    assert said.good, said


def test_the_disk_keeps_what_was_synced_and_only_that_for_certain() -> None:
    rng = Random(1)
    file = File()
    file.waiting += [Written(0, b"a" * 1024), Cut(512)]
    file.sync()
    assert {file.after_cut(rng) for _ in range(20)} == {b"a" * 512}
    file.waiting.append(Written(0, b"b" * 1024))
    left = {file.after_cut(rng) for _ in range(200)}
    a, b = b"a" * 512, b"b" * 512
    assert left == {a, b + b, b, a + b}
    assert file.whole() == b + b


def test_a_file_put_in_place_is_the_old_or_the_new_until_the_folder_is_synced() -> None:
    rng = Random(1)
    disk = Disk({"head": b"old"})
    disk.file("head.new").waiting.append(Written(0, b"new"))
    disk.file("head.new").sync()
    disk.rename("head.new", "head")
    assert {disk.after_cut(rng)["head"] for _ in range(50)} == {b"old", b"new"}
    disk.sync_names()
    assert disk.after_cut(rng) == {"head": b"new"}
