"""A desk that acknowledges before it commits, as one that saves up twenty visits for speed would. Only to be caught."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from random import Random

from sqlalchemy.orm import Session

from desktop import desk as desks
from desktop.domain import jalali
from desktop.training.people import People
from desktop.training.work import Work

VISITS_A_COMMIT = 20


def _inside(session: Session) -> Callable[[], AbstractContextManager[Session]]:
    return lambda: nullcontext(session)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--acks", type=Path, required=True)
    parser.add_argument("--seed", type=int, required=True)
    asked = parser.parse_args(arguments)
    desk = desks.unlock(asked.data_dir, desks.users(asked.data_dir)[0][0], os.environ.pop("PISHKHAN_PASSWORD"))
    people = People(Random(asked.seed), jalali.today(desk.now()), serial=desk.tip())
    with asked.acks.open("a", encoding="ascii") as acks:
        while True:
            with desk.writing() as session:
                work = Work(_inside(session), desk.pen, desk.actor, desk.centre, people)
                for _ in range(VISITS_A_COMMIT):
                    done = work.whole()
                    acks.write(f"{done.registered.visit_id} {done.hash}\n")
                    acks.flush()
                    os.fsync(acks.fileno())


if __name__ == "__main__":
    sys.exit(main())
