"""One connection to the province: pinned before a byte is sent, bounded in size and time, failing in known ways."""

from __future__ import annotations

import hashlib
import http.client
import ipaddress
import ssl
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from email.message import Message
from types import TracebackType
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from desktop import wire
from desktop.domain.faults import Known

TIME_HEADER = "pishkhan-time"
_CONNECT_S, _READ_S, _REPLY_S = 10, 30, 180
_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class Address:
    """Where the province is. `authority` is host, and port where it isn't the usual one."""

    scheme: str
    host: str
    port: int
    authority: str

    @property
    def base(self) -> str:
        return f"{self.scheme}://{self.authority}"


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole reply. `server_time` µs UTC, 0 where the server didn't say."""

    status: int
    body: bytes
    server_time: int


@dataclass(slots=True)
class Tally:
    """What an attempt cost and brought, counted while it runs, so that it is known of one that was cut too.

    Bytes are of HTTP, without TLS. `wait_s` is the quiet the province asked for last; `clock_offset` its clock less
    this PC's, µs.
    """

    bytes_up: int = 0
    bytes_down: int = 0
    round_trips: int = 0
    pushed: int = 0
    pulled: int = 0
    begun: str = ""
    """Why this desk began from a snapshot, empty where it didn't: `snapshot.wanted`, or `diverged`."""
    smaller: bool = False
    """Whether the next request will carry less than one that was cut did."""
    wait_s: int = 0
    clock_offset: int | None = None


def address(url: str) -> Address:
    """The address in `url`. Raises Known: province-address, or province-plain for http that leaves this PC."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port or {"https": 443, "http": 80}[parts.scheme]
    except (ValueError, KeyError):
        raise Known("province-address") from None
    if not parts.hostname or parts.path not in ("", "/") or parts.query or parts.username:
        raise Known("province-address")
    if parts.scheme == "http" and not _loopback(parts.hostname):
        raise Known("province-plain")
    return Address(parts.scheme, parts.hostname, port, parts.netloc.lower())


def _loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Line:
    """An open connection, for `with`. `spki` is the SHA-256 of the TLS key met, empty without TLS.

    `pins` None trusts whoever answers: right only while enrolling, where the code proves them. Raises Known:
    province-unreachable, province-pin.
    """

    def __init__(self, to: Address, pins: Collection[bytes] | None, tally: Tally | None = None) -> None:
        self._to = to
        self.spki = b""
        self.tally = tally or Tally()
        self._connection = self._open()
        try:
            if to.scheme == "https":
                self.spki = self._met()
            if pins is not None and self.spki not in (pins or (b"",)):
                raise Known("province-pin")
        except BaseException:
            self._connection.close()
            raise

    def __enter__(self) -> Line:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def _open(self) -> http.client.HTTPConnection:
        connection: http.client.HTTPConnection
        if self._to.scheme == "https":
            # The key is pinned, which is stricter than names and authorities; so neither is asked for.
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            context.minimum_version = ssl.TLSVersion.TLSv1_2
            connection = http.client.HTTPSConnection(self._to.host, self._to.port, timeout=_CONNECT_S, context=context)
        else:
            connection = http.client.HTTPConnection(self._to.host, self._to.port, timeout=_CONNECT_S)
        try:
            connection.connect()
            connection.sock.settimeout(_READ_S)
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            raise Known("province-unreachable") from error
        return connection

    def _met(self) -> bytes:
        socket = self._connection.sock
        der = socket.getpeercert(binary_form=True) if isinstance(socket, ssl.SSLSocket) else None
        if der is None:
            raise Known("province-pin")
        try:
            key = x509.load_der_x509_certificate(der).public_key()
        except ValueError as error:
            raise Known("province-pin") from error
        return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest()

    def send(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """One request, one whole reply. A reply that is cut, too long or too slow is province-unreachable: whether the
        request was done is then unknown, and asking again is safe."""
        tally = self.tally
        try:
            self._connection.request(method, target, body or None, {**headers, "Host": self._to.authority})
            tally.bytes_up += len(method) + len(target) + _length(headers) + len(body)
            answer = self._connection.getresponse()
            tally.bytes_down += _length(answer.headers)
            told = answer.getheader("Content-Length", "")
            data = self._read(answer)
            server_time = int(answer.getheader(TIME_HEADER, "0"))
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Known("province-unreachable") from error
        if told != str(len(data)):
            raise Known("province-unreachable")
        tally.round_trips += 1
        tally.wait_s = _seconds(answer.getheader("Retry-After", ""))
        return Reply(answer.status, data, server_time)

    def _read(self, answer: http.client.HTTPResponse) -> bytes:
        data = bytearray()
        until = time.monotonic() + _REPLY_S
        while chunk := answer.read(_CHUNK):
            data += chunk
            self.tally.bytes_down += len(chunk)
            if len(data) > 2 * wire.MOST_BYTES or time.monotonic() > until:
                raise OSError("a reply without an end")
        return bytes(data)


def _length(headers: Mapping[str, str] | Message) -> int:
    """Bytes of header lines."""
    return sum(len(name) + len(value) + 4 for name, value in headers.items())


def _seconds(said: str) -> int:
    """The wait a server asks for, in seconds; a date or anything else is none: its clock and ours may differ."""
    return int(said) if said.isascii() and said.isdigit() and len(said) < 7 else 0
