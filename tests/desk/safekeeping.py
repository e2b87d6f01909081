"""A desk whose manager's spare keys the province keeps, and the province's people who give them back."""

from __future__ import annotations

from pathlib import Path

from desktop import keyholders
from desktop.seal import keys as sealing
from desktop.seal import recovery_request
from desktop.seal.keys import BoxKey
from desktop.seal.recovery_request import Asked
from desktop.sync import enrol, round_trip
from server import config, keys, orders, recoveries, store
from tests.desk import opened
from tests.desk.provinces import Province

OFFICERS = {name: sealing.sign_key() for name in ("افسر الف", "افسر ب")}
BOTH = tuple(OFFICERS)


def sealed(folder: Path, province: Province) -> Path:
    """The folder of a desk that sealed its manager's spare keys to the province, and has been closed."""
    opened.found(folder)
    with opened.opened(folder, opened.Clock(config.now_us())) as desk, province.serving():
        enrol.enrol(desk, province.url, province.code(opened.CENTRE))
        round_trip.sync(desk)
        assert keyholders.seal_to_province(desk)
        opened.at_work(desk).whole()
        round_trip.sync(desk)
    with store.writing(province.engine) as connection:
        for name, key in OFFICERS.items():
            orders.add_officer(connection, name, sealing.public_of(key))
    return folder


def approved(asked: Asked, by: tuple[str, ...] = BOTH) -> Asked:
    """The request once these officers heard its digits."""
    for name in by:
        asked = recovery_request.approve(asked, name, OFFICERS[name], "training")
    return asked


def root_of(province: Province) -> BoxKey:
    """The recovery key on the province's stick."""
    return keys.read_recovery(province.folder.with_suffix(".root"))


def answer(province: Province, asked: Asked, recovery: BoxKey | None = None) -> bytes:
    """The province's answer. Raises Known."""
    with store.writing(province.engine) as connection:
        by = recovery or root_of(province)
        return recoveries.answer(connection, province.identity, asked, by, province.folder, config.now_us())
