"""Who may open the database: the desk's people, and nobody's twin (security 1 and 2)."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from db import vault
from db.engine import close, open_database
from db.vault import Created, Member
from db.vault_file import NAME, Province, Vault, parse, signed_bytes, text_of
from desktop.domain.faults import Known
from desktop.seal import keys, passwords, recovery, sealing, signing
from desktop.seal.canonical import encode
from desktop.seal.passwords import Cost

CHEAP = Cost(8 * 1024, 1, 1)
CODE = recovery.new_code()
PARI = Member("u-pari", "پری", "گذرواژهٔ پری ۱")
DARA = Member("u-dara", "دارا", "dara's own")
ENVELOPE = Member("recovery", "پاکت", CODE, "recovery")
SAFE = keys.box_key()
ASK = keys.secret_of(keys.sign_key())
PROVINCE = Member("province", "استان", "", "province", Province(keys.public_of(SAFE), "124", "desk-1", ASK))


def _made(*members: Member, **fields: Any) -> Created:
    told: dict[str, Any] = {"realm": "yazd", "db_id": "db-1", "database": "desk-1.db", "cost": CHEAP} | fields
    return vault.create(members or (PARI, DARA, ENVELOPE), **told)


@pytest.fixture(scope="module")
def desk() -> Created:
    return _made()


def _fault(found: Vault, user_id: str = "u-pari", password: str = PARI.password) -> str:
    with pytest.raises(Known) as fault:
        vault.unlock(found, user_id, password)
    assert all(fault.value.parts())
    return fault.value.code


def test_each_opens_it_with_her_own_password(desk: Created, tmp_path: Path) -> None:
    vault.save(tmp_path, desk.vault)
    found = vault.read(tmp_path)
    assert found == desk.vault
    assert [(slot.label, slot.kind) for slot in found.slots] == [
        ("پری", "staff"),
        ("دارا", "staff"),
        ("پاکت", "recovery"),
    ]
    opened = [vault.unlock(found, member.user_id, member.password) for member in (PARI, DARA, ENVELOPE)]
    assert {each.dbk for each in opened} == {desk.opened.dbk}
    assert keys.secret_of(opened[0].sign_key) == keys.secret_of(desk.opened.sign_key)
    for each, slot in zip(opened, found.slots, strict=True):
        assert (keys.public_of(each.box_key), keys.public_of(each.sign_key)) == (slot.pubs.box, slot.pubs.sign)


@pytest.mark.parametrize("typed", [CODE.lower(), CODE.replace(" ", ""), CODE.translate(str.maketrans("123", "۱۲۳"))])
def test_the_envelope_opens_it_however_the_code_is_typed(desk: Created, typed: str) -> None:
    assert vault.unlock(desk.vault, "recovery", recovery.read(typed)).dbk == desk.opened.dbk


def test_a_wrong_password_is_said_so_and_is_nobody_elses(desk: Created) -> None:
    for password in ("", "گذرواژهٔ پری", DARA.password):
        assert _fault(desk.vault, password=password) == "wrong-password"
    with pytest.raises(KeyError):
        vault.unlock(desk.vault, "u-nobody", "x")


def test_the_province_opens_its_slot_and_no_password_does(whole: Created, tmp_path: Path) -> None:
    vault.save(tmp_path, whole.vault)
    found = vault.read(tmp_path)
    assert found == whole.vault
    slot = found.slot("province")
    assert slot.province
    held = sealing.unseal(slot.sealed, SAFE, vault.bound_of(found, slot, slot.province).info())
    later = vault.rotated(found, whole.root_key, bytes(32), ["u-pari", "province"], "desk-2.db")
    assert vault.unlock_with(found, "province", held).dbk == whole.opened.dbk
    assert vault.unlock_with(later, "province", held).dbk == bytes(32), "rotation needed nobody"
    assert _fault(found, "province", "") == "wrong-password"
    mine = vault.unlock_with(found, "province", held)
    for wrong in (held[:32] + bytes(32) + held[64:], bytes(32) + held[32:]):
        with pytest.raises(Known, match="vault-damaged"):
            vault.unlock_with(found, "province", wrong)
    assert keys.public_of(mine.sign_key) == slot.pubs.sign


def _twin(real: Vault, root: keys.SignKey, dbk: bytes) -> Vault:
    """What somebody with the file, and no password, can make: all grants his, signed by a root of his own."""
    slots = []
    for slot in real.slots:
        info = vault._grant_bytes(real, slot)
        slots.append(replace(slot, grant=sealing.seal(dbk, keys.box_public(slot.pubs.box), info)))
    twin = replace(real, slots=tuple(slots), root_pub=keys.public_of(root))
    return replace(twin, signature=signing.sign(root, "vault", twin.realm, signed_bytes(twin)))


def test_an_evil_twin_with_its_own_database_is_not_opened(desk: Created, tmp_path: Path) -> None:
    his = bytes(32)
    close(open_database(tmp_path / desk.vault.database, his, db_id="db-1", generation=1, create=True))
    twin = _twin(desk.vault, keys.sign_key(), his)
    vault.save(tmp_path, twin)
    assert _fault(vault.read(tmp_path)) == "vault-foreign"
    hidden = replace(twin, root_pub=desk.vault.root_pub)
    assert _fault(hidden) == "vault-damaged"
    assert _fault(replace(hidden, signature=desk.vault.signature)) == "vault-damaged"


def test_a_colleagues_slot_under_her_name_does_not_open_for_him(desk: Created) -> None:
    pari, dara, envelope = desk.vault.slots
    swapped = (replace(dara, user_id="u-pari"), replace(pari, user_id="u-dara"), envelope)
    signed = replace(desk.vault, slots=swapped)
    signed = replace(signed, signature=signing.sign(desk.root_key, "vault", "yazd", signed_bytes(signed)))
    assert _fault(signed, "u-pari", DARA.password) == "wrong-password"
    moved = replace(desk.vault, slots=(replace(pari, grant=dara.grant), dara, envelope))
    moved = replace(moved, signature=signing.sign(desk.root_key, "vault", "yazd", signed_bytes(moved)))
    assert _fault(moved) == "vault-damaged"


def test_an_old_grant_does_not_open_a_new_generation_nor_an_old_vault_the_new_database(
    desk: Created, tmp_path: Path
) -> None:
    later = replace(desk.vault, generation=2)
    later = replace(later, signature=signing.sign(desk.root_key, "vault", "yazd", signed_bytes(later)))
    assert _fault(later) == "vault-damaged"
    path = tmp_path / "desk-1.db"
    close(open_database(path, desk.opened.dbk, db_id="db-1", generation=2, create=True))
    with pytest.raises(Known) as fault:
        open_database(path, desk.opened.dbk, db_id="db-1", generation=desk.vault.generation)
    assert fault.value.code == "vault-mismatch"


@pytest.fixture
def no_derivation(monkeypatch: pytest.MonkeyPatch) -> None:
    def derive(*_: object) -> bytes:
        raise AssertionError("it derived")

    monkeypatch.setattr(passwords, "derive", derive)


@pytest.mark.usefixtures("no_derivation")
@pytest.mark.parametrize("cost", [{"memory": 1 << 30}, {"memory": 1}, {"time": 11}, {"lanes": 9}, {"memory": True}])
def test_a_cost_that_would_stop_the_machine_is_refused_before_deriving(desk: Created, cost: dict[str, int]) -> None:
    value = json.loads(text_of(desk.vault))
    value["slots"][0]["kdf"] |= cost
    with pytest.raises(Known) as fault:
        vault.unlock(parse(encode(value)), "u-pari", PARI.password)
    assert fault.value.code == "vault-damaged"


def _leaves(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from _leaves(value[key], (*at, key))
    else:
        yield at


FIELDS = list(_leaves(json.loads(text_of(_made(PARI, DARA, PROVINCE).vault))))


def _other(value: Any) -> Any:
    if isinstance(value, int):
        return value + 1
    if value in ("staff", "recovery"):
        return "recovery" if value == "staff" else "staff"
    end = "0" if value[-1] != "0" else "1"
    return value[:-1] + end


@pytest.fixture(scope="module")
def whole() -> Created:
    """With a slot of the province."""
    return _made(PARI, DARA, PROVINCE)


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: ".".join(map(str, field)))
def test_no_field_can_be_altered(whole: Created, field: tuple[Any, ...]) -> None:
    value = json.loads(text_of(whole.vault))
    *outer, last = field
    holder = value
    for key in outer:
        holder = holder[key]
    holder[last] = _other(holder[last])

    def opens() -> None:
        found = parse(encode(value))
        vault.unlock(found, found.slots[0].user_id, PARI.password)

    with pytest.raises(Known) as fault:
        opens()
    own = field[:2] == ("slots", 0) and field[2] in {"user_id", "kdf", "pubs", "sealed"}
    if field == ("version",):
        assert fault.value.code == "data-newer"
    elif own or field == ("db_id",):
        assert fault.value.code == "wrong-password"
    else:
        assert fault.value.code in {"vault-damaged", "vault-foreign"}


def test_a_slot_can_not_be_taken_out_added_or_doubled(desk: Created) -> None:
    assert _fault(replace(desk.vault, slots=desk.vault.slots[:2])) == "vault-damaged"
    mine = _made(Member("u-evil", "ناشناس", "evil")).vault.slots[0]
    assert _fault(replace(desk.vault, slots=(*desk.vault.slots, mine))) == "vault-damaged"
    with pytest.raises(Known):
        parse(text_of(replace(desk.vault, slots=desk.vault.slots * 2)))


@pytest.mark.parametrize("name", ["", ".", "..", "../desk.db", "/desk.db", "a/b", "a\\b", "c:desk.db"])
def test_it_names_a_file_of_its_own_folder(desk: Created, name: str) -> None:
    with pytest.raises(Known):
        parse(text_of(replace(desk.vault, database=name)))


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b'{"version":1}', b'{"version":2.5}', b"\0" * 2_000_000])
def test_ruined_bytes_are_a_damaged_vault(tmp_path: Path, data: bytes) -> None:
    (tmp_path / NAME).write_bytes(data)
    with pytest.raises(Known) as fault:
        vault.read(tmp_path)
    assert fault.value.code == "vault-damaged"


def test_an_added_key_and_loose_spelling_are_refused(desk: Created) -> None:
    text = text_of(desk.vault)
    for bad in (text[:-1] + b',"x":1}', text.replace(b'"db_id":', b'"db_id": '), text + b"\n"):
        with pytest.raises(Known):
            parse(bad)


def test_no_vault_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(Known) as fault:
        vault.read(tmp_path)
    assert fault.value.code == "vault-missing"
    assert all(fault.value.parts())


def test_a_new_password_keeps_her_keys_and_a_forgotten_one_gives_new_ones(desk: Created) -> None:
    opened = vault.unlock(desk.vault, "u-dara", DARA.password)
    owned = opened.box_key, opened.sign_key
    again = replace(DARA, password="better")
    changed = vault.with_slot(desk.vault, desk.root_key, opened.dbk, again, owned=owned, cost=CHEAP)
    assert changed.slot("u-dara").pubs == desk.vault.slot("u-dara").pubs
    assert _fault(changed, "u-dara", DARA.password) == "wrong-password"
    assert vault.unlock(changed, "u-dara", "better").dbk == opened.dbk
    reset = vault.with_slot(changed, desk.root_key, opened.dbk, again, cost=CHEAP)
    assert reset.slot("u-dara").pubs != changed.slot("u-dara").pubs
    assert vault.unlock(reset, "u-pari", PARI.password).dbk == opened.dbk
    assert len(reset.slots) == 3


def test_nothing_secret_shows_in_a_log(desk: Created) -> None:
    shown = repr(desk) + repr(PARI)
    assert PARI.password not in shown
    assert repr(desk.opened.dbk) not in shown


def test_a_save_cut_short_leaves_the_old_vault(desk: Created, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vault.save(tmp_path, desk.vault)

    def cut(_: int) -> None:
        raise OSError("no space")

    monkeypatch.setattr(os, "fsync", cut)
    with pytest.raises(OSError, match="no space"):
        vault.save(tmp_path, replace(desk.vault, generation=2))
    assert vault.read(tmp_path) == desk.vault
