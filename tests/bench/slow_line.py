"""A thin, long line between a desk and its province, on this machine alone.

Two network namespaces and a veth pair; `tc tbf` keeps either way to its bits a second. Distance is the relay's at the
province's end, for not every kernel can delay packets. Where namespaces or tbf may not be made, the relay alone stands
in, on loopback, and keeps the pace too: `kind` says which it was.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NAMESPACES, STAND_IN = "namespaces and tc tbf", "a pacing relay in Python"
_NEAR, _FAR = "10.203.7.1", "10.203.7.2"
_QUEUED = "32768"
"""Bytes that wait before the thin place, as in a modem; what comes on top is dropped, and TCP sends it again."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Bits a second either way, and milliseconds of a round trip."""

    bits: int = 64_000
    round_trip_ms: int = 300


@dataclass(frozen=True, slots=True)
class SlowLine:
    """`before` begins every command at the desk's end; `url` is the province from there."""

    kind: str
    url: str
    before: tuple[str, ...] = ()

    def sync(self, desk: Path) -> dict[str, Any]:
        """Sync the desk of a folder from its end: what `far_desk` says, and the bytes of whole packets where a line
        counts them."""
        first = self._passed()
        said: dict[str, Any] = json.loads(_run(*self.before, *_python("tests.bench.far_desk", str(desk), self.url)))
        if first:
            said["packet_bytes"] = {way: passed - first[way] for way, passed in self._passed().items()}
        return said

    def _passed(self) -> dict[str, int]:
        if not self.before:
            return {}
        stats = json.loads(_run(*self.before, "ip", "-json", "-statistics", "link", "show", "near"))[0]["stats64"]
        return {"up": stats["tx"]["bytes"], "down": stats["rx"]["bytes"]}


@contextmanager
def slow_line(province: Path, pace: Pace, *, stand_in: bool = False) -> Iterator[SlowLine]:
    """The line to the province of this folder, which serves while it lasts."""
    with ExitStack() as stack:
        ends = None
        if not stand_in:
            try:
                ends = stack.enter_context(_namespaces(pace.bits))
            except (OSError, subprocess.CalledProcessError):
                ends = None
        if ends:
            desk, far = ends
            url = stack.enter_context(_served(province, _FAR, Pace(0, pace.round_trip_ms), far))
            yield SlowLine(NAMESPACES, url, desk)
        else:
            yield SlowLine(STAND_IN, stack.enter_context(_served(province, "127.0.0.1", pace, ())))


@contextmanager
def _namespaces(bits: int) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """How commands begin in each of the two; they are gone afterwards, and what is between them."""
    names = [f"pishkhan-{end}-{os.getpid()}" for end in ("near", "far")]
    near, far = (("ip", "netns", "exec", name) for name in names)
    with ExitStack() as made:
        for name in names:
            _run("ip", "netns", "add", name)
            made.callback(_run, "ip", "netns", "delete", name)
        _run("ip", "link", "add", "near", "netns", names[0], "type", "veth", "peer", "name", "far", "netns", names[1])
        for inside, end, address in ((near, "near", _NEAR), (far, "far", _FAR)):
            _run(*inside, "ip", "link", "set", "lo", "up")
            _run(*inside, "ip", "address", "add", f"{address}/30", "dev", end)
            _run(*inside, "ip", "link", "set", end, "up")
            tbf = ("tbf", "rate", f"{bits}bit", "burst", "1600", "limit", _QUEUED)
            _run(*inside, "tc", "qdisc", "add", "dev", end, "root", *tbf)
        yield near, far


@contextmanager
def _served(province: Path, host: str, pace: Pace, before: tuple[str, ...]) -> Iterator[str]:
    """The province behind the relay, each in a process of its own: the address desks are told."""
    inner, outer = _free_port(), _free_port()
    url = f"https://{host}:{outer}"
    serve = _python("server", "serve", "--data-dir", str(province), "--port", str(inner), "--url", url)
    relay = _python("tests.bench.relay", host, str(outer), str(inner), str(pace.round_trip_ms), str(pace.bits))
    with _started(*before, *serve), _started(*before, *relay):
        yield url


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port


@contextmanager
def _started(*command: str) -> Iterator[None]:
    """A process that said its first line, stopped afterwards."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            if process.stdout is None or not process.stdout.readline():
                raise RuntimeError(f"{command} didn't come up")
            yield
        finally:
            process.terminate()


def _python(module: str, *words: str) -> tuple[str, ...]:
    return (sys.executable, "-m", module, *words)


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
