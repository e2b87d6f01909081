"""Pages of a province that lies, and a database somebody with its key has altered: refused, or named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from db import feed, journal, verify
from db.origin import Listing
from desktop.desk import Desk
from desktop.domain import hlc, identifiers
from desktop.domain.changes import Draft, Value
from desktop.domain.faults import Known
from desktop.seal import commits
from desktop.seal.commits import Commit, Sealed, Signer
from desktop.seal.keys import sign_key
from desktop.seal.refused import Refused
from tests.desk.opened import NOW, at_work, found, opened

_WALK_IN = ("visit", "request", "person", "membership", "household", "contact", "needs")
CLOCK = hlc.text(hlc.pack(NOW - 60_000_000))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with opened(found(tmp_path / "desk")) as desk:
        yield desk


def raw(desk: Desk, statement: str, **values: object) -> None:
    with desk.engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.execute(text(statement), values)


def own(desk: Desk) -> list[Commit]:
    with desk.reading() as session:
        return journal.unsent(session, desk.signer.desk, 0, 10_000)


def page(commits_: list[Commit], clock: str | None = None) -> list[feed.Entry]:
    """The feed an honest province would make of them, or one with another clock."""
    entries, sseq = [], 1
    for each in commits_:
        clocks = tuple(clock if clock is not None else commits.opened(one).hlc for one in each.changes)
        entries.append(feed.Entry(sseq, clocks, each))
        sseq += len(each.changes)
    return entries


def pulled(desk: Desk, entries: list[feed.Entry], not_after: str = "f" * 16) -> None:
    keys = Listing({desk.signer.desk: desk.signer.desk_key.public_key()})
    with desk.writing() as session:
        feed.apply(session, entries, desk.signer.realm, keys, not_after)


def refused(desk: Desk, entries: list[feed.Entry], not_after: str = "f" * 16) -> None:
    before = own(desk)
    with pytest.raises(Refused):
        pulled(desk, entries, not_after)
    assert own(desk) == before
    assert verify.verify(desk.engine, desk.signer.desk, desk.signer.realm).clean


def test_a_body_without_its_salt_is_not_believed_and_takes_nothing_away(desk: Desk) -> None:
    at_work(desk).register()
    first, *rest = own(desk)
    body = b'{"base":{},"household":null,"patch":{"name":"lie"},"reason":""}'
    lie = replace(first, changes=tuple(replace(each, body=body, salt=None) for each in first.changes))
    gone = replace(first, changes=tuple(Sealed(each.header, None, None) for each in first.changes))
    for each in (lie, gone):
        refused(desk, page([each, *rest]))


@pytest.mark.parametrize("clock", ["zzzz", "f" * 16, hlc.text(hlc.pack(NOW + 86_400_000_000)), ""])
def test_a_clock_that_would_stop_this_desk_is_refused(desk: Desk, clock: str) -> None:
    at_work(desk).register()
    refused(desk, page(own(desk), clock))
    at_work(desk, seed=9).register()


def test_a_clock_beyond_what_is_believed_is_refused(desk: Desk) -> None:
    at_work(desk).register()
    refused(desk, page(own(desk)), hlc.text(hlc.pack(1)))


def test_a_change_comes_once_and_at_one_place(desk: Desk) -> None:
    at_work(desk).register()
    everything = page(own(desk))
    pulled(desk, everything)
    again = [replace(each, sseq=each.sseq + len(everything[0].effective) + 99) for each in everything[:1]]
    with pytest.raises(Refused):
        pulled(desk, again)
    last = everything[-1]
    with pytest.raises(Refused):
        pulled(desk, [replace(everything[0], sseq=last.sseq + len(last.effective))])


def test_a_stranger_can_not_write_as_this_desk(desk: Desk) -> None:
    at_work(desk).register()
    with desk.reading() as session:
        seq, _ = journal.tip(session, desk.signer.desk)
    forger = sign_key()
    signer = Signer(desk.signer.realm, desk.signer.centre, desk.signer.desk, forger, "desk", None)
    draft = Draft("issued_document", identifiers.new(), "create", {"number": "1"})
    forged = commits.seal([draft], [identifiers.new()], signer, hlc=CLOCK, seq=seq + 99, prev="0" * 64)
    with pytest.raises(Refused), desk.writing() as session:
        feed.apply(
            session,
            [feed.Entry(1, (CLOCK,), forged)],
            desk.signer.realm,
            Listing({desk.signer.desk: forger.public_key()}),
        )
    assert desk.tip() == seq


def test_a_desk_alone_writes_only_what_a_desk_may(desk: Desk) -> None:
    """Security 14: the desk's key lies in the same file; a person's record needs a person's signature."""
    at_work(desk).register()
    alone = replace(desk.signer, actor="desk", actor_key=None)
    draft = Draft("person", identifiers.new(), "create", {"given_name": "آوا"})
    with pytest.raises(Known), desk.writing() as session:
        journal.write(session, journal.Pen(alone, desk.now, ()), [draft])
    with desk.reading() as session:
        seq, prev = journal.tip(session, desk.signer.desk)
    forged = commits.seal([draft], [identifiers.new()], alone, hlc=CLOCK, seq=seq + 1, prev=prev)
    with desk.writing() as session:
        journal.store(session, [journal.Stored(forged, [commits.opened(each) for each in forged.changes])])
        journal.rebuild(session)
    assert not verify.verify(desk.engine, desk.signer.desk, desk.signer.realm).signatures


def test_a_value_its_column_can_not_hold_is_unknown_and_stops_nothing(desk: Desk) -> None:
    person = identifiers.new()
    needs: dict[str, Value] = {"person": person, "wheelchair": "yes", "variant": {"a": 1}}
    drafts = [
        Draft("person", person, "create", {"family_name": ["a"], "given_name": "آوا", "birth": {"a": 1}}),
        Draft("needs", identifiers.new(), "create", needs),
    ]
    with desk.writing() as session:
        journal.write(session, desk.pen, drafts)
        row = session.execute(text("SELECT family_name, given_name, birth FROM person")).one()
    assert tuple(row) == (None, "آوا", None)
    pulled(desk, page(own(desk)))
    assert verify.verify(desk.engine, desk.signer.desk, desk.signer.realm).clean


def test_a_discarded_person_leaves_their_waiting_visit_and_no_fault(desk: Desk) -> None:
    person, visit = identifiers.new(), identifiers.new()
    for draft in (
        Draft("person", person, "create", {"given_name": "آوا"}),
        Draft("visit", visit, "create", {"person": person}),
    ):
        with desk.writing() as session:
            journal.write(session, desk.pen, [draft])
    said = commits.span(own(desk)[-2].message)
    with desk.writing() as session:
        feed.judge(session, desk.signer.desk, [feed.Judged(said.first, said.last, "discarded", "role")])
    assert verify.verify(desk.engine, desk.signer.desk, desk.signer.realm).clean


@pytest.mark.parametrize(
    "statements",
    [
        ["UPDATE change SET salt = NULL WHERE seq = 5"],
        ["UPDATE change SET standing = 'ended' WHERE seq > 4", *(f"DELETE FROM {kind}" for kind in _WALK_IN)],
        ["UPDATE change SET household = NULL WHERE seq = 5"],
        ["UPDATE change SET kind = 'staff' WHERE seq = 5"],
        ["UPDATE change SET hlc = '0000000000000001' WHERE seq = 5"],
        ["INSERT INTO watermark VALUES ('acked_seq', 99)"],
        ["INSERT INTO watermark VALUES ('cursor', 1)"],
    ],
)  # fmt: skip
def test_what_somebody_with_the_key_alters_is_named(desk: Desk, statements: list[str]) -> None:
    at_work(desk).register()
    for statement in statements:
        raw(desk, statement)
    seen = verify.verify(desk.engine, desk.signer.desk, desk.signer.realm)
    assert not (seen.chain and seen.signatures)


def test_a_chain_shortened_under_its_head_is_named(desk: Desk) -> None:
    assert not verify.verify(desk.engine, desk.signer.desk, desk.signer.realm, head="ahead").clean
