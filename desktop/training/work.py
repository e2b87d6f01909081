"""A day's work done without a window: walk-ins registered, children screened, papers issued. Each is a real commit."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from sqlalchemy.orm import Session

from db import verify
from db.journal import Pen
from desktop.actions import documents, intake, screening
from desktop.domain import intake as walk_ins
from desktop.domain.intake import Registered
from desktop.domain.papers import Kind
from desktop.domain.screening_record import RecordedResult, ToScreen
from desktop.domain.staffing import Actor, Centre
from desktop.training.people import People


@dataclass(frozen=True, slots=True)
class Worked:
    """One walk-in done: the visit's record hash as committed, its papers, and the result where one was recorded."""

    registered: Registered
    service: str
    hash: str
    result: RecordedResult | None
    papers: tuple[str, ...]


@dataclass
class Work:
    """The clerk's hands: how to write, in whose name, at which centre."""

    writing: Callable[[], AbstractContextManager[Session]]
    pen: Pen
    actor: Actor
    centre: Centre
    people: People

    def register(self) -> tuple[Registered, str, str]:
        """Register the next walk-in; returns it, its service, and the hash of its visit once that is on disk."""
        while True:
            walk_in, faults = walk_ins.checked(self.people.walk_in(), str(self.people.today))
            if not faults:
                break
        with self.writing() as session:
            done, _ = intake.register(session, self.pen, self.actor, self.centre, walk_in, self.pen.now())
            digest = verify.record_hash(session, "visit", done.visit_id)
        return done, walk_in.service, digest

    def whole(self) -> Worked:
        """One walk-in from the door to its papers."""
        done, service, digest = self.register()
        result = self._screen(done) if service == "VISION_SCREENING" else None
        papers = [self._issue("intake_receipt", done.visit_id)]
        if result:
            papers.append(self._issue("screening_slip", result.result_id))
        return Worked(done, service, digest, result, tuple(papers))

    def _screen(self, done: Registered) -> RecordedResult:
        child = ToScreen(done.visit_id, done.person_id, "", "", "vision")
        with self.writing() as session:
            return screening.record(
                session, self.pen, self.actor, self.centre, child, self.people.vision(), self.pen.now()
            )[0]

    def _issue(self, kind: Kind, subject: str) -> str:
        with self.writing() as session:
            return documents.issue(session, self.pen, self.actor, self.centre, kind, subject, self.pen.now())[0]
