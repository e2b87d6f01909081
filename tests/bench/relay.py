"""`python -m tests.bench.relay HOST PORT TO ROUND_TRIP_MS BITS`: hands TCP on to port TO of this machine, from afar.

What goes in comes out half a round trip later; a connection is met a whole one late, as its handshake would be. With
BITS, either way lets no more than so many through a second, all connections together; 0 is no limit.
"""

from __future__ import annotations

import queue
import socket
import sys
import threading
import time
from contextlib import suppress

_CHUNK = 1_448  # a packet's worth, so that the pace is even
_WAITING = 64


class _Way:
    """One direction: late by `late` seconds, and no faster than `bits` a second."""

    def __init__(self, late: float, bits: int) -> None:
        self._late, self._bits = late, bits
        self._free = 0.0
        self._lock = threading.Lock()

    def through(self, size: int) -> float:
        """When so many bytes that came now are through the thin place; waits while it is full."""
        if not self._bits:
            return time.monotonic() + self._late
        with self._lock:
            self._free = max(self._free, time.monotonic()) + size * 8 / self._bits
            free = self._free
        _until(free)
        return free + self._late


def _until(at: float) -> None:
    if (left := at - time.monotonic()) > 0:
        time.sleep(left)


def _pump(source: socket.socket, sink: socket.socket, way: _Way) -> None:
    waiting: queue.Queue[tuple[float, bytes]] = queue.Queue(_WAITING)
    out = threading.Thread(target=_let_out, args=(waiting, sink), daemon=True)
    out.start()
    data = b"."
    while data:
        try:
            data = source.recv(_CHUNK)
        except OSError:
            data = b""
        waiting.put((way.through(len(data)), data))
    out.join()


def _let_out(waiting: queue.Queue[tuple[float, bytes]], sink: socket.socket) -> None:
    while True:
        at, data = waiting.get()
        _until(at)
        with suppress(OSError):
            if not data:
                sink.shutdown(socket.SHUT_WR)
                return
            sink.sendall(data)


def _join(near: socket.socket, to: int, up: _Way, down: _Way, round_trip: float) -> None:
    time.sleep(round_trip)
    with near, socket.create_connection(("127.0.0.1", to)) as far:
        for end in (near, far):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        asking = threading.Thread(target=_pump, args=(near, far, up), daemon=True)
        asking.start()
        _pump(far, near, down)
        asking.join()


def main(host: str, port: str, to: str, round_trip_ms: str, bits: str) -> None:
    """Until it is told to stop; a line on stdout when it listens."""
    round_trip = int(round_trip_ms) / 1_000
    up, down = (_Way(round_trip / 2, int(bits)) for _ in range(2))
    with socket.create_server((host, int(port))) as listener:
        sys.stdout.write(f"{listener.getsockname()[1]}\n")
        sys.stdout.flush()
        while True:
            near, _ = listener.accept()
            threading.Thread(target=_join, args=(near, int(to), up, down, round_trip), daemon=True).start()


if __name__ == "__main__":
    main(*sys.argv[1:])
