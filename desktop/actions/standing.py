"""Where a request stands: by its tracking code, or the newest of a person."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models.intake import Request, Visit
from db.models.papers import IssuedDocument
from db.models.screening import ScreeningResult
from desktop.actions import cases
from desktop.actions.permission import require
from desktop.domain import catalogue, jalali, paper_number, texts
from desktop.domain.faults import Known
from desktop.domain.roles import Permission, may
from desktop.domain.staffing import Actor
from desktop.domain.standing import Standing

_TELL: tuple[Permission, ...] = ("screening.read", "screening.record")
_BY_CODE = select(Request).where(Request.void.is_(None)).order_by(Request.id.desc())
_RESULT = (
    select(ScreeningResult)
    .join(Visit, Visit.id == ScreeningResult.visit)
    .where(ScreeningResult.void.is_(None), Visit.void.is_(None))
    .order_by(ScreeningResult.id.desc())
)


def of_code(session: Session, actor: Actor, typed: str) -> Standing:
    """The request with a tracking code as typed or scanned, in any digits.

    Raises Invalid for what can't be a code, Known: "not-allowed", "code-unknown" for one that isn't of this centre's.
    """
    require(actor, "person.read")
    code = paper_number.parse(typed)
    row = session.scalars(_BY_CODE.where(Request.tracking_code == code)).first()
    if row is None:
        raise Known("code-unknown")
    return _standing(session, actor, row)


def newest_of(session: Session, actor: Actor, person_id: str) -> Standing | None:
    """The newest request of a person."""
    require(actor, "person.read")
    row = session.scalars(_BY_CODE.where(Request.person == person_id)).first()
    return _standing(session, actor, row) if row else None


def _standing(session: Session, actor: Actor, row: Request) -> Standing:
    visited = session.scalar(select(func.max(Visit.day)).where(Visit.request == row.id, Visit.void.is_(None)))
    printed_at = session.scalar(
        select(func.max(IssuedDocument.issued_at)).where(
            IssuedDocument.request == row.id, IssuedDocument.print_state == "accepted", IssuedDocument.void.is_(None)
        )
    )
    result = session.scalars(_RESULT.where(Visit.request == row.id)).first()
    step, due = _next(row, result, told=any(may(actor.roles, each) for each in _TELL))
    return Standing(
        row.id, row.person or "", row.tracking_code or "", cases.service_name(row.service), row.registered_on or "",
        row.status or "", visited or "", (result.day or "") if result else "",
        str(jalali.today(printed_at)) if printed_at else "", step, due,
    )  # fmt: skip


def _next(row: Request, result: ScreeningResult | None, *, told: bool) -> tuple[str, str]:
    """The next step in words others may hear, and its last day: the result's, else the service's while it is open.

    A result's step tells the result: it is for whom it may be `told`.
    """
    if result is not None and told and result.next_step:
        return texts.say(result.next_step), result.due or ""
    if result is not None or row.status == "closed":
        return "", ""
    try:
        return catalogue.service(row.service or "").open_next_step(), ""
    except KeyError:  # a later program's service, come from another desk
        return "", ""
