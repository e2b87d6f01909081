"""Real processes under faults: `python -m tests.faults --backend sqlite|postgresql --seconds N --seed N`.

A province and its desks over a line that can't be trusted, killed at any moment; at the end, in calm, a checker reads
journals and dumps. The last line of stdout is one JSON object; exit 0 only where nothing was lost, doubled, skipped,
shown differently, silently overwritten or leaked, and somebody did contest something.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults.live import run
from tests.faults.live.mutations import NAMES
from tests.faults.live.oracle import good
from tests.faults.live.plan import Plan, memory


def main(arguments: Sequence[str] | None = None) -> int:
    """0 only where the last six counts are 0 and there were guarded pairs."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--backend", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--seconds", type=float, default=60, help="of faults, at least")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--changes", type=int, default=0, help="go on until so many are acknowledged")
    parser.add_argument("--server-kills", type=int, default=0, help="and the province was killed so often")
    parser.add_argument("--desk-kills", type=int, default=0, help="and desks so often")
    parser.add_argument("--long", action="store_true", help="100,000 changes, 200 and 400 kills")
    parser.add_argument("--mutant", choices=NAMES, default="", help="build a mistake in")
    parser.add_argument("--dir", type=Path, help="where everything stays; a temporary folder if none is given")
    asked = parser.parse_args(arguments)
    targets = (100_000, 200, 400) if asked.long else (asked.changes, asked.server_kills, asked.desk_kills)
    changes, server_kills, desk_kills = targets
    with TemporaryDirectory(prefix="pishkhan-faults-", dir=memory()) as temporary:
        folder = asked.dir or Path(temporary)
        plan = Plan(
            folder, asked.backend, asked.seconds, asked.seed, changes, server_kills, desk_kills, asked.mutant
        )  # fmt: skip
        said = run.go(plan)
    details = said.pop("details")
    print(*details, sep="\n", file=sys.stderr)
    print(json.dumps(said, ensure_ascii=False))
    return 0 if good(said) else 1


if __name__ == "__main__":
    sys.exit(main())
