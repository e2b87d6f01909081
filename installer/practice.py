"""A practice desk with a province of its own on loopback: `python -m installer.practice [--data-dir DIR]`.

The first time it founds both and joins them; after that it starts the province and opens the desk.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from desktop import admin
from desktop.machine import paths

CENTRE = "124"
PASSWORD = "tamrin-1405"  # noqa: S105  (of invented people; shown at the login)


def main() -> int:
    """Found what isn't there, serve, open the window; stop the province when it closes."""
    parser = argparse.ArgumentParser(prog="python -m installer.practice", description=__doc__)
    parser.add_argument("--data-dir", type=Path)
    folder = paths.prepare(parser.parse_args().data_dir, training=True).root
    province = folder / "province"
    new = not (province / "province.json").exists()
    if new:
        _server(province, "init", "--province", "training", "--root-out", str(folder / "province-root.json"))
        _server(province, "centre", "add", CENTRE, _names()["centre"])
    serving = subprocess.Popen(  # noqa: S603
        [
            sys.executable,
            "-m",
            "server",
            "serve",
            "--port",
            "0" if new else str(_port(folder)),
            "--data-dir",
            str(province),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    signal.signal(signal.SIGTERM, _stop)  # so that the province ends with the desk, however that is ended
    try:
        assert serving.stdout is not None  # noqa: S101
        url = json.loads(serving.stdout.readline())["url"]
        if new:
            (folder / "province-url.txt").write_text(url, "ascii")
            _join(folder, province, url)
        sys.stderr.write(f"The province: {url}   password at the desk: {PASSWORD}\n")
        from desktop import app  # Qt is loaded once there is something to show

        return app.main(["--training", "--data-dir", str(folder), "--say-at-login", _names()["login"]])
    finally:
        serving.terminate()
        serving.wait()


def _stop(_number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(128 + signal.SIGTERM)


def _port(folder: Path) -> int:
    """The port the desk was joined at; its pin is of the key, so the same key must answer there."""
    return int((folder / "province-url.txt").read_text("ascii").rsplit(":", 1)[1])


def _join(folder: Path, province: Path, url: str) -> None:
    code = _server(province, "enrol-code", CENTRE)["code"]
    where = ["--data-dir", str(folder)]
    founding = ["init", "--province", "training", "--centre", CENTRE, "--name", _names()["centre"], "--training"]
    for words in ([*founding, "--manager", _names()["manager"]], ["enrol", "--server", url, "--code", code]):
        os.environ[admin.PASSWORD] = PASSWORD
        if admin.main([*words, *where]):
            raise SystemExit("the practice desk could not be made")


def _names() -> dict[str, str]:
    from desktop.domain import texts

    return {name: texts.say(f"practice.{name}", password=PASSWORD) for name in ("centre", "manager", "login")}


def _server(province: Path, *words: str) -> Any:
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "server", *words, "--data-dir", str(province)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return json.loads(done.stdout)


if __name__ == "__main__":
    sys.exit(main())
