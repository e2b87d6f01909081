"""All kinds of things the desk keeps, gathered from the features that declare them."""

from __future__ import annotations

from desktop.domain.cautions import CAUTION
from desktop.domain.downtime import SLIP_BLOCK
from desktop.domain.fields import Entity
from desktop.domain.incidents import INCIDENT
from desktop.domain.intake import REQUEST, VISIT
from desktop.domain.papers import ISSUED_DOCUMENT
from desktop.domain.people import CONTACT, HOUSEHOLD, MEMBERSHIP, NEEDS, PERSON
from desktop.domain.queue import TICKET
from desktop.domain.screening_record import SCREENING_RESULT
from desktop.domain.staffing import CENTRE, STAFF, STAFF_KEY
from desktop.domain.transfers import TRANSFER

ENTITIES: dict[str, Entity] = {
    entity.kind: entity
    for entity in (
        CENTRE, STAFF, STAFF_KEY, HOUSEHOLD, PERSON, MEMBERSHIP, CONTACT, NEEDS, REQUEST, VISIT, SCREENING_RESULT,
        ISSUED_DOCUMENT, TRANSFER, TICKET, SLIP_BLOCK, CAUTION, INCIDENT,
    )
}  # fmt: skip
