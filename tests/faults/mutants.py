"""Mistakes built into the real province or desk on purpose: `python -m tests.faults.mutants NAME|all [--backend …]`.

Each must turn a run of `tests.faults` red. Prints a JSON line a mutant; exit 0 only where every one was caught.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.faults.live import run
from tests.faults.live.mutations import NAMES, SHOWN_ON
from tests.faults.live.oracle import COUNTS, good
from tests.faults.live.plan import Plan, memory

_SECONDS = 30


def caught(name: str, backend: str, seconds: float = _SECONDS, seed: int = 1) -> dict[str, Any]:
    """What a run with this mistake in it came to; `red` where the checker saw it."""
    with TemporaryDirectory(prefix="pishkhan-mutant-", dir=memory()) as temporary:
        said = run.go(Plan(Path(temporary), backend, seconds, seed, mutant=name))
    kept = ("mutant", "backend", "changes", "guarded_pairs", *COUNTS, "storm_s")
    return {"red": not good(said), **{each: said[each] for each in kept}, "first": said["details"][:1]}


def main(arguments: Sequence[str] | None = None) -> int:
    """0 only where each mutant asked for was seen."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.mutants", description=__doc__)
    parser.add_argument("name", choices=(*NAMES, "all"))
    parser.add_argument("--backend", choices=("sqlite", "postgresql"), help="where none is given, where it shows")
    parser.add_argument("--seconds", type=float, default=_SECONDS)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    missed = 0
    for name in NAMES if asked.name == "all" else (asked.name,):
        said = caught(name, asked.backend or SHOWN_ON.get(name, "sqlite"), asked.seconds, asked.seed)
        print(json.dumps(said, ensure_ascii=False), flush=True)
        missed += not said["red"]
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
