"""Between two anchors: a day that was written can't be dated into another (security 13)."""

from __future__ import annotations

from sqlalchemy import select

from db import journal, verify
from desktop.desk import Desk
from desktop.domain import hlc, identifiers
from desktop.domain.changes import Draft
from desktop.seal import commits
from desktop.sync import enrol, round_trip
from server import store
from server.store import DESK
from tests.desk import opened
from tests.desk.provinces import Province

_DAY_US = 86_400_000_000


def anchors_of(desk: Desk) -> list[bool]:
    """Which own commits carry one, in order."""
    with desk.reading() as session:
        return [bool(commits.span(each.message).anchor) for _, each in journal.all_commits(session)]


def proof(desk: Desk) -> verify.Found:
    return verify.verify(desk.engine, desk.signer.desk, desk.signer.realm)


def dated_back(province: Province) -> int:
    with store.reading(province.engine) as connection:
        return int(connection.execute(select(DESK.c.outside)).scalar_one())


def write_raw(desk: Desk, at: int) -> None:
    """What whoever holds the keys can do: a commit that says it was written at `at`."""
    with desk.writing() as session:
        seq, prev = journal.tip(session, desk.signer.desk)
        draft = Draft("person", identifiers.new(), "create", {"family_name": "دیرین"})
        clock = hlc.text(hlc.pack(at))
        sealed = commits.seal([draft], [identifiers.new()], desk.signer, hlc=clock, seq=seq + 1, prev=prev)
        journal.store(session, [journal.Stored(sealed, [commits.opened(each) for each in sealed.changes])])
        journal.refresh(session, {draft.entity_id: "person"})


def test_the_next_real_commit_carries_what_the_province_saw_and_only_it(desk: Desk, province: Province) -> None:
    with province.serving() as url:
        enrol.enrol(desk, url, province.code(opened.CENTRE))
        work = opened.at_work(desk)
        work.register()
        round_trip.sync(desk)
        tip = desk.tip()
        round_trip.sync(desk)
        assert desk.tip() == tip, "a countersignature causes no commit"
        before = len(anchors_of(desk))
        work.register()
        assert anchors_of(desk)[before:][0]
        assert sum(anchors_of(desk)) == 1
        round_trip.sync(desk)
    found = proof(desk)
    assert (found.clean, found.dated_back) == (True, [])
    assert found.anchored_at > 0
    assert dated_back(province) == 0


def test_an_entry_dated_into_last_week_is_flagged_by_desk_and_province(desk: Desk, province: Province) -> None:
    with province.serving() as url:
        enrol.enrol(desk, url, province.code(opened.CENTRE))
        work = opened.at_work(desk)
        work.register()
        round_trip.sync(desk)
        work.register()
        forged = desk.tip() + 1
        write_raw(desk, desk.now() - 7 * _DAY_US)
        assert proof(desk).dated_back == [forged]
        round_trip.sync(desk)
    assert dated_back(province) == 1
    assert proof(desk).clean, "it is told, and nothing is refused"
