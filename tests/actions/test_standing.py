"""A client asks what became of it: a code is typed or scanned, and one sentence is read aloud."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import pytest

from desktop.actions import standing
from desktop.desk import Desk
from desktop.domain import catalogue, digits, jalali, paper_number
from desktop.domain.faults import Invalid, Known
from desktop.domain.intake import WalkIn
from desktop.domain.standing import Standing, next_words, sentence
from tests.actions.working import (
    BAD,
    GOOD,
    at_the_printer,
    cut_while_printing,
    entry,
    mother_and_child,
    register,
    screen,
    sit,
)

ASKED = Standing("r", "p", "124/000/000001/5", "غربالگری بینایی", "1405-09-03", "registered")


def of_code(desk: Desk, typed: str) -> Standing:
    with desk.reading() as session:
        return standing.of_code(session, desk.actor, typed)


def test_any_digits_with_or_without_what_stands_between(desk: Desk) -> None:
    code = mother_and_child(desk).tracking_code
    bare = code.replace("/", "")
    arabic = bare.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    for typed in (code, digits.persian(code), bare, f" {arabic} ", f"\u2066{code}\u2069"):
        assert of_code(desk, typed).tracking_code == code


def test_a_wrong_digit_is_said_before_anything_is_looked_for(desk: Desk) -> None:
    code = mother_and_child(desk).tracking_code.replace("/", "")
    for wrong, key in (
        (code[:-1] + str((int(code[-1]) + 1) % 10), "value.paper-number-check"),
        (code[:4], "value.paper-number-length"),
        ("", "value.empty"),
        ("کد", "value.only-digits"),
    ):
        with pytest.raises(Invalid) as found:
            of_code(desk, wrong)
        assert found.value.key == key
    with pytest.raises(Known, match="code-unknown"):
        of_code(desk, paper_number.build("125", 0, 1))
    sit(desk, "technician")
    with pytest.raises(Known, match="not-allowed"):
        of_code(desk, code)


def test_from_the_day_it_was_asked_to_the_day_it_is_done(desk: Desk) -> None:
    done = mother_and_child(desk)
    name = "غربالگری بینایی کودکان سه تا شش سال"
    assert sentence(of_code(desk, done.tracking_code)).startswith(
        f"درخواست «{name}» از سه‌شنبه ۳ آذر ۱۴۰۵ ثبت شده؛ هنوز باز است؛ گام بعد: "
    )
    papers = at_the_printer(desk, "accepted")
    papers.send(papers.issue("intake_receipt", done.visit_id))
    assert "برگهٔ آن سه‌شنبه ۳ آذر ۱۴۰۵ چاپ شده" in sentence(of_code(desk, done.tracking_code))
    screen(desk, done, BAD)
    found = of_code(desk, done.tracking_code)
    assert found.due == "1405-10-03"
    assert sentence(found).endswith("(تا پنجشنبه ۳ دی ۱۴۰۵).")
    assert "نتیجه سه‌شنبه ۳ آذر ۱۴۰۵ داده شده" in sentence(found)


def test_a_passed_test_closes_it(desk: Desk) -> None:
    done = mother_and_child(desk)
    screen(desk, done, GOOD)
    assert "بسته شده است" in sentence(of_code(desk, done.tracking_code))


def test_a_paper_that_may_not_have_come_out_isnt_said_to_be_printed(desk: Desk) -> None:
    done = mother_and_child(desk)
    cut_while_printing(desk, at_the_printer(desk).issue("intake_receipt", done.visit_id))
    failing = at_the_printer(desk, "failed")
    with suppress(Known):
        failing.send(failing.issue("intake_receipt", done.visit_id))
    assert of_code(desk, done.tracking_code).printed_on == ""


def test_who_may_not_read_results_isnt_told_one_by_its_next_step(desk: Desk) -> None:
    done = mother_and_child(desk)
    screen(desk, done, BAD)
    sit(desk, "receptionist")
    found = of_code(desk, done.tracking_code)
    assert found.result_on == "1405-09-03"
    assert (found.next_step, found.due) == ("", "")


def test_a_restricted_service_stays_neutral(desk: Desk) -> None:
    restricted = [each for each in catalogue.services(jalali.of("1405-09-03")) if each.restricted]
    assert restricted
    for serial, service in enumerate(restricted):
        done = register(desk, WalkIn(person=entry(700 + serial), service=service.code))
        said = sentence(of_code(desk, done.tracking_code))
        assert service.open_name() in said
        assert service.name not in said
        assert service.short not in said
        assert service.next_step.rstrip(".") not in said


def test_the_newest_request_of_a_person(desk: Desk) -> None:
    first = register(desk, WalkIn(person=entry(800), service="INTAKE_FILE"))
    again = register(desk, WalkIn(person_id=first.person_id, service="HOME_VISIT"))
    with desk.reading() as session:
        found = standing.newest_of(session, desk.actor, first.person_id)
        assert found is not None
        assert found.tracking_code == again.tracking_code
        assert standing.newest_of(session, desk.actor, "nobody") is None


def test_what_isnt_known_isnt_said() -> None:
    assert sentence(ASKED) == "درخواست «غربالگری بینایی» از سه‌شنبه ۳ آذر ۱۴۰۵ ثبت شده؛ هنوز باز است."
    assert sentence(replace(ASKED, service="", registered_on="")) == "درخواست «خدمت مرکز»؛ هنوز باز است."
    later = replace(ASKED, visited_on="1405-09-05", status="closed")
    assert sentence(later).endswith("؛ آخرین مراجعه پنجشنبه ۵ آذر ۱۴۰۵ بوده؛ بسته شده است.")
    step = replace(ASKED, next_step="با شما تماس می‌گیریم.", due="1405-09-10")
    assert next_words(step) == "با شما تماس می‌گیریم (تا سه‌شنبه ۱۰ آذر ۱۴۰۵)"
