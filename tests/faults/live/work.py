"""What people of one desk do, by the dice: they edit the same few people their colleagues edit, at the same time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from db import journal
from db.models.intake import Request, Visit
from db.models.journal import ChangeRow
from db.models.people import Contact, Household, Membership, Person
from desktop.actions import transfers
from desktop.desk import Desk
from desktop.domain import identifiers
from desktop.domain.changes import Base, Draft, Value, Verb
from desktop.domain.faults import Known
from desktop.domain.transfers import OFFERED
from tests.faults.live.plan import CENTRES

_HOT = 6
_ALL_NEW = 60
_STATUSES = ("incomplete", "review", "inquiry", "visit", "referred", "returned", "approved")


class Work:
    """One life of one desk's people. `name` is the desk's; names they give things begin with it."""

    def __init__(self, desk: Desk, name: str, life: int, dice: Random) -> None:
        self.desk, self.name, self.life, self.dice = desk, name, life, dice
        self._words = 0
        self._here: str | None = None
        self._forms: list[tuple[str, str, Base]] = []
        self._acts: list[Callable[[Session], Sequence[Draft]]] = []
        weights: tuple[tuple[int, Callable[[Session], Sequence[Draft]]], ...] = (
            (10, self.renames), (4, self.sends_form), (3, self.opens_form), (5, self.at_home),
            (5, self.visits), (4, self.requests), (5, self.steps), (2, self.contacts), (3, self.voids),
            (10, self.resolves), (2, self.merges), (1, self.moves_house),
        )  # fmt: skip
        for weight, act in weights:
            self._acts += [act] * weight

    def commit(self, session: Session) -> None:
        """One transaction: somebody comes, and what is done is about their household."""
        self._here = self._home(session)
        acts = self.dice.choice((1, 1, 2, 3, 5, 8))
        drafts = [draft for _ in range(acts) for draft in self.dice.choice(self._acts)(session)]
        self._here = None
        if self.dice.random() < 0.08 and not self._many(session):
            drafts = self.household()
        seen: set[str] = set()
        once = [draft for draft in drafts if draft.entity_id not in seen and not seen.add(draft.entity_id)]  # type: ignore[func-returns-value]
        if once:
            journal.write(session, self.desk.pen, once)

    def transfer(self, session: Session) -> None:
        """Offer a household, or answer an offer."""
        desk = self.desk
        try:
            waiting = [each for each in transfers.listed(session, desk.actor, desk.centre) if each.state == OFFERED]
            asked = sorted((each for each in waiting if not each.outgoing), key=lambda each: each.transfer_id)
            if asked and self.dice.random() < 0.8:
                transfers.accept(session, desk.pen, desk.actor, desk.centre, self.dice.choice(asked).transfer_id)
            elif waiting:
                one = self.dice.choice(sorted(waiting, key=lambda each: each.transfer_id))
                if self.dice.random() < 0.15:
                    transfers.cancel(session, desk.pen, desk.actor, one.transfer_id)
            elif (home := self._home(session)) is not None:
                target = self.dice.choice([centre for centre in CENTRES if centre != desk.centre.code])
                transfers.offer(session, desk.pen, desk.actor, desk.centre, home, target, "", desk.now())
        except Known:
            pass  # it is offered already, or was answered by a colleague

    def word(self) -> str:
        """A name nobody has given anything before: it tells whose it is wherever it turns up."""
        self._words += 1
        return f"نشان{self.name}ه{self.life}ه{self._words}ن"

    def begins(self, session: Session) -> None:
        """The first households of a desk."""
        journal.write(session, self.desk.pen, [draft for _ in range(2) for draft in self.household()])

    def household(self) -> list[Draft]:
        """One or two people, with a request."""
        home = identifiers.new()
        patch: dict[str, Value] = {"file_number": str(self.dice.randrange(100_000)), "address": self.word()}
        drafts = [Draft("household", home, "create", patch, household=home)]
        for relation in ("head", "spouse")[: self.dice.choice((1, 1, 2))]:
            person = identifiers.new()
            member: dict[str, Value] = {"person": person, "household": home, "relation": relation}
            drafts += [
                Draft("person", person, "create", {"family_name": self.word(), "sex": "female"}, household=home),
                Draft("membership", identifiers.new(), "create", member, household=home),
            ]
        asked: dict[str, Value] = {"person": person, "service": "1", "status": "registered"}
        return [*drafts, Draft("request", identifiers.new(), "create", asked, household=home)]

    def renames(self, session: Session) -> list[Draft]:
        """Guarded fields of one person or two, with the heads seen."""
        drafts = []
        for person in self._people(session, self.dice.choice((1, 1, 2))):
            kept = journal.document(session, person)
            if kept is not None and kept.household:
                fields = self.dice.sample(("family_name", "given_name", "father_name"), self.dice.choice((1, 1, 2)))
                patch: dict[str, Value] = {field: self.word() for field in fields}
                drafts.append(Draft("person", person, "set", patch, kept.base(*fields), kept.household))
        return drafts

    def opens_form(self, session: Session) -> list[Draft]:
        """Somebody opens a form and is called away: what they saw grows old."""
        for person in self._people(session, 1):
            kept = journal.document(session, person)
            if kept is not None and kept.household:
                self._forms.append((person, kept.household, kept.base("birth", "family_name")))
        return []

    def sends_form(self, session: Session) -> list[Draft]:
        """What was typed into a form opened a while ago, with what was seen then."""
        form = next((form for form in self._forms if form[1] == self._here), None)
        if form is None:
            return []
        self._forms.remove(form)
        person, home, base = form
        if journal.document(session, person) is None:
            return []  # the household left meanwhile, and the form with it
        patch: dict[str, Value] = {"birth": f"13{self.dice.randrange(10, 99)}", "family_name": self.word()}
        return [Draft("person", person, "set", patch, base, home)]

    def at_home(self, session: Session) -> list[Draft]:
        """Ordinary fields: the last word counts."""
        home = self._home(session)
        if home is None:
            return []
        patch: dict[str, Value] = {"address": self.word(), "landline": f"0212{self.dice.randrange(10**7):07}"}
        return [Draft("household", home, "set", patch, household=home)]

    def visits(self, session: Session) -> list[Draft]:
        """A visit, which says whose household it is for or doesn't."""
        drafts = []
        for person in self._people(session, 1):
            kept = journal.document(session, person)
            home = kept.household if kept and self.dice.random() < 0.5 else None
            known: dict[str, Value] = {"person": person, "day": "1405-09-03"}
            drafts.append(Draft("visit", identifiers.new(), "create", known, household=home))
        return drafts

    def requests(self, session: Session) -> list[Draft]:
        drafts = []
        for person in self._people(session, 1):
            kept = journal.document(session, person)
            asked: dict[str, Value] = {"person": person, "service": "2", "status": "registered"}
            home = kept.household if kept else None
            drafts.append(Draft("request", identifiers.new(), "create", asked, household=home))
        return drafts

    def steps(self, session: Session) -> list[Draft]:
        """The next step of a request, which follows the one that was seen."""
        found = self._some(session, Request.id, 1)
        drafts = []
        for request in found:
            kept = journal.document(session, request)
            if kept is not None:
                patch: dict[str, Value] = {"status": self.dice.choice(_STATUSES)}
                drafts.append(Draft("request", request, "step", patch, kept.base("status"), kept.household))
        return drafts

    def contacts(self, session: Session) -> list[Draft]:
        known = self._some(session, Contact.id, 1)
        if known and self.dice.random() < 0.7:
            kept = journal.document(session, known[0])
            patch: dict[str, Value] = {"value": f"0912{self.dice.randrange(10**7):07}"}
            return [Draft("contact", known[0], "set", patch, {}, kept.household)] if kept else []
        drafts = []
        for person in self._people(session, 1):
            kept = journal.document(session, person)
            patch = {"person": person, "channel": "mobile", "value": "09120000000"}
            drafts.append(Draft("contact", identifiers.new(), "create", patch, {}, kept.household if kept else None))
        return drafts

    def voids(self, session: Session) -> list[Draft]:
        """A visit or a person that shouldn't be there."""
        chosen = self.dice.choice((("visit", Visit.id), ("visit", Visit.id), ("person", Person.id)))
        drafts = []
        for each in self._some(session, chosen[1], 1):
            kept = journal.document(session, each)
            if kept is not None:
                patch: dict[str, Value] = {"void": "mistake"}
                drafts.append(Draft(chosen[0], each, "void", patch, kept.base_for_void(), kept.household, "mistake"))
        return drafts

    def resolves(self, session: Session) -> list[Draft]:
        """What two desks said differently, decided by a person who sees both."""
        drafts = []
        for each in (*self._people(session, 4), *self._some(session, Request.id, 3)):
            kept = journal.document(session, each)
            if kept is None or kept.kind not in ("person", "request"):
                continue
            for field, heads in sorted(kept.conflicts().items()):
                patch = {field: self.dice.choice(heads).value}
                drafts.append(Draft(kept.kind, each, "resolve", patch, kept.base(field), kept.household))
                break
        return drafts

    def merges(self, session: Session) -> list[Draft]:
        found = self._people(session, 2)
        if len(found) < 2:
            return []
        kept = journal.document(session, found[0])
        if kept is None or not kept.household:
            return []
        other: Value = None if kept.value("merged_into") else found[1]
        verb: Verb = "merge" if other else "unmerge"
        return [Draft("person", found[0], verb, {"merged_into": other}, kept.base("merged_into"), kept.household)]

    def moves_house(self, session: Session) -> list[Draft]:
        """Somebody goes to live with others of the same centre; they are told of it there."""
        self._here, left = None, self._here
        home = self._home(session)
        self._here = left
        drafts: list[Draft] = []
        for person in self._people(session, 1) if home else ():
            member: dict[str, Value] = {"person": person, "household": home, "relation": "other"}
            kept = journal.document(session, person)
            base = kept.base("given_name") if kept else {}
            drafts += [
                Draft("membership", identifiers.new(), "create", member, household=home),
                Draft("person", person, "set", {"given_name": self.word()}, base, household=home),
            ]
        return drafts

    def _people(self, session: Session, count: int) -> list[str]:
        return self._some(session, Person.id, count)

    def _home(self, session: Session) -> str | None:
        return next(iter(self._some(session, Household.id, 1)), None)

    def _some(self, session: Session, column: object, count: int) -> list[str]:
        """Some of the oldest of a kind, whom every desk knows, or of the newest."""
        if self._here and column is Household.id:
            return [self._here]
        order = column.desc() if self.dice.random() < 0.5 else column  # type: ignore[attr-defined]
        known = select(column).order_by(order).limit(_HOT)  # type: ignore[call-overload]
        if self._here:
            known = known.where(column.in_(select(ChangeRow.entity_id).where(ChangeRow.household == self._here)))  # type: ignore[attr-defined]
        found = list(session.scalars(known))
        return self.dice.sample(found, min(count, len(found)))

    def _many(self, session: Session) -> bool:
        rows = session.scalars(select(Membership.id).limit(_ALL_NEW)).all()
        return len(rows) >= _ALL_NEW
