"""What every run starts from: a province with its centres, and desks founded and enrolled. Made once, then copied."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from sqlalchemy.dialects.sqlite import insert

from db import engine as engines
from db import fold_version, head, journal, settings
from db.journal import Pen
from db.migrations import run as migrations
from db.models.journal import DeskKey
from db.models.local import Keyring
from db.vault_file import Pubs, Slot
from desktop import desk as desks
from desktop.actions import staffing
from desktop.actions.staffing import Founding, Manager, Pair
from desktop.desk import BOX, DATABASE, SIGN, Desk
from desktop.domain import identifiers
from desktop.domain.staffing import TRAINING
from desktop.machine.machine_id import machine_id
from desktop.seal import keys
from desktop.seal.commits import Signer
from desktop.seal.passwords import Cost
from desktop.sync import enrol as enrolling
from server import enrol, orders, store
from tests.faults.simulation.chance import Clock, seeded
from tests.faults.simulation.network import URL, Road
from tests.faults.simulation.province import Province

ROLES = staffing.FOUNDER
PROVINCE, ROOT = "province", "root"
_EMPTY = "empty.db"
_DB_ID, _GENERATION = "00000000-0000-7000-8000-000000000001", 1


@dataclass(frozen=True, slots=True)
class Seat:
    """One desk of the stage: its folder's name, its centre, and who sits there."""

    name: str
    centre: str
    staff: str


@dataclass(frozen=True, slots=True)
class Stage:
    """A folder to copy."""

    folder: Path
    centres: tuple[str, ...]
    seats: tuple[Seat, ...]


def build(folder: Path, centres: int, desks_each: int) -> Stage:
    """Desks founded and enrolled through the product's own door, that never synced."""
    folder.mkdir(parents=True)
    codes = tuple(str(100 + at) for at in range(centres))
    rng, clock = Random(1), Clock()
    seats: list[Seat] = []
    with ExitStack() as held:
        held.enter_context(seeded(rng, clock))
        province = held.enter_context(Province.founded(folder / PROVINCE, folder / ROOT, clock))
        road = Road(province.answer)
        held.enter_context(patch.object(enrolling, "Line", road.line))
        held.enter_context(unlocked())
        _empty(folder)
        with store.writing(province.engine) as connection:
            for code in codes:
                enrol.add_centre(connection, code, f"centre {code}", clock())
            for name in ("one", "two"):
                orders.add_officer(connection, name, keys.public_of(officer(name)))
        for code in codes:
            for at in range(desks_each):
                with store.writing(province.engine, code) as connection:
                    word = enrol.new_code(connection, code, clock())
                seat = _founded(folder, f"{code}-{at}", code, clock)
                desk = opened(folder, seat.name, seat.staff, clock)
                enrolling.enrol(desk, URL, word)
                desk.close()
                seats.append(seat)
    (folder / _EMPTY).unlink()
    return Stage(folder, codes, tuple(seats))


def copied(stage: Stage, into: Path) -> None:
    """A world of its own in `into`."""
    shutil.copytree(stage.folder, into)


def opened(folder: Path, name: str, staff: str, clock: Any) -> Desk:
    """The desk of a folder, unlocked as it would be; `unlocked` must hold."""
    desk = desks.unlock(folder / name, staff, "")
    desk.now = clock
    return desk


@contextmanager
def unlocked() -> Iterator[None]:
    """A vault that costs nothing to open: its keys follow from the desk's first name. All else of unlocking is real."""

    def read(folder: Path) -> Any:
        name = owner(folder.name)
        pubs = Pubs(keys.public_of(_box_key(name)), keys.public_of(_staff_key(name)))

        def slot(user_id: str) -> Slot:
            return Slot(user_id, "", "staff", b"", Cost(), pubs, b"", b"")

        return SimpleNamespace(database=DATABASE, db_id=_DB_ID, generation=_GENERATION, owner=name, slot=slot)

    def unlock(held: Any, user_id: str, _password: str) -> Any:
        return SimpleNamespace(user_id=user_id, dbk=key_of("dbk"), sign_key=_staff_key(held.owner))

    machine = machine_id()
    with (
        patch("desktop.desk.vault", SimpleNamespace(read=read, unlock=unlock)),
        patch("desktop.desk.machine_id", lambda: machine),
    ):
        yield


def owner(name: str) -> str:
    """Whose desk a folder was first: clones are named after what they are copies of."""
    return name.split(".")[0]


def officer(name: str) -> keys.SignKey:
    """The key of an officer of the province."""
    return keys.sign_key(key_of(f"officer/{name}"))


def key_of(name: str) -> bytes:
    """Thirty-two bytes that are the same in every run."""
    return hashlib.sha256(name.encode()).digest()


def _box_key(name: str) -> keys.BoxKey:
    return keys.box_key(key_of(f"{name}/box"))


def _staff_key(name: str) -> keys.SignKey:
    return keys.sign_key(key_of(f"{name}/staff"))


def _empty(folder: Path) -> None:
    """A desk's database with its tables and nothing else: copied, it costs a desk nothing to found."""
    engine = engines.open_database(folder / _EMPTY, key_of("dbk"), db_id=_DB_ID, generation=_GENERATION, create=True)
    migrations.upgrade(engine)
    engines.close(engine)


def _founded(folder: Path, name: str, code: str, clock: Clock) -> Seat:
    """As `desktop.desk.init`, without a vault."""
    (folder / name).mkdir()
    shutil.copy(folder / _EMPTY, folder / name / DATABASE)
    seat = Seat(name, code, identifiers.new())
    desk_id = identifiers.new()
    sign, box = keys.sign_key(key_of(f"{name}/sign")), _box_key(name)
    signer = Signer(TRAINING, code, desk_id, sign, seat.staff, _staff_key(name))
    engine = engines.open_database(folder / name / DATABASE, key_of("dbk"), db_id=_DB_ID, generation=_GENERATION)
    with engines.writing(engine) as session:
        secrets = {SIGN: keys.secret_of(sign), BOX: keys.secret_of(box)}
        session.add_all(Keyring(name=each, secret=secret) for each, secret in secrets.items())
        session.connection().execute(insert(DeskKey), {"desk": desk_id, "sign_key": keys.public_of(sign)})
        settings.put(session, "desk", {"id": desk_id, "realm": TRAINING, "centre": code, "province": TRAINING})
        envelope = keys.sign_key(key_of(f"{name}/envelope")), keys.box_key(key_of(f"{name}/envelope-box"))
        spare = Pair(keys.public_of(envelope[1]).hex(), keys.public_of(envelope[0]).hex())
        first = Manager(seat.staff, f"clerk {name}", keys.public_of(_staff_key(name)), keys.public_of(box), spare)
        staffing.found(session, Pen(signer, clock, ROLES), Founding(code, TRAINING, f"centre {code}"), first)
        fold_version.bring_up(session)
        seq, digest = journal.tip(session, desk_id)
    head.write(folder / name, head.head_key(key_of("dbk")), seq, bytes.fromhex(digest), machine_id())
    engines.close(engine)
    return seat
