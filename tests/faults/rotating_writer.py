"""A desk where somebody is let in, works, and leaves, over and over; killed at any moment (`tests.faults.rotations`).

`python -m tests.faults.rotating_writer --data-dir DIR --acks FILE --seed N`: appends `v ID HASH` after a visit's
commit, `l ID PASSWORD` after somebody was locked out; before that the vault of the day is kept beside, `vault-N.json`.
"""

from __future__ import annotations

import argparse
import os
import shutil
from pathlib import Path

from desktop import desk as desks
from desktop import keyholders
from tests.desk.opened import CHEAP, PASSWORD, at_work


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--acks", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    folder: Path = asked.data_dir
    desk = desks.unlock(folder, desks.users(folder)[0][0], os.environ.pop("PISHKHAN_PASSWORD", PASSWORD))
    desk.cost = CHEAP
    keyholders.drop_unvouched(desk)
    work = at_work(desk, asked.seed)
    with asked.acks.open("a", encoding="utf-8") as acks:

        def say(line: str) -> None:
            acks.write(f"{line}\n")
            acks.flush()
            os.fsync(acks.fileno())

        for number in range(10_000):
            password = f"راز {asked.seed} {number} در باد"
            keyholders.add(desk, "پری سروستان", ["receptionist"], password)
            leaver = max(user for user, _ in desks.users(folder)[2:])
            done = work.whole()
            say(f"v {done.registered.visit_id} {done.hash}")
            shutil.copy(folder / "vault.json", asked.acks.parent / f"vault-{leaver}.json")
            keyholders.leave(desk, leaver)
            say(f"l {leaver} {password}")


if __name__ == "__main__":
    main()
