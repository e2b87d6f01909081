"""How much one request carries, learnt from the line: halved when one is cut, a quarter more when a full one went."""

from __future__ import annotations

from typing import Literal

from sqlalchemy.orm import Session

from db import settings
from desktop.domain import pace
from desktop.domain.faults import Known
from desktop.sync.http import Tally
from desktop.sync.link import Desk

What = Literal["push", "pull"]
_NAME = "sync_sizes"
CUT = "province-unreachable"


def size(session: Session, what: What, most: int) -> int:
    """Changes to ask for at once; `most` until something was cut. Kept between attempts and program starts."""
    kept = settings.get(session, _NAME) or {}
    return int(min(kept.get(what, most), most))


def went(session: Session, what: What, most: int, *, more: bool) -> None:
    """One request went through; where `more` still waited behind it, the next may carry a quarter more."""
    now = size(session, what, most)
    if more and now < most:
        _put(session, what, pace.larger(now, most))


def _put(session: Session, what: What, value: int) -> None:
    settings.put(session, _NAME, {**(settings.get(session, _NAME) or {}), what: value})


def note(desk: Desk, tally: Tally, what: What, most: int, fault: Known) -> None:
    """After a request failed. One that was cut may have been done or not; the next is half as large."""
    if fault.code == CUT:
        with desk.writing() as session:
            now = size(session, what, most)
            _put(session, what, pace.smaller(now))
        tally.smaller = now > 1
