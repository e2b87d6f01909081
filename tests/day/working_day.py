"""What happens in a day at the desk, in order, and what must be true in the evening."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from db import verify
from desktop import desk as desks
from desktop.actions import dump
from desktop.actions.staffing import Founding
from desktop.desk import Desk
from desktop.domain import jalali
from desktop.domain.papers import OFFERED
from desktop.paperwork import Paperwork
from desktop.sync import enrol, round_trip
from desktop.training.people import People
from desktop.training.work import Work, Worked
from tests.day.province import Province, province

CENTRE, CENTRE_NAME = "124", "مرکز مثبت زندگی نمونه"
FOUNDING = Founding(
    CENTRE, "training", CENTRE_NAME, county="یزد", address="یزد، خیابان سرو، پلاک ۱۲", phone="03599912345",
    licence_number="1405/99", licence_expiry="1408-06-31",
)  # fmt: skip
MANAGER = "نرگس آبان‌پور"
IN_EVERY_VARIANT = 3
"""Papers printed in each of their variants; the others in the form their client needs."""


@dataclass
class Day:
    """One day in `folder`. `run` returns what failed, nothing for a good day."""

    folder: Path
    visits: int
    seed: int
    database: str | None = None
    documents: list[dict[str, Any]] = field(default_factory=list)
    worked: list[Worked] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def run(self) -> list[str]:
        for name in ("documents", "screens"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        password = f"روز نمونهٔ {self.seed:06d}"
        desks.init(self.folder / "desk", FOUNDING, manager=MANAGER, password=password, training=True)
        with province(self.folder / "province", centres={CENTRE: CENTRE_NAME}, database=self.database) as server:
            staff_id, _ = desks.users(self.folder / "desk")[0]
            desk = desks.unlock(self.folder / "desk", staff_id, password)
            try:
                self._work(desk, server)
                screens = self._window(desk, password)
                round_trip.sync(desk)
                self._write(desk, server, password, screens)
            finally:
                desk.close()
        if self.database is None:
            self._copy_database()
        return self.problems

    def _copy_database(self) -> None:
        """The province's database as one file: what its log still held is in it."""
        with (
            closing(sqlite3.connect(self.folder / "province" / "server.db")) as source,
            closing(sqlite3.connect(self.folder / "server.db")) as target,
        ):
            source.backup(target)

    def _work(self, desk: Desk, server: Province) -> None:
        """The morning offline, then the desk joins its province, then the afternoon."""
        people = People(Random(self.seed), jalali.today(desk.now()), serial=desk.tip())
        work = Work(desk.writing, desk.pen, desk.actor, desk.centre, people)
        for at in range(self.visits):
            if at == self.visits // 2:
                enrol.enrol(desk, server.url, server.command("enrol-code", CENTRE)["code"])
                round_trip.sync(desk)
            self.worked.append(work.whole())
            self._papers(desk, self.worked[-1], at)
        round_trip.sync(desk)

    def _papers(self, desk: Desk, done: Worked, at: int) -> None:
        paperwork = Paperwork(desk, lambda _changed: None)
        for document_id in done.papers:
            self._keep(paperwork, document_id, at)
            if at < IN_EVERY_VARIANT:
                issued = paperwork.read(document_id)
                for variant in OFFERED[issued.kind]:
                    if variant != issued.variant:
                        self._keep(paperwork, paperwork.reissue(document_id, variant).document_id, at)

    def _keep(self, paperwork: Paperwork, document_id: str, at: int) -> None:
        issued = paperwork.read(document_id)
        letterhead = issued.paper.letterhead
        name = f"{at + 1:03d}-{issued.kind}-{issued.variant}-{len(self.documents) + 1:04d}.pdf"
        (self.folder / "documents" / name).write_bytes(paperwork.pdf(document_id))
        facts = {"name": issued.paper.person, "tracking_code": letterhead.tracking_code, "number": letterhead.number}
        self.documents.append(
            {
                "kind": issued.kind, "variant": issued.variant, "path": f"documents/{name}",
                "text": list(paperwork.words(document_id)), "facts": facts,
            }
        )  # fmt: skip

    def _window(self, desk: Desk, password: str) -> list[dict[str, Any]]:
        from tests.day.window_day import look_at_every_screen  # Qt is loaded when the day comes to it

        screens, typed = look_at_every_screen(desk, password, self.folder)
        self.worked += typed
        return [asdict(each) for each in screens]

    def _write(self, desk: Desk, server: Province, password: str, screens: list[dict[str, Any]]) -> None:
        """The evening: everything sent, proven, the same on both sides, and written down."""
        page = server.page()
        (self.folder / "province.html").write_text(page, "utf-8")
        with desk.reading() as session:
            mine = dump.dump(session)
        theirs = server.command("dump", "--centre", CENTRE)
        if mine != theirs:
            self.problems.append("desk and province differ")
        found = verify.verify(desk.engine, desk.signer.desk, desk.signer.realm)
        if not found.clean:
            self.problems.append(f"verify: {found}")
        accepted = {each["id"] for each in theirs["documents"] if each["kind"] == "visit"}
        visits = [
            {
                "id": done.registered.visit_id, "hash": done.hash, "tracking_code": done.registered.tracking_code,
                "service": done.service, "acknowledged": True, "accepted": done.registered.visit_id in accepted,
            }
            for done in self.worked
        ]  # fmt: skip
        self.problems += [f"visit {each['id']} didn't reach the province" for each in visits if not each["accepted"]]
        status = server.command("status")
        told = {
            "visits": sum(each["visits"] for each in status["centres"]), "centres": len(status["centres"]),
            "desks": sum(each["desks"] for each in status["centres"]),
        }  # fmt: skip
        if told["visits"] != len(visits):
            self.problems.append(f"the province counts {told['visits']} visits of {len(visits)}")
        day = {
            "password": password, "user": MANAGER, "centre": CENTRE, "seed": self.seed, "documents": self.documents,
            "visits": visits, "screens": screens, "province": told, "state_hash": mine["state_hash"],
        }  # fmt: skip
        (self.folder / "day.json").write_text(json.dumps(day, ensure_ascii=False, indent=1), "utf-8")
