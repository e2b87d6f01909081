"""A clerk's work, said in one line each."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

from desktop.actions import intake, screening
from desktop.desk import Desk
from desktop.domain import national_id
from desktop.domain.intake import HouseholdEntry, PersonEntry, Registered, WalkIn
from desktop.domain.roles import Role
from desktop.domain.screening_record import RecordedResult, ToScreen
from desktop.domain.vision import VisionAnswers
from desktop.machine import printing
from desktop.paperwork import Paperwork

GOOD = VisionAnswers(chart="tenths", right="10/10", left="10/10")
BAD = VisionAnswers(chart="tenths", right="2/10", left="2/10")


def entry(serial: int, **fields: Any) -> PersonEntry:
    """An invented person; the same serial, the same ID."""
    body = f"999{serial:06d}"
    known = PersonEntry(
        national_id=body + national_id.check_digit(body), given_name="مهتاب", family_name="کاج‌نژاد",
        father_name="یونس", birth="1371-05-09", sex="female",
    )  # fmt: skip
    return replace(known, **fields)


def child(serial: int, **fields: Any) -> PersonEntry:
    """Four years old."""
    return entry(serial, **{"given_name": "آوا", "birth": "1401-02-10", "relation": "child", **fields})


def register(desk: Desk, walk_in: WalkIn) -> Registered:
    with desk.writing() as session:
        return intake.register(session, desk.pen, desk.actor, desk.centre, walk_in, desk.now())[0]


def mother_and_child(desk: Desk, serial: int = 1, **fields: Any) -> Registered:
    """A new household of two; the service is the child's eye test."""
    family = WalkIn(
        person=entry(serial), household=HouseholdEntry(file_number="12"), members=(child(serial + 1),), for_member=1,
        service="VISION_SCREENING",
    )  # fmt: skip
    return register(desk, replace(family, **fields))


def screen(desk: Desk, done: Registered, answers: VisionAnswers = GOOD) -> RecordedResult:
    waits = ToScreen(done.visit_id, done.person_id, "", "", "vision")
    with desk.writing() as session:
        return screening.record(session, desk.pen, desk.actor, desk.centre, waits, answers, desk.now())[0]


def at_the_printer(desk: Desk, state: printing.Sent | None = None) -> Paperwork:
    """Papers with a printer that ends in this state; with none of them, in a power cut before it answered."""

    def send(_pages: object, _printer: str, _title: str) -> printing.Sent:
        if state is None:
            raise Cut
        return state

    return Paperwork(desk, lambda _changed: None, choose=lambda _wanted: "میز ۱", send=send)


class Cut(BaseException):
    """The power went."""


def cut_while_printing(desk: Desk, document_id: str) -> None:
    with suppress(Cut):
        at_the_printer(desk).send(document_id)


def sit(desk: Desk, *roles: Role) -> None:
    """The same person in other roles."""
    desk.actor = replace(desk.actor, roles=roles)
