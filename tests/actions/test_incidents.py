"""Somebody shouts, or says at the desk what happens at home: written down by anyone, known to a few."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, text, update

from db import feed
from db.models.journal import ChangeRow, CommitRow
from desktop import support
from desktop.actions import (
    cases,
    documents,
    incidents,
    intake,
    screening,
    standing,
    sync_support,
    sync_truth,
    today,
    transfers,
)
from desktop.desk import Desk
from desktop.domain import roles
from desktop.domain.faults import Invalid, Known
from desktop.domain.incidents import Report, checked
from desktop.domain.intake import Registered
from desktop.domain.roles import ROLES, Role
from tests.actions.working import mother_and_child, sit

READS: set[Role] = {"manager", "social_worker"}
RECORDS: set[Role] = {"manager", "social_worker", "screener", "receptionist"}
WORDS = "شوهرش دیشب تهدیدش کرده است"
URGENT = Report("urgent", WORDS, done="کارشناس گفت پیگیری می‌کند", reached="reached")
NOW = 1_795_500_900_000_000


def record(desk: Desk, report: Report) -> str:
    with desk.writing() as session:
        return incidents.record(session, desk.pen, desk.actor, report, desk.now())[0]


def about(done: Registered) -> Report:
    return Report(**{**{name: getattr(URGENT, name) for name in URGENT.__slots__}, "person_id": done.person_ids[0]})


@pytest.mark.parametrize("role", ROLES)
def test_who_may_record_and_who_may_read(desk: Desk, role: Role) -> None:
    done = mother_and_child(desk)
    sit(desk, role)
    if role in RECORDS:
        record(desk, Report("incident", "آقایی در سالن فریاد زد.", harmed="nobody"))
        record(desk, about(done))
    else:
        with pytest.raises(Known, match="not-allowed"):
            record(desk, about(done))
    with desk.reading() as session:
        if role not in READS:
            with pytest.raises(Known, match="not-allowed"):
                incidents.listed(session, desk.actor)
            assert incidents.count_of(session, desk.actor, done.person_ids[0]) == 0
            assert incidents.count_on(session, desk.actor, "1405-09-03") == 0
            return
        urgent, shouted = incidents.listed(session, desk.actor)
        assert (urgent.happened, urgent.person) == (WORDS, "مهتاب کاج‌نژاد")
        assert (urgent.reached, urgent.harmed) == ("reached", "")
        assert (shouted.nature, shouted.harmed, shouted.person_id, shouted.by) == (
            "incident", "nobody", "", "نرگس آبان‌پور"
        )  # fmt: skip
        assert incidents.count_of(session, desk.actor, done.person_ids[0]) == 1
        assert incidents.count_on(session, desk.actor, "1405-09-03") == 2


def test_a_sentence_is_asked_and_of_123_whether_it_answered() -> None:
    said, faults = checked(Report("urgent", "  "))
    assert {name: fault.key for name, fault in faults.items()} == {
        "happened": "incident.no-words-urgent",
        "reached": "incident.no-reached",
    }
    assert said.harmed == ""
    assert checked(Report("incident", "افتاد"))[0].harmed == "unknown"
    assert "happened" in checked(Report("incident", "پا " * 400))[1]
    assert checked(Report("incident", "افتاد", reached="reached"))[0].reached == ""


def test_nothing_faulty_is_written(desk: Desk) -> None:
    before = desk.tip()
    with pytest.raises(Invalid):
        record(desk, Report("incident", ""))
    with pytest.raises(Known, match="person-gone"):
        record(desk, Report("incident", "افتاد", person_id="nobody"))
    assert desk.tip() == before


# -- to whoever may not know of it, there is nothing

Seen = Callable[[Desk, Registered], Any]


def _reading(action: Callable[..., Any], *given: Any) -> Any:
    return lambda desk, _done: _read(desk, action, *given)


def _read(desk: Desk, action: Callable[..., Any], *given: Any) -> Any:
    with desk.reading() as session:
        return action(session, desk.actor, *given)


def _status(desk: Desk, _done: Registered) -> Any:
    """What `python -m desktop.admin status` says."""
    with desk.reading() as session:
        return sync_support.counts(session, desk.signer.desk, roles.hidden(desk.roles))


def _report(desk: Desk, _done: Registered) -> Any:
    said = support.report(desk)
    return {**said, "made_at": 0}


SEEN: dict[str, Seen] = {
    "search by a word of it": _reading(intake.find, "تهدیدش"),
    "search by name": _reading(intake.find, "مهتاب"),
    "today": lambda desk, _done: _read(desk, today.today, desk.signer.desk, NOW),
    "the card": lambda desk, done: _read(desk, cases.card, done.person_ids[0]),
    "how many are about a person": lambda desk, done: _read(desk, incidents.count_of, done.person_ids[0]),
    "how many today": _reading(incidents.count_on, "1405-09-03"),
    "who waits for a test": _reading(screening.waiting, "vision", "1405-09-03"),
    "where a request stands": lambda desk, done: _read(desk, standing.of_code, done.tracking_code),
    "papers": _reading(documents.recent),
    "transfers": lambda desk, _done: _read(desk, transfers.listed, desk.centre),
    "the sync screen": lambda desk, _done: _read(desk, sync_truth.truth, desk.signer.desk, NOW),
    "the status command": _status,
    "the support report": _report,
}


def _seen(desk: Desk, done: Registered) -> dict[str, Any]:
    """All of it; what the role may not see at all is its refusal."""
    found = {}
    for name, look in SEEN.items():
        try:
            found[name] = look(desk, done)
        except Known as fault:
            found[name] = fault.code
    return found


@pytest.mark.parametrize("role", sorted(set(ROLES) - READS))
@pytest.mark.parametrize("state", ["waiting", "held", "sent"])
def test_to_others_there_is_nothing(desk: Desk, role: Role, state: str) -> None:
    """Search, today, card, counts, sync, status, report: as they were, also when the province holds it or holds it
    back."""
    done = mother_and_child(desk)
    _sent(desk, state == "sent")
    sit(desk, role)
    before = _seen(desk, done)
    sit(desk, "manager")
    _recorded(desk, done, state == "held")
    _sent(desk, state == "sent")
    sit(desk, role)
    assert _seen(desk, done) == before


@pytest.mark.parametrize("held", [False, True])
def test_the_walk_sees_it_where_it_may_be_seen(desk: Desk, held: bool) -> None:
    """The measure itself: for the manager the counts and the sync screen do change; the report never does."""
    done = mother_and_child(desk)
    before = _seen(desk, done)
    _recorded(desk, done, held)
    after = _seen(desk, done)
    changed = {name for name in SEEN if after[name] != before[name]}
    assert changed == {
        "today", "how many are about a person", "how many today", "the sync screen", "the status command",
    }  # fmt: skip
    told = after["the sync screen"].needs_you if held else after["the sync screen"].on_way
    assert "رویداد" in [each.words for each in told]


def _sent(desk: Desk, so: bool) -> None:
    """The province holds all there is."""
    if so:
        with desk.writing() as session:
            feed.acked(session, desk.tip(), desk.tip())


def _recorded(desk: Desk, done: Registered, held: bool) -> None:
    record(desk, about(done))
    if held:
        with desk.writing() as session:
            (seq,) = session.scalars(select(ChangeRow.seq).where(ChangeRow.kind == "incident"))
            held_back = {"verdict": "quarantined", "reason": "role"}
            session.execute(update(CommitRow).where(CommitRow.first == seq).values(held_back))


def test_what_is_held_behind_it_doesnt_name_it(desk: Desk) -> None:
    """A visit of the same person waits behind the incident: to whoever may not know, it just waits."""
    done = mother_and_child(desk)
    _recorded(desk, done, held=True)
    with desk.writing() as session:
        late = session.scalars(select(ChangeRow.seq).where(ChangeRow.kind == "visit")).one()
        first = session.scalars(
            select(CommitRow.first).where(CommitRow.first <= late).order_by(CommitRow.first.desc())
        ).first()
        held = {"verdict": "quarantined", "reason": "held"}
        session.execute(update(CommitRow).where(CommitRow.first == first).values(held))
    sit(desk, "receptionist")
    (item,) = _read(desk, sync_truth.truth, desk.signer.desk, NOW).needs_you
    assert "رویداد" not in json.dumps([item.words, item.reason, item.waits, item.read_out], ensure_ascii=False)


def test_its_words_are_in_no_index_no_draft_and_no_log(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """They are in the incident, in its change and in its document; nowhere else in the database, nor in what is
    logged."""
    caplog.set_level(logging.DEBUG)
    done = mother_and_child(desk)
    record(desk, about(done))
    found = set()
    with desk.reading() as session:
        tables = session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'")).all()
        for table in tables:
            rows = session.execute(text(f'SELECT * FROM "{table}"')).all()
            if any(_WORD in _as_text(value) for row in rows for value in row):
                found.add(table)
        assert found <= {"incident", "change", "document"}, found
        assert "incident" in found
    assert _WORD not in caplog.text


_WORD = "تهدیدش"


def _as_text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
