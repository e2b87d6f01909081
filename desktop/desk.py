"""This PC's desk, opened: database, keys, and who sits at it. What the window and the commands share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from sqlalchemy import Engine
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from db import engine as engines
from db import fold_version, head, journal, restored, settings, vault, vault_file
from db.journal import Pen
from db.migrations import run as migrations
from db.models.journal import DeskKey
from db.models.local import Keyring
from db.storage_faults import naming
from desktop.actions import staffing
from desktop.actions.staffing import Founding, Manager, checked
from desktop.domain import identifiers
from desktop.domain.faults import Known
from desktop.domain.roles import Role
from desktop.domain.staffing import TRAINING, Actor, Centre
from desktop.machine import clock
from desktop.machine.machine_id import machine_id
from desktop.seal import keys, recovery
from desktop.seal.commits import Signer
from desktop.seal.passwords import Cost

DATABASE = "pishkhan.db"
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
    _head_key: bytes
    _written: int
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
    members = [vault.Member(staff_id, manager, password), vault.Member("recovery", "", code, "recovery")]
    realm = TRAINING if training else centre.province
    made = vault.create(members, realm=realm, db_id=identifiers.new(), database=DATABASE, cost=cost)
    sign, box = keys.sign_key(), keys.box_key()
    engine = engines.open_database(
        folder / DATABASE, made.opened.dbk, db_id=made.vault.db_id, generation=made.vault.generation, create=True
    )
    try:
        migrations.upgrade(engine)
        signer = Signer(realm, centre.code, desk_id, sign, staff_id, made.opened.sign_key)
        first = Manager(staff_id, manager, keys.public_of(made.opened.sign_key), keys.public_of(made.opened.box_key))
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


def _set_aside(folder: Path) -> None:
    """A database without a vault: its founding was cut off, or its vault was lost. It is never written over."""
    for left in folder.glob(f"{DATABASE}*"):
        left.rename(left.with_name(f"without-vault-{clock.now()}-{left.name}"))


def users(folder: Path) -> list[tuple[str, str]]:
    """(staff id, name) of everyone who can open this desk, as the list at the door shows them."""
    return [(slot.user_id, slot.label) for slot in vault.read(folder).slots if slot.kind == "staff"]


def unlock(folder: Path, user_id: str, password: str) -> Desk:
    """Open the desk as one of its people. Raises Known: wrong-password, vault and database faults, not-allowed.

    A database that was restored or cloned is opened too, noted in `db.restored`, with paper numbers nobody else has.
    """
    held = vault.read(folder)
    opened = vault.unlock(held, user_id, password)
    engine = engines.open_database(folder / held.database, opened.dbk, db_id=held.db_id, generation=held.generation)
    try:
        migrations.upgrade(engine)
        with engines.reading(engine) as session:
            said = settings.get(session, "desk")
            sign = session.get(Keyring, SIGN)
            if not isinstance(said, dict) or sign is None:
                raise Known("database-damaged")
            actor, centre = staffing.actor(session, user_id), staffing.centre(session)
            seq, digest = journal.tip(session, said["id"])
            if not journal.gapless(session, said["id"]):
                raise Known("database-damaged")
            folded = fold_version.current(session)
        if not folded:
            with engines.writing(engine) as session:
                fold_version.bring_up(session)
        head_key = head.head_key(opened.dbk)
        verdict = head.judge(folder, head_key, seq, bytes.fromhex(digest), machine_id())
        if verdict in restored.NOTICED:
            with engines.writing(engine) as session:
                restored.notice(session, verdict)
            with suppress(OSError):  # noticed once; a head that can't be written is noticed again
                head.write(folder, head_key, seq, bytes.fromhex(digest), machine_id())
        if verdict == "behind":  # the power went between a commit and its head: nothing was lost
            head.write(folder, head_key, seq, bytes.fromhex(digest), machine_id())
            verdict = "ok"
    except BaseException:
        engine.dispose()
        raise
    signer = Signer(said["realm"], said["centre"], said["id"], keys.sign_key(sign.secret), user_id, opened.sign_key)
    return Desk(folder, engine, signer, actor, centre, verdict, head_key, seq)
