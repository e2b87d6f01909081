"""Nothing of a crash reaches the disk."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import ctypes, resource
from desktop.machine import core_dumps
core_dumps.off()
print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
"""


def test_no_core_file_and_nothing_for_a_crash_reporter() -> None:
    told = subprocess.run([sys.executable, "-c", SCRIPT], check=True, capture_output=True, text=True).stdout
    assert told.strip() == "(0, 0) 0"
