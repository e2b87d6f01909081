"""Moving a household to another centre: offering it, accepting or declining what is offered, and what became of it."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db import journal
from db.journal import Pen
from db.models.people import Household, Membership
from db.models.transfers import Transfer
from desktop.actions.permission import require
from desktop.domain import digits, identifiers, jalali, persian_text, transfers
from desktop.domain.changed import Changed
from desktop.domain.changes import Draft, Value, Verb
from desktop.domain.faults import Known
from desktop.domain.people import Found
from desktop.domain.staffing import Actor, Centre
from desktop.domain.transfers import Listed

_CODE_MOST = 8


def offer(
    session: Session, pen: Pen, actor: Actor, centre: Centre, household_id: str, target: str, note: str, now: int
) -> tuple[str, Changed]:
    """Offer a household to the centre with code `target`; the id of the transfer. It stays here until it is accepted.

    Raises Known: not-allowed, household-gone, transfer-target, transfer-open. Raises Invalid for a note too long.
    """
    require(actor, "transfer.offer")
    household = session.get(Household, household_id)
    if household is None or household.void is not None:
        raise Known("household-gone")
    target = digits.latin(target.strip())
    if not (target.isascii() and target.isdigit() and len(target) <= _CODE_MOST) or target == centre.code:
        raise Known("transfer-target")
    waiting = select(Transfer).where(Transfer.household == household_id, Transfer.state == transfers.OFFERED)
    if (open_one := session.scalars(waiting).first()) is not None:
        raise Known("transfer-open", centre=open_one.target or "")
    living_here = Membership.household == household_id, Membership.until.is_(None), Membership.void.is_(None)
    members = session.scalar(select(func.count()).select_from(Membership).where(*living_here)) or 0
    transfer_id = identifiers.new()
    patch: dict[str, Value] = {
        "household": household_id, "source": centre.code, "target": target,
        "file_number": household.file_number or "", "members": members, "day": str(jalali.today(now)),
        "note": persian_text.note(note, 300), "state": transfers.OFFERED,
    }  # fmt: skip
    return transfer_id, journal.write(session, pen, [Draft("transfer", transfer_id, transfers.OFFER, patch)])


def accept(session: Session, pen: Pen, actor: Actor, centre: Centre, transfer_id: str) -> Changed:
    """Take the household: the province brings it at the next sync. Raises Known: not-allowed, transfer-ended."""
    require(actor, "transfer.decide")
    return _end(session, pen, transfer_id, transfers.ACCEPT, (centre.code,))


def cancel(session: Session, pen: Pen, actor: Actor, transfer_id: str) -> Changed:
    """Take an offer back, or decline one. Raises Known: not-allowed, transfer-ended."""
    require(actor, "transfer.decide")
    return _end(session, pen, transfer_id, transfers.CANCEL, None)


def _end(session: Session, pen: Pen, transfer_id: str, verb: Verb, targets: tuple[str, ...] | None) -> Changed:
    kept = journal.document(session, transfer_id)
    if kept is None or kept.value("state") != transfers.OFFERED:
        raise Known("transfer-ended")
    if targets is not None and kept.value("target") not in targets:
        raise Known("not-allowed")
    draft = Draft("transfer", transfer_id, verb, {"state": transfers.STATES[verb]}, kept.base("state"))
    return journal.write(session, pen, [draft])


def listed(session: Session, actor: Actor, centre: Centre) -> list[Listed]:
    """Every transfer of this centre, open ones first, the newest before the older."""
    require(actor, "person.read")
    order = (Transfer.state != transfers.OFFERED, Transfer.day.desc(), Transfer.id.desc())
    rows = session.scalars(select(Transfer).where(Transfer.void.is_(None)).order_by(*order))
    return [_listed(row, centre) for row in rows]


def unanswered(session: Session, actor: Actor, centre: Centre) -> int:
    """How many offers wait for this centre's answer."""
    require(actor, "person.read")
    waiting = Transfer.target == centre.code, Transfer.state == transfers.OFFERED, Transfer.void.is_(None)
    return session.scalar(select(func.count()).select_from(Transfer).where(*waiting)) or 0


def moved_away(session: Session, centre: Centre, file_number: str) -> Listed | None:
    """Where the household with this file number went, if it left this centre and didn't come back."""
    found = select(Transfer).where(
        Transfer.file_number == file_number, Transfer.state == transfers.ACCEPTED, Transfer.source == centre.code
    )
    row = session.scalars(found.order_by(Transfer.id.desc())).first()
    if row is None or session.get(Household, row.household or "") is not None:
        return None
    return Listed(
        row.id, row.household or "", True, row.target or "", row.file_number or "", row.members or 0, row.day or "",
        row.note or "", row.state or "",
    )  # fmt: skip


def tell_moved(session: Session, actor: Actor, centre: Centre, typed: str) -> list[Found]:
    """Nothing: for whom nobody was found under what was typed. Raises Known("household-moved") where it is the number
    of a file that left."""
    require(actor, "person.read")
    number = digits.latin(persian_text.clean(typed))
    moved = moved_away(session, centre, number) if number else None
    if moved is not None:
        shown = {"number": moved.file_number, "centre": moved.other_centre}
        day = jalali.long(jalali.of(moved.day)) if moved.day else ""
        raise Known("household-moved", day=day, **{name: digits.persian(value) for name, value in shown.items()})
    return []


def _listed(row: Transfer, centre: Centre) -> Listed:
    outgoing = row.source == centre.code
    other = row.target if outgoing else row.source
    return Listed(
        row.id, row.household or "", outgoing, other or "", row.file_number or "", row.members or 0, row.day or "",
        row.note or "", row.state or "",
    )  # fmt: skip
