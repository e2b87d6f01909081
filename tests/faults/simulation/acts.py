"""What people do: a new act is a row of `DESK_ACTS` or `WORLD_ACTS`, with how often it is done.

An act is given its dice; with the same dice before the same desk it does the same.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from sqlalchemy import select

from db.models.intake import Request, Visit
from db.models.people import Contact, Household, Person
from db.models.transfers import Transfer
from desktop.actions import transfers
from desktop.domain import identifiers
from desktop.domain.changes import Draft, Value
from desktop.domain.faults import Known
from desktop.domain.merging import Document
from desktop.domain.transfers import OFFERED
from server import revocation, store
from server.store import CHANGE
from tests.faults.simulation.chance import DAY, HOUR, MINUTE
from tests.faults.simulation.machines import Form, Pc
from tests.faults.simulation.network import Died
from tests.faults.simulation.stage import officer
from tests.faults.simulation.world import SKEWS, World

NAMES = ("family_name", "family_name", "given_name", "father_name", "birth")
STATES = ("registered", "review", "visit", "closed")


def _ids(pc: Pc, column: Any) -> list[str]:
    with pc.trap.off(), pc.desk.reading() as session:
        return list(session.scalars(select(column).order_by(column)))


def _one(world: World, pc: Pc, dice: Random, column: Any, *fields: str) -> Document | None:
    """Somebody or something the desk shows."""
    ids = _ids(pc, column)
    return world.look(pc, dice.choice(ids), *fields) if ids else None


def _new_home(world: World) -> list[Draft]:
    home, person = identifiers.new(), identifiers.new()
    member: dict[str, Value] = {"person": person, "household": home, "relation": "head"}
    word = world.record.word
    return [
        Draft("household", home, "create", {"file_number": word()[4:10], "address": word()}, household=home),
        Draft("person", person, "create", {"family_name": word(), "given_name": word()}, household=home),
        Draft("membership", identifiers.new(), "create", member, household=home),
        Draft("contact", identifiers.new(), "create", {"person": person, "value": word()}, household=home),
        Draft(
            "request", identifiers.new(), "create",
            {"person": person, "reason": word(), "status": "registered"}, household=home,
        ),
    ]  # fmt: skip


def registers(world: World, pc: Pc, dice: Random) -> None:
    """A household of one, perhaps two of them in one transaction."""
    world.write(pc, [draft for _ in range(dice.choice((1, 1, 1, 2))) for draft in _new_home(world)])


def opens_a_form(world: World, pc: Pc, dice: Random) -> None:
    name = dice.choice(NAMES)
    if seen := _one(world, pc, dice, Person.id, name):
        pc.forms.append(Form("person", seen.entity_id, name, seen.base(name), seen.household))


def saves_a_form(world: World, pc: Pc, dice: Random) -> None:
    """What was seen when it was opened is what it names, however long ago that was."""
    if not pc.forms:
        return opens_a_form(world, pc, dice)
    form = pc.forms.pop(dice.randrange(len(pc.forms)))
    if world.look(pc, form.entity) is not None:
        patch: dict[str, Value] = {form.field: world.record.word()}
        world.write(pc, [Draft(form.kind, form.entity, "set", patch, form.base, form.household)])
    return None


def renames(world: World, pc: Pc, dice: Random) -> None:
    """One person, or two of two households in one transaction; now and then by a form that saw nothing."""
    ids = _ids(pc, Person.id)
    drafts = []
    for person in dice.sample(ids, min(len(ids), dice.choice((1, 1, 2)))):
        name = dice.choice(NAMES)
        seen = world.look(pc, person, name)
        assert seen is not None
        base = seen.base(name) if dice.random() < 0.8 else {}
        drafts.append(Draft("person", person, "set", {name: world.record.word()}, base, seen.household))
    if drafts:
        world.write(pc, drafts)


def writes_an_address(world: World, pc: Pc, dice: Random) -> None:
    if seen := _one(world, pc, dice, Household.id):
        patch: dict[str, Value] = {"address": world.record.word()}
        world.write(pc, [Draft("household", seen.entity_id, "set", patch, {}, seen.household)])


def writes_a_number(world: World, pc: Pc, dice: Random) -> None:
    if seen := _one(world, pc, dice, Contact.id):
        patch: dict[str, Value] = {"value": world.record.word()}
        world.write(pc, [Draft("contact", seen.entity_id, "set", patch, {}, seen.household)])


def notes_a_visit(world: World, pc: Pc, dice: Random) -> None:
    """A visit that doesn't say whose household it is for."""
    if people := _ids(pc, Person.id):
        known: dict[str, Value] = {"person": dice.choice(people), "day": "1405-09-03", "service": world.record.word()}
        world.write(pc, [Draft("visit", identifiers.new(), "create", known)])


def notes_a_visit_of_a_stranger(world: World, pc: Pc, dice: Random) -> None:
    """Of somebody another desk of the centre has registered, and perhaps not told of yet."""
    others = [each for each in world.active() if each.seat.centre == pc.seat.centre and each is not pc]
    people = _ids(dice.choice(others), Person.id) if others else []
    if people:
        known: dict[str, Value] = {"person": dice.choice(people), "day": "1405-09-04", "service": world.record.word()}
        world.write(pc, [Draft("visit", identifiers.new(), "create", known)])


def takes_a_step(world: World, pc: Pc, dice: Random) -> None:
    if seen := _one(world, pc, dice, Request.id, "status"):
        patch: dict[str, Value] = {"status": dice.choice(STATES)}
        world.write(pc, [Draft("request", seen.entity_id, "step", patch, seen.base("status"), seen.household)])


def voids(world: World, pc: Pc, dice: Random) -> None:
    column = dice.choice((Visit.id, Request.id))
    kind = "visit" if column is Visit.id else "request"
    if seen := _one(world, pc, dice, column):
        patch: dict[str, Value] = {"void": world.record.word()}
        world.write(pc, [Draft(kind, seen.entity_id, "void", patch, seen.base_for_void(), seen.household)])


def resolves(world: World, pc: Pc, dice: Random) -> None:
    """A person decides between the values that are shown."""
    found = []
    for kind, column in (("person", Person.id), ("request", Request.id), ("visit", Visit.id)):
        for each in _ids(pc, column):
            seen = world.look(pc, each)
            found += [(kind, seen, name) for name in sorted(seen.conflicts())] if seen else []
    if found:
        kind, seen, name = dice.choice(found)
        chosen = dice.choice(seen.conflicts()[name]).value
        base = {name: [head.change_id for head in seen.cells[name]], **seen.base()}
        world.write(pc, [Draft(kind, seen.entity_id, "resolve", {name: chosen}, base, seen.household)])
        world.counts["resolved"] += 1


def merges(world: World, pc: Pc, dice: Random) -> None:
    people = _ids(pc, Person.id)
    if len(people) > 1:
        one, other = dice.sample(people, 2)
        seen = world.look(pc, one)
        assert seen is not None
        base = seen.base("merged_into")
        world.write(pc, [Draft("person", one, "merge", {"merged_into": other}, base, seen.household)])


def unmerges(world: World, pc: Pc, dice: Random) -> None:
    merged = [seen for each in _ids(pc, Person.id) if (seen := world.look(pc, each)) and seen.value("merged_into")]
    if merged:
        seen = dice.choice(merged)
        base = seen.base("merged_into")
        world.write(pc, [Draft("person", seen.entity_id, "unmerge", {"merged_into": None}, base, seen.household)])


def moves_house(world: World, pc: Pc, dice: Random) -> None:
    """Somebody goes to live with others of the same centre."""
    people, homes = _ids(pc, Person.id), _ids(pc, Household.id)
    if people and homes:
        person, home = dice.choice(people), dice.choice(homes)
        member: dict[str, Value] = {"person": person, "household": home, "relation": "other"}
        drafts = [
            Draft("membership", identifiers.new(), "create", member, household=home),
            Draft("person", person, "set", {"given_name": world.record.word()}, household=home),
        ]
        world.write(pc, drafts)


def _act(world: World, pc: Pc, what: Callable[[Any], Any], kind: str, verb: str) -> None:
    """One of the product's own actions about a transfer."""
    tip = pc.desk.tip()
    drafts: list[Draft] = []
    try:
        with pc.desk.writing() as session:
            what(session)
            drafts = [Draft(kind, "", verb, {}, {})]  # type: ignore[arg-type]
        pc.trap.spring()
    except Known:
        return
    except Died:
        drafts = [Draft(kind, "", verb, {}, {})]  # type: ignore[arg-type]
        pc.die()
    world.counts[verb] += world.saved(pc, drafts, tip)


def offers(world: World, pc: Pc, dice: Random) -> None:
    homes = _ids(pc, Household.id)
    if homes and len(world.stage.centres) > 1:
        target = dice.choice([each for each in world.stage.centres if each != pc.seat.centre])
        given = (dice.choice(homes), target, "", world.clock())
        desk = pc.desk
        _act(
            world, pc, lambda session: transfers.offer(session, desk.pen, desk.actor, desk.centre, *given),
            "transfer", "transfer.offer",
        )  # fmt: skip


def answers(world: World, pc: Pc, dice: Random) -> None:
    """The centre an offer names accepts it mostly; either may end it."""
    with pc.trap.off(), pc.desk.reading() as session:
        asked = select(Transfer.id, Transfer.target).where(Transfer.state == OFFERED).order_by(Transfer.id)
        waiting = session.execute(asked).all()
    if waiting:
        which, target = dice.choice(waiting)
        desk = pc.desk
        if target == pc.seat.centre and dice.random() < 0.8:
            accept = lambda session: transfers.accept(session, desk.pen, desk.actor, desk.centre, which)  # noqa: E731
            _act(world, pc, accept, "transfer", "transfer.accept")
        elif dice.random() < 0.3:
            cancel = lambda session: transfers.cancel(session, desk.pen, desk.actor, which)  # noqa: E731
            _act(world, pc, cancel, "transfer", "transfer.cancel")


def syncs(world: World, pc: Pc, _dice: Random) -> None:
    world.sync(pc)


def clock_jumps(_world: World, pc: Pc, dice: Random) -> None:
    pc.skew = dice.choice(SKEWS)


def power_goes(_world: World, pc: Pc, _dice: Random) -> None:
    pc.die()


def is_upgraded(_world: World, pc: Pc, _dice: Random) -> None:
    """It writes bodies of a version the province doesn't know yet."""
    pc.schema = 2


def is_copied(world: World, pc: Pc, _dice: Random) -> None:
    world.copy(pc)


def is_restored(world: World, pc: Pc, dice: Random) -> None:
    """From yesterday's copy, with or without what lay beside the database."""
    world.restore(pc, head=dice.random() < 0.5)


def is_cloned(world: World, pc: Pc, _dice: Random) -> None:
    if sum(each.seat is pc.seat for each in world.pcs) < 2:
        world.clone(pc)


# -- what happens to the province

def redacts(world: World, dice: Random) -> None:
    rows = world.province.read(
        select(CHANGE.c.change_id)
        .where(CHANGE.c.salt.is_not(None), CHANGE.c.body.is_not(None))
        .distinct()
        .order_by(CHANGE.c.change_id)
    )
    kinds = ("person", "household", "contact", "request")
    written = world.record.written
    known = [each.change_id for each in rows if each.change_id in written and written[each.change_id].kind in kinds]
    if known:
        chosen = dice.sample(known, min(len(known), dice.choice((1, 1, 3))))
        world.province.redact(chosen, {name: officer(name) for name in ("one", "two")})
        world.record.redacted |= set(chosen)
        world.counts["redacted"] += len(chosen)


def an_officer_decides(world: World, dice: Random) -> None:
    if waiting := world.province.waiting():
        row = dice.choice(waiting)
        world.province.decide(row, let_in=dice.random() < 0.6)
        world.counts[f"decided {row.reason}"] += 1


def backs_up(world: World, _dice: Random) -> None:
    world.back_up()


def begins_from_its_backup(world: World, _dice: Random) -> None:
    world.restore_province()


def province_dies(world: World, _dice: Random) -> None:
    world.province.die()


def late_ones_arrive(world: World, _dice: Random) -> None:
    world.road.arrive()


def time_passes(world: World, dice: Random) -> None:
    world.clock.at += dice.choice((MINUTE, HOUR, 14 * HOUR, 2 * DAY))


def a_desk_is_revoked(world: World, dice: Random) -> None:
    """One that isn't its centre's last, and has no twin."""
    twins = [each for each in world.pcs if "." in each.name]
    known = world.province.stands()
    left = [
        each for each in world.active()
        if each not in twins and each.seat not in [twin.seat for twin in twins] and each.desk.signer.desk in known
        and sum(other.seat.centre == each.seat.centre for other in world.active()) > 2
    ]  # fmt: skip
    if left:
        pc = dice.choice(left)
        with world.province.trap.off(), store.writing(world.province.engine, pc.seat.centre) as connection:
            revocation.revoke(connection, pc.seat.centre, pc.desk.signer.desk, world.clock(), None)
        pc.revoked = True
        world.disk_lost()
        world.counts["revoked"] += 1


DeskAct = Callable[[World, Pc, Random], Any]
WorldAct = Callable[[World, Random], Any]
DESK_ACTS: dict[DeskAct, float] = {
    syncs: 40,
    registers: 6,
    opens_a_form: 7,
    saves_a_form: 8,
    renames: 7,
    writes_an_address: 4,
    writes_a_number: 2,
    notes_a_visit: 3,
    notes_a_visit_of_a_stranger: 1,
    takes_a_step: 4,
    voids: 2,
    resolves: 3,
    merges: 1.5,
    unmerges: 1,
    moves_house: 1.5,
    offers: 3,
    answers: 5,
    clock_jumps: 0.7,
    power_goes: 0.5,
    is_upgraded: 0.15,
    is_copied: 0.7,
    is_restored: 0.5,
    is_cloned: 0.3,
}
WORLD_ACTS: dict[WorldAct, float] = {
    redacts: 0.6,
    an_officer_decides: 1.5,
    backs_up: 0.5,
    begins_from_its_backup: 0.2,
    province_dies: 0.5,
    late_ones_arrive: 1.5,
    time_passes: 3,
    a_desk_is_revoked: 0.1,
}
