"""Papers as facts: issued before anything is printed, what became of printing, and their contents told again.

Every paper is rebuilt from what the journal holds, so a reprint says what the first print said.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db import journal, paper_numbers
from db.journal import Pen
from db.models.intake import Request, Visit
from db.models.journal import ChangeRow
from db.models.papers import IssuedDocument
from db.models.people import Person
from db.models.screening import ScreeningResult
from db.models.staffing import Staff
from desktop.actions import cases
from desktop.actions.permission import require
from desktop.domain import catalogue, identifiers, jalali, paper_number, texts, vision
from desktop.domain.changed import Changed
from desktop.domain.changes import Draft
from desktop.domain.faults import Known
from desktop.domain.intake import needs_of
from desktop.domain.papers import (
    OFFERED,
    EyeReading,
    IntakeReceipt,
    IssuedLine,
    Kind,
    Letterhead,
    Paper,
    PrintState,
    ScreeningSlip,
    Variant,
)
from desktop.domain.screening_verdict import FOLLOWED_UP
from desktop.domain.staffing import Actor, Centre
from desktop.seal import paper as head_on_paper
from desktop.seal.commits import Sealed

PROGRAMME_NAME = "{programme}.name"


@dataclass(frozen=True, slots=True)
class Issued:
    """An issued paper: its fact, its contents, and the form the client's record asks for."""

    document_id: str
    kind: Kind
    variant: Variant
    stored_need: Variant
    state: PrintState
    paper: Paper


def issue(
    session: Session, pen: Pen, actor: Actor, centre: Centre, kind: Kind, subject: str, now: int,
    variant: Variant | None = None,
) -> tuple[str, Changed]:  # fmt: skip
    """Issue a paper for a visit (receipt) or a result (slip); the form is the client's stored need where none is asked.

    Returns the document's id. It is a copy when an earlier one of the same subject went to a printer.
    Raises Known: "not-allowed", "paper-unknown", "paper-numbers-spent".
    """
    require(actor, "document.issue")
    visit, result = _subject(session, kind, subject)
    person_id = visit.person or ""
    wanted = variant or _stored_need(session, person_id)
    chosen = wanted if wanted in OFFERED[kind] else "large" if wanted in ("giant", "contrast") else "standard"
    copies = session.scalar(
        select(func.count())
        .select_from(IssuedDocument)
        .where(
            IssuedDocument.paper == kind, IssuedDocument.visit == visit.id,
            IssuedDocument.print_state.in_(("accepted", "unknown")), IssuedDocument.void.is_(None),
        )
    )  # fmt: skip
    document_id = identifiers.new()
    patch = {
        "number": paper_numbers.take(session, centre.code), "paper": kind, "variant": chosen, "request": visit.request,
        "visit": visit.id, "result": result.id if result else None, "person": person_id, "copy": copies or 0,
        "issued_at": now, "print_state": "issued",
    }  # fmt: skip
    home = cases.household_of(session, person_id)
    draft = Draft("issued_document", document_id, "create", patch, household=home.id if home else None)
    return document_id, journal.write(session, pen, [draft])


def reissue(
    session: Session, pen: Pen, actor: Actor, centre: Centre, document_id: str, variant: Variant, now: int
) -> tuple[str, Changed]:
    """Issue the same paper again in another form."""
    row = _row(session, document_id)
    kind = cast("Kind", row.paper)
    subject = row.result if kind == "screening_slip" else row.visit
    return issue(session, pen, actor, centre, kind, subject or "", now, variant)


def _subject(session: Session, kind: Kind, subject: str) -> tuple[Visit, ScreeningResult | None]:
    result = session.get(ScreeningResult, subject) if kind == "screening_slip" else None
    visit = session.get(Visit, (result.visit or "") if result else subject)
    if visit is None or (kind == "screening_slip" and result is None):
        raise Known("paper-unknown")
    return visit, result


def _stored_need(session: Session, person_id: str) -> Variant:
    needs = cases.needs_row(session, person_id)
    return needs_of(vars(needs)).variant if needs else "standard"


def _row(session: Session, document_id: str) -> IssuedDocument:
    row = session.get(IssuedDocument, document_id)
    if row is None or row.void:
        raise Known("paper-unknown")
    return row


def read(session: Session, actor: Actor, centre: Centre, document_id: str) -> Issued:
    """An issued paper with its contents, as the journal holds them. Raises Known("paper-unknown")."""
    require(actor, "document.issue")
    row = _row(session, document_id)
    kind = cast("Kind", row.paper)
    visit, result = _subject(session, kind, (row.result if kind == "screening_slip" else row.visit) or "")
    person = cases.person(session, row.person or "")
    letterhead = _letterhead(session, centre, row, visit)
    paper = _slip(letterhead, person, result) if result else _receipt(letterhead, person, visit)
    need = _stored_need(session, person.id)
    return Issued(
        row.id, kind, cast("Variant", row.variant), need, cast("PrintState", row.print_state or "issued"), paper
    )


def _letterhead(session: Session, centre: Centre, row: IssuedDocument, visit: Visit) -> Letterhead:
    request = session.get(Request, visit.request or "")
    issuer, head = _issuance(session, row.id)
    number, at = row.number or "", row.issued_at or 0
    bare = number.replace("/", "")
    staff = session.get(Staff, issuer)
    return Letterhead(
        centre_name=centre.name, centre_code=centre.code, centre_address=centre.address, centre_phone=centre.phone,
        number=number, tracking_code=(request.tracking_code or "") if request else "", day=str(jalali.today(at)),
        time=jalali.time_of_day(at), issuer=(staff.name or "") if staff else "",
        issuer_role=_role(staff), head=head_on_paper.typed(head).replace(" ", ""),
        qr=bare + head_on_paper.qr_digits(head),
        copy=row.copy or 0, enrolled=paper_number.parts(number).series != paper_number.UNENROLLED_SERIES,
    )  # fmt: skip


def _role(staff: Staff | None) -> str:
    """The first of a person's roles, in words."""
    roles = (staff.roles or []) if staff else []
    return texts.say(f"role.{roles[0]}") if roles else ""


def _issuance(session: Session, document_id: str) -> tuple[str, bytes]:
    """Who issued a paper and the journal's head then: the hash of the change that created its fact."""
    header = session.scalars(
        select(ChangeRow.header).where(ChangeRow.entity_id == document_id).order_by(ChangeRow.hlc)
    ).first()
    if header is None:
        raise Known("paper-unknown")
    sealed = Sealed(header, None, None)
    return journal.actor_of(sealed), bytes.fromhex(sealed.hash)


def _receipt(letterhead: Letterhead, person: Person, visit: Visit) -> IntakeReceipt:
    service = catalogue.service(visit.service or "")
    return IntakeReceipt(
        letterhead, cases.full_name(person), service.open_name(), service.free, service.next_step, (), service.bring
    )


def _slip(letterhead: Letterhead, person: Person, result: ScreeningResult) -> ScreeningSlip:
    answers = vision.VisionAnswers.from_plain(result.answers or {})
    on = jalali.of(result.day or letterhead.day)
    birth = person.birth
    outcome = result.outcome or ""
    return ScreeningSlip(
        letterhead, cases.full_name(person), jalali.age(jalali.of(birth), on) if birth else "",
        texts.say(PROGRAMME_NAME.format(programme=result.programme)), vision_tool(answers), vision_readings(answers),
        texts.say(f"screening.outcome-{outcome}"), texts.say(result.next_step or ""), result.due,
        outcome in FOLLOWED_UP and outcome not in ("rescreen", "incomplete"),
    )  # fmt: skip


def vision_tool(answers: vision.VisionAnswers) -> str:
    """How the test was done, in words: chart or device, distance, glasses."""
    said = []
    if answers.chart:
        said.append(texts.say(f"vision.chart-{answers.chart}"))
    if answers.device:
        said.append(texts.say(f"vision.device-{answers.device}"))
    if answers.distance_cm:
        said.append(texts.say("vision.at-distance", distance=answers.distance_cm))
    said.append(texts.say("vision.with-glasses" if answers.glasses else "vision.without-glasses"))
    return texts.say("paper.comma").join(said)


def vision_readings(answers: vision.VisionAnswers) -> tuple[EyeReading, ...]:
    """What each eye read, in words; an eye that wasn't tested isn't listed."""
    eyes = (("right", answers.right), ("left", answers.left), ("both", answers.both))
    return tuple(EyeReading(texts.say(f"vision.eye-{eye}"), _line(read)) for eye, read in eyes if read)


def _line(read: str) -> str:
    """A chart line in figures, any other reading in words."""
    return read if read[:1].isdigit() else texts.say(f"vision.reading-{read}")


def printed(session: Session, pen: Pen, actor: Actor, document_id: str, state: PrintState) -> Changed:
    """What became of printing: a step after the one before."""
    require(actor, "document.issue")
    _row(session, document_id)
    document = journal.document(session, document_id)
    if document is None:
        raise Known("paper-unknown")
    draft = Draft(
        "issued_document", document_id, "step", {"print_state": state}, document.base("print_state"), document.household
    )
    return journal.write(session, pen, [draft])


def recent(session: Session, actor: Actor, most: int = 30) -> list[IssuedLine]:
    """The newest papers, for printing again."""
    require(actor, "document.issue")
    rows = session.execute(
        select(IssuedDocument, Person)
        .join(Person, Person.id == IssuedDocument.person)
        .where(IssuedDocument.void.is_(None))
        .order_by(IssuedDocument.issued_at.desc())
        .limit(most)
    ).all()
    return [
        IssuedLine(
            row.id, cast("Kind", row.paper), cases.full_name(person), jalali.time_of_day(row.issued_at or 0),
            cast("PrintState", row.print_state or "issued"),
        )
        for row, person in rows
    ]  # fmt: skip
