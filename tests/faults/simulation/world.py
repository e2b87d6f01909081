"""A province, its desks and the road between them in one process: what happens is told by a seed."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from sqlalchemy import select

from db import head, journal
from db.models.journal import ChangeRow
from desktop.domain.changes import SCHEMA, Draft
from desktop.domain.faults import Known
from desktop.domain.merging import Document
from desktop.sync import enrol as enrolling
from desktop.sync import round_trip, snapshot
from server import enrol, judging, store
from server.store import CENTRE_HEAD, CHANGE, DESK
from tests.faults.simulation import stage
from tests.faults.simulation.chance import DAY, HOUR, Clock, seeded
from tests.faults.simulation.machines import Pc
from tests.faults.simulation.network import FATES, URL, Died, Fate, Road
from tests.faults.simulation.province import Province
from tests.faults.simulation.record import Record, Written
from tests.faults.simulation.stage import PROVINCE, ROOT, Stage
from tests.faults.simulation.traps import When

SKEWS = (0, 0, 0, 0, -HOUR, 20 * HOUR, 9 * DAY, 3_650 * DAY, -400 * DAY)
_CUT = frozenset({"province-unreachable", "province-garbled", "province-trouble", "province-unknown-desk"})
"""What a sync may come to while lines and powers fail."""
_SNAPSHOT_FROM = 60


class Wrong(AssertionError):
    """A promise was broken."""


@dataclass
class Rates:
    """How often a request meets a fate, and a commit is a machine's last."""

    fate: float = 0.15
    death: float = 0.02
    province_death: float = 0.02


class World:
    """One run. Made by `running`."""

    def __init__(self, folder: Path, stage_: Stage, province: Province, clock: Clock, rng: Random) -> None:
        self.folder, self.stage, self.province, self.clock, self.rng = folder, stage_, province, clock, rng
        self.rates, self.record, self.counts = Rates(), Record(), Counter[str]()
        self.road = Road(province.answer, self._fate, rng.randrange)
        self.pcs = [self._seated(seat.name, seat) for seat in stage_.seats]
        for pc in self.pcs:
            pc.skew = rng.choice(SKEWS)  # since it joined: what it writes before it syncs is dated so
        self.backup: Path | None = None
        self.failing = True
        self.copies: dict[str, Path] = {}
        province.trap.fate = self._province_fate

    @classmethod
    @contextmanager
    def running(cls, folder: Path, stage_: Stage, seed: int) -> Iterator[World]:
        """A world in a new folder, every chance of which comes from `seed`."""
        stage.copied(stage_, folder)
        rng, clock = Random(seed), Clock()
        clock.at += HOUR
        with ExitStack() as held:
            held.enter_context(seeded(Random(seed + 1_000_000), clock))
            held.enter_context(stage.unlocked())
            province = held.enter_context(Province.running(folder / PROVINCE, folder / ROOT, clock))
            world = cls(folder, stage_, province, clock, rng)
            for module in (round_trip, enrolling):
                held.enter_context(patch.object(module, "Line", world.road.line))
            held.enter_context(patch.object(snapshot, "FROM", _SNAPSHOT_FROM))
            held.enter_context(patch("server.judging.SCHEMA", SCHEMA))
            held.enter_context(patch.object(head, "write", world._head(head.write)))
            held.enter_context(patch("shutil.disk_usage", lambda _: SimpleNamespace(free=1 << 40)))  # it is reported
            try:
                yield world
            finally:
                for pc in world.pcs:
                    pc.desk.engine.dispose()

    def _seated(self, name: str, seat: stage.Seat) -> Pc:
        pc = Pc(self.folder, name, seat, self.clock)
        pc.trap.fate = self._desk_fate
        return pc

    # -- chance
    def _fate(self) -> Fate:
        return self.rng.choice(FATES) if self.rng.random() < self.rates.fate else ""

    def _desk_fate(self) -> When:
        return self._when(self.rates.death)

    def _province_fate(self) -> When:
        return self._when(self.rates.province_death)

    def _when(self, rate: float) -> When:
        die = self.rng.random()
        return "before" if die < rate / 2 else "after" if die < rate else ""

    @contextmanager
    def calm(self) -> Iterator[None]:
        """Nothing fails meanwhile."""
        before, self.rates = (self.rates, self.failing), Rates(0, 0, 0)
        self.failing = False
        try:
            yield
        finally:
            self.rates, self.failing = before

    def _head(self, real: Callable[..., None]) -> Callable[..., None]:
        """The power may go between a commit and the head beside the database."""

        def write(folder: Path, *rest: Any) -> None:
            for pc in self.pcs:
                if pc.name == folder.name:
                    pc.trap.spring()
            real(folder, *rest)

        return write

    # -- what desks do
    def write(self, pc: Pc, drafts: Sequence[Draft]) -> bool:
        """Save; whether it is on disk. What it says is recorded, with what its author saw."""
        if pc.schema > 1:
            drafts = [
                replace(each, patch={**each.patch, "later": self.record.word()}) if each.verb == "create" else each
                for each in drafts
            ]
        with pc.trap.off():
            tip = pc.desk.tip()
        try:
            with patch("desktop.seal.commits.SCHEMA", pc.schema), pc.desk.writing() as session:
                journal.write(session, pc.desk.pen, drafts)
            pc.trap.spring()
        except Died:
            pc.die()
        return self.saved(pc, drafts, tip)

    def saved(self, pc: Pc, drafts: Sequence[Draft], tip: int) -> bool:
        """Record what was written after `tip`, if it is on disk."""
        new = select(ChangeRow.change_id, ChangeRow.hlc).where(
            ChangeRow.desk == pc.desk.signer.desk, ChangeRow.seq > tip
        ).order_by(ChangeRow.seq)  # fmt: skip
        with pc.trap.off(), pc.desk.reading() as session:
            rows = session.execute(new).all()
        for row, draft in zip(rows, drafts, strict=bool(rows)):
            seen = {name: frozenset(ids) for name, ids in draft.base.items()}
            self.record.written[row.change_id] = Written(
                row.change_id, draft.kind, draft.entity_id, draft.verb, draft.patch, seen, row.hlc, pc.name
            )
        self.counts["changes"] += len(rows)
        return bool(rows)

    def look(self, pc: Pc, entity: str, *fields: str) -> Document | None:
        """What a screen shows of an entity. What is shown of a field must be what a form of it would name as seen."""
        with pc.trap.off(), pc.desk.reading() as session:
            document = journal.document(session, entity)
        for name in fields if document else ():
            assert document is not None
            conflict = document.conflicts().get(name)
            shown = {each.value for each in conflict} if conflict else {document.value(name)}
            named = frozenset(document.base(name)[name])
            if not self.record.is_shown(name, named, shown):
                raise Wrong(f"{pc.name} shows {shown} of {entity}.{name} and names {sorted(named)}")
        return document

    def sync(self, pc: Pc) -> str:
        """One full sync; what it came to."""
        self.counts["syncs"] += 1
        telling = self.province.restored
        try:
            round_trip.sync(pc.desk)
            pc.trap.spring()
            said = "ok"
        except Died:
            pc.die()
            said = "died"
        except Known as fault:
            said = fault.code
        self.counts[f"sync {said}"] += 1
        if said == "province-unknown-desk" and not pc.revoked and self._unknown(pc):
            self.rejoin(pc)
        elif said not in ("ok", "died") and said not in (_CUT if self.failing or pc.revoked else ()):
            raise Wrong(f"a sync of {pc.name} came to {said} at {self.road.passed[-1].target}")
        pc.telling = telling if said == "ok" else pc.telling
        self.look_after(pc)
        return said

    def look_after(self, pc: Pc) -> None:
        """What holds after every step, of the desk that did it."""
        position = pc.position()
        if not pc.gapless():
            raise Wrong(f"{pc.name} has a hole in its own chain")
        if position.acked_seq > pc.desk.tip() or position.durable_seq > position.acked_seq:
            raise Wrong(f"{pc.name} believes more is stored than it wrote: {position}")
        if pc.telling == self.province.restored and not pc.revoked:
            there = self.province.stands().get(pc.desk.signer.desk, 0)
            if position.acked_seq > there:
                raise Wrong(f"{pc.name} believes {position.acked_seq} are stored, and {there} are")

    def _unknown(self, pc: Pc) -> bool:
        return pc.desk.signer.desk not in self.province.stands()

    def rejoin(self, pc: Pc) -> None:
        """A desk the restored province never heard of: its technician asks for a code by telephone."""
        self.counts["rejoined"] += 1
        with self.calm(), self.province.trap.off():
            with store.writing(self.province.engine, pc.seat.centre) as connection:
                word = enrol.new_code(connection, pc.seat.centre, self.clock())
            enrolling.enrol(pc.desk, URL, word)

    def clone(self, pc: Pc) -> Pc:
        """The PC's disk is copied to another, which works on."""
        name = f"{pc.name}.{len(self.pcs)}"
        pc.copy(self.folder / name)
        made = self._seated(name, pc.seat)
        made.skew, made.schema = pc.skew, pc.schema
        self.pcs.append(made)
        return made

    # -- what is left of what was written
    def held(self) -> set[str]:
        """Ids of all that can still reach every feed: at the province, or at the desk that wrote it."""
        found = {row.change_id for row in self.province.read(select(CHANGE.c.change_id))}
        for pc in self.pcs:
            if not pc.revoked:
                found |= pc.own()
        return found

    def disk_lost(self) -> None:
        """A disk was lost: what nobody else had is gone, and only that."""
        self.record.lost = self.record.written.keys() - self.held()

    # -- rest
    def heads(self) -> dict[str, int]:
        return {row.centre_id: row.head for row in self.province.read(select(CENTRE_HEAD))}

    def unsettled(self, pc: Pc, heads: dict[str, int], stands: dict[str, int]) -> bool:
        """Whether this desk has something to send or to hear: a verdict moves no feed."""
        position, mine = pc.position(), pc.desk.signer.desk
        told = stands.get(mine) == pc.desk.tip() == position.acked_seq
        heard = pc.telling == self.province.restored and position.cursor == heads[pc.seat.centre]
        return not (told and heard) or position.base > 0 or pc.waits()

    def active(self) -> list[Pc]:
        return [pc for pc in self.pcs if not pc.revoked]

    def quiet(self) -> None:
        """Nothing fails any more; all that is on its way arrives, everybody syncs, officers decide, until it is
        still."""
        with self.calm():
            self.road.arrive()
            self._upgrade()
            for _ in range(12):
                for pc in self.active():
                    if self.unsettled(pc, self.heads(), self.province.stands()):
                        self.sync(pc)
                if not self.decide_all() and not self._moving():
                    break
            else:
                raise Wrong("it never comes to rest")
            if self.counts["transfer.accept"]:  # what left is kept until it is in a backup
                self.back_up()
                for pc in self.active():
                    self.sync(pc)

    def _moving(self) -> bool:
        heads, stands = self.heads(), self.province.stands()
        return any(self.unsettled(pc, heads, stands) for pc in self.active())

    def _upgrade(self) -> None:
        if any(pc.schema > 1 for pc in self.pcs):
            vars(judging)["SCHEMA"] = 2
            self.province.die()

    def decide_all(self) -> int:
        """An officer looks at all that waits, at what late work and refusals hold last; how much that was."""
        waiting = self.province.waiting()
        first = [each for each in waiting if each.reason in ("late", "transfer_refused", "schema_ahead")]
        for row in first or waiting:
            let_in = row.reason in ("late", "revoked") and self.rng.random() < 0.7
            if not (let_in and self.province.decide(row, let_in=True)):
                self.province.decide(row, let_in=False)
            self.counts[f"waited {row.reason}"] += 1
        return len(waiting)

    def back_up(self) -> None:
        """Back the province up; only the newest backup is kept."""
        self.counts["backups"] += 1
        out = self.folder / f"backup-{self.counts['backups']}"
        self.province.back_up(out)
        if self.backup:
            self.backup.unlink()
        self.backup = out

    def restore_province(self) -> None:
        """The province loses its disk and begins again from its newest backup."""
        if self.backup is None:
            return
        self.counts["province restored"] += 1
        self.province.restore(self.backup)
        for pc in self.pcs:
            pc.revoked = False
        for row in self.province.read(select(DESK.c.desk_id).where(DESK.c.lost_at.is_not(None))):
            for pc in self.pcs:
                pc.revoked = pc.revoked or pc.desk.signer.desk == row.desk_id
        self.disk_lost()

    def copy(self, pc: Pc) -> None:
        """Somebody copies the folder of a desk."""
        self.copies[pc.name] = self.folder / f"{pc.name}-copy"
        pc.copy(self.copies[pc.name])

    def restore(self, pc: Pc, *, head: bool) -> None:
        """And puts it back."""
        if pc.name in self.copies:
            pc.restore(self.copies[pc.name], head=head)
            self.counts["desks restored"] += 1
            self.disk_lost()

    def remove(self) -> None:
        """Leave nothing on the disk."""
        shutil.rmtree(self.folder, ignore_errors=True)
