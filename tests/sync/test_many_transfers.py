"""Seeded days of two centres that hand households to and fro while nobody waits for anybody: all of it stays true."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from random import Random

import pytest
from sqlalchemy import Connection, select

from db import journal, scope
from db.models.people import Household, Person
from desktop.actions import transfers
from desktop.desk import Desk
from desktop.domain import identifiers
from desktop.domain.changes import Draft, Value
from desktop.domain.faults import Known
from desktop.domain.transfers import OFFERED
from desktop.sync import enrol, round_trip
from server import config, inbox, store
from server.books import Books
from server.store import DOCUMENT, SIGNED_COMMIT
from tests.desk import opened
from tests.desk.provinces import Province
from tests.sync.conftest import OTHER_CENTRE
from tests.sync.test_transfers import everything, same_as_the_province

Make = Callable[..., Desk]
STEPS = 70


class Days:
    """What the people of all desks do, by the dice."""

    def __init__(self, desks: list[Desk], dice: Random) -> None:
        self.desks, self.dice = desks, dice
        self.words: dict[str, list[str]] = {}
        self.transfers = 0

    def step(self) -> None:
        desk = self.dice.choice(self.desks)
        acts = (
            self.opens, self.renames, self.renames, self.visits, self.moves_house, self.offers, self.answers,
            self.answers,
        )  # fmt: skip
        if self.dice.random() < 0.45:
            round_trip.sync(desk)
        else:
            self.dice.choice(acts)(desk)

    def word(self, person: str) -> str:
        """A name that tells whose it is, and nobody else's."""
        found = f"نشان{len(self.words)}ه{sum(map(len, self.words.values()))}ن"
        self.words.setdefault(person, []).append(found)
        return found

    def opens(self, desk: Desk) -> None:
        """A household of one, perhaps two in one commit."""
        drafts: list[Draft] = []
        for _ in range(self.dice.choice((1, 1, 2))):
            home, person = identifiers.new(), identifiers.new()
            number = str(self.dice.randrange(10_000))
            member: dict[str, Value] = {"person": person, "household": home, "relation": "head"}
            drafts += [
                Draft("household", home, "create", {"file_number": number}, household=home),
                Draft("person", person, "create", {"family_name": self.word(person)}, household=home),
                Draft("membership", identifiers.new(), "create", member, household=home),
            ]
        with desk.writing() as session:
            journal.write(session, desk.pen, drafts)

    def renames(self, desk: Desk) -> None:
        """One person, or two of two households at once; with the bases seen or without."""
        with desk.writing() as session:
            people = session.scalars(select(Person.id).order_by(Person.id)).all()
            chosen = self.dice.sample(people, min(len(people), self.dice.choice((1, 1, 2))))
            drafts = []
            for person in chosen:
                kept = journal.document(session, person)
                assert kept
                assert kept.household
                base = kept.base("family_name") if self.dice.random() < 0.7 else {}
                patch: dict[str, Value] = {"family_name": self.word(person)}
                drafts.append(Draft("person", person, "set", patch, base, kept.household))
            if drafts:
                journal.write(session, desk.pen, drafts)

    def visits(self, desk: Desk) -> None:
        """A visit that doesn't say whose household it is for."""
        with desk.writing() as session:
            people = session.scalars(select(Person.id).order_by(Person.id)).all()
            if people:
                known: dict[str, Value] = {"person": self.dice.choice(people), "day": "1405-09-03"}
                journal.write(session, desk.pen, [Draft("visit", identifiers.new(), "create", known)])

    def moves_house(self, desk: Desk) -> None:
        """Somebody goes to live with others of the same centre."""
        with desk.writing() as session:
            people = session.scalars(select(Person.id).order_by(Person.id)).all()
            homes = session.scalars(select(Household.id).order_by(Household.id)).all()
            if not people or not homes:
                return
            person, home = self.dice.choice(people), self.dice.choice(homes)
            member: dict[str, Value] = {"person": person, "household": home, "relation": "other"}
            drafts = [
                Draft("membership", identifiers.new(), "create", member, household=home),
                Draft("person", person, "set", {"given_name": self.word(person)}, household=home),
            ]
            journal.write(session, desk.pen, drafts)

    def offers(self, desk: Desk) -> None:
        target = OTHER_CENTRE if desk.centre.code == opened.CENTRE else opened.CENTRE
        try:
            with desk.writing() as session:
                homes = session.scalars(select(Household.id).order_by(Household.id)).all()
                if homes:
                    given = (self.dice.choice(homes), target, "", desk.now())
                    transfers.offer(session, desk.pen, desk.actor, desk.centre, *given)
        except Known:
            pass  # it is offered already

    def answers(self, desk: Desk) -> None:
        with desk.writing() as session:
            waiting = [each for each in transfers.listed(session, desk.actor, desk.centre) if each.state == OFFERED]
            if not waiting:
                return
            one = self.dice.choice(sorted(waiting, key=lambda each: each.transfer_id))
            if one.outgoing or self.dice.random() < 0.2:
                if self.dice.random() < 0.3:
                    transfers.cancel(session, desk.pen, desk.actor, one.transfer_id)
                return
            transfers.accept(session, desk.pen, desk.actor, desk.centre, one.transfer_id)
            self.transfers += 1

    def quiet(self) -> None:
        """Everybody syncs until nothing is on its way."""
        for _ in range(3):
            for desk in self.desks:
                round_trip.sync(desk)


def decide(province: Province, dice: Random) -> int:
    """An officer looks at all that waits, what late work and refusals hold last; how much that was."""
    with store.reading(province.engine) as connection:
        waiting = connection.execute(
            select(SIGNED_COMMIT.c.centre_id, SIGNED_COMMIT.c.desk_id, SIGNED_COMMIT.c.first, SIGNED_COMMIT.c.reason)
            .where(SIGNED_COMMIT.c.verdict == "quarantined")
            .order_by(SIGNED_COMMIT.c.first)
        ).all()
    first = [each for each in waiting if each.reason in ("late", "transfer_refused")]
    for centre, desk, seq, reason in first or waiting:
        said = dice.choice(("in", "in", "out")) if reason == "late" else "out"
        settle(province, centre, desk, seq, inbox.release_by_hand if said == "in" else inbox.discard)
    return len(waiting)


def settle(province: Province, centre: str, desk: str, seq: int, act: Callable[..., None]) -> None:
    def work(connection: Connection) -> None:
        books = Books(connection, province.identity.realm, province.identity.sign_key, config.now_us())
        with suppress(KeyError):  # it was let in with another
            act(books, centre, desk, seq)

    store.locked(province.engine, centre, work)


def centres_of(province: Province) -> dict[str, str]:
    """Person or household → the one centre that has it."""
    with store.reading(province.engine) as connection:
        rows = connection.execute(
            select(DOCUMENT.c.entity_id, DOCUMENT.c.centre_id).where(DOCUMENT.c.kind.in_(("person", "household")))
        ).all()
    found: dict[str, str] = {}
    for entity, centre in rows:
        assert found.setdefault(entity, centre) == centre, "it is in one centre"
    return found


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(2, 22))])
def test_wherever_they_go_everybody_sees_the_same(make_desk: Make, province: Province, seed: int) -> None:
    dice = Random(seed)
    desks = [
        make_desk(name, centre)
        for name, centre in (("a", opened.CENTRE), ("b", opened.CENTRE), ("c", OTHER_CENTRE), ("d", OTHER_CENTRE))
    ]
    with province.serving() as url:
        for desk in desks:
            enrol.enrol(desk, url, province.code(desk.signer.centre))
        days = Days(desks, dice)
        days.quiet()
        for desk in desks:
            days.opens(desk)
        days.quiet()
        decided = 0
        for _ in range(3):
            for _ in range(STEPS):
                days.step()
            days.quiet()
            while waited := decide(province, dice):
                decided += waited
                days.quiet()
            same_as_the_province(province, *desks)
        homes = centres_of(province)
        with store.writing(province.engine, opened.CENTRE, OTHER_CENTRE) as connection:
            connection.exec_driver_sql("UPDATE desk SET durable_seq = last_seq")  # as after a backup
        days.quiet()
        for desk in desks:
            seen = everything(desk)
            wrong = [
                word for person, words in days.words.items() for word in words
                if homes.get(person) not in (None, desk.signer.centre) and word in seen
            ]  # fmt: skip
            assert wrong == []
    assert days.transfers > 0
    assert decided > 0


def test_scope_is_the_only_way_out(make_desk: Make) -> None:
    """What stays with a centre never leaves by name, even if a notice said so."""
    desk = make_desk("a")
    with desk.writing() as session:
        home = desk.actor.staff_id
        with pytest.raises(Exception, match="belongs to the centre"):
            scope.leave(session, desk.signer.desk, [home])
