"""A screen of its own for the real application: an X server in memory, a window manager, the accessibility bus."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

SIZE = "1366x768x24"
SYSTEM_PYTHON = "/usr/bin/python3"
"""Debian's own: pyatspi is a package of the system and not of the locked environment."""
PATIENCE = 60.0
_LOOK_S = 0.02
_LAUNCHER = "/usr/libexec/at-spi-bus-launcher"
Answer = TypeVar("Answer")


def until(look: Callable[[], Answer], words: str, patience: float = PATIENCE) -> Answer:
    """What `look` says as soon as that is something; AssertionError when patience ends."""
    deadline = time.monotonic() + patience
    while not (seen := look()):
        if time.monotonic() > deadline:
            raise AssertionError(f"it never came to this: {words}")
        time.sleep(_LOOK_S)
    return seen


@dataclass(frozen=True, slots=True)
class Display:
    """What a process needs to be seen on that screen."""

    environment: Mapping[str, str]

    def run(self, *command: str) -> str:
        """Run a small tool to its end; what it printed."""
        done = subprocess.run(
            command, env=dict(self.environment), capture_output=True, text=True, timeout=PATIENCE, check=False
        )
        assert done.returncode == 0, f"{command}: {done.stderr}"
        return done.stdout


@contextmanager
def ended(process: subprocess.Popen[str], patience: float = 20) -> Iterator[subprocess.Popen[str]]:
    """A process of ours that is over when the block is: asked first, then made to."""
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(patience)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


def _started(
    command: Sequence[str], environment: Mapping[str, str], log: Path,
    *, cwd: Path | None = None, pass_fds: Sequence[int] = (),
) -> subprocess.Popen[str]:  # fmt: skip
    with log.open("ab") as errors:
        return subprocess.Popen(
            list(command), env=dict(environment), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors,
            text=True, cwd=cwd, pass_fds=pass_fds,
        )  # fmt: skip


def missing() -> list[str]:
    """The programs of the system that these tests need and that aren't here."""
    wanted = ("Xvfb", "openbox", "xdotool", "setxkbmap", "xkbcomp", "dbus-daemon", _LAUNCHER, SYSTEM_PYTHON)
    return [name for name in wanted if shutil.which(name) is None]


@contextmanager
def display(folder: Path) -> Iterator[Display]:
    """A screen with a window manager and a session bus whose accessibility is on. `folder` holds logs and homes."""
    assert not missing(), f"not installed: {missing()}"
    for name in ("home", "run"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "run").chmod(0o700)
    log = folder / "display.log"
    kept = ("PATH", "PYTHONPATH", "PYTHONUTF8", "LC_ALL", "LANG", "TMPDIR")
    environment = {
        **{name: os.environ[name] for name in kept if name in os.environ}, "HOME": str(folder / "home"),
        "XDG_RUNTIME_DIR": str(folder / "run"), "NO_AT_BRIDGE": "0", "GSETTINGS_BACKEND": "memory",
        "PYTHONDONTWRITEBYTECODE": "1",
    }  # fmt: skip
    with ExitStack() as stack:
        read, write = os.pipe()
        command = ("Xvfb", "-displayfd", str(write), "-screen", "0", SIZE, "-nolisten", "tcp", "-noreset")
        server = stack.enter_context(ended(_started(command, environment, log, pass_fds=(write,))))
        os.close(write)
        with os.fdopen(read) as number:
            said = number.readline().strip()
        assert said, f"no X server: {server.poll()} {log.read_text('utf-8', 'replace')}"
        environment["DISPLAY"] = f":{said}"
        bus = ("dbus-daemon", "--session", "--nofork", "--print-address", "--nopidfile")
        daemon = stack.enter_context(ended(_started(bus, environment, log)))
        assert daemon.stdout is not None
        environment["DBUS_SESSION_BUS_ADDRESS"] = daemon.stdout.readline().strip()
        launcher = (_LAUNCHER, "--launch-immediately", "--a11y=1", "--screen-reader=1")
        stack.enter_context(ended(_started(launcher, environment, log)))
        stack.enter_context(ended(_started(("openbox", "--sm-disable"), environment, log)))
        made = Display(environment)
        ask = (
            "dbus-send", "--session", "--print-reply", "--dest=org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus.GetAddress"
        )  # fmt: skip
        until(lambda: subprocess.run(ask, env=environment, capture_output=True, check=False).returncode == 0, "its bus")
        until(lambda: "window id" in made.run("xprop", "-root", "_NET_SUPPORTING_WM_CHECK") or "", "a window manager")
        yield made


@contextmanager
def running(display: Display, folder: Path, *, printer: Path | None = None) -> Iterator[subprocess.Popen[str]]:
    """The application in its own process, as `./run` starts it; with `printer`, a folder its pages go to as PDF."""
    module = ["desktop"] if printer is None else ["tests.access.with_printer", str(printer)]
    command = [sys.executable, "-m", *module, "--training", "--data-dir", str(folder)]
    environment = {**display.environment, "QT_QPA_PLATFORM": "xcb", "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}
    with ended(_started(command, environment, folder / "window.log", cwd=Path(__file__).parents[2])) as process:
        yield process
