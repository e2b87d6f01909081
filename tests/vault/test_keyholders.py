"""People come, forget, go: who can open this PC, and who can't any more (security 2 to 4)."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from db import head, settings, vault, verify
from db.engine import open_database
from db.vault import Member
from desktop import desk as desks
from desktop import keyholders
from desktop.actions import staffing
from desktop.desk import RECOVERY, Desk
from desktop.domain.faults import Invalid, Known
from desktop.seal import keys, recovery
from tests.actions.working import mother_and_child
from tests.desk.opened import CENTRE, CHEAP, PASSWORD, Clock

PARI, DARA = "پری سروستان", "دارا رودبارک"
HERS, HIS = "باغِ انار و ماه", "رود از کوه می‌آید"


@pytest.fixture
def founded(tmp_path: Path) -> tuple[Path, str]:
    """A desk's folder and the code in its envelope."""
    founding = staffing.Founding(CENTRE, "training", "مرکز نمونه")
    folder = tmp_path / "desk"
    return folder, desks.init(folder, founding, manager="نرگس", password=PASSWORD, training=True, cost=CHEAP)


@pytest.fixture
def desk(founded: tuple[Path, str]) -> Iterator[Desk]:
    opened = as_(founded[0], "نرگس", PASSWORD)
    yield opened
    with suppress(Known):  # its file may be gone by then
        opened.close()


def as_(folder: Path, name: str, password: str) -> Desk:
    (user,) = [user for user, label in desks.users(folder) if label == name]
    opened = desks.unlock(folder, user, password)
    opened.cost, opened.now = CHEAP, Clock()
    return opened


def id_of(desk: Desk, name: str) -> str:
    return next(each.staff_id for each in keyholders.read(desk).people if each.name == name)


def refused(code: str) -> AbstractContextManager[object]:
    return pytest.raises(Known, match=f"^{code}$")


def test_somebody_new_opens_the_desk_with_a_password_of_their_own(desk: Desk) -> None:
    keyholders.add(desk, PARI, ["receptionist", "screener"], HERS)
    mother_and_child(desk)
    hers = as_(desk.folder, PARI, HERS)
    assert hers.actor.roles == ("receptionist", "screener")
    mother_and_child(hers, 50)
    with hers.reading() as session:
        journaled = hers.pairs(session)
    hers.close()
    assert len(journaled) == 3, "hers, the manager's, and the envelope's"
    found = verify.verify(desk.engine, desk.signer.desk, desk.signer.realm, {})
    assert (found.chain, found.signatures, found.state_differs) == (True, True, [])


def test_a_weak_password_is_told_so_before_anything_is_written(desk: Desk) -> None:
    before = desk.tip()
    for weak, key in (("کوتاه", "short"), ("۱۱۱۱۱۱۱۱۱۱۱", "same"), ("پری سروستان", "name"), ("سروستان۱", "short")):
        with pytest.raises(Invalid, match=f"password.{key}"):
            keyholders.add(desk, PARI, ["screener"], weak)
    with pytest.raises(Invalid):
        keyholders.add(desk, PARI, [], HERS)
    assert desk.tip() == before
    assert len(desks.users(desk.folder)) == 1


def test_a_forgotten_password_is_given_anew_by_the_manager(desk: Desk) -> None:
    keyholders.add(desk, PARI, ["receptionist"], HERS)
    as_(desk.folder, PARI, HERS).close()
    old = vault.read(desk.folder)
    keyholders.admit(desk, id_of(desk, PARI), HIS)
    with refused("wrong-password"):
        as_(desk.folder, PARI, HERS)
    as_(desk.folder, PARI, HIS).close()
    vault.save(desk.folder, old)  # the vault of before, with the slot of the old password
    with refused("slot-unlisted"):
        as_(desk.folder, PARI, HERS)


def test_a_manager_who_gives_themself_a_password_goes_on_signing(desk: Desk) -> None:
    keyholders.admit(desk, desk.actor.staff_id, HIS)
    mother_and_child(desk)
    assert verify.verify(desk.engine, desk.signer.desk, desk.signer.realm, {}).clean
    as_(desk.folder, "نرگس", HIS).close()


def test_a_password_is_changed_by_who_knows_it(desk: Desk) -> None:
    with refused("wrong-password"):
        keyholders.change_password(desk, "دیگری", HIS)
    with pytest.raises(Invalid):
        keyholders.change_password(desk, PASSWORD, "کوتاه")
    tip = desk.tip()
    keyholders.change_password(desk, PASSWORD, HIS)
    assert desk.tip() == tip, "the keys are the same: the journal has nothing to say"
    as_(desk.folder, "نرگس", HIS).close()
    with refused("wrong-password"):
        as_(desk.folder, "نرگس", PASSWORD)


def test_the_last_manager_stays(desk: Desk) -> None:
    me = desk.actor.staff_id
    with refused("last-manager"):
        keyholders.leave(desk, me)
    with refused("own-manager-role"):
        keyholders.change_roles(desk, me, ["receptionist"])
    with desk.writing() as session, refused("last-manager"):
        staffing.change_roles(session, desk.pen, desk.actor, me, ["receptionist"])
    keyholders.add(desk, PARI, ["manager"], HERS)
    hers = as_(desk.folder, PARI, HERS)
    code = keyholders.change_roles(hers, me, ["receptionist"]).code
    assert recovery.read(code), "the envelope was the old manager's: a new one is hers"
    with refused("last-manager"):
        keyholders.leave(hers, hers.actor.staff_id)
    hers.close()


def test_who_leaves_opens_nothing_any_more(desk: Desk, tmp_path: Path) -> None:
    keyholders.add(desk, PARI, ["receptionist"], HERS)
    keyholders.add(desk, DARA, ["screener"], HIS)
    mother_and_child(desk)
    taken = tmp_path / "taken"  # what she carried home: vault and database of before
    desk.close()
    shutil.copytree(desk.folder, taken)
    again = as_(desk.folder, "نرگس", PASSWORD)
    old_file, opened = vault.read(taken).database, vault.unlock(vault.read(taken), desks.users(taken)[1][0], HERS)
    assert keyholders.leave(again, id_of(again, PARI)).code == ""
    now = vault.read(desk.folder)
    mother_and_child(again, 60)
    again.close()
    assert [label for _, label in desks.users(desk.folder)] == ["نرگس", DARA]
    assert (now.generation, now.database, now.slots[1].label) == (2, "pishkhan-2.db", "")
    assert not (desk.folder / old_file).exists()
    with refused("database-damaged"):  # her key of before, and the database of now
        open_database(desk.folder / now.database, opened.dbk, db_id=now.db_id, generation=2)
    shutil.copy(desk.folder / now.database, taken / now.database)
    vault.save(taken, replace(vault.read(taken), database=now.database))
    with refused("vault-damaged"):  # her vault pointed at the new file
        as_(taken, PARI, HERS)
    vault.save(taken, now)
    shutil.copy(desk.folder / now.database, taken / old_file)
    assert as_(taken, DARA, HIS).actor.name == DARA  # while those who stay open it as before
    his = as_(desk.folder, DARA, HIS)
    assert (his.head, verify.verify(his.engine, his.signer.desk, his.signer.realm, {}).visits) == ("ok", 2)
    his.close()


def test_a_manager_who_leaves_takes_the_envelope_with_them(founded: tuple[Path, str], desk: Desk) -> None:
    folder, code = founded
    keyholders.add(desk, PARI, ["manager"], HERS)
    hers = as_(folder, PARI, HERS)
    new = keyholders.leave(hers, desk.actor.staff_id).code
    hers.close()
    with refused("wrong-code"):
        keyholders.recover(folder, code, HIS)
    assert keyholders.recover(folder, new, HIS).name == PARI


def test_the_envelope_sets_a_new_password_once(founded: tuple[Path, str]) -> None:
    folder, code = founded
    manager = as_(folder, "نرگس", PASSWORD)
    keyholders.add(manager, PARI, ["receptionist"], HERS)
    mother_and_child(manager)
    manager.close()
    with pytest.raises(Invalid):
        keyholders.recover(folder, code[:-1], HIS)
    with refused("wrong-code"):
        keyholders.recover(folder, recovery.new_code(), HIS)
    done = keyholders.recover(folder, code.lower().replace(" ", "-"), HIS)
    assert done.name == "نرگس"
    with refused("wrong-code"):
        keyholders.recover(folder, code, HERS)
    with refused("wrong-password"):
        as_(folder, "نرگس", PASSWORD)
    as_(folder, PARI, HERS).close()
    again = as_(folder, "نرگس", HIS)
    assert verify.verify(again.engine, again.signer.desk, again.signer.realm, {}).clean, "the manager's key signed it"
    again.close()
    assert keyholders.recover(folder, done.code, PASSWORD).staff_id == done.staff_id


def test_a_slot_nobody_journaled_is_refused_and_reported(desk: Desk) -> None:
    """Somebody with the database's key makes a slot by hand: the journal knows of no such person."""
    owned = keys.box_key(), keys.sign_key()
    keyholders.add(desk, PARI, ["receptionist"], HERS)
    her = id_of(desk, PARI)
    desk.grant(Member("u-evil", "ناشناس", HIS), owned)
    desk.grant(Member(her, PARI, HIS), owned)  # her name, keys she never had
    for name in ("ناشناس", PARI):
        with refused("slot-unlisted"):
            as_(desk.folder, name, HIS)
        with refused("slot-unlisted"):
            keyholders.vouch(desk, {label: user for user, label in desks.users(desk.folder)}[name], HIS)
    assert keyholders.read(desk).refused == ("ناشناس", PARI)
    assert set(keyholders.drop_unvouched(desk)) == {PARI, "ناشناس"}
    assert [label for _, label in desks.users(desk.folder)] == ["نرگس"]
    keyholders.seen(desk)
    assert keyholders.read(desk).refused == ()


def test_a_removal_made_elsewhere_rotates_at_the_next_opening(desk: Desk) -> None:
    """The journal brings it (here: written without touching this PC's vault); a restored database waits first."""
    keyholders.add(desk, PARI, ["receptionist"], HERS)
    with desk.writing() as session:
        staffing.leave(session, desk.pen, desk.actor, id_of(desk, PARI))
        settings.put(session, "restored", "missing")
    assert keyholders.drop_unvouched(desk) == ()
    with desk.writing() as session:
        settings.put(session, "restored", "")
    assert keyholders.drop_unvouched(desk) == (PARI,)
    assert vault.read(desk.folder).generation == 2
    assert keyholders.drop_unvouched(desk) == ()


def test_a_rotation_that_fails_leaves_everything_as_it_was(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    keyholders.add(desk, PARI, ["receptionist"], HERS)
    mother_and_child(desk)
    before = vault.read(desk.folder)

    def full(*_: object) -> None:
        raise OSError(28, "no space")

    monkeypatch.setattr(vault, "save", full)
    with refused("disk-full"):
        desk.rotate([desk.actor.staff_id])
    monkeypatch.undo()
    assert vault.read(desk.folder) == before
    mother_and_child(desk, 70)
    desk.close()
    again = as_(desk.folder, "نرگس", PASSWORD)
    assert again.head == "ok"
    again.rotate([again.actor.staff_id, RECOVERY])
    mother_and_child(again, 80)
    assert not (desk.folder / before.database).exists()
    again.close()
    last = as_(desk.folder, "نرگس", PASSWORD)
    assert (last.head, verify.verify(last.engine, last.signer.desk, last.signer.realm, {}).visits) == ("ok", 3)
    last.close()


def test_the_power_goes_between_vault_and_head(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    mother_and_child(desk)
    monkeypatch.setattr(head, "promote", cut)
    with pytest.raises(KeyboardInterrupt):
        desk.rotate([desk.actor.staff_id])
    monkeypatch.undo()
    again = as_(desk.folder, "نرگس", PASSWORD)
    assert again.head == "ok", "the head of the new key was laid ready before the vault named it"
    assert sorted(path.name for path in desk.folder.glob("head*")) == ["head.json"]
    again.close()


def test_whoever_still_writes_to_the_old_file_fails_loudly(founded: tuple[Path, str], desk: Desk) -> None:
    """A command that was open meanwhile: nothing it says is saved may lie where nobody looks."""
    other = as_(founded[0], "نرگس", PASSWORD)
    desk.rotate([desk.actor.staff_id])
    with pytest.raises(Exception, match="no such table"):
        mother_and_child(other, 90)
    other.engine.dispose()


def test_the_new_generation_is_another_file_under_another_key(desk: Desk) -> None:
    first = vault.read(desk.folder)
    desk.rotate([desk.actor.staff_id])
    second = vault.read(desk.folder)
    assert second.slots[0].sealed == first.slots[0].sealed, "no password was needed"
    assert second.slots[0].grant != first.slots[0].grant
    moved = replace(first, database=second.database)
    vault.save(desk.folder, moved)
    with refused("vault-damaged"):
        as_(desk.folder, "نرگس", PASSWORD)
