"""Snapshots and files are carried in pieces: kill -9 between any two of them, on either side, costs none that came."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, func, select, text

from db import blobs, feed, verify
from db.models.snapshot import SnapshotPiece
from desktop.domain import blobs as named
from desktop.domain import identifiers
from desktop.sync import blobs as channel
from desktop.sync import enrol, link, round_trip
from server import config
from server import snapshot as province_snapshot
from tests.day.province import command
from tests.desk import opened, postgres, provinces
from tests.desk.provinces import Province

pytestmark = pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
SCAN = random.Random(2).randbytes(4 * named.PIECE + 5)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(province_snapshot, "PIECE", 400)
    monkeypatch.setattr(channel, "SECONDS", 3_600)


@pytest.fixture
def province(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Province]:
    monkeypatch.setattr("desktop.seal.passwords.Cost", provinces.cheap_codes)
    with provinces.founded(tmp_path / "province", opened.CENTRE) as made:
        yield made


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    with postgres.running() as address:
        yield address


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(request: pytest.FixtureRequest) -> Iterator[str | None]:
    if request.param == "sqlite":
        yield None
        return
    address = request.getfixturevalue("cluster")
    name = f"p{uuid4().hex}"
    above = create_engine(address.format(name="postgres"), isolation_level="AUTOCOMMIT")
    with above.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield address.format(name=name)
    above.dispose()


def dies(folder: Path, word: str, count: int) -> bool:
    """Whether the sync was killed; it came to its end else."""
    asked = [sys.executable, "-m", "tests.faults.dying_sync", str(folder), word, str(count)]
    done = subprocess.run(asked, check=False, capture_output=True, text=True, timeout=120)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode != 0


def test_a_desk_killed_between_pieces_of_a_snapshot(tmp_path: Path, province: Province) -> None:
    clock = opened.Clock(config.now_us())
    one, folder = opened.found(tmp_path / "one"), opened.found(tmp_path / "two")
    with province.serving() as url:
        with opened.opened(one, clock) as desk, opened.opened(folder, clock) as two:
            enrol.enrol(desk, url, province.code(opened.CENTRE))
            work = opened.at_work(desk)
            for _ in range(4):
                work.whole()
            round_trip.sync(desk)
            enrol.enrol(two, url, province.code(opened.CENTRE))
        kept = [0]
        for count in (1, 2, 2, 3, 2):
            assert dies(folder, "/snapshot", count)
            with opened.opened(folder, clock) as two, two.reading() as session:
                kept.append(session.scalar(select(func.count()).select_from(SnapshotPiece)) or 0)
                assert feed.position(session).base == 0
        assert kept == sorted(kept)
        assert kept[-1] >= 5, "each that came stayed"
        assert not dies(folder, "/snapshot", 1_000)
        with opened.opened(folder, clock) as two:
            assert verify.verify(two.engine, two.signer.desk, two.signer.realm).clean


def test_a_desk_killed_between_pieces_of_a_file(tmp_path: Path, province: Province) -> None:
    clock = opened.Clock(config.now_us())
    folders = [opened.found(tmp_path / name) for name in ("one", "two")]
    with province.serving() as url:
        for folder in folders:
            with opened.opened(folder, clock) as desk:
                enrol.enrol(desk, url, province.code(opened.CENTRE))
                round_trip.sync(desk)
                with desk.writing() as session:
                    if folder is folders[0]:
                        blobs.keep(session, SCAN, identifiers.new())
                    else:
                        blobs.want(session, named.name(SCAN), identifiers.new())
        for folder, standing in zip(folders, ("sent", "here"), strict=True):
            for count in (1, 2, 1, 2):
                assert dies(folder, "/blob/", count)
            assert not dies(folder, "/blob/", 1_000)
            with opened.opened(folder, clock) as desk, desk.reading() as session:
                assert blobs.standing(session, named.name(SCAN)) == standing
                assert blobs.read(session, named.name(SCAN)) == SCAN


@contextmanager
def process(folder: Path, database: str | None, port: int) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The province in its own process, killed at the end whatever it does."""
    where = ["--data-dir", str(folder), *(["--database", database] if database else [])]
    with subprocess.Popen(
        [sys.executable, "-m", "server", "serve", "--port", str(port), *where],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    ) as serving:  # fmt: skip
        assert serving.stdout is not None
        try:
            yield serving, json.loads(serving.stdout.readline())["url"]
        finally:
            serving.kill()
            serving.wait(20)


def test_a_province_killed_between_pieces_of_a_file(
    tmp_path: Path, database: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed before a piece, or in the moment after it said it holds one: what it said it holds, it holds."""
    folder, root = tmp_path / "province", tmp_path / "root.json"
    command(folder, database, "init", "--province", "training", "--root-out", str(root))
    command(folder, database, "centre", "add", opened.CENTRE, "مرکز")
    real, held, port, rounds = link.Caller.call, list[int](), 0, 0
    with opened.opened(opened.found(tmp_path / "one"), opened.Clock(config.now_us())) as desk:
        with desk.writing() as session:
            name = blobs.keep(session, SCAN, identifiers.new())
        standing = "unsent"
        while standing == "unsent":
            rounds += 1
            assert rounds < 20
            with process(folder, database, port) as (serving, url):
                if not port:
                    port = int(url.rpartition(":")[2])
                    enrol.enrol(desk, url, command(folder, database, "enrol-code", opened.CENTRE)["code"])
                before = rounds % 2

                def call(
                    self: link.Caller, method: str, target: str, *rest: object,
                    before: int = before, serving: subprocess.Popen[str] = serving,
                ) -> object:  # fmt: skip
                    if method == "PATCH" and before and held and len(held) % 2:
                        serving.kill()
                        serving.wait(20)
                    reply: object = real(self, method, target, *rest)  # type: ignore[arg-type]
                    if method == "PATCH":
                        held.append(getattr(reply, "held", 0))
                        serving.kill()
                        serving.wait(20)
                    return reply

                with monkeypatch.context() as patch:
                    patch.setattr(link.Caller, "call", call)
                    round_trip.sync(desk)
            with desk.reading() as session:
                standing = str(blobs.standing(session, name))
        assert held == [*range(named.PIECE, len(SCAN), named.PIECE), len(SCAN)], "each piece once"
        assert rounds >= len(held)
