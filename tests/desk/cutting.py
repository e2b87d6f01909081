"""A line that breaks: a relay on loopback that lets so many bytes of replies through and then hangs up."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Relay:
    """`budgets` are used up a connection each: bytes let back, None for all; with none left nothing is cut."""

    url: str = ""
    to: int = 0
    budgets: list[int | None] = field(default_factory=list)
    replied: int = 0
    """Bytes the last connection let back."""
    most_up: int | None = None
    most_down: int | None = None
    """Bytes every connection lets through either way before it breaks; None for all."""


@contextmanager
def relay() -> Iterator[Relay]:
    """A relay to port `to` of loopback."""
    listener = socket.create_server(("127.0.0.1", 0))
    line = Relay(f"https://127.0.0.1:{listener.getsockname()[1]}")
    threads: list[threading.Thread] = []

    def accept() -> None:
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            budget = line.budgets.pop(0) if line.budgets else None
            threads.append(threading.Thread(target=_join, args=(line, near, budget)))
            threads[-1].start()

    accepting = threading.Thread(target=accept)
    accepting.start()
    try:
        yield line
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        accepting.join(10)
        for thread in threads:
            thread.join(10)


def _join(line: Relay, near: socket.socket, budget: int | None) -> None:
    line.replied = 0
    budget = line.most_down if budget is None else budget
    with near, socket.create_connection(("127.0.0.1", line.to)) as far:
        asking = threading.Thread(target=_pump, args=(near, far, line.most_up))
        asking.start()
        left = budget
        while data := _received(far):
            if left is not None:
                data, left = data[:left], left - min(left, len(data))
            with suppress(OSError):
                near.sendall(data)
            line.replied += len(data)
            if left == 0:
                break
        for end in (near, far):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        asking.join(10)


def _pump(source: socket.socket, sink: socket.socket, left: int | None) -> None:
    """Hand on until the source is done or `left` bytes went, and say so: a server would hold a silent line open."""
    with suppress(OSError):
        while data := _received(source):
            if left is not None:
                data, left = data[:left], left - min(left, len(data))
            sink.sendall(data)
            if left == 0:
                source.shutdown(socket.SHUT_RDWR)
                break
        sink.shutdown(socket.SHUT_WR)


def _received(source: socket.socket) -> bytes:
    try:
        return source.recv(65_536)
    except OSError:
        return b""
