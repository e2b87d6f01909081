"""No test reaches beyond this PC, not even by a name to look up."""

from __future__ import annotations

import socket

import pytest

ELSEWHERE = "192.0.2.1"  # RFC 5737: leads nowhere


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6])
def test_another_pc_is_out_of_reach(family: socket.AddressFamily) -> None:
    address = (ELSEWHERE, 9) if family is socket.AF_INET else ("2001:db8::1", 9)
    with socket.socket(family) as door:
        door.settimeout(1)
        with pytest.raises(AssertionError, match="may not reach"):
            door.connect(address)
        with pytest.raises(AssertionError, match="may not reach"):
            door.connect_ex(address)


def test_a_name_is_not_looked_up() -> None:
    with pytest.raises(AssertionError, match="may not reach"):
        socket.create_connection(("province.example", 443), timeout=1)


def test_this_pc_answers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as door:
        assert door.getpeername() == server.getsockname()
