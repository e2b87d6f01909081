"""A redaction needs two officers and the root, and then the values are nowhere at the province (security 15)."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from desktop.domain import merging
from desktop.seal import commits, keys
from desktop.seal.refused import Refused
from server import feed, orders, store
from server import keys as server_keys
from server.keys import Identity
from server.orders import Asked
from tests.desk.authors import CENTRE, NOW, PROVINCE_KEY, REALM, Author, person, visit
from tests.desk.inbox import document, enrolled, gapless, push

CANARY = "قناری‌پور"
ROOT = keys.sign_key()
OFFICERS = {name: keys.sign_key() for name in ("افسر الف", "افسر ب", "افسر پ")}


@pytest.fixture
def identity() -> Identity:
    return Identity(REALM, keys.public_of(ROOT), PROVINCE_KEY, b"", keys.box_key(), b"")


@pytest.fixture
def desk(engine: Engine) -> Author:
    found = enrolled(engine, Author())
    push(engine, found, found.write(*found.founding()))
    with store.writing(engine) as connection:
        for name, key in OFFICERS.items():
            orders.add_officer(connection, name, keys.public_of(key))
    return found


def ordered(*change_ids: str, by: str = "کارشناس", approved: tuple[str, ...] = ("افسر الف", "افسر ب")) -> Asked:
    made = orders.ask(change_ids, by, "حکم دادگاه", NOW)
    for name in approved:
        made = orders.approve(made, name, OFFICERS[name], REALM)
    return orders.sign(made, ROOT, REALM)


def everything(engine: Engine) -> str:
    """Every row of every table, as text."""
    found = []
    with store.reading(engine) as connection:
        for table in store.metadata.sorted_tables:
            for row in connection.execute(table.select()):
                found += [each.decode("utf-8", "replace") if isinstance(each, bytes) else str(each) for each in row]
    return "\n".join(found)


def canary(engine: Engine, desk: Author) -> tuple[str, str]:
    """A person with a telling name: their id, and the change's."""
    zahra = person(CANARY)
    commit = desk.write(zahra)
    push(engine, desk, commit)
    return zahra.entity_id, commits.opened(commit.changes[0]).change_id


def test_the_values_are_nowhere_and_the_chain_holds(
    engine: Engine, desk: Author, identity: Identity, tmp_path: Path
) -> None:
    who, change = canary(engine, desk)
    push(engine, desk, desk.write(visit(who)))
    assert CANARY in everything(engine)
    assert orders.carry_out(engine, identity, ordered(change), tmp_path, NOW) == [CENTRE]
    assert CANARY not in everything(engine)
    for path in tmp_path.glob("server.db*"):
        assert CANARY.encode() not in path.read_bytes(), path.name
    kept = document(engine, who)
    assert kept
    assert kept.value("family_name") is None
    assert set(kept.cells) == {"family_name", "given_name", "national_id"}, "that they were set stays"
    assert gapless(engine)
    assert push(engine, desk, desk.write(visit(who))) == [("accepted", "")], "the chain goes on"


def test_what_waits_is_redacted_too(engine: Engine, desk: Author, identity: Identity, tmp_path: Path) -> None:
    commit = desk.write(replace(visit(person().entity_id), patch={"person": person().entity_id, "day": CANARY}))
    assert push(engine, desk, commit) == [("quarantined", "missing_reference")]
    change = commits.opened(commit.changes[0]).change_id
    orders.carry_out(engine, identity, ordered(change), tmp_path, NOW)
    assert CANARY not in everything(engine)


def test_the_state_is_what_the_feed_folds_to_now(
    engine: Engine, desk: Author, identity: Identity, tmp_path: Path
) -> None:
    _, change = canary(engine, desk)
    orders.carry_out(engine, identity, ordered(change), tmp_path, NOW)
    with store.reading(engine) as connection:
        state = feed.standing(connection, CENTRE, desk.desk).state
        rows = connection.execute(text("SELECT kind, entity_id, hash FROM document")).all()
        page = feed.pull(connection, CENTRE, desk.desk, 0, 100)
    assert state == merging.state_hash(sum(merging.weight(*row) for row in rows))
    assert len(page.orders) == 1, "a stub never comes without its order"
    assert [json.loads(each.message)["type"] for each in page.notices] == ["redaction"]


def test_it_is_carried_out_once(engine: Engine, desk: Author, identity: Identity, tmp_path: Path) -> None:
    _, change = canary(engine, desk)
    order = ordered(change)
    assert orders.carry_out(engine, identity, order, tmp_path, NOW) == [CENTRE]
    assert orders.carry_out(engine, identity, order, tmp_path, NOW) == []
    assert len(orders.kept(tmp_path)) == 1


@pytest.mark.parametrize(
    "order",
    [
        ordered("x", approved=("افسر الف",)),
        ordered("x", approved=()),
        ordered("x", by="افسر الف"),
        orders.sign(
            orders.approve(
                orders.approve(orders.ask(["x"], "کارشناس", "", NOW), "افسر الف", OFFICERS["افسر الف"], REALM),
                "افسر ب", OFFICERS["افسر الف"], REALM,
            ),
            ROOT, REALM,
        ),
        orders.sign(ordered("x"), keys.sign_key(), REALM),
        orders.sign(ordered("x"), PROVINCE_KEY, REALM),
        orders.sign(ordered("x"), ROOT, "another"),
        replace(ordered("x"), message=ordered("y").message),
        replace(ordered("x"), approvals=(("کسی", b""), ("دیگری", b""))),
    ],
    ids=[
        "one officer", "none", "who asked approves", "one key twice", "another root", "the server itself",
        "another realm", "another order", "strangers",
    ],
)  # fmt: skip
def test_without_two_officers_and_the_root_nothing_happens(
    engine: Engine, desk: Author, identity: Identity, tmp_path: Path, order: Asked
) -> None:
    canary(engine, desk)
    with pytest.raises(Refused):
        orders.carry_out(engine, identity, order, tmp_path, NOW)
    assert CANARY in everything(engine)
    assert orders.kept(tmp_path) == []


def test_an_order_is_a_file_that_comes_back(tmp_path: Path) -> None:
    order = ordered("x", "y")
    assert orders.loaded(orders.dumped(order)) == order
    for broken in ("", "{}", '{"approvals":[],"message":"","signature":""}', orders.dumped(order)[:-9]):
        with pytest.raises(Refused):
            orders.loaded(broken)


def test_a_stub_is_taken_back_only_where_an_order_names_it(
    engine: Engine, desk: Author, identity: Identity, tmp_path: Path
) -> None:
    """A province restored from before the order is filled again by a desk that has only the stub."""
    _, change = canary(engine, desk)
    orders.carry_out(engine, identity, ordered(change), tmp_path, NOW)
    commit = desk.write(person())
    bare = replace(commit, changes=tuple(commits.stub(each) for each in commit.changes))
    with pytest.raises(Refused):
        push(engine, desk, bare)


def test_the_commands_carry_it_from_hand_to_hand(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from server.commands import main  # as its own process would

    folder, root = tmp_path / "province", tmp_path / "root.json"
    where = ["--data-dir", str(folder)]
    assert main(["init", "--province", REALM, "--root-out", str(root), *where]) == 0
    for name in ("alef", "be"):
        assert main(["officer", "add", name, "--key-out", str(tmp_path / name), *where]) == 0
    assert main(["officer", "add", "be", "--key-out", str(tmp_path / "again"), *where]) == 1
    file = str(tmp_path / "order.json")
    assert main(["order", "ask", file, "--changes", "x", "--by", "jim", *where]) == 0
    assert main(["order", "carry-out", file, *where]) == 1
    for name in ("alef", "be"):
        assert main(["order", "approve", file, "--by", name, "--key", str(tmp_path / name), *where]) == 0
    assert main(["order", "carry-out", file, *where]) == 1
    assert main(["order", "sign", file, "--key", str(root), *where]) == 0
    capsys.readouterr()
    assert main(["order", "carry-out", file, *where]) == 0
    assert json.loads(capsys.readouterr().out)["centres"] == []
    assert server_keys.load(folder).realm == REALM
