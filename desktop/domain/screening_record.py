"""A recorded screening result, of any programme."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.domain.fields import FACT, Entity

SCREENING_RESULT = Entity(
    "screening_result",
    {
        "visit": FACT, "person": FACT, "programme": FACT, "pack_version": FACT, "day": FACT, "answers": FACT,
        "outcome": FACT, "reasons": FACT, "next_step": FACT, "due": FACT, "urgent": FACT,
    },
    references={"visit": "visit", "person": "person"},
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RecordedResult:
    """What recording gave back: the fact's id and what the family is told. `due` is a Jalali day or None."""

    result_id: str
    visit_id: str
    person_id: str
    outcome: str
    next_step: str
    due: str | None


@dataclass(frozen=True, slots=True)
class ToScreen:
    """A person who waits to be screened: `visit_id` of today's visit for it, empty where none is open."""

    visit_id: str
    person_id: str
    name: str
    birth: str
    programme: str
