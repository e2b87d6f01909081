"""Processes that are killed: forked from a parent that has everything loaded, so that a life costs no start."""

from __future__ import annotations

import faulthandler
import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from desktop.domain import identifiers

_PATIENCE_S = 60


def fork(work: Callable[[], object], log: Path) -> int:
    """Do `work` in a process of its own, its words in `log`; the pid. It exits with what `work` returns, 70 for what
    was raised. The parent must have one thread."""
    pid = os.fork()
    if pid:
        return pid
    code = 70
    try:
        os.setpgid(0, 0)  # an interrupted terminal must not kill what the parent ends in order
        words = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        for stream in (1, 2):
            os.dup2(words, stream)
        faulthandler.enable(2)
        identifiers.new = identifiers.Mint().new  # the parent's would count on from the same id in every child
        done = work()
        code = done if isinstance(done, int) else 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def ended(pid: int) -> int | None:
    """How a child ended: its exit code, the negative of the signal that killed it; None while it lives."""
    found, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if found else None


def wait(pid: int, seconds: float = _PATIENCE_S) -> int:
    """Wait for a child to end. One that doesn't is killed: -9."""
    until = time.monotonic() + seconds
    while (code := ended(pid)) is None:
        if time.monotonic() > until:
            return kill(pid)
        signal.sigtimedwait({signal.SIGCHLD}, 0.2)
    return code


def kill(pid: int) -> int:
    """Kill -9, and the way it ended: it may have been quicker."""
    os.kill(pid, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


class Journal:
    """A file of JSON lines that outlives the process that writes it."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def say(self, line: dict[str, Any], *, synced: bool = False) -> None:
        """Add a line in one write; `synced` returns when it is on disk."""
        os.write(self._file, json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
        if synced:
            os.fsync(self._file)
