"""The place where households are offered to other centres and taken over: what its screen may call."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from desktop.actions import cases, transfers
from desktop.desk import Desk
from desktop.domain import jalali, texts
from desktop.domain.changed import Changed
from desktop.domain.people import Found
from desktop.domain.roles import may
from ui.screens.transfers import TransferActs, TransfersScreen
from ui.shell import Place
from ui.theme.look import Look


def places(
    look: Look, desk: Desk, find: Callable[[str], list[Found]], changed: Callable[[Changed], object]
) -> list[Place]:
    """One, for whoever offers or decides; `find` finds whoever was meant."""
    roles = desk.actor.roles
    if not (may(roles, "transfer.offer") or may(roles, "transfer.decide")):
        return []
    build = partial(_screen, look, desk, find, changed)
    return [Place("transfers", texts.say("transfers.place"), "house", build)]


def _screen(
    look: Look, desk: Desk, find: Callable[[str], list[Found]], changed: Callable[[Changed], object]
) -> TransfersScreen:
    def reading(action: Callable[..., Any], *given: Any) -> Any:
        with desk.reading() as session:
            return action(session, desk.actor, *given)

    def offer(household: str, target: str, note: str) -> Changed:
        with desk.writing() as session:
            given = (desk.pen, desk.actor, desk.centre, household, target, note, desk.now())
            return transfers.offer(session, *given)[1]

    def accept(transfer_id: str) -> Changed:
        with desk.writing() as session:
            return transfers.accept(session, desk.pen, desk.actor, desk.centre, transfer_id)

    def cancel(transfer_id: str) -> Changed:
        with desk.writing() as session:
            return transfers.cancel(session, desk.pen, desk.actor, transfer_id)

    acts = TransferActs(
        read=lambda: reading(transfers.listed, desk.centre),
        find=find,
        card=lambda person_id: reading(cases.card, person_id),
        offer=lambda *given: changed(offer(*given)),
        accept=lambda transfer_id: changed(accept(transfer_id)),
        cancel=lambda transfer_id: changed(cancel(transfer_id)),
        today=lambda: str(jalali.today(desk.now())),
        may_offer=may(desk.actor.roles, "transfer.offer"),
        may_decide=may(desk.actor.roles, "transfer.decide"),
    )
    return TransfersScreen(look, acts)
