"""A practice desk with a province of its own on loopback: `python -m installer.practice [--data-dir DIR]`.

The first time it founds both and joins them; after that it starts the province and opens the desk.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any

from desktop import admin
from desktop.domain.faults import Known
from desktop.machine import paths
from desktop.machine.single_instance import held

CENTRE = "124"
PASSWORD = "tamrin-1405"  # noqa: S105  (of invented people; shown at the login)
_PATIENCE = 15
_ENDED = 128 + signal.SIGTERM


def main() -> int:
    """Found what isn't there, serve, open the window; stop the province when it closes. 1 where one is open already."""
    parser = argparse.ArgumentParser(prog="python -m installer.practice", description=__doc__)
    parser.add_argument("--data-dir", type=Path)
    try:
        return _practise(paths.prepare(parser.parse_args().data_dir, training=True).root)
    except Known as fault:
        sys.stderr.write("\n".join(fault.parts()) + "\n")
        return 1


def _practise(folder: Path) -> int:
    province = folder / "province"
    new = not (province / "province.json").exists()
    if new:
        _server(province, "init", "--province", "training", "--root-out", str(folder / "province-root.json"))
        _server(province, "centre", "add", CENTRE, _names()["centre"])
    port = "0" if new else str(_port(folder))
    serving = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "server", "serve", "--port", port, "--data-dir", str(province)],
        stdout=subprocess.PIPE,
        text=True,
    )
    stopped = _end_with(serving)
    try:
        assert serving.stdout is not None  # noqa: S101
        said = serving.stdout.readline()
        if not said and held(paths.Places(folder).lock):  # it couldn't take its port: a practice is going on
            raise Known("practice-running")
        # Without an answer an earlier practice was killed and its province lives: it is as good as a new one.
        url = json.loads(said)["url"] if said else (folder / "province-url.txt").read_text("ascii")
        if new:
            (folder / "province-url.txt").write_text(url, "ascii")
            _join(folder, province, url)
        sys.stderr.write(f"The province: {url}   password at the desk: {PASSWORD}\n")
        from desktop import app  # Qt is loaded once there is something to show

        ended = app.main(["--training", "--data-dir", str(folder), "--say-at-login", _names()["login"]])
        return _ENDED if stopped.is_set() else ended
    finally:
        serving.terminate()
        serving.wait()


def _end_with(serving: subprocess.Popen[str]) -> threading.Event:
    """However this process is asked to end, the province ends with it; returns what is set then.

    Python answers a signal only between its own steps and the window's loop has none while nobody touches it. So the
    signal is heard by a thread, which stops the province, asks the window to close as its user would, and doesn't wait
    for ever.
    """
    stopped = threading.Event()
    heard, told = socket.socketpair()
    told.setblocking(False)
    signal.set_wakeup_fd(told.fileno(), warn_on_full_buffer=False)
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, _heard)

    def wait() -> None:
        heard.recv(1)
        told.fileno()  # kept open while signals may come
        stopped.set()
        serving.terminate()
        asked = _ask_the_window()
        with suppress(subprocess.TimeoutExpired):
            serving.wait(_PATIENCE)
        if asked:
            threading.Event().wait(_PATIENCE)
        serving.kill()
        os._exit(_ENDED)

    threading.Thread(target=wait, daemon=True).start()
    return stopped


def _heard(_number: int, _frame: FrameType | None) -> None:
    """The thread does what follows."""


def _ask_the_window() -> bool:
    """Whether there is a window to close; it is asked as its own close button would."""
    core: Any = sys.modules.get("PySide6.QtCore")
    application = core.QCoreApplication.instance() if core else None
    if application is None:
        return False
    core.QCoreApplication.postEvent(application, core.QEvent(core.QEvent.Type.Quit))
    return True


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
