"""What a screening comes to, for every programme: never a diagnosis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from desktop.domain import digits, texts
from desktop.domain.jalali import Jalali

Outcome = Literal["pass", "refer", "rescreen", "incomplete", "untestable", "already_diagnosed", "declined"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
FOLLOWED_UP: frozenset[Outcome] = frozenset({"refer", "rescreen", "incomplete", "untestable"})
"""Outcomes that always stay due until the next level's result is recorded."""


def stays_due(outcome: Outcome, due: Jalali | str | None) -> bool:
    """Whether a result stays due until the next level's is recorded: declining ends only what had not begun."""
    return outcome in FOLLOWED_UP or (outcome == "declined" and due is not None)


@dataclass(frozen=True, slots=True)
class Said:
    """One reason or note: a key of the catalogue of words and its fields."""

    key: str
    fields: Mapping[str, str | int] = field(default_factory=dict)

    def sentence(self) -> str:
        """The Persian sentence, digits in Persian."""
        return texts.say(self.key, **{name: digits.persian(value) for name, value in self.fields.items()})


@dataclass(frozen=True, slots=True)
class Verdict:
    """`next_step` is a key; `due` the day the next step is due by (the next yearly test after a pass), or None.

    `notes` are shown beside it but don't change it. `age_months` is (lowest, highest) at the test.
    """

    outcome: Outcome
    reasons: tuple[Said, ...]
    next_step: str
    due: Jalali | None
    urgent: bool
    age_months: tuple[int, int]
    notes: tuple[Said, ...] = ()

    def outcome_sentence(self) -> str:
        """The outcome in the words the family may read."""
        return texts.say(f"screening.outcome-{self.outcome}")

    def next_step_sentence(self) -> str:
        """The one sentence that says what to do now."""
        return texts.say(self.next_step)

    def to_plain(self) -> dict[str, object]:
        """Of strings, ints, booleans, None, lists and dicts, for storing and for the command line."""
        return {
            "outcome": self.outcome,
            "reasons": [[said.key, dict(said.fields)] for said in self.reasons],
            "next_step": self.next_step,
            "due": str(self.due) if self.due else None,
            "urgent": self.urgent,
            "age_months": list(self.age_months),
            "notes": [[said.key, dict(said.fields)] for said in self.notes],
        }
