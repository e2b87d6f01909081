"""The road between desks and their province: the wire's own bytes, and everything that happens to them on the way."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import unquote

from desktop.domain.faults import Known
from desktop.sync.http import TIME_HEADER, Address, Reply, Tally

HOST = "127.0.0.1:8443"
URL = f"http://{HOST}"
Fate = Literal["", "refused", "lost", "doubled", "older", "late", "garbled", "noise", "cut"]
FATES: tuple[Fate, ...] = ("refused", "lost", "doubled", "doubled", "older", "older", "late", "garbled", "noise", "cut")
"""What may become of a request: it doesn't arrive; it is done and the answer is lost; it comes twice; an older one of
anybody comes again before it; it comes after others, when nobody waits for it; its bytes are other ones; the answer's
are; the answer is cut short."""
_KEPT = 40


class Died(BaseException):
    """The power of a machine went. Not an Exception: nothing in a program that died says what it died of."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as it left a desk."""

    method: str
    target: str
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


@dataclass
class Road:
    """Where requests go. `fate` decides what becomes of each; `answer` is the province, None while it is down."""

    answer: Callable[[Sent], Reply | None]
    fate: Callable[[], Fate] = lambda: ""
    pick: Callable[[int], int] = lambda _n: 0
    passed: list[Sent] = field(default_factory=list)
    waiting: list[Sent] = field(default_factory=list)

    def line(self, _to: Address, pins: Collection[bytes] | None, tally: Tally | None = None) -> Line:
        """In place of `desktop.sync.http.Line`."""
        assert not pins, "this province has no TLS"
        return Line(self, tally or Tally())

    def carry(self, sent: Sent) -> Reply:
        """One request and what comes back of it. Raises Known("province-unreachable")."""
        fate = self.fate()
        if fate == "refused":
            raise Known("province-unreachable")
        if fate == "late":
            self.waiting.append(sent)
            raise Known("province-unreachable")
        if fate == "older" and self.passed:
            self.answer(self.passed[self.pick(len(self.passed))])
        self.passed = [*self.passed[1 - _KEPT :], sent]
        if fate == "garbled":
            sent = self._garbled(sent)
        reply = self.answer(sent)
        if fate == "doubled":
            self.answer(sent)
        if reply is None or fate in ("lost", "cut"):
            raise Known("province-unreachable")
        if fate == "noise":
            return Reply(reply.status, reply.body[: len(reply.body) // 2] + b"\x00", reply.server_time)
        return reply

    def arrive(self) -> None:
        """What was on its way all the time arrives; nobody waits for the answers."""
        while self.waiting:
            self.answer(self.waiting.pop(0))

    def _garbled(self, sent: Sent) -> Sent:
        body = bytearray(sent.body)
        if body:
            body[self.pick(len(body))] ^= 1 << self.pick(8)
            return Sent(sent.method, sent.target, sent.headers, bytes(body))
        return Sent(sent.method, sent.target + "0", sent.headers, sent.body)


class Line:
    """One connection of a desk, as `desktop.sync.http.Line`."""

    spki = b""

    def __init__(self, road: Road, tally: Tally) -> None:
        self._road, self.tally = road, tally

    def __enter__(self) -> Line:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is open."""

    def send(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """One request, one whole reply."""
        raw = tuple((name.lower().encode(), value.encode()) for name, value in {**headers, "Host": HOST}.items())
        reply = self._road.carry(Sent(method, target, raw, body))
        self.tally.round_trips += 1
        return reply


def asked(app: Any, sent: Sent) -> Reply:
    """What an ASGI application answers, without a loop: nothing of it may wait."""
    path, _, query = sent.target.partition("?")
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": sent.method, "scheme": "http",
        "path": unquote(path), "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
        "headers": list(sent.headers), "client": ("127.0.0.1", 40_000), "server": ("127.0.0.1", 8443),
    }  # fmt: skip
    said: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": sent.body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        said.append(message)

    done(app(scope, receive, send))
    told = {name: value for name, value in said[0]["headers"] if name == TIME_HEADER.encode()}
    body = b"".join(each.get("body", b"") for each in said[1:])
    return Reply(said[0]["status"], body, int(told.get(TIME_HEADER.encode(), b"0")))


def done(work: Any) -> None:
    """Run a coroutine that never waits to its end."""
    try:
        work.send(None)
    except StopIteration:
        return
    raise AssertionError("the province waited for something")


async def at_once(work: Callable[..., Any], *rest: Any) -> Any:
    """In place of Starlette's thread pool: a thread would bring its own order."""
    return work(*rest)
