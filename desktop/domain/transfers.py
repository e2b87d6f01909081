"""Moving a household to another centre: offered by the one it belongs to, accepted or declined by the one named."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.domain.changes import Verb
from desktop.domain.fields import FACT, ORDINARY, STEP, Entity

TRANSFER = Entity(
    "transfer",
    {
        "household": FACT, "source": FACT, "target": FACT, "file_number": FACT, "members": FACT, "day": FACT,
        "note": ORDINARY, "state": STEP,
    },
)  # fmt: skip
"""It stays with both centres when the household goes, so it names nobody: a file number and how many people.

Its `household` is no reference: the target hears of the offer before it has the household.
"""

OFFERED, ACCEPTED, CANCELLED = "offered", "accepted", "cancelled"
OFFER: Verb = "transfer.offer"
ACCEPT: Verb = "transfer.accept"
CANCEL: Verb = "transfer.cancel"
VERBS = frozenset({OFFER, ACCEPT, CANCEL})
STATES: dict[str, str] = {OFFER: OFFERED, ACCEPT: ACCEPTED, CANCEL: CANCELLED}
"""What each verb says of `state`."""

STAYS = frozenset({"centre", "staff", "staff_key", "transfer", "ticket", "slip_block"})
"""Kinds that belong to a centre and go with no household, whoever says so."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A transfer as a centre sees it. `outgoing`: this centre offered it. `day` is canonical Jalali text."""

    transfer_id: str
    household: str
    outgoing: bool
    other_centre: str
    file_number: str
    members: int
    day: str
    note: str
    state: str
