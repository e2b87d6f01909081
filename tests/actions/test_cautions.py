"""What whoever meets a person should know, for a while: written by a few, read at the desk, on no paper."""

from __future__ import annotations

import pytest

from desktop.actions import cautions, standing
from desktop.desk import Desk
from desktop.domain import jalali
from desktop.domain.cautions import checked, usual_end
from desktop.domain.faults import Invalid, Known
from desktop.domain.roles import ROLES, Role
from desktop.domain.standing import sentence
from tests.actions.working import at_the_printer, mother_and_child, sit

TODAY = "1405-09-03"
WORDS = "تنها به خانه‌اش نروید."


def write(desk: Desk, person_id: str, text: str = WORDS, until: str = "") -> None:
    with desk.writing() as session:
        cautions.write(session, desk.pen, desk.actor, person_id, text, until, desk.now())


def valid(desk: Desk, person_id: str, today: str = TODAY) -> list[tuple[str, str]]:
    with desk.reading() as session:
        return [(each.text, each.until) for each in cautions.valid(session, desk.actor, person_id, today)]


@pytest.mark.parametrize("role", ROLES)
def test_who_writes_and_who_reads(desk: Desk, role: Role) -> None:
    done = mother_and_child(desk)
    write(desk, done.person_id)
    sit(desk, role)
    if role in ("manager", "social_worker"):
        write(desk, done.person_id, "پلهٔ خانه‌اش لق است.")
        assert len(valid(desk, done.person_id)) == 2
    else:
        with pytest.raises(Known, match="not-allowed"):
            write(desk, done.person_id)
    if role == "technician":
        with pytest.raises(Known, match="not-allowed"):
            valid(desk, done.person_id)
    else:
        assert (WORDS, usual_end(TODAY)) in valid(desk, done.person_id)


def test_it_lasts_to_its_last_day_and_no_longer(desk: Desk) -> None:
    done = mother_and_child(desk)
    write(desk, done.person_id, until="۱۴۰۵/۱۰/۱")
    assert valid(desk, done.person_id, "1405-10-01") == [(WORDS, "1405-10-01")]
    assert valid(desk, done.person_id, "1405-10-02") == []
    assert valid(desk, done.person_ids[0]) == []


def test_ninety_days_unless_said_and_a_year_at_most() -> None:
    today = jalali.of(TODAY)
    assert checked(WORDS, "", TODAY)[:2] == (WORDS, str(jalali.plus_days(today, 90)))
    said = {
        "1405/09/02": "caution.day-passed",
        "1406/09/04": "caution.too-long",
        "1405/11": "caution.no-day",
        "بهمن": "value.date-form",
    }
    assert {typed: checked(WORDS, typed, TODAY)[2]["until"].key for typed in said} == said
    assert checked(WORDS, "1406/09/03", TODAY)[2] == {}
    assert checked(WORDS, "1405/09/03", TODAY)[2] == {}
    assert checked(" ", "", TODAY)[2]["text"].key == "caution.no-text"
    assert "text" in checked("خ" * 201, "", TODAY)[2]


def test_nothing_faulty_is_written(desk: Desk) -> None:
    done = mother_and_child(desk)
    before = desk.tip()
    with pytest.raises(Invalid):
        write(desk, done.person_id, "")
    with pytest.raises(Known, match="person-gone"):
        write(desk, "nobody")
    assert desk.tip() == before


def test_it_is_on_no_paper_and_in_nothing_a_client_is_shown(desk: Desk) -> None:
    done = mother_and_child(desk)
    for person_id in done.person_ids:
        write(desk, person_id, "سگ بسته نیست.")
    papers = at_the_printer(desk)
    preview = papers.preview(papers.issue("intake_receipt", done.visit_id))
    with desk.reading() as session:
        shown = sentence(standing.of_code(session, desk.actor, done.tracking_code))
    assert preview.words
    assert not any("سگ" in words for words in (*preview.words, shown))
