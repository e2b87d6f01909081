"""`python -m tests.bench NAME`: side-by-side figures of one run as JSON; `all` runs every bench."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.bench import encryption, first_paint, link, push, receipt, search, stall, visit

BENCHES: dict[str, Callable[[Path], dict[str, Any]]] = {
    "encryption": encryption.run,
    "first-paint": first_paint.run,
    "link": link.run,
    "push": push.run,
    "receipt": receipt.run,
    "search": search.run,
    "stall": stall.run,
    "visit": visit.run,
}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("name", choices=[*BENCHES, "all"])
    asked = parser.parse_args(arguments)
    said: dict[str, Any] = {}
    for name in BENCHES if asked.name == "all" else [asked.name]:
        with TemporaryDirectory() as folder:
            said[name] = BENCHES[name](Path(folder))
    print(json.dumps(said if asked.name == "all" else said[asked.name], ensure_ascii=False, sort_keys=True))
    return 0


if __name__ == "__main__":
    sys.exit(main())
