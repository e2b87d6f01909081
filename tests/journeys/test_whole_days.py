"""Whole days: on PostgreSQL as a province would have it, and with a name that must be found nowhere."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.actions import intake
from desktop.desk import Desk
from desktop.domain.faults import Known
from desktop.domain.intake import HouseholdEntry, PersonEntry, WalkIn
from desktop.machine import logs
from desktop.paperwork import Paperwork
from tests.desk import opened, postgres
from ui import tasks

CANARY = "قناری‌زاده‌پور"
CANARY_ID = "9990000336"
ROOT = Path(__file__).parents[2]


@pytest.mark.postgresql
def test_a_day_on_postgresql_ends_with_the_same_state_on_both_sides(tmp_path: Path) -> None:
    """`./run --day DIR --database URL`, in its own process as outside checks call it."""
    with postgres.running() as address:
        url = address.format(name="postgres")
        done = subprocess.run(
            [sys.executable, "-m", "tests.day", str(tmp_path / "day"), "--visits", "6", "--seed", "7",
             "--database", url],
            cwd=ROOT, capture_output=True, text=True, check=False, timeout=240,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    day = json.loads((tmp_path / "day" / "day.json").read_text("utf-8"))
    assert day["province"] == {"visits": len(day["visits"]), "centres": 1, "desks": 1}
    assert all(each["accepted"] for each in day["visits"])
    assert {each["variant"] for each in day["documents"] if each["kind"] == "intake_receipt"} == {
        "standard", "large", "giant", "contrast",
    }  # fmt: skip
    assert not (tmp_path / "day" / "server.db").exists()


def spellings() -> list[bytes]:
    """The canary as it could lie about: UTF-8, UTF-16, its ID in ASCII and Persian digits."""
    persian = CANARY_ID.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    words = (CANARY, CANARY_ID, persian)
    return [word.encode(coding) for word in words for coding in ("utf-8", "utf-16-le", "utf-16-be")]


def test_a_client_is_named_nowhere_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Security 35: database, its log, drafts, temporary folder, logs, and every file the desk leaves."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    folder = opened.found(tmp_path / "desk")
    (folder / "logs").mkdir()
    handler = logs.start(folder / "logs")
    try:
        with opened.opened(folder) as desk:
            _a_visit(desk)
            logging.getLogger("desk").error("intake.failed %s %s", CANARY_ID, "09990000000")
            tasks.failure_of(ValueError(f"{CANARY} {CANARY_ID}"))
            _search(folder, temporary, "while the desk is open")
    finally:
        logs.stop(handler)
    _search(folder, temporary, "after it was closed")
    assert "window.bug" in "".join(path.read_text("utf-8") for path in (folder / "logs").iterdir())


def _a_visit(desk: Desk) -> None:
    entry = PersonEntry(
        national_id=CANARY_ID, given_name="آوا", family_name=CANARY, father_name="یونس", birth="1401-01-12",
        sex="female", mobile="09990000000",
    )  # fmt: skip
    walk_in = WalkIn(person=entry, household=HouseholdEntry(address=CANARY), service="VISION_SCREENING", reason=CANARY)
    with desk.writing() as session:
        done, _ = intake.register(session, desk.pen, desk.actor, desk.centre, walk_in, desk.now())
    titles: list[str] = []

    def send(_pages: object, _printer: str, title: str) -> str:
        titles.append(title)
        return "accepted"

    paperwork = Paperwork(desk, lambda _changed: None, choose=lambda _wanted: "printer", send=send)  # type: ignore[arg-type]
    document_id = paperwork.issue("intake_receipt", done.visit_id)
    paperwork.send(document_id)
    assert titles
    assert CANARY not in titles[0]
    with pytest.raises(Known), desk.writing() as session:
        intake.register(session, desk.pen, desk.actor, desk.centre, walk_in, desk.now())


def _search(folder: Path, temporary: Path, when: str) -> None:
    """Every byte of every file; a file is named if it holds the canary."""
    files = [Path(at) / name for top in (folder, temporary) for at, _, names in os.walk(top) for name in names]
    assert any(path.suffix == ".db" for path in files)
    for path in files:
        data = path.read_bytes()
        assert not any(spelling in data for spelling in spellings()), f"{path.name} names the client {when}"
