"""One table: every action, and the roles that may. Each is really called, and whoever may not is refused."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from db.models.papers import IssuedDocument
from desktop import actions
from desktop.actions import permission, staffing
from desktop.desk import Desk
from desktop.domain.faults import Known
from desktop.domain.roles import ROLES, Role
from tests.actions.working import at_the_printer, mother_and_child

ALL = frozenset(ROLES)
AT_CLIENTS = ALL - {"technician"}
MANAGER: frozenset[Role] = frozenset({"manager"})
CASEWORK: frozenset[Role] = frozenset({"social_worker", "manager"})
ALLOWED: dict[str, frozenset[Role]] = {
    "cases.card": AT_CLIENTS,
    "cautions.valid": AT_CLIENTS,
    "cautions.write": CASEWORK,
    "conflicts.count": ALL,
    "conflicts.listed": ALL,
    "documents.issue": AT_CLIENTS,
    "documents.printed": AT_CLIENTS,
    "documents.read": AT_CLIENTS,
    "documents.receipt_of": AT_CLIENTS,
    "documents.recent": AT_CLIENTS,
    "documents.reissue": AT_CLIENTS,
    "documents.unanswered": ALL,
    "downtime.reserve": AT_CLIENTS - {"screener"},
    "downtime.unused": AT_CLIENTS - {"screener"},
    "incidents.count_of": ALL,
    "incidents.count_on": ALL,
    "incidents.listed": CASEWORK,
    "incidents.record": AT_CLIENTS,
    "intake.find": AT_CLIENTS,
    "intake.likenesses": AT_CLIENTS,
    "intake.register": AT_CLIENTS - {"screener"},
    "queue.absent": AT_CLIENTS,
    "queue.board": AT_CLIENTS,
    "queue.call": AT_CLIENTS,
    "queue.call_next": AT_CLIENTS,
    "queue.came": AT_CLIENTS,
    "queue.close_forgotten": ALL,
    "queue.done": AT_CLIENTS,
    "queue.gave_up": AT_CLIENTS,
    "queue.hold": AT_CLIENTS,
    "queue.link": AT_CLIENTS,
    "queue.put_back": AT_CLIENTS,
    "queue.quick": AT_CLIENTS,
    "queue.set_bell": AT_CLIENTS,
    "queue.set_place": AT_CLIENTS,
    "queue.take": AT_CLIENTS,
    "screening.record": frozenset({"screener", "manager"}),
    "screening.waiting": AT_CLIENTS,
    "staffing.add": MANAGER,
    "staffing.change_roles": MANAGER,
    "staffing.colleagues": MANAGER,
    "staffing.desk_words": ALL,
    "staffing.give_keys": MANAGER,
    "staffing.leave": MANAGER,
    "standing.newest_of": AT_CLIENTS,
    "standing.of_code": AT_CLIENTS,
    "sync_support.report": ALL,
    "sync_truth.seen": ALL,
    "sync_truth.truth": ALL,
    "today.today": AT_CLIENTS,
    "transfers.accept": MANAGER,
    "transfers.cancel": MANAGER,
    "transfers.listed": AT_CLIENTS,
    "transfers.offer": frozenset({"social_worker", "manager"}),
    "transfers.tell_moved": AT_CLIENTS,
    "transfers.unanswered": AT_CLIENTS,
}
TELLS_NOTHING = {
    "documents.unanswered", "conflicts.count", "conflicts.listed", "incidents.count_of", "incidents.count_on",
    "queue.close_forgotten",
}  # fmt: skip
"""What answers everybody, and whoever may not know of anything with nothing."""
ASKS_NOBODY = {
    # what a desk does before anybody sits at it, and parts other actions are made of; of a conflict the journal asks
    "cases.close_request", "cases.desk_words", "cases.full_name", "cases.household_of", "cases.mobile_of",
    "cases.needs_in", "cases.needs_row", "cases.open_visit", "cases.person", "cases.service_name", "cases.shown_id",
    "conflicts.decide", "documents.vision_readings", "documents.vision_tool", "dump.dump", "permission.require",
    "queue.place", "staffing.actor", "staffing.centre", "staffing.checked", "staffing.found", "staffing.keyholders",
    "staffing.roles_of", "sync_support.counts", "sync_truth.enrolled", "sync_truth.require_begun",
    "transfers.moved_away",
}  # fmt: skip


def functions() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every public function of the actions, by feature and name."""
    for module in pkgutil.iter_modules(actions.__path__):
        code = importlib.import_module(f"desktop.actions.{module.name}")
        for name, action in inspect.getmembers(code, inspect.isfunction):
            if action.__module__ == code.__name__ and not name.startswith("_"):
                yield f"{module.name}.{name}", action


def asks(action: Callable[..., Any]) -> bool:
    """Whether it is told who wants it done."""
    return bool({"actor", "who"} & set(inspect.signature(action).parameters)) and action is not permission.require


def may(desk: Desk, action: Callable[..., Any], receipt: str, *roles: Role) -> bool:
    """Whether somebody with these roles comes past the door of the action. Nothing of it is kept."""
    who = replace(desk.actor, roles=roles)
    known = {
        "pen": desk.pen, "centre": desk.centre, "actor": who, "who": who, "document_id": receipt,
        "kind": "intake_receipt",
    }  # fmt: skip
    wanted = inspect.signature(action).parameters.values()
    given = {each.name: known.get(each.name, "") for each in wanted if each.default is inspect.Parameter.empty}
    try:
        with desk.writing() as session:
            action(**{**given, "session": session} if "session" in given else given)
            raise LookupError("nothing of it is kept")
    except Known as fault:
        return fault.code != "not-allowed"
    except Exception:
        return True  # past the door: over what was handed in, or undone


def test_every_action_asks_for_what_the_table_says(desk: Desk) -> None:
    at_the_printer(desk).issue("intake_receipt", mother_and_child(desk).visit_id)
    with desk.reading() as session:
        receipt = session.scalars(select(IssuedDocument.id)).one()
    before = desk.tip()
    walked = {
        name: frozenset(role for role in ROLES if may(desk, action, receipt, role))
        for name, action in functions()
        if asks(action)
    }
    assert walked == ALLOWED
    without = {name for name, action in functions() if asks(action) and may(desk, action, receipt)}
    assert without == TELLS_NOTHING, "who may not know is told that there is none"
    assert desk.tip() == before


def test_no_function_stands_outside_the_table() -> None:
    assert {name for name, action in functions() if not asks(action)} == ASKS_NOBODY


def test_the_journal_itself_takes_no_key_from_others(desk: Desk) -> None:
    """Past the door of the action the journal asks again, by kind."""
    manager = desk.actor
    desk.actor = replace(manager, roles=("receptionist",))
    with pytest.raises(Known, match="not-allowed"), desk.writing() as session:
        staffing.give_keys(session, desk.pen, manager, manager.staff_id, [staffing.Pair("00", "00")], ())
