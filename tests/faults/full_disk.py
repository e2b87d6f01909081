"""A desk on a disk that fills up. Runs where the folder is a small file system of its own; prints one JSON object."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from db import engine as engines
from db import feed, journal, verify
from desktop import desk as desks
from desktop.desk import Desk
from desktop.domain.faults import Known
from desktop.sync import enrol, round_trip
from server import config
from tests.desk.opened import CENTRE, Clock, at_work, found, opened
from tests.desk.provinces import cheap_codes, founded
from tests.faults.live.plan import memory

_BLOCK = bytes(4096)


def _fault(job: Callable[[], object]) -> str:
    try:
        job()
    except Known as fault:
        return fault.code if all(fault.parts()) else "silent"
    return ""


def _fill(filler: Path) -> None:
    with filler.open("wb", buffering=0) as file:
        try:
            while file.write(_BLOCK):
                pass
        except OSError:
            return


def founding(disk: Path) -> dict[str, Any]:
    """No room for a desk: nothing of one is left, and where there is room again it can be founded."""
    folder, filler = disk / "desk", disk / "filler"
    said: dict[str, Any] = {"faults": [], "left": []}
    _fill(filler)
    for room in range(0, 4096, 96):
        with filler.open("r+b") as file:
            file.truncate(filler.stat().st_size - 96 * 1024)
        fault = _fault(lambda: found(folder))
        if not fault:
            said["founded_with_kib"] = room + 96
            break
        said["faults"].append(fault)
        said["left"] += [file.name for file in folder.iterdir() if file.is_file()]
    filler.unlink()
    with opened(folder) as desk:
        said["users"] = len(desks.users(desk.folder))
    return said


def working(disk: Path) -> dict[str, Any]:
    """The disk fills twice: while the log must grow, and while it needn't, so that only the head finds no room."""
    folder, filler = disk / "desk", disk / "filler"
    with opened(found(folder)) as desk:
        work, acks = at_work(desk), dict[str, str]()

        def visit() -> None:
            done, _, digest = work.register()
            acks[done.visit_id] = digest

        visit()
        _fill(filler)
        refused: list[str] = []
        while len(refused) < 3:
            refused += [fault for fault in [_fault(visit)] if fault]
        before = len(acks)
        filler.unlink()
        for _ in range(40):
            visit()
        grown = _proven(desk, acks)
        engines.integrity(desk.engine)  # brings the log home and leaves it its size
        _fill(filler)
        in_place = _fault(visit)
        filler.unlink()
        saved = _proven(desk, acks)
        head = (folder / "head.json").read_bytes()
    with opened(folder) as desk:
        healed = {"head": desk.head, "moved": (folder / "head.json").read_bytes() != head}
        visit_after = at_work(desk, 8).register()[2]
        return {
            "refused": refused, "before": before, "acks": len(acks), "grown": grown, "in_place": in_place,
            "saved": saved, "healed": healed, "again": bool(visit_after), "at_last": _proven(desk, acks),
        }  # fmt: skip


def syncing(disk: Path) -> dict[str, Any]:
    """The disk of a desk is full while its colleague's work comes, then that of the province while a desk sends."""
    with TemporaryDirectory(dir=memory()) as elsewhere, patch("desktop.seal.passwords.Cost", cheap_codes):
        roomy = Path(elsewhere)
        desk = _synced(disk, disk / "here", roomy, roomy)
        return {"desk": desk, "province": _synced(disk, roomy / "here", disk, roomy)}


def _synced(disk: Path, here: Path, province_at: Path, roomy: Path) -> dict[str, Any]:
    filler, clock = disk / "filler", Clock(config.now_us())
    with (
        founded(province_at / "province", CENTRE) as province,
        province.serving() as url,
        opened(found(here), clock) as desk,
        opened(found(roomy / f"colleague-of-{here.parent.name}"), clock) as colleague,
    ):
        for each in (desk, colleague):
            enrol.enrol(each, url, province.code(CENTRE))
            round_trip.sync(each)
        for each, seed in ((colleague, 7), (desk, 8)):
            work = at_work(each, seed)
            for _ in range(25):
                work.register()
        round_trip.sync(colleague)
        engines.checkpoint(desk.engine)  # both logs must grow for what comes
        with province.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")  # SQLAlchemy began one, and no log is brought home inside it
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")
        _fill(filler)
        faults = [_fault(lambda: round_trip.sync(desk)) for _ in range(3)]
        with desk.reading() as session:
            unsent = feed.unsent(session, desk.signer.desk)
        filler.unlink()
        after = [_fault(lambda each=each: round_trip.sync(each)) for each in (desk, colleague)]  # type: ignore[misc]
        with desk.reading() as session, colleague.reading() as other:
            same = journal.state(session) == journal.state(other)
        proven = _proven(desk, {})
    return {"faults": faults, "unsent": unsent, "after": after, "same": same, "proven": proven}


def _proven(desk: Desk, acks: dict[str, str]) -> dict[str, Any]:
    found_ = verify.verify(desk.engine, desk.signer.desk, desk.signer.realm, acks)
    return {"clean": found_.clean, "visits": found_.visits}


if __name__ == "__main__":
    print(json.dumps({"founding": founding, "working": working, "syncing": syncing}[sys.argv[1]](Path(sys.argv[2]))))
