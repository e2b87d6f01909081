"""What ends a request for a screening, and what leaves it open."""

from __future__ import annotations

import pytest

from db.models.intake import Request
from db.models.screening import ScreeningResult
from desktop.actions import documents
from desktop.desk import Desk
from desktop.domain.vision import VisionAnswers
from tests.actions.working import BAD, GOOD, at_the_printer, mother_and_child, screen

NO = VisionAnswers(chart="tenths", consent=False)


@pytest.mark.parametrize(
    ("answers", "status", "due"),
    [
        (GOOD, "closed", True), (BAD, "registered", True), (NO, "closed", False),
        (VisionAnswers(chart="tenths", consent=False, attempt=2), "registered", True),
    ],
)  # fmt: skip
def test_a_request_stays_open_while_something_is_due(
    desk: Desk, answers: VisionAnswers, status: str, due: bool
) -> None:
    done = mother_and_child(desk)
    result = screen(desk, done, answers)
    with desk.reading() as session:
        assert session.get_one(Request, done.request_id).status == status
        assert (session.get_one(ScreeningResult, result.result_id).due is not None) == due


def test_a_second_test_declined_says_by_when_to_come_back(desk: Desk) -> None:
    result = screen(desk, mother_and_child(desk), VisionAnswers(chart="tenths", consent=False, attempt=2))
    paperwork = at_the_printer(desk)
    words = paperwork.words(paperwork.issue("screening_slip", result.result_id))
    assert any("آزمون دوباره" in block for block in words)
    assert documents.vision_tool(NO) == ""
