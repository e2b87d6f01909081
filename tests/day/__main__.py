"""A day at the desk, whole and real: `python -m tests.day DIR [--visits N] [--seed N] [--database URL]`.

A desk and a province are founded, joined, worked and synced; papers are printed in every variant, screens are looked
at. Leaves DIR/day.json, documents/, screens/, province.html, desk/ and server.db or the URL's database. Exits non-zero
on any failure. The last visits are typed into the real window.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path

from tests.day.working_day import Day


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.day", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--visits", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", help="a PostgreSQL URL; SQLite where none is given")
    asked = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    folder = asked.folder or Path(tempfile.mkdtemp(prefix="pishkhan-day-"))
    begun = time.monotonic()
    problems = Day(folder, asked.visits, asked.seed, asked.database).run()
    for problem in problems:
        sys.stderr.write(f"FAILED: {problem}\n")
    words = {"day": str(folder / "day.json"), "seconds": round(time.monotonic() - begun), "problems": problems}
    sys.stdout.write(json.dumps(words, ensure_ascii=False) + "\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
