"""What a desk says of its own health, and that the province shows it: numbers, nothing of any person."""

from __future__ import annotations

from typing import Any

from desktop.desk import Desk
from desktop.domain import program
from desktop.sync import courier as stick
from desktop.sync import enrol, round_trip
from server import courier as counter
from server.config import Province as Running
from tests.day.province import command
from tests.desk import opened
from tests.desk.provinces import Province


def said(province: Province) -> dict[str, Any]:
    centres = command(province.folder, None, "status")["centres"]
    (one,) = next(each["reports"] for each in centres if each["centre_id"] == opened.CENTRE)
    found: dict[str, Any] = one
    return found


def test_every_greeting_tells_how_the_desk_is(desk: Desk, province: Province) -> None:
    with province.serving() as url:
        enrol.enrol(desk, url, province.code(opened.CENTRE))
        assert said(province)["reported_at"] is None, "silence is no health"
        opened.at_work(desk).whole()
        round_trip.sync(desk)
        first = said(province)
    assert (first["desk"], first["version"], first["fault"]) == (desk.signer.desk, program.version(), "")
    assert first["unsent"] > 0
    assert first["oldest_unsent"] > 0
    assert first["free_bytes"] > 0
    assert first["conflicts"] == first["quarantined"] == first["unknown"] == 0
    counter.take(Running(province.engine, province.identity), stick.write(desk)[1])
    by_stick = said(province)
    assert by_stick["unsent"] == 0
    assert by_stick["reported_at"] > first["reported_at"], "a stick tells it too"
