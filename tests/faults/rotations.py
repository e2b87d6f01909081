"""Kill -9 while people leave: the key of the database changes at once or not at all, and no leaver opens anything."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from db import verify
from db.vault import read
from desktop import desk as desks
from desktop import keyholders
from desktop.domain.faults import Known
from tests.desk.opened import CHEAP, PASSWORD, found

STAYS, HERS = "بهار سروستان", "باغِ انار و ماه"
_PATIENCE_S = 120


@dataclass
class Rotated:
    """What a loop of kills came to; `wrong` says in words what should not be."""

    kills: int = 0
    visits: int = 0
    leavers: int = 0
    generation: int = 0
    wrong: list[str] = field(default_factory=list)


def loop(folder: Path, kills: int, seed: int, writer: str = "tests.faults.rotating_writer") -> Rotated:
    """Kill the writer that many times at a seeded moment, and look at what is left after each."""
    rng, said = Random(seed), Rotated()
    desk_folder, acks = found(folder / "desk"), folder / "acks"
    acks.touch()
    desk = desks.unlock(desk_folder, desks.users(desk_folder)[0][0], PASSWORD)
    desk.cost = CHEAP
    keyholders.add(desk, STAYS, ["receptionist"], HERS)
    desk.close()
    for number in range(kills):
        _run_and_kill(desk_folder, acks, seed + number, rng.uniform(0.0, 1.5), writer)
        said.kills += 1
        _judge(desk_folder, acks, said)
        if said.wrong:
            break
    return said


def _run_and_kill(folder: Path, acks: Path, seed: int, delay: float, writer: str) -> None:
    before = acks.stat().st_size
    command = [sys.executable, "-m", writer, "--data-dir", str(folder), "--acks", str(acks), "--seed", str(seed)]
    process = subprocess.Popen(command, env={**os.environ, "PISHKHAN_PASSWORD": PASSWORD})
    try:
        until = time.monotonic() + _PATIENCE_S
        while acks.stat().st_size == before:
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError("nothing was acknowledged")
            time.sleep(0.002)
        time.sleep(delay)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def _judge(folder: Path, acks: Path, said: Rotated) -> None:
    lines = [line.split(" ", 2) for line in acks.read_text("utf-8").split("\n")[:-1]]
    visits = {each[1]: each[2] for each in lines if each[0] == "v"}
    leavers = [(each[1], each[2]) for each in lines if each[0] == "l"]
    said.visits, said.leavers = len(visits), len(leavers)
    staying = desks.users(folder)[:2]
    for (user, name), password in zip(staying, (PASSWORD, HERS), strict=True):
        try:
            desk = desks.unlock(folder, user, password)
        except Known as fault:
            said.wrong.append(f"{name} doesn't open it: {fault.code}")
            return
        if desk.head != "ok":
            said.wrong.append(f"{name}: the head is {desk.head}")
        if password == PASSWORD:
            result = verify.verify(desk.engine, desk.signer.desk, desk.signer.realm, visits)
            said.wrong += [] if result.clean else [f"missing {len(result.missing)}, {result}"]
        desk.close()
    there = {user for user, _ in desks.users(folder)}
    said.wrong += [f"leaver {user} has a slot" for user, _ in leavers if user in there]
    said.generation = max(said.generation, read(folder).generation)
    for user, password in leavers[-1:]:
        _try_old_vault(folder, acks.parent / f"vault-{user}.json", user, password, said)


def _try_old_vault(folder: Path, vault: Path, user: str, password: str, said: Rotated) -> None:
    """The leaver's vault of before, beside the database as it is now."""
    with TemporaryDirectory() as temporary:
        mixed = Path(temporary)
        for file in folder.glob("pishkhan*"):
            shutil.copy(file, mixed / file.name)
        shutil.copy(vault, mixed / "vault.json")
        named = read(mixed).database
        for name in (named, *(each.name for each in folder.glob("pishkhan*.db"))):
            if name != named and not (mixed / named).exists():
                shutil.copy(mixed / name, mixed / named)
            try:
                desks.unlock(mixed, user, password)
            except Known:
                continue
            said.wrong.append(f"leaver {user} opens {name} with an old vault")
