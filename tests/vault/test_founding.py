"""A desk from nothing to its second morning: vault, database, keys."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from db import vault
from db.engine import close, open_database, reading, writing
from db.migrations.run import upgrade
from db.models.local import Keyring
from db.vault import Member
from desktop.seal import keys, signing
from desktop.seal.passwords import Cost

PARI = Member("u-pari", "پری", "گذرواژهٔ پری")


def test_the_second_morning(tmp_path: Path) -> None:
    made = vault.create([PARI], realm="yazd", db_id="db-1", database="desk.db", cost=Cost(8 * 1024, 1, 1))
    path = tmp_path / made.vault.database
    engine = open_database(path, made.opened.dbk, db_id="db-1", generation=1, create=True)
    upgrade(engine)
    with writing(engine) as session:
        session.add(Keyring(name="vault-root", secret=keys.secret_of(made.root_key)))
    vault.save(tmp_path, made.vault)
    close(engine)
    del made

    found = vault.read(tmp_path)
    opened = vault.unlock(found, found.slots[0].user_id, PARI.password)
    engine = open_database(tmp_path / found.database, opened.dbk, db_id=found.db_id, generation=found.generation)
    assert not upgrade(engine)
    with reading(engine) as session:
        root = keys.sign_key(session.scalars(select(Keyring.secret).where(Keyring.name == "vault-root")).one())
    close(engine)
    assert keys.public_of(root) == found.root_pub
    hers = keys.sign_public(found.slots[0].pubs.sign)
    assert signing.verified(hers, "actor", "yazd", b"m", signing.sign(opened.sign_key, "actor", "yazd", b"m"))
    assert sorted(file.name for file in tmp_path.iterdir()) == ["desk.db", "vault.json"]
