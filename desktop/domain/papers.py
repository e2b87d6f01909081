"""The papers a client is handed, as values: what each says, before any engine lays it out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from desktop.domain.fields import FACT, STEP, Entity

Variant = Literal["standard", "large", "giant", "contrast"]
Kind = Literal["intake_receipt", "screening_slip"]
VARIANTS: tuple[Variant, ...] = get_args(Variant)
OFFERED: dict[Kind, tuple[Variant, ...]] = {"intake_receipt": VARIANTS, "screening_slip": ("standard", "large")}


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What every paper carries. `day` is a canonical Jalali date, `time` Asia/Tehran "HH:MM".

    `number` is the paper's own number, `tracking_code` the request's. `head` is the journal head the paper was
    issued at: 25 digits (80 bits), to type back; `qr` the digits in the QR. `copy` 0 is the original, 1 the first copy.
    `training`: of a practice desk, which the paper says.
    """

    centre_name: str
    centre_code: str
    centre_address: str
    centre_phone: str
    number: str
    tracking_code: str
    day: str
    time: str
    issuer: str
    issuer_role: str
    head: str
    qr: str
    copy: int = 0
    enrolled: bool = True
    training: bool = False


@dataclass(frozen=True, slots=True)
class IntakeReceipt:
    """`service` is the neutral name where the service is restricted. `bring` are papers to bring, in order."""

    letterhead: Letterhead
    person: str
    service: str
    free: bool
    next_step: str
    handed_in: tuple[str, ...] = ()
    bring: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EyeReading:
    """One row of a vision slip: which eye, and the line it read, both as words; `read` empty: it wasn't measured."""

    eye: str
    read: str


@dataclass(frozen=True, slots=True)
class ScreeningSlip:
    """A screening result for the family. `outcome` and `next_step` are whole sentences and never a diagnosis.

    `due` is a canonical Jalali date or None: the last day the next step may be taken, or, where `passed`, the day of
    the next yearly test. `refers` is true where a level-2 examiner returns the lower part.
    """

    letterhead: Letterhead
    person: str
    age: str
    programme: str
    tool: str
    readings: tuple[EyeReading, ...]
    outcome: str
    next_step: str
    due: str | None
    refers: bool
    passed: bool = False


Paper = IntakeReceipt | ScreeningSlip


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page as a picture: `rgb` holds rows from the top, three bytes a pixel, no padding."""

    width: int
    height: int
    rgb: bytes


PrintState = Literal["issued", "accepted", "failed", "unknown"]

ISSUED_DOCUMENT = Entity(
    "issued_document",
    {
        "number": FACT, "paper": FACT, "variant": FACT, "request": FACT, "visit": FACT, "result": FACT, "person": FACT,
        "copy": FACT, "issued_at": FACT, "print_state": STEP,
    },
    references={"request": "request", "visit": "visit", "result": "screening_result", "person": "person"},
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Preview:
    """An issued paper as the preview shows it. What is shown is what is printed: `pages` are of the issued document.

    `stored_need` is the form the client's record asks for; `words` the paper's text in reading order, to read aloud.
    `state` says what became of printing; `printer` the one it goes to, empty where this PC has none.
    """

    document_id: str
    kind: Kind
    person: str
    tracking_code: str
    variant: Variant
    offered: tuple[Variant, ...]
    stored_need: Variant
    pages: tuple[PagePicture, ...]
    words: tuple[str, ...]
    state: PrintState
    copy: int
    printer: str


@dataclass(frozen=True, slots=True)
class IssuedLine:
    """One issued paper in a list. `time` is "HH:MM" in Tehran, `day` a canonical Jalali date."""

    document_id: str
    kind: Kind
    person: str
    time: str
    state: PrintState
    day: str = ""
