"""Papers at the desk: what is a copy, who may hand out a slip, what is asked about, what a receipt must not tell."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from db import journal
from db.models.intake import Visit
from db.models.journal import ChangeRow
from db.models.people import Needs as NeedsRow
from desktop.actions import documents
from desktop.desk import Desk
from desktop.domain import catalogue, identifiers, jalali
from desktop.domain.changes import Draft
from desktop.domain.faults import Known
from desktop.domain.intake import WalkIn
from desktop.domain.papers import IntakeReceipt, ScreeningSlip
from desktop.domain.people import Needs
from desktop.domain.vision import VisionAnswers
from tests.actions.working import (
    BAD,
    at_the_printer,
    child,
    cut_while_printing,
    entry,
    mother_and_child,
    register,
    screen,
    sit,
)


def _needs(session: Session) -> list[str]:
    return list(session.scalars(select(NeedsRow.id)))


def copies(desk: Desk, *papers: str) -> list[int]:
    paperwork = at_the_printer(desk)
    return [paperwork.read(each).paper.letterhead.copy for each in papers]


def test_what_a_clerk_said_no_to_is_followed_by_a_copy(desk: Desk) -> None:
    visit = mother_and_child(desk).visit_id
    paperwork = at_the_printer(desk)
    first = paperwork.issue("intake_receipt", visit)
    cut_while_printing(desk, first)
    paperwork.came_out(first, False)
    second = paperwork.issue("intake_receipt", visit)
    assert copies(desk, first, second) == [0, 1]


def test_what_was_never_sent_makes_no_copy(desk: Desk) -> None:
    visit = mother_and_child(desk).visit_id
    paperwork = at_the_printer(desk)
    first = paperwork.issue("intake_receipt", visit)
    assert copies(desk, first, paperwork.reissue(first, "giant").document_id) == [0, 0]


def test_a_sent_receipt_makes_no_copy_of_a_slip_nor_one_result_of_another(desk: Desk) -> None:
    done = mother_and_child(desk)
    paperwork = at_the_printer(desk, "accepted")
    paperwork.send(paperwork.issue("intake_receipt", done.visit_id))
    results = [screen(desk, done, BAD).result_id for _ in range(2)]
    slips = []
    for result in (results[0], results[1], results[0]):
        slips.append(paperwork.issue("screening_slip", result))
        paperwork.send(slips[-1])
    assert copies(desk, *slips) == [0, 0, 1]


def test_papers_nobody_knows_of_come_first_whatever_their_age(desk: Desk) -> None:
    paperwork = at_the_printer(desk)
    old = paperwork.issue("intake_receipt", mother_and_child(desk).visit_id)
    cut_while_printing(desk, old)
    newer = [paperwork.issue("intake_receipt", mother_and_child(desk, 10 * at).visit_id) for at in range(1, 5)]
    with desk.reading() as session:
        lines = documents.recent(session, desk.actor, most=2)
        assert documents.unanswered(session, desk.actor) == 1
    assert [each.document_id for each in lines] == [old, newer[3], newer[2]]
    assert [each.day for each in lines] == [str(jalali.today(desk.now()))] * 3
    paperwork.came_out(old, True)
    with desk.reading() as session:
        assert documents.unanswered(session, desk.actor) == 0


def test_a_slip_is_for_those_who_may_read_results(desk: Desk) -> None:
    done = mother_and_child(desk)
    result = screen(desk, done).result_id
    paperwork = at_the_printer(desk)
    receipt, slip = paperwork.issue("intake_receipt", done.visit_id), paperwork.issue("screening_slip", result)
    sit(desk, "receptionist")
    for refused in (
        lambda: paperwork.issue("screening_slip", result),
        lambda: paperwork.read(slip),
        lambda: paperwork.reissue(slip, "large"),
        lambda: paperwork.send(slip),
        lambda: paperwork.came_out(slip, True),
    ):
        with pytest.raises(Known, match="not-allowed"):
            refused()
    with desk.reading() as session:
        assert [each.document_id for each in documents.recent(session, desk.actor)] == [receipt]
    sit(desk, "social_worker")
    assert paperwork.read(slip).kind == "screening_slip"


def test_the_issuer_is_who_created_the_paper_even_if_a_step_has_an_earlier_clock(desk: Desk) -> None:
    paperwork = at_the_printer(desk)
    paper = paperwork.issue("intake_receipt", mother_and_child(desk).visit_id)
    before = paperwork.read(paper).paper.letterhead.head
    cut_while_printing(desk, paper)
    with desk.writing() as session:  # as a change of another desk whose clock lags
        steps = ChangeRow.entity_id == paper, ChangeRow.seq == desk.tip()
        session.execute(update(ChangeRow).where(*steps).values(hlc="0" * 16))
    assert paperwork.read(paper).paper.letterhead.head == before


def test_a_restricted_service_is_not_told_by_what_to_bring_or_do(desk: Desk) -> None:
    day = jalali.today(desk.now())
    restricted = [each for each in catalogue.services(day) if each.restricted]
    assert restricted
    for at, service in enumerate(restricted):
        done = register(desk, WalkIn(person=entry(40 + at), service=service.code))
        paperwork = at_the_printer(desk)
        paper = paperwork.read(paperwork.issue("intake_receipt", done.visit_id)).paper
        assert isinstance(paper, IntakeReceipt)
        assert not paper.bring
        assert paper.next_step != service.next_step
        assert paper.service == service.neutral


def test_a_service_this_program_does_not_know_is_said_to_be_unknown(desk: Desk) -> None:
    done = mother_and_child(desk)
    paperwork = at_the_printer(desk)
    paper = paperwork.issue("intake_receipt", done.visit_id)
    with desk.writing() as session:
        session.execute(update(Visit).values(service="FROM_NEXT_YEAR"))
    with pytest.raises(Known, match="service-unknown"):
        paperwork.read(paper)


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        (VisionAnswers(chart="tenths", distance_cm=300, consent=False), ""),
        (VisionAnswers(chart="tenths", device="refer"), "دستگاه: ارجاع، بی عینک"),
        (
            VisionAnswers(chart="tenths", right="5/10", distance_cm=300, glasses=True),
            "چارت E (دهم)، فاصلهٔ ۳۰۰ سانتی‌متر، با عینک",
        ),
    ],
)  # fmt: skip
def test_a_slip_names_the_tool_only_of_a_test_that_was_done(answers: VisionAnswers, says: str) -> None:
    assert documents.vision_tool(answers) == says


def test_a_declined_test_prints_without_a_tool(desk: Desk) -> None:
    result = screen(desk, mother_and_child(desk), VisionAnswers(chart="tenths", distance_cm=300, consent=False))
    paperwork = at_the_printer(desk)
    slip = paperwork.issue("screening_slip", result.result_id)
    paper = paperwork.read(slip).paper
    assert isinstance(paper, ScreeningSlip)
    assert paper.tool == ""
    assert not any("ابزار" in block for block in paperwork.words(slip))


def test_a_childs_paper_has_the_form_that_who_brings_them_needs(desk: Desk) -> None:
    giant = Needs(variant="giant")
    done = mother_and_child(desk, needs=giant)
    paperwork = at_the_printer(desk)
    issued = paperwork.read(paperwork.issue("intake_receipt", done.visit_id))
    assert (issued.variant, issued.stored_need) == ("giant", "giant")
    slip = paperwork.read(paperwork.issue("screening_slip", screen(desk, done).result_id))
    assert (slip.variant, slip.stored_need) == ("large", "giant")
    mother, ava = done.person_ids
    with desk.reading() as session:
        rows = {each.value("person") for each in journal.shown(session, _needs(session)).values() if each}
    assert rows == {mother}
    with desk.writing() as session:
        own = {"person": ava, "variant": "standard"}
        journal.write(
            session, desk.pen, [Draft("needs", identifiers.new(), "create", own, household=done.household_id)]
        )
    assert paperwork.read(paperwork.issue("intake_receipt", done.visit_id)).variant == "standard"


def test_a_brother_added_to_an_open_file_does_not_take_the_mothers_needs(desk: Desk) -> None:
    first = mother_and_child(desk)
    mother = first.person_ids[0]
    back = WalkIn(
        person_id=mother, members=(child(3, given_name="سام", sex="male"),), for_member=1,
        service="VISION_SCREENING", needs=Needs(variant="contrast"),
    )  # fmt: skip
    done = register(desk, back)
    with desk.reading() as session:
        rows = [each for each in journal.shown(session, _needs(session)).values() if each]
    assert [(each.value("person"), each.value("variant")) for each in rows] == [(mother, "contrast")]
    paperwork = at_the_printer(desk)
    assert paperwork.read(paperwork.issue("intake_receipt", done.visit_id)).variant == "contrast"
