"""Papers as facts: issued before anything is printed, what became of printing, and their contents told again.

A paper is drawn from the records as they are shown now: a name corrected after it was issued is corrected on its
next print too. Number, form, copy, time, issuer and head are the issued fact's own and stay.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from db import journal, paper_numbers, settings
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
from desktop.domain.roles import may
from desktop.domain.screening_verdict import FOLLOWED_UP
from desktop.domain.staffing import TRAINING, Actor, Centre
from desktop.seal import commits
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
    """Issue a paper for a visit (receipt) or a result (slip); where no form is asked, the one its reader needs.

    Returns the document's id. It is a copy when an earlier one of the same kind and subject was ever sent to a printer,
    whatever came of that: a sheet may lie in a tray whose clerk was told it failed.
    Raises Known: "not-allowed", "paper-unknown", "paper-numbers-spent".
    """
    _require(actor, kind)
    visit, result = _subject(session, kind, subject)
    person_id = visit.person or ""
    wanted = variant or _stored_need(session, person_id)
    chosen = wanted if wanted in OFFERED[kind] else "large" if wanted in ("giant", "contrast") else "standard"
    copies = _sent(session, kind, visit.id, result.id if result else None)
    document_id = identifiers.new()
    patch = {
        "number": paper_numbers.take(session, centre.code), "paper": kind, "variant": chosen, "request": visit.request,
        "visit": visit.id, "result": result.id if result else None, "person": person_id, "copy": copies,
        "issued_at": now, "print_state": "issued",
    }  # fmt: skip
    home = cases.household_of(session, person_id)
    draft = Draft("issued_document", document_id, "create", patch, household=home.id if home else None)
    return document_id, journal.write(session, pen, [draft])


def _require(actor: Actor, kind: str) -> None:
    """A slip tells a result: handing it out asks for more than papers. Raises Known("not-allowed")."""
    require(actor, "document.issue")
    if kind == "screening_slip":
        require(actor, "screening.read", "screening.record")


def _sent(session: Session, kind: Kind, visit: str, result: str | None) -> int:
    """How many papers of a subject ever left for a printer."""
    subject = IssuedDocument.result == result if kind == "screening_slip" else IssuedDocument.visit == visit
    ids = session.scalars(
        select(IssuedDocument.id).where(IssuedDocument.paper == kind, subject, IssuedDocument.void.is_(None))
    ).all()
    return sum(
        any(step.field == "print_state" and step.value != "issued" for step in document.steps)
        for document in journal.shown(session, ids).values()
        if document
    )


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
    needs = cases.needs_in(session, person_id)
    return needs_of(vars(needs)).variant if needs else "standard"


def _row(session: Session, document_id: str) -> IssuedDocument:
    row = session.get(IssuedDocument, document_id)
    if row is None or row.void:
        raise Known("paper-unknown")
    return row


def read(session: Session, actor: Actor, centre: Centre, document_id: str) -> Issued:
    """An issued paper with its contents as they are shown now. Raises Known: "paper-unknown", "not-allowed"."""
    row = _row(session, document_id)
    kind = cast("Kind", row.paper)
    _require(actor, kind)
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
        training=settings.get(session, "desk")["realm"] == TRAINING,
    )  # fmt: skip


def _role(staff: Staff | None) -> str:
    """The first of a person's roles, in words."""
    roles = (staff.roles or []) if staff else []
    return texts.say(f"role.{roles[0]}") if roles else ""


def _issuance(session: Session, document_id: str) -> tuple[str, bytes]:
    """Who issued a paper and the journal's head then: the hash of the change that created its fact.

    Not of the earliest by the clock: another desk's step may carry a clock that lags behind.
    """
    for header in session.scalars(select(ChangeRow.header).where(ChangeRow.entity_id == document_id)):
        sealed = Sealed(header, None, None)
        change = commits.opened(sealed)
        if change.verb == "create":
            return change.actor, bytes.fromhex(sealed.hash)
    raise Known("paper-unknown")


def _receipt(letterhead: Letterhead, person: Person, visit: Visit) -> IntakeReceipt:
    try:
        service = catalogue.service(visit.service or "")
    except KeyError:  # a later program's service, come from another desk
        raise Known("service-unknown") from None
    return IntakeReceipt(
        letterhead, cases.full_name(person), service.open_name(), service.free, service.open_next_step(), (),
        service.open_bring(),
    )  # fmt: skip


def _slip(letterhead: Letterhead, person: Person, result: ScreeningResult) -> ScreeningSlip:
    answers = vision.VisionAnswers.from_plain(result.answers or {})
    on = jalali.of(result.day or letterhead.day)
    birth = person.birth
    outcome = result.outcome or ""
    return ScreeningSlip(
        letterhead, cases.full_name(person), jalali.age(jalali.of(birth), on) if birth else "",
        texts.say(PROGRAMME_NAME.format(programme=result.programme)), vision_tool(answers), vision_readings(answers),
        texts.say(f"screening.outcome-{outcome}"), texts.say(result.next_step or ""), result.due,
        outcome in FOLLOWED_UP and outcome not in ("rescreen", "incomplete"), outcome == "pass",
    )  # fmt: skip


def vision_tool(answers: vision.VisionAnswers) -> str:
    """How the test was done, in words: chart or device, distance, glasses; empty where nothing was measured."""
    read = any((answers.right, answers.left, answers.both))
    if not read and not answers.device:
        return ""
    said = []
    if answers.chart and read:
        said.append(texts.say(f"vision.chart-{answers.chart}"))
    if answers.device:
        said.append(texts.say(f"vision.device-{answers.device}"))
    if answers.distance_cm:
        said.append(texts.say("vision.at-distance", distance=answers.distance_cm))
    said.append(texts.say("vision.with-glasses" if answers.glasses else "vision.without-glasses"))
    return texts.say("paper.comma").join(said)


def vision_readings(answers: vision.VisionAnswers) -> tuple[EyeReading, ...]:
    """What each eye read, in words; where any was tested, the right and the left even if one wasn't."""
    eyes = (("right", answers.right), ("left", answers.left), ("both", answers.both))
    tested = any(read for _, read in eyes)
    listed = [(eye, read) for eye, read in eyes if read or (tested and eye != "both")]
    return tuple(EyeReading(texts.say(f"vision.eye-{eye}"), _line(read) if read else "") for eye, read in listed)


def _line(read: str) -> str:
    """A chart line in figures, any other reading in words."""
    return read if read[:1].isdigit() else texts.say(f"vision.reading-{read}")


def printed(session: Session, pen: Pen, actor: Actor, document_id: str, state: PrintState) -> Changed:
    """What became of printing: a step after the one before."""
    _require(actor, _row(session, document_id).paper or "")
    document = journal.document(session, document_id)
    if document is None:
        raise Known("paper-unknown")
    draft = Draft(
        "issued_document", document_id, "step", {"print_state": state}, document.base("print_state"), document.household
    )
    return journal.write(session, pen, [draft])


def _listed(actor: Actor) -> Select[IssuedDocument, Person]:
    """The papers this person may see."""
    require(actor, "document.issue")
    query = (
        select(IssuedDocument, Person)
        .join(Person, Person.id == IssuedDocument.person)
        .where(IssuedDocument.void.is_(None))
        .order_by(IssuedDocument.issued_at.desc())
    )
    reads = any(may(actor.roles, each) for each in ("screening.read", "screening.record"))
    return query if reads else query.where(IssuedDocument.paper != "screening_slip")


def recent(session: Session, actor: Actor, most: int = 30) -> list[IssuedLine]:
    """The newest papers, for printing again; those whose printing is unknown come first, whatever their age."""
    query = _listed(actor)
    asked = session.execute(query.where(IssuedDocument.print_state == "unknown")).all()
    others = session.execute(query.where(IssuedDocument.print_state.is_distinct_from("unknown")).limit(most)).all()
    return [_line_of(row, person) for row, person in (*asked, *others)]


def unanswered(session: Session, actor: Actor) -> int:
    """How many papers nobody knows of whether they came out; 0 for one who may not print."""
    if not may(actor.roles, "document.issue"):
        return 0
    return len(session.execute(_listed(actor).where(IssuedDocument.print_state == "unknown")).all())


def receipt_of(session: Session, actor: Actor, visit_id: str) -> str:
    """The newest receipt of a visit; empty where none was issued."""
    of_visit = _listed(actor).where(IssuedDocument.paper == "intake_receipt", IssuedDocument.visit == visit_id)
    found = session.execute(of_visit.limit(1)).one_or_none()
    return found[0].id if found else ""


def _line_of(row: IssuedDocument, person: Person) -> IssuedLine:
    at = row.issued_at or 0
    return IssuedLine(
        row.id, cast("Kind", row.paper), cases.full_name(person), jalali.time_of_day(at),
        cast("PrintState", row.print_state or "issued"), str(jalali.today(at)),
    )  # fmt: skip
