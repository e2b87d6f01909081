"""`serve`: one process that answers desks until it is told to stop."""

from __future__ import annotations

import gc
import ipaddress
import json
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import uvicorn
from sqlalchemy import Engine

from server import app, keys
from server.config import Province

_THIS_MACHINE = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True, slots=True)
class Where:
    """Where to listen. `cert`/`key` None: this folder's own certificate, which is right on loopback alone.

    `plain`: no TLS at all, behind a proxy on this machine; `url` the address desks use, where it isn't host and port.
    """

    host: str = "127.0.0.1"
    port: int = 8443
    cert: Path | None = None
    key: Path | None = None
    plain: bool = False
    url: str = ""


class Unsafe(ValueError):
    """A way to listen that would show centres' data to a network."""


def check(where: Where) -> None:
    """Raises Unsafe: off loopback without a certificate named, or half of one."""
    if (where.cert is None) != (where.key is None):
        raise Unsafe("--tls-cert and --tls-key go together")
    if not _loopback(where.host) and (where.plain or where.cert is None):
        raise Unsafe(f"{where.host} is not loopback: name a certificate with --tls-cert and --tls-key")


def _loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class _Server(uvicorn.Server):
    """Says once that it listens, when it does."""

    said: Callable[[], None]

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.said()


def serve(folder: Path, engine: Engine, identity: keys.Identity, where: Where) -> None:
    """Answer until interrupted; a line of JSON on stdout says where, once it is so."""
    check(where)
    with _listener(where) as listener:
        server = server_on(folder, engine, identity, where, listener.getsockname()[1])
        address = _url(where, listener.getsockname()[1])

        def said() -> None:
            sys.stdout.write(json.dumps({"said": f"listening on {address}", "url": address}) + "\n")
            sys.stdout.flush()

        server.said = said
        gc.collect()
        gc.freeze()  # the program itself is never garbage: what a push leaves is looked through without it
        server.run(sockets=[listener])


def server_on(folder: Path, engine: Engine, identity: keys.Identity, where: Where, port: int) -> _Server:
    """The server, told which names it has at `port`."""
    province = province_at(folder, engine, identity, where, port)
    cert = None if where.plain else where.cert or folder / keys.TLS_CERT
    config = uvicorn.Config(
        app.build(province),
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_keep_alive=15,
        ssl_certfile=str(cert) if cert else None,
        ssl_keyfile=str(where.key or folder / keys.TLS_KEY) if cert else None,
    )
    return _Server(config)


def province_at(folder: Path, engine: Engine, identity: keys.Identity, where: Where, port: int) -> Province:
    """The province under the names it has at `port`.

    It shows people its page under this machine's own names alone: another could be a page of the web made to point
    here. Behind a proxy everyone seems to be at this machine, so there it has no page.
    """
    cert = None if where.plain else where.cert or folder / keys.TLS_CERT
    hosts = {where.host, *(keys.names(cert.read_bytes()) if cert else _THIS_MACHINE)}
    authorities = {_authority(host, port, "http" if where.plain else "https") for host in hosts}
    if where.url:
        authorities.add(urlsplit(where.url).netloc.lower())
    here = {*_THIS_MACHINE, *([where.host] if _loopback(where.host) else [])}
    pages = {_authority(host, port, "https") for host in here} if cert else set[str]()
    return Province(engine, identity, keys.pins(folder, cert) if cert else (), frozenset(authorities), frozenset(pages))


def _authority(host: str, port: int, scheme: str) -> str:
    usual = {"http": 80, "https": 443}[scheme]
    return host.lower() if port == usual else f"{host.lower()}:{port}"


def _listener(where: Where) -> socket.socket:
    family = socket.AF_INET6 if ":" in where.host else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM)
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((where.host, where.port))
        found.set_inheritable(True)
    except OSError:
        found.close()
        raise
    return found


def _url(where: Where, port: int) -> str:
    scheme = "http" if where.plain else "https"
    host = f"[{where.host}]" if ":" in where.host else where.host
    return where.url or f"{scheme}://{_authority(host, port, scheme)}"
