"""`python -m tests.faults.simulation --seed N [--centres 50 --desks 3 --steps N]`: what came of a seed, as JSON."""

from __future__ import annotations

import argparse
import json
import sys

from tests.faults.simulation.run import LARGE, Size, run, scratch


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.simulation", description="Play one seed.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--centres", type=int, default=LARGE.centres)
    parser.add_argument("--desks", type=int, default=LARGE.desks)
    parser.add_argument("--steps", type=int, default=LARGE.steps)
    parser.add_argument("--rests", type=int, default=LARGE.rests)
    parser.add_argument("--trace", action="store_true", help="say each act")
    asked = parser.parse_args()
    with scratch() as folder:
        size = Size(asked.centres, asked.desks, asked.steps, asked.rests)
        try:
            told = run(asked.seed, size, folder, trace=asked.trace)
        except AssertionError as wrong:
            print(json.dumps({"seed": asked.seed, "wrong": str(wrong).splitlines()}, ensure_ascii=False))
            return 1
        print(json.dumps(told, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
