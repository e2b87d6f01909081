"""What happened at the desk, and urgent referrals to 123: one sentence, hidden from whoever may not read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from desktop.domain import persian_text
from desktop.domain.faults import Invalid
from desktop.domain.fields import FACT, Entity

Nature = Literal["incident", "urgent"]
Harmed = Literal["unknown", "nobody", "client", "colleague", "other"]
Reached = Literal["reached", "not_reached", "family_calls"]
NATURES: tuple[Nature, ...] = get_args(Nature)
HARMED: tuple[Harmed, ...] = get_args(Harmed)
REACHED: tuple[Reached, ...] = get_args(Reached)

INCIDENT = Entity(
    "incident",
    {
        "nature": FACT, "person": FACT, "happened": FACT, "harmed": FACT, "done": FACT, "reached": FACT, "day": FACT,
        "at": FACT, "staff": FACT,
    },
    references={"person": "person"},
)  # fmt: skip
"""`nature` says whether 123 was called for. Whoever may not read it isn't told that it exists: `roles.hidden`."""

HAPPENED_MOST, DONE_MOST = 500, 500


@dataclass(frozen=True, slots=True)
class Report:
    """As it is written down at the desk. `person_id` is empty where it is about nobody's file.

    `harmed` is of an incident, `reached` of an urgent referral; each is empty in the other.
    """

    nature: Nature
    happened: str
    person_id: str = ""
    harmed: str = ""
    done: str = ""
    reached: str = ""


@dataclass(frozen=True, slots=True)
class Incident:
    """One that was recorded, for those who may read it. `day` is canonical Jalali text, `time` "HH:MM"."""

    incident_id: str
    nature: str
    day: str
    time: str
    happened: str
    harmed: str
    done: str
    reached: str
    person_id: str
    person: str
    by: str


def checked(report: Report) -> tuple[Report, dict[str, Invalid]]:
    """The report in canonical values, and every fault by field."""
    faults: dict[str, Invalid] = {}
    said: dict[str, str] = {}
    for name, most in (("happened", HAPPENED_MOST), ("done", DONE_MOST)):
        typed = getattr(report, name)
        try:
            said[name] = persian_text.note(typed, most)
        except Invalid as fault:
            faults[name], said[name] = fault, typed
    if not said["happened"] and "happened" not in faults:
        faults["happened"] = Invalid(f"incident.no-words-{report.nature}")
    urgent = report.nature == "urgent"
    if urgent and report.reached not in REACHED:
        faults["reached"] = Invalid("incident.no-reached")
    harmed = "" if urgent else report.harmed if report.harmed in HARMED else "unknown"
    reached = report.reached if urgent else ""
    return Report(report.nature, said["happened"], report.person_id, harmed, said["done"], reached), faults
