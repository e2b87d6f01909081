"""The catalogue the reception chooses from."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop.domain import catalogue, jalali
from desktop.domain.jalali import Jalali
from desktop.domain.persian_text import clean

TODAY = Jalali(1405, 9, 17)
OFFERED = catalogue.services(TODAY)


def test_there_are_22_services_and_vision_screening_is_a_kind_of_one() -> None:
    assert len([entry for entry in OFFERED if entry.parent is None]) == 22
    assert len({entry.code for entry in OFFERED}) == len(OFFERED)
    vision = catalogue.service("VISION_SCREENING")
    assert (vision.parent, vision.screening, vision.short) == ("SCREENING", "vision", "غربالگری بینایی")
    assert "screening_slip" in vision.outputs


def test_adoption_and_divorce_prevention_are_hidden_behind_a_neutral_name() -> None:
    restricted = {entry.code for entry in OFFERED if entry.restricted}
    assert restricted == {"ADOPTION_REQUEST", "DIVORCE_PREVENTION"}
    hidden = {catalogue.service(code).open_name() for code in restricted}
    assert hidden == {"خدمات اجتماعی"}, "two neutral names would tell them apart"


@pytest.mark.parametrize("entry", OFFERED, ids=lambda entry: entry.code)
def test_every_service_can_be_chosen_printed_and_explained(entry: catalogue.Service) -> None:
    assert entry.free
    assert 1 <= len(entry.short.split()) <= 3
    assert entry.outputs[0] == "intake_receipt"
    assert entry.next_step.endswith(".")
    assert entry.next_step.count(".") == 1, "one sentence"
    assert set(entry.domains) <= {"social", "rehabilitation", "prevention"}
    assert entry.domains
    assert entry.provenance
    for words in (entry.name, entry.short, entry.next_step, *entry.bring):
        assert words == clean(words)
    assert entry.parent is None or catalogue.service(entry.parent)


def test_a_service_is_offered_only_between_its_dates() -> None:
    entry = replace(OFFERED[0], valid_from=Jalali(1404, 7), valid_to=Jalali(1405))
    assert [entry.valid(jalali.of(day)) for day in ("1404-06-31", "1404-07-01", "1405-12-29", "1406-01-01")] == [
        False, True, True, False,
    ]  # fmt: skip
    assert catalogue.services(Jalali(1398, 12, 29)) == ()


def test_an_unknown_code_is_a_bug() -> None:
    with pytest.raises(KeyError):
        catalogue.service("NOTHING")
