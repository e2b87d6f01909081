"""The doors of the province: enrol, hello, push, pull for desks, and one page for people on this machine."""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable

import msgspec
from sqlalchemy import bindparam, select
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from desktop import wire
from desktop.seal import requests
from desktop.seal.keys import SignPublic, sign_public
from desktop.seal.refused import Refused
from server import blobs, enrol, exchange, inbox, incarnations, shapes, snapshot, store
from server.config import Province
from server.exchange import Caller
from server.misses import Misses
from server.open_files import OpenFiles
from server.store import DESK
from server.web import page

TIME_HEADER = "pishkhan-time"
_KEY = select(DESK.c.sign_key, DESK.c.lost_at, DESK.c.last_push).where(
    DESK.c.centre_id == bindparam("centre"), DESK.c.desk_id == bindparam("desk")
)
_ENROL_MOST = 64 * 1024


class Refusal(Exception):
    """An answer other than success."""

    def __init__(self, status: int, code: str, expected: int | None = None) -> None:
        super().__init__(code)
        self.status, self.problem = status, wire.Problem(code, expected)


def nobody() -> Refusal:
    """The one answer to a stranger, whatever they asked and whichever centre's name they used."""
    return Refusal(404, "not-here")


def build(province: Province) -> Starlette:
    """The application."""
    doors = Doors(province)
    routes = [
        Route("/", doors.page, methods=["GET"]),
        Route("/web/{name}", doors.asset, methods=["GET"]),
        Route("/enrol", doors.answering(doors.enrol, _ENROL_MOST), methods=["POST"]),
        Route("/hello", doors.answering(doors.signed(doors.hello)), methods=["POST"]),
        Route("/push", doors.answering(doors.signed(doors.push)), methods=["POST"]),
        Route("/snapshot", doors.answering(doors.signed(doors.snapshot)), methods=["POST"]),
        Route("/snapshot/{which}/{at}", doors.answering(doors.signed(doors.piece)), methods=["GET"]),
        Route("/blobs", doors.answering(doors.signed(doors.blobs)), methods=["POST"]),
        Route("/blob/{name}", doors.answering(doors.signed(doors.blob)), methods=["GET"]),
        Route("/blob/{name}", doors.answering(doors.signed(doors.upload)), methods=["PATCH"]),
        Route("/own", doors.answering(doors.signed(doors.own)), methods=["GET"]),
        Route("/chains", doors.answering(doors.signed(doors.chains)), methods=["GET"]),
        Route("/relay", doors.answering(doors.signed(doors.relay)), methods=["POST"]),
        Route("/incarnation", doors.answering(doors.signed(doors.incarnation)), methods=["POST"]),
        Route("/pull", doors.answering(doors.signed(doors.pull)), methods=["GET"]),
    ]
    # A path that isn't there and a method that isn't taken: a stranger learns nothing from the difference.
    return Starlette(routes=routes, exception_handlers={404: doors.nowhere, 405: doors.nowhere})


Door = Callable[[Request, bytes], msgspec.Struct]


class Doors:
    """The handlers, over one province."""

    def __init__(self, province: Province) -> None:
        self._province = province
        self._misses = Misses()
        self._open_files = OpenFiles()

    def answering(self, door: Door, most: int = wire.MOST_BYTES) -> Callable[[Request], Awaitable[Response]]:
        """A handler that reads a body of at most `most` bytes and answers with one message."""

        async def answer(request: Request) -> Response:
            try:
                body = await _bounded(request, most)
                reply = await run_in_threadpool(door, request, body)
            except Refusal as refusal:
                return self._reply(refusal.problem, refusal.status)
            except (wire.Garbled, Refused):
                return self._reply(wire.Problem("refused"), 422)
            return self._reply(reply, 200)

        return answer

    def signed(self, door: Callable[[Request, Caller, bytes], msgspec.Struct]) -> Door:
        """The door behind a check of who asks; nothing of the body is read before that."""

        def checked(request: Request, body: bytes) -> msgspec.Struct:
            return door(request, self._caller(request, body), body)

        return checked

    def _reply(self, message: msgspec.Struct, status: int) -> Response:
        headers = {
            TIME_HEADER: str(self._province.now()), "content-encoding": wire.CONTENT_ENCODING,
            "cache-control": "no-store",
        }  # fmt: skip
        return Response(wire.pack(message), status, headers, wire.CONTENT_TYPE)

    def _caller(self, request: Request, body: bytes) -> Caller:
        """Whose key signed this request; a stranger, a revoked desk and a broken signature get the same answer."""
        found: dict[str, Caller] = {}

        def key_of(key_id: str) -> SignPublic | None:
            centre_id, _, desk_id = key_id.partition("/")
            with store.reading(self._province.engine) as connection:
                row = connection.execute(_KEY, {"centre": centre_id, "desk": desk_id}).one_or_none()
            if row is None:
                return None
            # A revoked desk pushes what it has, once: into quarantine. Else it is a stranger (security 27).
            if row.lost_at is not None and (row.last_push is not None or request.url.path != "/push"):
                return None
            found[key_id] = Caller(centre_id, desk_id, sign_public(row.sign_key))
            return found[key_id].key

        try:
            key_id = requests.verify(self._signed(request), body, key_of, self._province.now())
        except Refused as error:
            raise nobody() from error
        return found[key_id]

    def _signed(self, request: Request) -> requests.Request:
        """The request as its signature covers it. Raises Refused for a host this server isn't."""
        headers: dict[str, str] = {}
        for name, value in request.headers.items():
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
        host = headers.get("host", "").lower()
        if host not in self._province.authorities:
            raise Refused("asked under another name")
        try:
            path = request.scope["raw_path"].decode("ascii")
            query = request.scope["query_string"].decode("ascii")
        except UnicodeDecodeError as error:
            raise Refused("a path that isn't ASCII") from error
        url = f"{self._province.base}://{host}{path}" + (f"?{query}" if query else "")
        return requests.Request(request.method, url, headers)

    def enrol(self, request: Request, body: bytes) -> msgspec.Struct:
        ask = wire.unpack(body, wire.EnrolAsk, _ENROL_MOST)
        now, who = self._province.now(), request.client.host if request.client else ""
        missed = self._misses.of(who, now)
        # The last try of an address costs the codes nothing: who only guesses leaves the honest desk one.
        asked = enrol.Asked(ask, self._province.pins, now, costs=missed < enrol.TRIES - 1)
        reply = _joined(self._province, asked) if missed < enrol.TRIES else None
        if reply is None:
            self._misses.missed(who, now)
            raise Refusal(403, "enrol-refused")
        return reply

    def hello(self, _request: Request, caller: Caller, body: bytes) -> msgspec.Struct:
        ask, now = wire.unpack(body, wire.HelloAsk), self._province.now()
        mine = caller.centre_id, caller.desk_id
        elsewhere = self._open_files.told(*mine, ask.open_files, now) if ask.open_files else {}
        return exchange.hello(self._province, caller, ask, elsewhere)

    def push(self, _request: Request, caller: Caller, body: bytes) -> msgspec.Struct:
        sent = [shapes.commit(each) for each in wire.unpack(body, wire.PushAsk).commits]
        return _taken(lambda: exchange.push(self._province, caller, sent))

    def chains(self, _request: Request, caller: Caller, _body: bytes) -> msgspec.Struct:
        return exchange.chains(self._province, caller)

    def relay(self, _request: Request, caller: Caller, body: bytes) -> msgspec.Struct:
        ask = wire.unpack(body, wire.RelayAsk)
        sent = [shapes.commit(each) for each in ask.commits]
        return _taken(lambda: exchange.relay(self._province, caller, ask.desk, sent))

    def pull(self, request: Request, caller: Caller, _body: bytes) -> msgspec.Struct:
        limit = min(_whole(request, "limit", wire.MOST_CHANGES), wire.MOST_CHANGES)
        if "before" in request.query_params:
            return exchange.history(self._province, caller, _whole(request, "before", 0), limit)
        return exchange.pull(self._province, caller, _whole(request, "after", 0), limit)

    def snapshot(self, _request: Request, caller: Caller, _body: bytes) -> msgspec.Struct:
        return snapshot.of(self._province, caller)

    def piece(self, request: Request, caller: Caller, _body: bytes) -> msgspec.Struct:
        at = request.path_params["at"]
        place = int(at) if at.isascii() and at.isdigit() and len(at) < 7 else -1
        found = snapshot.piece(self._province, caller, request.path_params["which"], place)
        if found is None:
            raise nobody()
        return found

    def blobs(self, _request: Request, caller: Caller, body: bytes) -> msgspec.Struct:
        return blobs.stand(self._province, caller, wire.unpack(body, wire.BlobsAsk).names)

    def blob(self, request: Request, caller: Caller, _body: bytes) -> msgspec.Struct:
        found = blobs.part(self._province, caller, request.path_params["name"], _whole(request, "after", 0))
        if found is None:
            raise nobody()
        return found

    def upload(self, request: Request, caller: Caller, body: bytes) -> msgspec.Struct:
        return blobs.take(self._province, caller, request.path_params["name"], wire.unpack(body, wire.BlobPart))

    def own(self, request: Request, caller: Caller, _body: bytes) -> msgspec.Struct:
        return incarnations.own(self._province, caller, _whole(request, "after", 0))

    def incarnation(self, _request: Request, caller: Caller, body: bytes) -> msgspec.Struct:
        reply = incarnations.join(self._province, caller, wire.unpack(body, wire.IncarnationAsk))
        if reply is None:
            raise Refusal(403, "incarnation-refused")
        return reply

    async def nowhere(self, _request: Request, _error: Exception) -> Response:
        return self._reply(nobody().problem, 404)

    async def page(self, request: Request) -> Response:
        """The state of the centres, for people at this machine: until pages have a login they open nowhere else."""
        if not self._shown_to(request):
            return self._reply(nobody().problem, 404)
        return await run_in_threadpool(page.render, self._province.engine, self._province.now())

    async def asset(self, request: Request) -> Response:
        found = page.asset(request.path_params["name"]) if self._shown_to(request) else None
        return found or self._reply(nobody().problem, 404)

    def _shown_to(self, request: Request) -> bool:
        """Whether who asks sits at this machine and asked for it by its own name."""
        return _at_this_machine(request) and request.headers.get("host", "").lower() in self._province.pages


def _taken(work: Callable[[], wire.PushReply | None]) -> wire.PushReply:
    """What a push came to. Raises Refusal."""
    try:
        reply = work()
    except inbox.Expected as expected:
        raise Refusal(409, "expected", expected.seq) from expected
    except inbox.Forked as forked:
        raise Refusal(409, "forked") from forked
    if reply is None:
        raise nobody()
    return reply


def _joined(province: Province, asked: enrol.Asked) -> wire.EnrolReply | None:
    if not enrol.is_code(asked.ask.centre):
        return None
    try:
        with store.writing(province.engine, asked.ask.centre) as connection:
            return enrol.join(connection, province.identity, asked)
    except KeyError:
        return None


def _at_this_machine(request: Request) -> bool:
    try:
        return request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def _whole(request: Request, name: str, otherwise: int) -> int:
    """A whole number of the query. Raises Refused."""
    text = request.query_params.get(name, str(otherwise))
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise Refused(f"{name} isn't a number")
    return int(text)


async def _bounded(request: Request, most: int) -> bytes:
    """The body as received. More than `most` is refused as soon as it is known."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise Refusal(413, "too-large")
    return bytes(body)
