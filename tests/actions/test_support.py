"""The file for support: enough to see what is wrong with syncing, and not a word of anybody."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, update

from db import feed, journal, sync_history
from db.models.journal import ChangeRow, CommitRow
from db.models.people import Contact, Household, Person
from desktop import admin, support
from desktop.actions import sync_support
from desktop.desk import Desk
from desktop.domain.changes import Draft
from desktop.domain.faults import Known
from desktop.domain.staffing import Actor
from tests.actions.working import mother_and_child, screen
from tests.desk import opened

CANARY = "999canary"


def busy(desk: Desk) -> None:
    """A day with everything in it: families, a result, verdicts with a tactless reason, attempts."""
    begun = desk.tip()
    done = mother_and_child(desk)
    screen(desk, done)
    with desk.writing() as session:
        named: dict[str, object] = {
            "given_name": CANARY, "family_name": CANARY, "national_id": CANARY, "father_name": CANARY,
        }  # fmt: skip
        first = session.scalars(select(Person.id)).first() or ""
        found = journal.document(session, first)
        assert found
        journal.write(session, desk.pen, [Draft("person", first, "set", named, found.base(*named))])  # type: ignore[arg-type]
        contact = session.scalars(select(Contact.id)).first()
        if contact:
            journal.write(session, desk.pen, [Draft("contact", contact, "set", {"value": CANARY, "note": CANARY})])
        rows = session.execute(select(CommitRow.first, CommitRow.last).where(CommitRow.first > begun)).all()
        said = [("quarantined", "role"), ("quarantined", f"{CANARY} 0919 {first}"), ("discarded", CANARY)]
        verdicts = [feed.Judged(row.first, row.last, *each) for row, each in zip(rows, said, strict=False)]
        feed.judge(session, desk.signer.desk, verdicts)
        newer = select(ChangeRow.change_id).where(ChangeRow.kind == "request").limit(1)  # a newer program wrote it here
        session.execute(update(ChangeRow).where(ChangeRow.change_id == newer.scalar_subquery()).values(kind=CANARY))
        sync_history.keep(session, sync_history.Attempt(desk.now(), "timer", "province-unreachable", bytes_up=7))
        sync_history.keep(session, sync_history.Attempt(desk.now(), "write", "ok", pushed=3, clock_offset=-5))


def everyone(desk: Desk) -> Iterator[str]:
    """Every word and id of a person this desk holds."""
    with desk.reading() as session:
        for model in (Person, Household, Contact):
            for row in session.scalars(select(model)):
                for column in model.__table__.columns:
                    value = getattr(row, column.name)
                    if isinstance(value, str) and len(value) > 4 and value not in ("standard", "mobile", "covered"):
                        yield value
    yield from (desk.actor.name, desk.actor.staff_id, desk.centre.name, CANARY)


def test_no_word_or_id_of_anybody_is_in_it(desk: Desk, tmp_path: Path) -> None:
    busy(desk)
    support.save(desk, tmp_path / "report.json")
    said = (tmp_path / "report.json").read_text("utf-8")
    words = {*everyone(desk)} - {desk.signer.desk, "female", "national", "applicant", "one_off"}
    assert len(words) > 10
    assert [word for word in words if word in said] == []
    assert not any("\u0600" <= letter <= "\u06ff" for letter in said), "no Persian: no name and no sentence of one"


def test_it_says_what_support_needs(desk: Desk) -> None:
    busy(desk)
    said = support.report(desk)
    assert (said["desk"], said["centre"]) == (desk.signer.desk, opened.CENTRE)
    assert {"program", "protocol", "schema", "fold", "python", "system"} <= said["versions"].keys()
    counts = said["counts"]
    assert counts["quarantined"] == 2
    assert counts["quarantined_by_reason"] == {"role": 1, "other": 1}
    assert counts["verdicts"] == {"quarantined": 2, "discarded": 1}
    assert counts["pending"]["person"] >= 2
    assert sum(counts["pending"].values()) > 5
    assert counts["oldest_pending"] <= said["made_at"]
    newest, before = said["attempts"]
    assert (newest["trigger"], newest["outcome"], newest["pushed"], newest["clock_offset"]) == ("write", "ok", 3, -5)
    assert (before["trigger"], before["outcome"], before["bytes_up"]) == ("timer", "province-unreachable", 7)
    assert newest.keys() == {
        "at", "trigger", "outcome", "pushed", "pulled", "held", "bytes_up", "bytes_down", "round_trips",
        "milliseconds", "clock_offset", "begun",
    }  # fmt: skip


def test_it_is_for_who_may_sync(desk: Desk) -> None:
    desk.actor = Actor(desk.actor.staff_id, desk.actor.name, ())
    with pytest.raises(Known, match="not-allowed"):
        support.report(desk)


def test_a_stick_that_was_pulled_out(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(Known, match="file-not-saved"):
        support.save(desk, tmp_path / "gone" / "report.json")


def test_the_commands(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*words: str) -> dict[str, object]:
        monkeypatch.setenv(admin.PASSWORD, opened.PASSWORD)
        assert admin.main([words[0], "--data-dir", str(folder), *words[1:]]) == 0
        said: dict[str, object] = json.loads(capsys.readouterr().out)
        return said

    assert run("sync-history")["attempts"] == []
    assert run("sync-history", "--out", str(tmp_path / "r.json")) == {"file": "r.json"}
    assert json.loads((tmp_path / "r.json").read_text("utf-8"))["counts"]["seq"] > 0
    status = run("status")
    assert status["pending"]
    assert status["quarantined_by_reason"] == {}


def test_a_command_that_syncs_leaves_its_line(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(admin.PASSWORD, opened.PASSWORD)
    assert admin.main(["sync", "--data-dir", str(folder)]) == 1
    with opened.opened(folder) as desk, desk.reading() as session:
        (row,) = sync_history.attempts(session)
    assert (row.cause, row.outcome) == ("command", "not-enrolled")
    assert sync_support
