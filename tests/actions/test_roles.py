"""Whoever may do something may write what it writes: the province would hold back anything else."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from contextlib import suppress
from itertools import combinations, count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from db.models.journal import ChangeRow
from db.models.papers import IssuedDocument
from db.models.staffing import Staff
from desktop import keyholders
from desktop.actions import (
    cases,
    cautions,
    documents,
    downtime,
    incidents,
    intake,
    queue,
    screening,
    staffing,
    standing,
    sync_support,
    sync_truth,
    today,
)
from desktop.desk import Desk
from desktop.domain.faults import Known
from desktop.domain.incidents import Report
from desktop.domain.intake import Registered, WalkIn
from desktop.domain.people import Needs
from desktop.domain.roles import ROLES, Role, may_write
from desktop.domain.screening_record import ToScreen
from desktop.domain.staffing import Actor
from tests.actions import working
from tests.actions.working import BAD, GOOD, at_the_printer, child, mother_and_child, screen, sit

SERIAL = count(1_000, 10)
SETS = [frozenset(some) for size in (1, 2) for some in combinations(ROLES, size)]


def _unregistered(desk: Desk, ready: Registered) -> None:
    """A screener tests a child who has no visit today; this one passes, and their request is closed."""
    stranger = ToScreen("", ready.person_id, "", "", "vision")
    with desk.writing() as session:
        screening.record(session, desk.pen, desk.actor, desk.centre, stranger, GOOD, desk.now())


def _again(desk: Desk, ready: Registered) -> None:
    """A returning mother with another child, a new number and new needs."""
    serial = next(SERIAL)
    more = WalkIn(
        person_id=ready.person_ids[0], members=(child(serial),), for_member=1, service="VISION_SCREENING",
        needs=Needs(variant="giant", wheelchair=serial % 20 == 0), new_mobile="09991112233",
    )  # fmt: skip
    working.register(desk, more)


def _caution(desk: Desk, ready: Registered) -> None:
    with desk.writing() as session:
        cautions.write(session, desk.pen, desk.actor, ready.person_id, "پله دارد.", "", desk.now())


def _happened(desk: Desk, ready: Registered) -> None:
    with desk.writing() as session:
        incidents.record(session, desk.pen, desk.actor, Report("incident", "افتاد.", ready.person_id), desk.now())


def _result(desk: Desk) -> str:
    with desk.reading() as session:
        kept = session.scalars(select(ChangeRow.entity_id).where(ChangeRow.kind == "screening_result")).first()
    assert kept is not None
    return kept


def _colleague(desk: Desk) -> str:
    with desk.reading() as session:
        others = select(Staff.id).where(Staff.id != desk.actor.staff_id, Staff.active.is_(True))
        kept = session.scalars(others.order_by(Staff.id.desc())).first()
    assert kept is not None
    return kept


def _paper(desk: Desk, kind: str) -> str:
    with desk.reading() as session:
        kept = session.scalars(select(IssuedDocument.id).where(IssuedDocument.paper == kind)).first()
    assert kept is not None
    return kept


def _queue(desk: Desk, *acts: str) -> None:
    """A number is given, and these are done to it."""
    for name in ("take", "call", *acts) if acts else ("take", "call_next"):
        with desk.writing() as session:
            given = (session, desk.pen, desk.actor)
            if name == "take":
                waits = queue.take(*given, desk.now())[0].id
            elif name == "call_next":
                queue.call_next(*given, desk.now())
            elif name == "hold":
                queue.hold(*given, waits)
            else:
                getattr(queue, name)(*given, waits, desk.now())
    with desk.writing() as session:
        queue.done(session, desk.pen, desk.actor, waits, desk.now())


def _quick(desk: Desk, ready: Registered) -> None:
    with desk.writing() as session:
        waits = queue.take(session, desk.pen, desk.actor, desk.now())[0].id
        queue.link(session, desk.pen, desk.actor, waits, ready.person_id, ready.visit_id, "INTAKE_FILE")
        queue.quick(session, desk.pen, desk.actor, waits, desk.now())


def _home(desk: Desk, _ready: Registered) -> None:
    with desk.writing() as session:
        waits = queue.take(session, desk.pen, desk.actor, desk.now())[0]
        queue.gave_up(session, desk.pen, desk.actor, waits.id, desk.now())
        queue.put_back(session, desk.pen, desk.actor, waits, "left", desk.now())
        queue.gave_up(session, desk.pen, desk.actor, waits.id, desk.now())


def _absent(desk: Desk, _ready: Registered) -> None:
    with desk.writing() as session:
        given = (session, desk.pen, desk.actor)
        waits = queue.take(*given, desk.now())[0].id
        queue.call(*given, waits, desk.now())
        queue.absent(*given, waits, desk.now())
        queue.gave_up(*given, waits, desk.now())


def _next_morning(desk: Desk, _ready: Registered) -> None:
    with desk.writing() as session:
        queue.take(session, desk.pen, desk.actor, desk.now() - 40 * 3_600_000_000)
        queue.close_forgotten(session, desk.pen, desk.actor, desk.now())


def _slips(desk: Desk, _ready: Registered) -> None:
    with desk.writing() as session:
        downtime.reserve(session, desk.pen, desk.actor, desk.centre, 10, desk.now())


DOINGS: dict[str, Callable[[Desk, Registered], object]] = {
    "register a family": lambda desk, _ready: mother_and_child(desk, next(SERIAL), needs=Needs(variant="large")),
    "register again": _again,
    "screen who waits": lambda desk, ready: screen(desk, ready, BAD),
    "screen and pass": lambda desk, ready: screen(desk, ready, GOOD),
    "screen a stranger": _unregistered,
    "issue a receipt": lambda desk, ready: at_the_printer(desk).issue("intake_receipt", ready.visit_id),
    "issue a slip": lambda desk, _ready: at_the_printer(desk).issue("screening_slip", _result(desk)),
    "reissue": lambda desk, _ready: at_the_printer(desk).reissue(_paper(desk, "intake_receipt"), "large"),
    "print a receipt": lambda desk, _ready: at_the_printer(desk, "accepted").send(_paper(desk, "intake_receipt")),
    "print a slip": lambda desk, _ready: at_the_printer(desk, "accepted").send(_paper(desk, "screening_slip")),
    "serve who waits": lambda desk, _ready: _queue(desk, "came", "hold"),
    "call the next": lambda desk, _ready: _queue(desk),
    "answer a question": _quick,
    "let them go home": _home,
    "wait for who isn't there": _absent,
    "close what was forgotten": _next_morning,
    "lay numbers aside": _slips,
    "caution": _caution,
    "say what happened": _happened,
    "say it came out": lambda desk, _ready: at_the_printer(desk).came_out(_paper(desk, "screening_slip"), True),
    "add a colleague": lambda desk, _ready: keyholders.add(desk, "پری سروستان", ["screener"], "رازِ پری در باد"),
    "change roles": lambda desk, _ready: keyholders.change_roles(desk, _colleague(desk), ["receptionist"]),
    "give a password": lambda desk, _ready: keyholders.admit(desk, _colleague(desk), "رازِ تازه در باد"),
    "a colleague leaves": lambda desk, _ready: keyholders.leave(desk, _colleague(desk)),
}
STAFF = {"add a colleague", "change roles", "give a password", "a colleague leaves"}
WRITERS = {"intake.register", "screening.record", "documents.issue", "documents.reissue", "documents.printed"} | {
    f"queue.{name}"
    for name in (
        "take", "call_next", "call", "came", "done", "hold", "absent", "gave_up", "quick", "link", "close_forgotten",
        "put_back",
    )
} | {"downtime.reserve", "cautions.write", "incidents.record"} | {
    "staffing.add", "staffing.change_roles", "staffing.give_keys", "staffing.leave",
}  # fmt: skip
QUEUE = {
    "serve who waits", "call the next", "answer a question", "let them go home", "wait for who isn't there",
    "close what was forgotten",
}  # fmt: skip


def ready(desk: Desk) -> Registered:
    """A day that has begun: a family, a result, both papers."""
    sit(desk, "manager")
    keyholders.add(desk, "پریا رودبارک", ["receptionist"], "رازِ پریا در باد")
    done = mother_and_child(desk, next(SERIAL))
    paperwork = at_the_printer(desk)
    paperwork.issue("intake_receipt", done.visit_id)
    paperwork.issue("screening_slip", screen(desk, done, BAD).result_id)
    return done


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    roles=st.sampled_from(SETS), doings=st.lists(st.sampled_from(sorted(DOINGS)), min_size=1, max_size=4, unique=True)
)
def test_what_a_role_may_do_it_may_write(desk: Desk, roles: frozenset[Role], doings: list[str]) -> None:
    _tried(desk, roles, doings)


@pytest.mark.parametrize("role", ROLES)
def test_every_role_at_everything(desk: Desk, role: Role) -> None:
    """Each doing by each role: done whole, or refused as not allowed before anything is written."""
    did = _tried(desk, {role}, sorted(DOINGS))
    assert (
        did
        == {
            "manager": set(DOINGS),
            "technician": set(),
            "screener": set(DOINGS) - STAFF
            - {"register a family", "register again", "lay numbers aside", "caution"},
            "social_worker": {name for name in DOINGS if not name.startswith("screen")} - STAFF,
            "receptionist": {
                "register a family", "register again", "issue a receipt", "reissue", "print a receipt",
                "lay numbers aside", "say what happened", *QUEUE,
            },
        }[role]
    )  # fmt: skip


def _tried(desk: Desk, roles: frozenset[Role] | set[Role], doings: list[str]) -> set[str]:
    done = ready(desk)
    sit(desk, *sorted(roles))
    begun, did = desk.tip(), set()
    for name in doings:
        before = desk.tip()
        try:
            DOINGS[name](desk, done)
            did.add(name)
        except Known as fault:
            if fault.code != "not-allowed" or desk.tip() != before:
                raise AssertionError(f"{name}: {fault.code}, {desk.tip() - before} changes written") from fault
    with desk.reading() as session:
        kinds = session.scalars(select(ChangeRow.kind).where(ChangeRow.seq > begun)).all()
    assert all(may_write(roles, kind) for kind in kinds)
    return did


def test_no_writer_is_left_out() -> None:
    """Every action that takes a pen is among those tried; founding a centre is nobody's role yet."""
    found = {
        f"{module.__name__.rsplit('.', 1)[1]}.{name}"
        for module in (
            cases, cautions, documents, downtime, incidents, intake, queue, screening, staffing, standing,
            sync_support, sync_truth, today,
        )
        for name, action in inspect.getmembers(module, inspect.isfunction)
        if action.__module__ == module.__name__ and "pen" in inspect.signature(action).parameters
    }
    assert found - {"staffing.found"} == WRITERS


def test_a_card_is_for_who_may_read_people(desk: Desk) -> None:
    done = ready(desk)
    sit(desk, "technician")
    with desk.reading() as session, pytest.raises(Known, match="not-allowed"):
        cases.card(session, desk.actor, done.person_id)


def test_a_card_names_its_last_service_by_code(desk: Desk) -> None:
    done = ready(desk)
    with desk.reading() as session:
        assert cases.card(session, desk.actor, done.person_id).last_service == "VISION_SCREENING"


def test_only_who_may_sync_syncs(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from desktop import admin

    asked: list[object] = []
    monkeypatch.setattr("desktop.admin.attempt.attempt", lambda desk, cause: asked.append((desk, cause)))
    monkeypatch.setattr("desktop.admin._open", lambda *_: desk)
    monkeypatch.setattr(desk, "close", lambda: None)
    desk.actor = Actor(desk.actor.staff_id, desk.actor.name, ())
    with pytest.raises(Known, match="not-allowed"):
        admin._sync(admin._parser().parse_args(["sync"]), "")
    sit(desk, "technician")
    with suppress(AttributeError):  # the report is nothing here
        admin._sync(admin._parser().parse_args(["sync"]), "")
    assert asked == [(desk, "command")]
