"""The contact sheets are made by their command, which fails where something is cut."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_a_sheet_a_size_and_columns_inside_columns_are_laid_out_anew(tmp_path: Path) -> None:
    """In a process of its own the heading over the left eye kept half its height at 150 %, until pages measured
    themselves anew after a zoom."""
    command = [sys.executable, "-m", "tests.ui.sheets", str(tmp_path), "--only", "vision-refer"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0, done.stdout
    assert sorted(each.name for each in tmp_path.iterdir()) == ["vision-refer-1280.png", "vision-refer-1366.png"]
