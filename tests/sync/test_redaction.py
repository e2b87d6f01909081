"""A redaction reaches every desk: the values are in no table, no index, no draft; the chain still holds (security
15)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import text

from db import drafts, journal, search, verify
from desktop.actions import dump
from desktop.desk import Desk
from desktop.domain import identifiers
from desktop.domain.changes import Draft
from desktop.seal import keys
from desktop.sync import enrol, round_trip
from server import config, orders, store
from tests.desk import opened
from tests.desk.provinces import Province

CANARY = "قناری‌پور"


def everything(desk: Desk) -> str:
    """Every value of every table, the inner ones of the index too."""
    found: list[str] = []
    with desk.reading() as session:
        names = session.scalars(text("SELECT name FROM sqlite_schema WHERE type = 'table'")).all()
        for name in names:
            for row in session.execute(text(f'SELECT * FROM "{name}"')):
                found += [each.decode("utf-8", "replace") if isinstance(each, bytes) else str(each) for each in row]
    return "\n".join(found)


def write(desk: Desk, *drafts_: Draft) -> list[str]:
    """The ids of what was written."""
    with desk.writing() as session:
        journal.write(session, desk.pen, drafts_)
        return [journal.document(session, each.entity_id).cells["family_name"][0].change_id for each in drafts_]  # type: ignore[union-attr]


def carry_out(province: Province, root: keys.SignKey, *changes: str) -> None:
    realm = province.identity.realm
    order = orders.ask(changes, "کارشناس", "حکم دادگاه", config.now_us())
    for name in ("الف", "ب"):
        key = keys.sign_key()
        with store.writing(province.engine) as connection:
            orders.add_officer(connection, name, keys.public_of(key))
        order = orders.approve(order, name, key, realm)
    order = orders.sign(order, root, realm)
    assert orders.carry_out(province.engine, province.identity, order, province.folder, config.now_us())


def test_every_desk_forgets_and_proves_itself(make_desk: Callable[[str], Desk], province: Province) -> None:
    from server import keys as server_keys

    _, root = server_keys.read_root(Path(province.folder).with_suffix(".root"))
    one, two = make_desk("one"), make_desk("two")
    with province.serving() as url:
        for desk in (one, two):
            enrol.enrol(desk, url, province.code(opened.CENTRE))
            round_trip.sync(desk)
        opened.at_work(one).whole()
        who = identifiers.new()
        named = write(one, Draft("person", who, "create", {"family_name": CANARY, "given_name": "زهرا"}))
        for desk in (one, two, one):
            round_trip.sync(desk)
        with two.writing() as session:
            drafts.save(session, two.actor.staff_id, "intake", {"person": {"family_name": CANARY}}, two.now())
        assert CANARY in everything(one)
        assert CANARY in everything(two)
        carry_out(province, root, *named)
        for desk in (one, two):
            round_trip.sync(desk)
        for desk in (one, two):
            assert "قناری" not in everything(desk), "not in the index either"
            with desk.reading() as session:
                assert search.find(session, CANARY) == []
                assert drafts.load(session, two.actor.staff_id, "intake") is None
            assert verify.verify(desk.engine, desk.signer.desk, desk.signer.realm).clean
        late = make_desk("late")
        enrol.enrol(late, url, province.code(opened.CENTRE))
        round_trip.sync(late)
        assert CANARY not in everything(late), "who comes later never had it"
        opened.at_work(one).whole()
        for desk in (one, two, late, one, two):
            round_trip.sync(desk)
    states = []
    for desk in (one, two, late):
        with desk.reading() as session:
            states.append(dump.dump(session)["state_hash"])
    assert len(set(states)) == 1


def test_a_number_taken_away_is_not_in_the_index_either(
    make_desk: Callable[[str], Desk], province: Province
) -> None:
    """A contact whose making was redacted says of nobody whose it is: whoever it was is indexed again."""
    from server import keys as server_keys

    _, root = server_keys.read_root(Path(province.folder).with_suffix(".root"))
    one = make_desk("one")
    number = "09990001234"
    with province.serving() as url:
        enrol.enrol(one, url, province.code(opened.CENTRE))
        who, contact = identifiers.new(), identifiers.new()
        write(one, Draft("person", who, "create", {"family_name": CANARY}))
        with one.writing() as session:
            said = {"person": who, "channel": "mobile", "value": number}
            journal.write(session, one.pen, [Draft("contact", contact, "create", said)])
            kept = journal.document(session, contact)
            assert kept
            (head,) = kept.cells["value"]
        round_trip.sync(one)
        assert number in everything(one)
        carry_out(province, root, head.change_id)
        round_trip.sync(one)
    assert number not in everything(one)
    with one.reading() as session:
        assert [hit.person for hit in search.find(session, CANARY)] == [who], "they are found by their name"


def test_an_index_that_is_made_anew_holds_no_old_word(desk: Desk) -> None:
    """A desk that begins from a snapshot, or folds by other rules, empties its index first."""
    write(desk, Draft("person", identifiers.new(), "create", {"family_name": "canary"}))
    with desk.reading() as session:
        assert b"canary" in b"".join(session.scalars(text("SELECT block FROM search_name_data")))
    with desk.writing() as session:
        search.clear(session)
    with desk.reading() as session:
        assert b"canary" not in b"".join(session.scalars(text("SELECT block FROM search_name_data")))


def test_a_stub_without_a_salt_only_an_order_excuses(desk: Desk) -> None:
    named = write(desk, Draft("person", identifiers.new(), "create", {"family_name": CANARY}))
    with desk.writing() as session:
        session.execute(text("UPDATE change SET salt = NULL WHERE change_id = :which"), {"which": named[0]})
    assert not verify.verify(desk.engine, desk.signer.desk, desk.signer.realm).signatures
