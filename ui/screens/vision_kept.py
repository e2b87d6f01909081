"""The unfinished eye tests of a post: of every child put aside, and of the one who sits there now."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import asdict

from desktop.domain.faults import Invalid
from desktop.domain.screening_record import ToScreen
from desktop.domain.vision import VisionAnswers
from ui.screens.draft_keeper import Plain

Test = tuple[ToScreen, VisionAnswers]


class KeptTests:
    """Unfinished tests by the child's person id, so that one child's recording takes no other's readings."""

    def __init__(self) -> None:
        self._tests: dict[str, Test] = {}

    def put(self, child: ToScreen, answers: VisionAnswers) -> None:
        self._tests[child.person_id] = child, answers

    def drop(self, child: ToScreen) -> None:
        self._tests.pop(child.person_id, None)

    def answers(self, child: ToScreen) -> VisionAnswers | None:
        """What was read of this child before they were put aside."""
        found = self._tests.get(child.person_id)
        return found[1] if found else None

    def holds(self, person_id: str) -> bool:
        return person_id in self._tests

    def to_plain(self, now: Test | None) -> Plain | None:
        """All of them for the draft, with the test `now` going on; None where there is nothing to keep."""
        tests = dict(self._tests)
        if now is not None:
            tests[now[0].person_id] = now
        if not tests:
            return None
        kept = [{"child": asdict(child), "answers": answers.to_plain()} for child, answers in tests.values()]
        return {"tests": kept, "now": now[0].person_id if now else ""}

    def take_in(self, plain: Plain, charts: Container[str]) -> Test | None:
        """Put in what a draft holds, never over what is here already; returns the test that was going on.

        A test on a chart that isn't known, or of another make of the desk, is left out.
        """
        going: Test | None = None
        for each in plain.get("tests", ()):
            try:
                test = ToScreen(**each["child"]), VisionAnswers.from_plain(each["answers"])
            except (KeyError, TypeError, Invalid):
                continue
            if test[1].chart not in charts:
                continue
            self._tests.setdefault(test[0].person_id, test)
            if test[0].person_id == plain.get("now"):
                going = test
        return going
