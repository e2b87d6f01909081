"""A practice centre beside the real desk: a folder, keys and people of its own, made anew each time it is opened.

It belongs to the realm `training`, whose signatures no province takes, is joined to none, and its papers say so on
every page. The real desk is closed meanwhile, its key forgotten.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from random import Random

from db import vault
from desktop import desk as desks
from desktop.actions import queue
from desktop.actions.staffing import Founding
from desktop.desk import Desk
from desktop.domain import jalali
from desktop.domain.faults import Known
from desktop.domain.queue import Need
from desktop.domain.staffing import TRAINING
from desktop.domain.texts import say
from desktop.machine import clock
from desktop.seal.passwords import Cost
from desktop.training.people import People
from desktop.training.work import Work

CENTRE = "999"
PASSWORD = "1234512345"  # noqa: S105  (of invented people; the banner says it; digits are typed in any layout)
VISITS = 8
_WAITING: tuple[tuple[Need, ...], ...] = ((), ("wheelchair",), (), ("with_child",))
_ENDING = "-practice"


def folder_of(root: Path) -> Path:
    """Where the practice beside the desk of `root` lives: never inside it, so no copy of the desk holds it."""
    return root.with_name(root.name + _ENDING)


def begin(root: Path, *, cost: Cost | None = None) -> Desk:
    """Sweep away the last practice and open a new one, with a morning's work already done.

    Raises Known: practice-taken where something else lies in its folder, and storage faults.
    """
    folder = folder_of(root)
    _sweep(folder)
    founding = Founding(CENTRE, TRAINING, say("practice.centre"))
    desks.init(folder, founding, manager=say("practice.manager"), password=PASSWORD, training=True, cost=cost)
    desk = desks.unlock(folder, desks.users(folder)[0][0], PASSWORD)
    now = clock.now()
    people = People(Random(now), jalali.today(now))  # noqa: S311  (invented people)
    work = Work(desk.writing, desk.pen, desk.actor, desk.centre, people)
    for _ in range(VISITS):
        work.whole()
    for needs in _WAITING:
        with desk.writing() as session:
            queue.take(session, desk.pen, desk.actor, desk.now(), needs=needs)
    return desk


def _sweep(folder: Path) -> None:
    """Only what a practice left is removed."""
    if not folder.exists():
        return
    try:
        ours = vault.read(folder).realm == TRAINING
    except Known as fault:
        if fault.code != "vault-missing":
            raise
        ours = not any(folder.glob("*.db"))
    if not ours:
        raise Known("practice-taken")
    try:
        shutil.rmtree(folder)
    except OSError as error:
        raise Known("data-folder-unusable") from error
