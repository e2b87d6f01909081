"""What holds for every test: no screen needed, no blinking caret, the same examples each time, no network."""

from __future__ import annotations

import ipaddress
import os
import socket
from typing import Any

import pytest
from hypothesis import settings
from PySide6.QtWidgets import QApplication

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

settings.register_profile("ci", deadline=None, derandomize=True, database=None)
settings.register_profile("long", deadline=None, max_examples=2_000, database=None)  # --hypothesis-profile=long
settings.load_profile("ci")

_connect, _connect_ex, _look_up = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo


class NetworkForbidden(AssertionError):
    """A test reached for something beyond this PC."""


def pytest_configure() -> None:
    """Loopback and sockets of the file system only; holds for Python's own sockets in this process."""

    def connect(self: socket.socket, address: Any) -> None:
        _refuse_beyond(self.family, address)
        _connect(self, address)

    def connect_ex(self: socket.socket, address: Any) -> int:
        _refuse_beyond(self.family, address)
        return _connect_ex(self, address)

    def look_up(host: Any, *rest: Any, **more: Any) -> Any:
        if host not in (None, "", "localhost"):
            _refuse_beyond(socket.AF_INET, (host.decode() if isinstance(host, bytes) else host,))
        return _look_up(host, *rest, **more)

    patches = {"connect": connect, "connect_ex": connect_ex}
    for name, patch in patches.items():
        setattr(socket.socket, name, patch)
    socket.getaddrinfo = look_up


def _refuse_beyond(family: int, address: Any) -> None:
    if family not in (socket.AF_INET, socket.AF_INET6):
        return
    try:
        at_home = address[0] == "localhost" or ipaddress.ip_address(address[0]).is_loopback
    except ValueError:
        at_home = False
    if not at_home:
        raise NetworkForbidden(f"a test may not reach {address[0]}")


@pytest.fixture(scope="session")
def qapp(qapp: QApplication) -> QApplication:
    """pytest-qt's application, its caret still: pictures of one window are equal."""
    QApplication.setCursorFlashTime(0)
    return qapp
