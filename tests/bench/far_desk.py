"""`python -m tests.bench.far_desk FOLDER URL`: sync the desk of a folder with the province at URL; JSON says how long.

`usable_s`: until the desk has all that is new, from a snapshot or by the feed; `s` until files and the history behind a
snapshot had their share of the line too.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

from desktop.sync import link, round_trip
from desktop.sync.http import Tally, address
from server import config
from tests.desk import opened


def main(folder: str, url: str) -> None:
    said: dict[str, Any] = {}
    tally = Tally()

    def usable(*asked: Any) -> None:
        said["usable_s"] = round(time.monotonic() - begun, 2)
        said["usable"] = {"round_trips": tally.round_trips, "up": tally.bytes_up, "down": tally.bytes_down}
        afterwards(*asked)

    afterwards = round_trip._afterwards
    with opened.opened(Path(folder), opened.Clock(config.now_us())) as desk:
        with desk.writing() as session:
            link.save(session, replace(link.load(session), server=address(url)))
        with mock.patch.object(round_trip, "_afterwards", usable):
            begun = time.monotonic()
            report = round_trip.sync(desk, tally)
            said["s"] = round(time.monotonic() - begun, 2)
    said |= {
        "pushed": report.pushed, "pulled": report.pulled, "begun": tally.begun, "round_trips": tally.round_trips,
        "http_bytes": {"up": tally.bytes_up, "down": tally.bytes_down},
    }  # fmt: skip
    sys.stdout.write(json.dumps(said) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
