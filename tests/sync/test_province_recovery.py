"""A manager forgot the password and the envelope is gone: the province gives the desk back, once, and to nobody else
(security 6)."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from db import vault, verify
from db.vault_file import signed_bytes
from desktop import desk as desks
from desktop import keyholders, recovering
from desktop.actions import staffing
from desktop.desk import PROVINCE, Desk
from desktop.domain.faults import Known
from desktop.seal import canonical, signing
from desktop.seal import keys as sealing
from desktop.seal import recovery_request as requests
from desktop.seal.keys import SignKey
from desktop.seal.recovery_request import Asked
from desktop.seal.sealing import seal
from desktop.sync import enrol, round_trip
from server import config, keys, orders, recoveries, revocation, store
from server.recoveries import AHEAD_US, LIFE_US
from tests.desk import opened
from tests.desk.provinces import Province
from tests.desk.safekeeping import BOTH, OFFICERS, answer, approved, root_of, sealed

NEW = "رود از کوه می‌آید"

@pytest.fixture
def locked(tmp_path: Path, province: Province) -> Path:
    """The folder of a desk that sealed its manager's spare keys to the province, and has been closed."""
    return sealed(tmp_path / "locked", province)


def at_home(province: Province) -> AbstractContextManager[str]:
    """The province answers where it did before."""
    return province.serving(port=int(province.url.rpartition(":")[2]))


def ask(folder: Path, by: tuple[str, ...] = BOTH, at: int | None = None) -> Asked:
    """The request of a locked PC, as it comes to the province's table: approved `by` these."""
    asked = requests.loaded(recovering.ask(folder, lambda: config.now_us() if at is None else at).text)
    return approved(asked, by)


def refused(code: str) -> AbstractContextManager[object]:
    return pytest.raises(Known, match=f"^{code}$")


def altered(asked: Asked, ask_key: SignKey | None = None, **values: Any) -> Asked:
    """The request with other words in it; signed again where somebody has a key to do so."""
    message = canonical.encode({**json.loads(asked.message), **values})
    signature = signing.sign(ask_key, "recovery", "training", message) if ask_key else asked.signature
    return approved(replace(asked, message=message, signature=signature, approvals=()))


def ask_key_of(folder: Path) -> SignKey:
    held = vault.read(folder).slot(PROVINCE).province
    assert held
    return sealing.sign_key(held.ask)


def user_of(folder: Path) -> str:
    return desks.users(folder)[0][0]


def test_the_province_gives_the_desk_back(locked: Path, province: Province) -> None:
    before, taken = vault.read(locked), shutil.copytree(locked, locked.with_name("taken"))
    made = answer(province, ask(locked))
    done = recovering.use(locked, made, NEW)
    now = vault.read(locked)
    assert (now.generation, done.name) == (before.generation + 1, "نرگس آبان‌پور")
    assert not (locked / before.database).exists(), "rotated"
    with refused("wrong-password"):
        desks.unlock(locked, user_of(locked), opened.PASSWORD)
    desk = desks.unlock(locked, user_of(locked), NEW)
    assert verify.verify(desk.engine, desk.signer.desk, desk.signer.realm, {}).clean, "the manager's key signed it"
    with at_home(province):
        round_trip.sync(desk)
    with desk.reading() as session:
        assert round_trip.greeting(session).report.quarantined == 0  # type: ignore[union-attr]  # the province took it
    desk.close()
    assert now.slot(PROVINCE).pubs != before.slot(PROVINCE).pubs
    with refused("server-recovery-unknown"):  # what it gave back is no key any more
        answer(province, ask(taken))
    again = recovering.use(locked, answer(province, ask(locked)), opened.PASSWORD)
    assert again.code != done.code


def test_it_is_answered_once_even_after_a_restore(locked: Path, province: Province) -> None:
    asked = ask(locked)
    made = answer(province, asked)
    with refused("server-recovery-answered"):
        answer(province, asked)
    with store.writing(province.engine) as connection:
        connection.execute(recoveries.ANSWERED.delete())  # a backup from before
    with refused("server-recovery-answered"):
        answer(province, asked)
    with store.writing(province.engine) as connection:
        recoveries.again(connection, province.folder)
    shutil.rmtree(province.folder / recoveries.FOLDER)
    with refused("server-recovery-answered"):
        answer(province, asked)
    recovering.use(locked, made, NEW)
    with refused("no-request"):
        recovering.use(locked, made, opened.PASSWORD)


def test_an_answer_is_for_its_request_alone(locked: Path, province: Province) -> None:
    first = answer(province, ask(locked))
    second = answer(province, ask(locked))
    with refused("answer-refused"):
        recovering.use(locked, first, NEW)
    for broken in (b"", b"{}", second[:-20], second.replace(b'"sealed":"', b'"sealed":"00')):
        with refused("answer-refused"):
            recovering.use(locked, broken, NEW)
    with opened.opened(locked) as desk:  # somebody who knows theirs locked a leaver out meanwhile
        desk.rotate([slot.user_id for slot in vault.read(locked).slots])
    with refused("answer-refused"):
        recovering.use(locked, second, NEW)
    recovering.ask(locked)
    keyholders.come_in(locked, user_of(locked), opened.PASSWORD).close()
    assert not recovering.asked(locked), "the manager remembered: nothing waits any more"


def test_nobody_alters_a_request_on_the_way(locked: Path, province: Province) -> None:
    asked, theirs = ask(locked), sealing.box_key()
    pub = sealing.public_of(theirs).hex()
    with refused("server-recovery-damaged"):
        answer(province, altered(asked, ephemeral_pub=pub))
    with refused("server-recovery-damaged"):  # signed by another key than the vault's
        answer(province, altered(asked, sealing.sign_key(), ephemeral_pub=pub))
    other = sealing.sign_key()
    with refused("server-recovery-damaged"):  # another key named: the seal isn't for it
        answer(province, altered(asked, other, ask_pub=sealing.public_of(other).hex(), ephemeral_pub=pub))
    thief = altered(asked, ask_key_of(locked), ephemeral_pub=pub)  # who holds the vault: only the telephone tells
    assert requests.fingerprint(thief) != requests.fingerprint(asked)
    with refused("server-recovery-damaged"):
        answer(province, altered(asked, ask_key_of(locked), db_id="another"))
    with pytest.raises(Known, match="server-recovery-approvals"):  # approvals are of these very words
        answer(province, replace(thief, approvals=asked.approvals))


def test_two_officers_must_stand_behind_it(locked: Path, province: Province) -> None:
    for by in ((), BOTH[:1], (BOTH[0], BOTH[0])):
        with refused("server-recovery-approvals"):
            answer(province, ask(locked, by))
    with store.writing(province.engine) as connection:
        orders.add_officer(connection, "همان", sealing.public_of(OFFICERS[BOTH[0]]))
    asked = requests.approve(ask(locked, BOTH[:1]), "همان", OFFICERS[BOTH[0]], "training")
    with refused("server-recovery-approvals"):  # two names on one key
        answer(province, asked)
    stranger = requests.approve(ask(locked, BOTH[:1]), BOTH[1], sealing.sign_key(), "training")
    with refused("server-recovery-approvals"):
        answer(province, stranger)


def test_a_stolen_desk_gets_nothing(locked: Path, province: Province, make_desk: Callable[..., Desk]) -> None:
    asked = ask(locked)
    desk_id = requests.read(asked).bound.desk
    other = make_desk("other")
    with at_home(province):
        enrol.enrol(other, province.url, province.code(opened.CENTRE))
    with store.writing(province.engine, opened.CENTRE) as connection:
        revocation.revoke(connection, opened.CENTRE, desk_id, config.now_us(), None)
    with refused("server-recovery-revoked"):
        answer(province, asked)
    as_other = altered(asked, ask_key_of(locked), desk=other.signer.desk)
    with refused("server-recovery-unknown"):  # it calls itself another desk, whose people have no such keys
        answer(province, as_other)
    with store.reading(province.engine) as connection:
        told = recoveries.look(connection, province.identity, asked, province.folder, config.now_us())
    assert (told.revoked, told.refused, told.centre) == (True, "server-recovery-revoked", "مرکز 124")
    assert told.manager == "نرگس آبان‌پور"


def test_a_desk_that_shares_its_key_with_a_stolen_one_gets_nothing(locked: Path, province: Province) -> None:
    """A clone went on under another id and was stolen: both have the same database's key."""
    asked = ask(locked)
    desk_id = requests.read(asked).bound.desk
    with store.writing(province.engine) as connection:
        row = dict(connection.execute(store.DESK.select().where(store.DESK.c.desk_id == desk_id)).mappings().one())
        connection.execute(
            store.DESK.insert().values({**row, "desk_id": "clone", "instead_of": desk_id, "lost_at": config.now_us()})
        )
    with refused("server-recovery-revoked"):
        answer(province, asked)


def test_a_request_is_good_for_a_day(locked: Path, province: Province) -> None:
    now = config.now_us()
    for at in (now - LIFE_US - 1, now + AHEAD_US + 60_000_000):
        with refused("server-recovery-old"):
            answer(province, ask(locked, at=at))
    answer(province, ask(locked, at=now - LIFE_US + 60_000_000))


def test_another_province_and_another_key_answer_nothing(locked: Path, province: Province, tmp_path: Path) -> None:
    stranger = keys.create(tmp_path / "other", "training", tmp_path / "other.root")
    with store.writing(province.engine) as connection, refused("server-recovery-stranger"):
        recoveries.answer(
            connection, stranger, ask(locked), keys.read_recovery(tmp_path / "other.root"), province.folder,
            config.now_us(),
        )  # fmt: skip
    with refused("server-recovery-stranger"):
        answer(province, ask(locked), keys.read_recovery(tmp_path / "other.root"))
    elsewhere = replace(province.identity, realm="yazd")
    with store.writing(province.engine) as connection, refused("server-recovery-stranger"):
        recoveries.answer(connection, elsewhere, ask(locked), root_of(province), province.folder, config.now_us())


def test_who_left_or_is_no_manager_any_more_gets_nothing(locked: Path, province: Province) -> None:
    """Keys of before, in a vault somebody took home: the centre ended them since."""
    taken = locked.with_name("taken")
    shutil.copytree(locked, taken)
    with opened.opened(locked, opened.Clock(config.now_us())) as desk, at_home(province):
        keyholders.add(desk, "پری سروستان", ["manager"], NEW)
        hers = desks.unlock(locked, desks.users(locked)[1][0], NEW)
        hers.now = desk.now
        keyholders.change_roles(hers, desk.actor.staff_id, ["receptionist"])
        assert vault.read(locked).slot(PROVINCE).pubs != vault.read(taken).slot(PROVINCE).pubs, "hers now"
        round_trip.sync(hers)
        hers.close()
    with refused("server-recovery-unknown"):
        answer(province, ask(taken))
    assert recovering.use(locked, answer(province, ask(locked)), NEW).name == "پری سروستان"


def test_a_manager_no_more_by_another_desk_gets_nothing(locked: Path, province: Province) -> None:
    """This PC hasn't heard of it, and its slot is as it was."""
    with opened.opened(locked, opened.Clock(config.now_us())) as desk, at_home(province):
        keyholders.add(desk, "پری سروستان", ["manager"], NEW)
        with desk.writing() as session:
            staffing.change_roles(session, desk.pen, desk.actor, desk.actor.staff_id, ["receptionist"])
        round_trip.sync(desk)
    with refused("server-recovery-unknown"):
        answer(province, ask(locked))


def test_a_key_the_root_does_not_vouch_for_is_not_sealed_to(make_desk: Callable[..., Desk], province: Province) -> None:
    """A server taken over names a recovery key of its own."""
    desk = make_desk("desk")
    evil = sealing.box_key()
    province.identity = replace(province.identity, recovery_public=sealing.public_of(evil))
    with province.serving():
        enrol.enrol(desk, province.url, province.code(opened.CENTRE))
        round_trip.sync(desk)
    assert not keyholders.seal_to_province(desk)
    with refused("no-province-slot"):
        recovering.ask(desk.folder)


def test_the_slot_lasts_through_rotations_and_is_made_once(locked: Path, province: Province) -> None:
    with opened.opened(locked) as desk:
        assert not keyholders.seal_to_province(desk)
        sealed = vault.read(locked).slot(PROVINCE).sealed
        keyholders.new_code(desk)
        assert vault.read(locked).slot(PROVINCE).sealed == sealed
        assert keyholders.drop_unvouched(desk) == ()
        with at_home(province):
            round_trip.sync(desk)
    assert [name for _, name in desks.users(locked)] == ["نرگس آبان‌پور"], "no name of its own at the door"
    assert recovering.use(locked, answer(province, ask(locked)), NEW).name == "نرگس آبان‌پور"


def test_an_evil_twin_of_the_vault_is_not_opened(locked: Path, province: Province) -> None:
    """Somebody makes the vault over, with a root of his own and his own database's key in the grants."""
    made, held = answer(province, ask(locked)), vault.read(locked)
    root, slot = sealing.sign_key(), held.slot(PROVINCE)
    grant = seal(bytes(32), sealing.box_public(slot.pubs.box), vault._grant_bytes(held, slot))
    twin = replace(held, slots=(replace(slot, grant=grant),), root_pub=sealing.public_of(root))
    signature = signing.sign(root, "vault", twin.realm, signed_bytes(twin))
    vault.save(locked, replace(twin, signature=signature))
    with refused("vault-foreign"):
        recovering.use(locked, made, NEW)
