"""A child at the vision post: what was read, and what the family is told."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain import jalali, screening, texts
from desktop.domain.faults import Invalid
from desktop.domain.jalali import Jalali
from desktop.domain.screening_verdict import FOLLOWED_UP, OUTCOMES, Said, Verdict, stays_due
from desktop.domain.vision import VisionAnswers

PACK = screening.load_pack("vision")
TODAY = Jalali(1405, 9, 17)
TENTHS = [f"{n}/10" for n in range(1, 11)]


def child(months: int) -> Jalali:
    """Who completes `months` today."""
    return jalali.plus_months(TODAY, -months)


def seen(months: int = 48, **answers: Any) -> Verdict:
    given_answers = VisionAnswers(**{"chart": "tenths", "right": "8/10", "left": "8/10", **answers})
    return screening.evaluate(PACK, given_answers, child(months), TODAY)


@pytest.mark.parametrize(
    ("months", "chart", "least", "line_above"),
    [
        (36, "lea", "20/50", "20/63"), (47, "hotv", "20/50", "20/63"), (36, "tenths", "4/10", "3/10"),
        (48, "snellen-20", "20/40", "20/50"), (71, "lea", "20/40", "20/50"), (48, "tenths", "5/10", "4/10"),
        (72, "lea", "20/32", "20/40"), (83, "hotv", "20/32", "20/40"), (72, "tenths", "7/10", "6/10"),
        (48, "snellen-6", "6/12", "6/18"),
    ],
)  # fmt: skip
def test_each_age_has_its_line(months: int, chart: str, least: str, line_above: str) -> None:
    assert seen(months, chart=chart, right=least, left=least).outcome == "pass"
    referred = seen(months, chart=chart, right=least, left=line_above)
    assert (referred.outcome, referred.urgent) == ("refer", False)
    assert referred.due == Jalali(1405, 10, 17)


def test_a_day_before_the_fourth_birthday_the_younger_line_is_enough() -> None:
    answers = VisionAnswers(chart="tenths", right="4/10", left="4/10")
    almost = jalali.plus_days(child(48), 1)
    assert screening.evaluate(PACK, answers, almost, TODAY).outcome == "pass"
    assert screening.evaluate(PACK, answers, child(48), TODAY).outcome == "refer"


def test_the_family_reads_the_line_that_was_needed_in_persian() -> None:
    verdict = seen(60, right="3/10", left="5/10")
    assert verdict.reasons[0].sentence() == "چشم راست کمتر از خط ۵/۱۰ را خواند که برای این سن لازم است."
    assert verdict.outcome_sentence().startswith("مشکوک – نیازمند بررسی تخصصی")
    assert "بینایی‌سنج" in verdict.next_step_sentence()


def test_two_good_eyes_that_differ_are_referred() -> None:
    assert seen(48, right="10/10", left="6/10").reasons == (Said("vision.reason-apart"),)
    assert seen(48, right="10/10", left="7/10").outcome == "pass"


def test_a_child_who_will_not_is_tried_once_more_and_then_referred() -> None:
    first, second = seen(right="untestable"), seen(right="untestable", attempt=2)
    assert (first.outcome, first.due) == ("rescreen", Jalali(1405, 10, 17))
    assert (second.outcome, second.next_step) == ("untestable", "vision.step-level-2")


def test_a_white_pupil_is_urgent_whatever_was_read_and_at_any_age() -> None:
    for months in (10, 48, 100):
        verdict = seen(months, right="10/10", left="10/10", signs=("white-pupil",), under_doctor=True)
        assert (verdict.outcome, verdict.urgent, verdict.due) == ("refer", True, Jalali(1405, 9, 24))
        assert verdict.next_step == "vision.step-level-3"


def test_half_a_test_is_finished_in_two_weeks_or_referred() -> None:
    assert (seen(left="").outcome, seen(left="").due) == ("incomplete", Jalali(1405, 10, 1))
    assert seen(left="", attempt=2).outcome == "refer"
    assert seen(left="", right="2/10").outcome == "refer", "one eye is enough to refer"


def test_no_consent_and_already_treated_are_not_followed_up() -> None:
    assert (seen(consent=False).outcome, seen(consent=False).due) == ("declined", None)
    assert (seen(under_doctor=True, right="1/10").outcome, seen(under_doctor=True).due) == ("already_diagnosed", None)


def test_declining_the_second_test_does_not_end_what_the_first_began() -> None:
    for attempt in (2, 3):
        again = seen(consent=False, attempt=attempt)
        assert (again.outcome, again.due) == ("declined", Jalali(1405, 10, 17))
        assert stays_due(again.outcome, again.due)
        assert "آزمون دوباره" in again.next_step_sentence()
    assert not stays_due("declined", None)
    assert not stays_due("pass", Jalali(1406, 9, 17))


def test_a_pass_comes_back_in_a_year_until_the_seventh_birthday() -> None:
    assert seen(71).due == Jalali(1406, 9, 17)
    assert (seen(72).due, seen(72).next_step) == (None, "vision.step-last")


def test_outside_the_ages_the_desk_is_told_why() -> None:
    for months, key in ((35, "vision.too-young"), (84, "vision.too-old")):
        with pytest.raises(Invalid) as refused:
            seen(months)
        assert refused.value.key == key


def test_a_birth_year_alone_takes_the_strictest_line_and_says_so() -> None:
    answers = VisionAnswers(chart="tenths", right="4/10", left="4/10")
    born_in = screening.evaluate(PACK, answers, Jalali(1401), TODAY)
    assert born_in.age_months == (44, 56)
    assert born_in.outcome == "refer", "the child may be four already"
    assert born_in.notes == (Said("vision.note-age-range"),)


def test_what_the_pack_does_not_know_is_refused_by_field() -> None:
    wrong: dict[str, Any] = {
        "chart": "moon",
        "right": "11/10",
        "both": "?",
        "device": "yes",
        "signs": ("x",),
        "attempt": 0,
    }
    for field, value in wrong.items():
        with pytest.raises(Invalid) as refused:
            seen(**{field: value})
        assert refused.value.fields == {"field": field}
    with pytest.raises(Invalid):
        seen(distance_cm=30)


def test_plain_answers_of_the_wrong_kind_are_refused() -> None:
    wrong = (("attempt", True), ("attempt", 1.0), ("distance_cm", 300.5), ("glasses", 1), ("eye", "x"), ("right", None))
    for field, value in wrong:
        with pytest.raises(Invalid):
            VisionAnswers.from_plain({field: value})


reading = st.sampled_from([*TENTHS, *PACK.readings, ""])
answers_strategy = st.builds(
    VisionAnswers,
    chart=st.just("tenths"), right=reading, left=reading, both=reading, glasses=st.booleans(),
    distance_cm=st.none() | st.integers(100, 700), device=st.sampled_from(["", *PACK.device]),
    signs=st.lists(st.sampled_from(list(PACK.signs)), unique=True).map(tuple), attempt=st.integers(1, 4),
    consent=st.booleans(), under_doctor=st.booleans(),
)  # fmt: skip


@given(answers_strategy, st.integers(36, 83))
def test_any_test_comes_to_one_outcome_with_words_and_survives_storing(answers: VisionAnswers, months: int) -> None:
    verdict = screening.evaluate(PACK, answers, child(months), TODAY)
    assert verdict.outcome in OUTCOMES
    assert verdict.outcome_sentence()
    assert verdict.next_step_sentence()
    assert all(said.sentence() for said in verdict.reasons + verdict.notes)
    assert (verdict.due is not None) >= (verdict.outcome in FOLLOWED_UP), "what is followed up has a day"
    stored = json.loads(json.dumps(answers.to_plain()))
    assert VisionAnswers.from_plain(stored) == answers
    text = screening.canonical(PACK, answers, child(months), TODAY, verdict)
    assert json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True, separators=(",", ":")) == text


@given(answers_strategy, st.integers(36, 82), st.sampled_from(["right", "left"]))
def test_reading_less_never_turns_a_referral_into_a_pass(answers: VisionAnswers, months: int, eye: str) -> None:
    read = getattr(answers, eye)
    needed = PACK.needed(months, months)
    if read not in TENTHS or PACK.charts["tenths"].lines[read] <= needed or not answers.consent or answers.under_doctor:
        return
    assert screening.evaluate(PACK, answers, child(months), TODAY).outcome == "refer"


def test_every_chart_reading_sign_and_device_word_has_its_persian_name() -> None:
    for group, names in {
        "chart": PACK.charts,
        "reading": PACK.readings,
        "sign": PACK.signs,
        "device": PACK.device,
    }.items():
        assert all(texts.say(f"vision.{group}-{name}") for name in names)
    assert all(texts.say(f"screening.outcome-{outcome}") for outcome in OUTCOMES)


def test_no_paper_and_no_screen_can_diagnose() -> None:
    written = [files("resources").joinpath("texts", "fa.toml").read_text("utf-8")]
    written += [pack.read_text("utf-8") for pack in files("resources").joinpath("packs").iterdir()]
    for text in written:
        assert "طبیعی" not in text
        assert "مبتلا" not in text


@pytest.mark.parametrize(
    ("births", "chosen", "turn"),
    [
        (["1371-05-09", "1401-02-10"], 0, 1), (["1371/5/9", "۱۴۰۱/۲/۱۰", "1400-01-01"], 0, 1),
        (["1371-05-09", "1401-02-10", "1400-01-01"], 2, 2), (["1371-05-09", "1404-01-01"], 0, 0),
        (["1371-05-09", "", "x"], 1, 1), (["1371", "1402"], 0, 1),
    ],
)  # fmt: skip
def test_a_household_s_eye_test_is_for_the_child_whose_age_it_fits(births: list[str], chosen: int, turn: int) -> None:
    assert screening.whose_turn("vision", births, chosen, "1405-09-17") == turn
