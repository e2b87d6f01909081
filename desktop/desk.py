"""This PC's desk, opened: database, keys, and who sits at it. What the window and the commands share."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import TypeAlias

from sqlalchemy import Engine
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from db import engine as engines
from db import fold_version, head, incarnation, journal, restored, settings, vault, vault_file
from db.journal import Pen
from db.migrations import run as migrations
from db.models.journal import DeskKey
from db.models.local import Keyring
from db.storage_faults import naming
from db.vault import Member, Opened
from db.vault_file import Slot, Vault
from desktop.actions import staffing
from desktop.actions.staffing import Founding, Manager, Pair, checked
from desktop.domain import identifiers
from desktop.domain.faults import Known
from desktop.domain.roles import Role
from desktop.domain.staffing import TRAINING, Actor, Centre
from desktop.door import users as users  # the list at the door, for whoever has the desk at hand
from desktop.machine import clock
from desktop.machine.machine_id import machine_id
from desktop.seal import keys, recovery
from desktop.seal.commits import Signer
from desktop.seal.keys import BoxKey, SignKey
from desktop.seal.passwords import Cost

Owned: TypeAlias = tuple[BoxKey, SignKey]
DATABASE = "pishkhan.db"
RECOVERY = "recovery"
"""The slot of the sealed envelope."""
PROVINCE = "province"
"""The slot that the province's recovery key opens."""
REFUSED = "slots-refused"
"""The setting with the names of whose slots were refused here and not yet spoken of."""
SIGN, BOX, ROOT = "desk-sign", "desk-box", "vault-root"


@dataclass
class Desk:
    """An unlocked desk. `head` is what `head.json` said of the database when it was opened."""

    folder: Path
    engine: Engine
    signer: Signer
    actor: Actor
    centre: Centre
    head: head.Verdict
    _head_key: bytes = field(repr=False)
    _dbk: bytes = field(repr=False)
    _written: int
    cost: Cost | None = None
    """What new passwords cost to guess; the usual where None."""
    now: Callable[[], int] = clock.now
    _lock: Lock = field(default_factory=Lock)

    @property
    def pen(self) -> Pen:
        """What the journal writes with, in the name of the actor."""
        return Pen(self.signer, self.now, self.actor.roles)

    @property
    def roles(self) -> tuple[Role, ...]:
        """What the person who sits here may do follows from these."""
        return self.actor.roles

    def become(self, signer: Signer) -> None:
        """Go on under another id, after the chain forked; called inside the transaction that wrote it again."""
        self.signer = signer

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction, on disk when the block ends; the head beside the database follows it.

        Writers wait for each other, so that the head never falls back behind a commit it already named.
        """
        with self._lock:
            with engines.writing(self.engine) as session:
                yield session
                seq, digest = journal.tip(session, self.signer.desk)
            if seq != self._written:
                self._written = seq
                # The change is saved: a disk now full must not make it look undone. Opening heals a head left behind.
                with suppress(OSError):
                    head.write(self.folder, self._head_key, seq, bytes.fromhex(digest), machine_id())

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One consistent view."""
        with engines.reading(self.engine) as session:
            yield session

    def pairs(self, session: Session) -> dict[Pair, str]:
        """Keys → person, of everyone who may hold a key to this PC: its slots are held against these (security 4)."""
        return staffing.keyholders(session, _desks(session, self.signer.desk))

    def grant(self, member: Member, owned: Owned) -> None:
        """Lock somebody's keys with a password of theirs in a slot here; the slot they had is gone. Raises Known."""
        with self._lock, naming():
            held, root = vault.read(self.folder), self._root()
            vault.save(self.folder, vault.with_slot(held, root, self._dbk, member, owned=owned, cost=self.cost))

    def rotate(self, kept: Collection[str], added: Sequence[tuple[Member, Owned]] = ()) -> None:
        """A new database key, in a new file, for the slots of `kept` and those `added`: all or nothing (security 3).

        From the saving of the vault on, no other slot and no older vault opens anything. Raises Known: storage faults;
        everything is then as it was.
        """
        with self._lock, naming():
            held, root, dbk = vault.read(self.folder), self._root(), secrets.token_bytes(32)
            for member, owned in added:
                held = vault.with_slot(held, root, self._dbk, member, owned=owned, cost=self.cost)
            kept = {*kept, *(member.user_id for member, _ in added)}
            later = vault.rotated(held, root, dbk, kept, _database(held.generation + 1))
            key, path = head.head_key(dbk), self.folder / later.database
            with self.reading() as session:
                seq, digest = journal.tip(session, self.signer.desk)
            with engines.moving(self.engine, path, dbk, generation=later.generation):
                head.prepare(self.folder, key, seq, bytes.fromhex(digest), machine_id())
                _commit(self.folder, later)
            old = self.engine
            self.engine = engines.open_database(path, dbk, db_id=later.db_id, generation=later.generation)
            self._dbk, self._head_key = dbk, key
            with suppress(OSError):
                head.promote(self.folder, key)
            old.dispose()
            _sweep(self.folder, later.generation)

    def _root(self) -> SignKey:
        with self.reading() as session:
            kept = session.get(Keyring, ROOT)
            if kept is None:
                raise Known("database-damaged")
            return keys.sign_key(kept.secret)

    def tip(self) -> int:
        """The seq of this desk's last change."""
        return self._written

    def close(self) -> None:
        """Bring the log home and let go of the file."""
        engines.close(self.engine)


def init(
    folder: Path, centre: Founding, *, manager: str, password: str, training: bool, cost: Cost | None = None
) -> str:
    """Make the desk of `folder`: vault, database, the centre's first transaction. Returns the recovery code, once.

    Raises Known: "desk-exists" where one is already, and storage faults; nothing is left behind then. Raises Invalid
    for a centre code or a licence date that can't be.
    """
    checked(centre)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if (folder / vault_file.NAME).exists():
        raise Known("desk-exists")
    _set_aside(folder)
    staff_id, desk_id, code = identifiers.new(), identifiers.new(), recovery.new_code()
    members = [Member(staff_id, manager, password), Member(RECOVERY, "", code, "recovery")]
    realm = TRAINING if training else centre.province
    made = vault.create(members, realm=realm, db_id=identifiers.new(), database=DATABASE, cost=cost)
    sign, box = keys.sign_key(), keys.box_key()
    engine = engines.open_database(
        folder / DATABASE, made.opened.dbk, db_id=made.vault.db_id, generation=made.vault.generation, create=True
    )
    try:
        migrations.upgrade(engine)
        signer = Signer(realm, centre.code, desk_id, sign, staff_id, made.opened.sign_key)
        spare = made.vault.slot(RECOVERY).pubs
        first = Manager(
            staff_id, manager, keys.public_of(made.opened.sign_key), keys.public_of(made.opened.box_key),
            Pair(spare.box.hex(), spare.sign.hex()),
        )  # fmt: skip
        with engines.writing(engine) as session:
            secrets_ = {SIGN: keys.secret_of(sign), BOX: keys.secret_of(box), ROOT: keys.secret_of(made.root_key)}
            session.add_all(Keyring(name=each, secret=secret) for each, secret in secrets_.items())
            own = {"desk": desk_id, "sign_key": keys.public_of(sign)}
            session.connection().execute(insert(DeskKey), own)
            settings.put(
                session, "desk", {"id": desk_id, "realm": realm, "centre": centre.code, "province": centre.province}
            )
            pen = Pen(signer, clock.now, staffing.FOUNDER)
            staffing.found(session, pen, centre, first)
            fold_version.bring_up(session)
            seq, digest = journal.tip(session, desk_id)
        engines.close(engine)
        with naming():
            head.write(folder, head.head_key(made.opened.dbk), seq, bytes.fromhex(digest), machine_id())
            vault.save(folder, made.vault)  # last: from here there is a desk, and its recovery code is told
    except BaseException:
        engine.dispose()
        for name in (DATABASE, head.NAME, vault_file.NAME):
            for left in folder.glob(f"{name}*"):
                left.unlink()
        raise
    return code


def _database(generation: int) -> str:
    """The name of the database file of a generation."""
    return DATABASE if generation == 1 else DATABASE.replace(".", f"-{generation}.")


def _commit(folder: Path, later: Vault) -> None:
    """Save the vault; where that fails after its file was already in place, it is saved."""
    try:
        vault.save(folder, later)
    except OSError:
        if vault.read(folder) != later:
            raise


def _sweep(folder: Path, generation: int) -> None:
    """Delete what earlier generations left; what can't be deleted now is at the next opening."""
    for earlier in range(1, generation):
        for left in folder.glob(f"{_database(earlier)}*"):
            with suppress(OSError):
                left.unlink()


def _desks(session: Session, desk: str) -> tuple[str, ...]:
    """The desk and those it was before its chain forked: its people's keys hold on it."""
    return (desk, *incarnation.before(session, desk))


def _set_aside(folder: Path) -> None:
    """A database without a vault: its founding was cut off, or its vault was lost. It is never written over."""
    for left in folder.glob(DATABASE.replace(".", "*.") + "*"):
        left.rename(left.with_name(f"without-vault-{clock.now()}-{left.name}"))


def unlock(folder: Path, user_id: str, password: str) -> Desk:
    """Open the desk as one of its people. Raises Known: wrong-password, vault and database faults, slot-unlisted where
    the journal knows of no key of theirs to this PC any more.

    A database that was restored or cloned is opened too, noted in `db.restored`, with paper numbers nobody else has.
    """
    held = vault.read(folder)
    return _open(folder, held, vault.unlock(held, user_id, password))


def unlock_with_code(folder: Path, code: str) -> Desk:
    """Open the desk by the code of the sealed envelope, as the manager it was made for. Raises Known: no-envelope,
    wrong-code, and as `unlock`; Invalid for what no code can be."""
    code, held = recovery.read(code), vault.read(folder)
    try:
        opened = vault.unlock(held, RECOVERY, code)
    except KeyError:
        raise Known("no-envelope") from None
    except Known as fault:
        raise (Known("wrong-code") if fault.code == "wrong-password" else fault) from None
    return _open(folder, held, opened)


def unlock_with_keys(folder: Path, plaintext: bytes) -> Desk:
    """Open the desk by what the province gave back of its slot, as the manager it was made for. Raises as `unlock`."""
    held = vault.read(folder)
    return _open(folder, held, vault.unlock_with(held, PROVINCE, plaintext))


def _open(folder: Path, held: Vault, opened: Opened) -> Desk:
    head_key = head.head_key(opened.dbk)
    engine = engines.open_database(folder / held.database, opened.dbk, db_id=held.db_id, generation=held.generation)
    try:
        migrations.upgrade(engine)
        with engines.reading(engine) as session:
            folded = fold_version.current(session)
        if not folded:
            with engines.writing(engine) as session:
                fold_version.bring_up(session)
        with engines.reading(engine) as session:
            said = settings.get(session, "desk")
            sign = session.get(Keyring, SIGN)
            if not isinstance(said, dict) or sign is None:
                raise Known("database-damaged")
            whose = _vouched(session, said["id"], held.slot(opened.user_id))
            who, centre = staffing.actor(session, whose) if whose else None, staffing.centre(session)
            seq, digest = journal.tip(session, said["id"])
            if not journal.gapless(session, said["id"]):
                raise Known("database-damaged")
        if who is None:
            _report(engine, held.slot(opened.user_id))
            raise Known("slot-unlisted")
        verdict = _judged(folder, engine, head_key, seq, bytes.fromhex(digest))
    except BaseException:
        engine.dispose()
        raise
    _sweep(folder, held.generation)
    desk_key = keys.sign_key(sign.secret)
    signer = Signer(said["realm"], said["centre"], said["id"], desk_key, who.staff_id, opened.sign_key)
    return Desk(folder, engine, signer, who, centre, verdict, head_key, opened.dbk, seq)


def _vouched(session: Session, desk: str, slot: Slot) -> str:
    """Whose slot it is by the journal: the person who holds its keys to this desk now, empty for nobody. The envelope
    and the province's slot are the manager's who made them."""
    pubs = Pair(slot.pubs.box.hex(), slot.pubs.sign.hex())
    whose = staffing.keyholders(session, _desks(session, desk)).get(pubs, "")
    return whose if slot.kind != "staff" or whose == slot.user_id else ""


def _report(engine: Engine, slot: Slot) -> None:
    """Keep who was refused, for the manager to see."""
    with engines.writing(engine) as session:
        known = settings.get(session, REFUSED) or []
        settings.put(session, REFUSED, [*(each for each in known if each != slot.label), slot.label])


def _judged(folder: Path, engine: Engine, head_key: bytes, seq: int, digest: bytes) -> head.Verdict:
    """What the head says of the database, noted where it was restored or cloned."""
    with suppress(OSError):
        head.promote(folder, head_key)
    verdict = head.judge(folder, head_key, seq, digest, machine_id())
    if verdict in restored.NOTICED:
        with engines.writing(engine) as session:
            restored.notice(session, verdict)
        with suppress(OSError):  # noticed once; a head that can't be written is noticed again
            head.write(folder, head_key, seq, digest, machine_id())
    if verdict == "behind":  # the power went between a commit and its head: nothing was lost
        head.write(folder, head_key, seq, digest, machine_id())
        verdict = "ok"
    return verdict
