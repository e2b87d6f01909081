"""Where every record is: counts are of all, lists of some; what was voided isn't counted."""

from __future__ import annotations

import timeit
from collections.abc import Callable

import pytest
from sqlalchemy import insert, select, text

from db import feed, journal
from db.models.journal import ChangeRow, CommitRow
from desktop.actions import sync_truth, today
from desktop.desk import Desk
from desktop.domain.changes import Draft
from tests.actions.working import mother_and_child, screen


def test_more_than_can_be_listed_is_still_counted(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sync_truth, "_MOST", 2)
    monkeypatch.setattr(today, "_MOST", 2)
    for at in range(4):
        mother_and_child(desk, 10 * at)
    with desk.reading() as session:
        truth = sync_truth.truth(session, desk.actor, desk.signer.desk, desk.now())
        day = today.today(session, desk.actor, desk.signer.desk, desk.now())
    assert (len(truth.on_way), truth.on_way_count) == (2, 5), "four families and the founding"
    assert (len(day.visits), day.recorded) == (2, 4)


def test_what_the_province_holds_back_needs_a_person_and_is_not_on_its_way(desk: Desk) -> None:
    mother_and_child(desk)
    last = desk.tip()
    mother_and_child(desk, 10)
    with desk.writing() as session:
        feed.acked(session, desk.tip(), 0)
        feed.judge(session, desk.signer.desk, [feed.Judged(last + 1, desk.tip(), "quarantined", "role")])
    with desk.reading() as session:
        truth = sync_truth.truth(session, desk.actor, desk.signer.desk, desk.now())
    assert (truth.on_way_count, truth.needs_you_count) == (2, 1)
    assert truth.saved == truth.sent == 3


def test_a_voided_result_is_not_counted(desk: Desk) -> None:
    done = mother_and_child(desk)
    first, second = screen(desk, done), screen(desk, done)
    with desk.writing() as session:
        seen = journal.document(session, first.result_id)
        assert seen is not None
        void = Draft("screening_result", first.result_id, "void", {"void": "mistake"}, seen.base_for_void())
        journal.write(session, desk.pen, [void])
    with desk.reading() as session:
        assert today.today(session, desk.actor, desk.signer.desk, desk.now()).screenings == 1
    assert first.result_id != second.result_id


def test_a_desk_of_years_answers_at_once(desk: Desk) -> None:
    """100 000 old changes, all accepted: asking costs a small part of reading them once."""
    mother_and_child(desk)
    mine, tip, many = desk.signer.desk, desk.tip(), 100_000
    with desk.writing() as session:
        session.execute(text("UPDATE change SET sseq = seq, effective = hlc, standing = 'placed'"))
        row = {"kind": "person", "desk": mine, "hlc": "0" * 16, "header": b"", "standing": "placed", "entity_id": "x"}
        session.execute(
            insert(ChangeRow), [{**row, "change_id": str(at), "seq": -at, "sseq": tip + at} for at in range(1, many)]
        )
        blank = {"desk": mine, "message": b"", "actor": "", "desk_signature": b"", "actor_signature": b""}
        session.execute(insert(CommitRow), [{**blank, "first": -at, "last": -at} for at in range(1, many)])

    def fastest(work: Callable[[], object]) -> float:
        return min(timeit.repeat(work, number=1, repeat=3))

    with desk.reading() as session:
        whole = fastest(lambda: session.execute(select(ChangeRow.seq, ChangeRow.hlc)).all())
        asked = fastest(lambda: sync_truth.truth(session, desk.actor, mine, desk.now()))
        assert sync_truth.truth(session, desk.actor, mine, desk.now()).on_way_count == 0
    assert asked < whole / 5, f"{asked:.3f} s of {whole:.3f}"
